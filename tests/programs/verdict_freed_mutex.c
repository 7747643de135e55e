// An object with a lock in it is freed by one thread while the other may still come to lock it.
// FREE outside "a lock in freed memory does anything"
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT findings misuse line @lock|@unlock|@count
// EXPECT findings data-race line @lock|@unlock|@count|@free
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct counter {
    pthread_mutex_t m;
    int n;
};

static void *work(void *arg)
{
    struct counter *c = arg;
    pthread_mutex_lock(&c->m);   // @lock
    c->n++;                      // @count
    pthread_mutex_unlock(&c->m); // @unlock
    return NULL;
}

int main(void)
{
    pthread_t t;
    struct counter *c = malloc(sizeof *c);
    pthread_mutex_init(&c->m, NULL);
    c->n = 0;
    pthread_create(&t, NULL, work, c);
    pthread_detach(t);
    free(c); // @free
    puts("end");
    pthread_exit(NULL);
}
