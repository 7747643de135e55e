// The flag is looked at, the signal comes and its handler sets it, then the program waits for a
// signal that was there already. Unless it comes late enough: inside the pause, or before the look.
// EXPECT complete
// EXPECT outcome "woken\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding lost-wakeup line @pause
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
    signal(SIGUSR1, on_signal);
    main_thread = pthread_self();
    pthread_create(&t, NULL, waker, NULL);
    if (!woken)
        pause(); // @pause
    pthread_join(t, NULL);
    puts("woken");
    return 0;
}
