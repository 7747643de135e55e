#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int flag[2], turn;
static int total;

static void set(atomic_int *p, int v)
{
    atomic_store_explicit(p, v,
        memory_order_release);
}

static int get(atomic_int *p)
{
    return atomic_load_explicit(p,
        memory_order_acquire);
}

static void enter(int me)
{
    int other = 1 - me;
    set(&flag[me], 1);
    set(&turn, other);
    while (get(&flag[other]) &&
           get(&turn) == other)
        ;
    total++;
    set(&flag[me], 0);
}

static void *first(void *arg)
{
    enter(0);
    return arg;
}

static void *second(void *arg)
{
    enter(1);
    return arg;
}

int main(void)
{
    pthread_t s, t;
    pthread_create(&s, NULL, first, NULL);
    pthread_create(&t, NULL, second, NULL);
    pthread_join(s, NULL);
    pthread_join(t, NULL);
    printf("%d\n", total);
    return 0;
}
