// A semaphore with a time limit: had, late, or interrupted.
// OPTIONS --adversity=eintr
// EXPECT complete
// EXPECT outcome "EINTR\n" exit 0
// EXPECT outcome "had\n" exit 0
// EXPECT outcome "late\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=eintr --strategy dfs
// EXPECT complete
// EXPECT outcome "EINTR\n" exit 0
// EXPECT outcome "had\n" exit 0
// EXPECT outcome "late\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "had\n" exit 0
// EXPECT outcome "late\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>

static sem_t items;
static int put;

static void *taker(void *arg)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 5;
    int result = sem_timedwait(&items, &until);
    puts(result == 0 ? "had" : errno == ETIMEDOUT ? "late" : errno == EINTR ? "EINTR" : "?");
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
