#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int flag[2], turn;
static int total;

static void enter(int me)
{
    int other = 1 - me;
    flag[me] = 1;
    turn = me;
    while (flag[other] &&
           turn == other)
        ;
    total++;
    flag[me] = 0;
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
