// sem_wait may be interrupted: so again.
// OPTIONS --adversity=eintr:2
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=eintr:2 --strategy dfs
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
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
    while (sem_wait(&items) == -1 && errno == EINTR)
        ;
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
