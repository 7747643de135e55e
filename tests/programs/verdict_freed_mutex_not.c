// The same, freed after the join.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
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
    pthread_mutex_lock(&c->m);
    c->n++;
    pthread_mutex_unlock(&c->m);
    return NULL;
}

int main(void)
{
    pthread_t t;
    struct counter *c = malloc(sizeof *c);
    pthread_mutex_init(&c->m, NULL);
    c->n = 0;
    pthread_create(&t, NULL, work, c);
    pthread_join(t, NULL);
    printf("%d\n", c->n);
    pthread_mutex_destroy(&c->m);
    free(c);
    return 0;
}
