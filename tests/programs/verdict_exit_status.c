// Two threads add without a lock; main complains with a status when a sum is wrong.
// EXPECT complete
// EXPECT outcome "" exit 0
// EXPECT outcome "" exit 3
// EXPECT finding exit-status line @exit
// EXPECT findings data-race line @add
#include <pthread.h>
#include <stdlib.h>

static int sum;

static void *add(void *arg)
{
    sum++; // @add
    return arg;
}

int main(void)
{
    pthread_t t, u;
    pthread_create(&t, NULL, add, NULL);
    pthread_create(&u, NULL, add, NULL);
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    if (sum != 2)
        exit(3); // @exit
    return 0;
}
