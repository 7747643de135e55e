// A failed malloc between lock and unlock: the way out forgets the unlock, and the other waits for
// ever.
// OPTIONS --adversity=malloc
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT outcome "0\n" exit 0
// EXPECT finding deadlock
// EXPECT may-find lock-leak
// OPTIONS --adversity=malloc --strategy dfs
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT outcome "0\n" exit 0
// EXPECT finding deadlock
// EXPECT may-find lock-leak
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *first(void *arg)
{
    pthread_mutex_lock(&m);
    char *p = malloc(8);
    if (!p)
        return arg;
    free(p);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, first, NULL);
    pthread_join(t, NULL);
    pthread_mutex_lock(&m);
    puts("0");
    pthread_mutex_unlock(&m);
    return 0;
}
