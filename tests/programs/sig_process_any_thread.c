// A signal for the process may be taken by either thread that has it unblocked.
// EXPECT complete
// EXPECT outcome "main\n" exit 0
// EXPECT outcome "other\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static pthread_t first;
static volatile sig_atomic_t by_main;
static sem_t done;

static void handler(int sig)
{
    (void)sig;
    by_main = pthread_equal(pthread_self(), first) != 0;
    sem_post(&done);
}

static void *work(void *arg)
{
    while (sem_wait(&done))
        ;
    sem_post(&done);
    return arg;
}

int main(void)
{
    pthread_t t;
    struct sigaction a = {.sa_handler = handler, .sa_flags = SA_RESTART};
    first = pthread_self();
    sem_init(&done, 0, 0);
    sigaction(SIGUSR1, &a, NULL);
    pthread_create(&t, NULL, work, NULL);
    if (fork() == 0) {
        kill(getppid(), SIGUSR1);
        _exit(0);
    }
    while (sem_wait(&done))
        ;
    sem_post(&done);
    pthread_join(t, NULL);
    puts(by_main ? "main" : "other");
    return 0;
}
