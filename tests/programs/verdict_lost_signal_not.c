// The same with the signal kept back until sigsuspend lets it in: nothing can be lost.
// EXPECT complete
// EXPECT outcome "woken\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t woken;
static pthread_t main_thread;

static void on_signal(int sig)
{
    woken = sig;
}

static void *waker(void *arg)
{
    pthread_kill(main_thread, SIGUSR1);
    return arg;
}

int main(void)
{
    pthread_t t;
    sigset_t block, before;
    signal(SIGUSR1, on_signal);
    sigemptyset(&block);
    sigaddset(&block, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &block, &before);
    main_thread = pthread_self();
    pthread_create(&t, NULL, waker, NULL);
    while (!woken)
        sigsuspend(&before);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_join(t, NULL);
    puts("woken");
    return 0;
}
