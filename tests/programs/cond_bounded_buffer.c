// One slot, two conditions, `while` on both sides: three items go through in order.
// EXPECT complete
// EXPECT outcome "123\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER, not_empty = PTHREAD_COND_INITIALIZER;
static int slot;

static void *produce(void *arg)
{
    for (int item = 1; item <= 3; item++) {
        pthread_mutex_lock(&m);
        while (slot != 0)
            pthread_cond_wait(&not_full, &m);
        slot = item;
        pthread_cond_signal(&not_empty);
        pthread_mutex_unlock(&m);
    }
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, produce, NULL);
    for (int i = 0; i < 3; i++) {
        pthread_mutex_lock(&m);
        while (slot == 0)
            pthread_cond_wait(&not_empty, &m);
        printf("%d", slot);
        slot = 0;
        pthread_cond_signal(&not_full);
        pthread_mutex_unlock(&m);
    }
    pthread_join(t, NULL);
    putchar('\n');
    return 0;
}
