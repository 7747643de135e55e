// A signal for a thread is taken by that thread.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>

static pthread_t worker;
static volatile sig_atomic_t right;
static sem_t done;

static void handler(int sig)
{
    (void)sig;
    right = pthread_equal(pthread_self(), worker);
    sem_post(&done);
}

static void *work(void *arg)
{
    while (sem_wait(&done))
        ;
    return arg;
}

int main(void)
{
    struct sigaction a = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &a, NULL);
    sem_init(&done, 0, 0);
    pthread_create(&worker, NULL, work, NULL);
    pthread_kill(worker, SIGUSR1);
    pthread_join(worker, NULL);
    printf("%d\n", (int)right);
    return 0;
}
