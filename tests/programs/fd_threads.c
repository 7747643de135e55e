// Two threads of one process talk through a pipe.
// EXPECT complete
// EXPECT outcome "15\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int p[2], shared;

static void *producer(void *arg)
{
    shared = 15; /* the pipe orders this before the other's reading it */
    if (write(p[1], "x", 1) != 1)
        return NULL;
    return arg;
}

int main(void)
{
    pthread_t t;
    char c;
    if (pipe(p))
        return 2;
    pthread_create(&t, NULL, producer, NULL);
    if (read(p[0], &c, 1) != 1)
        return 3;
    printf("%d\n", shared);
    pthread_join(t, NULL);
    return 0;
}
