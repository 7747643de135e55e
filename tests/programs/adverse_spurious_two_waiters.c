// Two wait; as many wake up too early as there are events to come.
// OPTIONS --adversity=spurious
// EXPECT complete
// EXPECT outcome "0 early\n" exit 0
// EXPECT outcome "1 early\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=spurious --strategy dfs
// EXPECT complete
// EXPECT outcome "0 early\n" exit 0
// EXPECT outcome "1 early\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=spurious:2
// EXPECT complete
// EXPECT outcome "0 early\n" exit 0
// EXPECT outcome "1 early\n" exit 0
// EXPECT outcome "2 early\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=spurious:2 --strategy dfs
// EXPECT complete
// EXPECT outcome "0 early\n" exit 0
// EXPECT outcome "1 early\n" exit 0
// EXPECT outcome "2 early\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int ready;
static int early;

static void *waiter(void *arg)
{
    pthread_mutex_lock(&m);
    if (!ready)
        pthread_cond_wait(&c, &m);
    early += !ready;
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, waiter, NULL);
    pthread_mutex_lock(&m);
    ready = 1;
    pthread_cond_broadcast(&c);
    pthread_mutex_unlock(&m);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%d early\n", early);
    return 0;
}
