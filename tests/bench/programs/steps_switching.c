// Two threads, 1,000 visible operations each: with a random choice every second step is a switch.
#include <pthread.h>
#include <stdatomic.h>

static atomic_int n;

static void *add(void *arg)
{
    for (int i = 0; i < 1000; i++)
        atomic_fetch_add(&n, 1);
    return arg;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, add, NULL);
    pthread_create(&b, NULL, add, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
