// One thread takes the signals that all have blocked.
// EXPECT complete
// EXPECT outcome "10\n12\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static sigset_t set;

static void *take(void *arg)
{
    int sig;
    sigwait(&set, &sig);
    printf("%d\n", sig);
    return arg;
}

static void one(int sig)
{
    pthread_t t;
    pthread_create(&t, NULL, take, NULL);
    kill(getpid(), sig);
    pthread_join(t, NULL);
}

int main(void)
{
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    one(SIGUSR1);
    one(SIGUSR2);
    return 0;
}
