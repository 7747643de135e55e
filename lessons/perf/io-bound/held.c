#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static pthread_mutex_t global = PTHREAD_MUTEX_INITIALIZER;
static int threads = 2, ms = 20, jobs = 2;
static int waiting, most;

static void ask(void)
{
    struct timespec t = {.tv_nsec = ms * 1000000L};
    if (++waiting > most)
        most = waiting;
    nanosleep(&t, NULL);
    waiting--;
}

static void *work(void *arg)
{
    for (int i = 0; i < jobs / threads; i++) {
        pthread_mutex_lock(&global);
        ask();
        pthread_mutex_unlock(&global);
    }
    return arg;
}

int main(int argc, char **argv)
{
    pthread_t t[64];
    if (argc > 3) {
        threads = atoi(argv[1]);
        ms = atoi(argv[2]) % 1000;
        jobs = atoi(argv[3]);
    }
    if (threads < 1 || threads > 64)
        return 2;
    for (int i = 0; i < threads; i++)
        pthread_create(&t[i], NULL, work, NULL);
    for (int i = 0; i < threads; i++)
        pthread_join(t[i], NULL);
    printf("%d\n", most);
    return 0;
}
