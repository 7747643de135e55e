#include <pthread.h>
#include <stdio.h>

static int done;

static void *job(void *arg)
{
    done++;
    return arg;
}

int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, job, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%d\n", done);
    return 0;
}
