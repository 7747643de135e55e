// Waits for at most a second at a time, and gives up once three have passed: the post may come in
// time, or not.
// EXPECT complete
// EXPECT outcome "got it\n" exit 0
// EXPECT outcome "gave up\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>

static sem_t items;

static void *post(void *arg)
{
    sem_post(&items);
    return arg;
}

int main(void)
{
    pthread_t t;
    struct timespec start, now, deadline;
    int rc;
    sem_init(&items, 0, 0);
    pthread_create(&t, NULL, post, NULL);
    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        clock_gettime(CLOCK_REALTIME, &deadline);
        deadline.tv_sec += 1;
        rc = sem_timedwait(&items, &deadline);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (rc && now.tv_sec - start.tv_sec < 3);
    pthread_join(t, NULL);
    puts(rc ? "gave up" : "got it");
    return 0;
}
