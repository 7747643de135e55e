// A worker ends when it takes the pill; the work before it was done.
// EXPECT complete
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

enum { PILL = -1 };
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int queue[4], first, last, done;

static void put(int job)
{
    pthread_mutex_lock(&m);
    queue[last++] = job;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
}

static void *worker(void *arg)
{
    for (;;) {
        pthread_mutex_lock(&m);
        while (first == last)
            pthread_cond_wait(&c, &m);
        int job = queue[first++];
        pthread_mutex_unlock(&m);
        if (job == PILL)
            return arg;
        done += job;
    }
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, worker, NULL);
    put(1);
    put(2);
    put(PILL);
    pthread_join(t, NULL);
    printf("%d\n", done);
    return 0;
}
