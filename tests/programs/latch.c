// A latch: main goes on when both have counted down; what they wrote is then seen.
// EXPECT complete
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int left = 2, parts[2];

static void *work(void *arg)
{
    *(int *)arg += arg == &parts[1] ? 2 : 1;
    pthread_mutex_lock(&m);
    if (--left == 0)
        pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
    return NULL;
}

int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++) {
        pthread_create(&t[i], NULL, work, &parts[i]);
        pthread_detach(t[i]);
    }
    pthread_mutex_lock(&m);
    while (left > 0)
        pthread_cond_wait(&c, &m);
    pthread_mutex_unlock(&m);
    printf("%d\n", parts[0] + parts[1]);
    return 0;
}
