// Cigarette smokers by a monitor: each waits until exactly what it lacks lies there.
// EXPECT complete
// EXPECT outcome "matches smoke\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

enum { TOBACCO = 1, PAPER = 2, MATCH = 4 };
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t laid = PTHREAD_COND_INITIALIZER;
static int table, over;

static void *smoker(void *arg)
{
    int has = (int)(long)arg;
    pthread_mutex_lock(&m);
    while (!over && table != (TOBACCO | PAPER | MATCH) - has)
        pthread_cond_wait(&laid, &m);
    if (!over) {
        puts(has == MATCH ? "matches smoke" : "tobacco smokes");
        over = 1;
        pthread_cond_broadcast(&laid);
    }
    pthread_mutex_unlock(&m);
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, smoker, (void *)MATCH);
    pthread_create(&b, NULL, smoker, (void *)TOBACCO);
    pthread_mutex_lock(&m);
    table = TOBACCO | PAPER;
    pthread_cond_broadcast(&laid);
    pthread_mutex_unlock(&m);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
