// A wait that nobody ends but an interruption: that may come as long as somebody else can go on.
// Who is then alone waits for ever.
// OPTIONS --adversity=eintr
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT outcome "interrupted\n" exit 0
// EXPECT finding deadlock|lost-wakeup
// OPTIONS --adversity=eintr --strategy dfs
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT outcome "interrupted\n" exit 0
// EXPECT finding deadlock|lost-wakeup
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t s;

static void *waiter(void *arg)
{
    if (sem_wait(&s) == -1)
        puts("interrupted");
    return arg;
}

int main(void)
{
    pthread_t t;
    sem_init(&s, 0, 0);
    pthread_create(&t, NULL, waiter, NULL);
    sched_yield();
    pthread_join(t, NULL);
    return 0;
}
