// sem_wait may be interrupted: who does not look at its result goes on without the item, and reads
// what is just being written.
// OPTIONS --adversity=eintr
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT finding data-race
// OPTIONS --adversity=eintr --strategy dfs
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT finding data-race
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t items;
static int put;

static void *taker(void *arg)
{
    sem_wait(&items);
    printf("%d\n", put);
    return arg;
}

int main(void)
{
    pthread_t t;
    sem_init(&items, 0, 0);
    pthread_create(&t, NULL, taker, NULL);
    put = 1;
    sem_post(&items);
    pthread_join(t, NULL);
    return 0;
}
