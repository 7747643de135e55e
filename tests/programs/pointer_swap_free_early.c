// The old version is freed at once: the reader may still look at it.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT finding misuse line @read
// EXPECT may-find data-race line @read|@free
// FREE outside "what freed memory holds is nobody's promise"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static int *_Atomic current;

static int *make(int n)
{
    int *v = malloc(sizeof *v);
    *v = n;
    return v;
}

static void *reader(void *arg)
{
    int *v = current;
    printf("%d\n", *v); // @read
    return arg;
}

int main(void)
{
    pthread_t t;
    current = make(1);
    pthread_create(&t, NULL, reader, NULL);
    int *old = atomic_exchange(&current, make(2));
    free(old); // @free
    pthread_join(t, NULL);
    free(current);
    return 0;
}
