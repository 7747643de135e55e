// Three stages with a channel of one place between each: the number that goes through is right.
// EXPECT complete
// EXPECT outcome "12\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

struct channel {
    sem_t full;
    int value;
};
static struct channel first, second;

static void put(struct channel *c, int value)
{
    c->value = value;
    sem_post(&c->full);
}

static int get(struct channel *c)
{
    sem_wait(&c->full);
    return c->value;
}

static void *adds(void *arg)
{
    put(&second, get(&first) + 1);
    return arg;
}

static void *begins(void *arg)
{
    put(&first, 5);
    return arg;
}

int main(void)
{
    pthread_t a, b;
    sem_init(&first.full, 0, 0);
    sem_init(&second.full, 0, 0);
    pthread_create(&a, NULL, begins, NULL);
    pthread_create(&b, NULL, adds, NULL);
    printf("%d\n", 2 * get(&second));
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
