#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static int done, n;

static void *job(void *arg)
{
    done++;
    return arg;
}

static void *jobs(void *arg)
{
    for (int i = 0; i < n; i++)
        job(NULL);
    return arg;
}

int main(int argc, char **argv)
{
    pthread_t t;
    n = argc > 1 ? atoi(argv[1]) : 2;
    pthread_create(&t, NULL, jobs, NULL);
    pthread_join(t, NULL);
    printf("%d\n", done);
    return 0;
}
