#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static int plates; /* on the pile, guarded by m */

static void *dry(void *arg)
{
    pthread_mutex_lock(&m);
    if (plates == 0)
        pthread_cond_wait(&more, &m);
    assert(plates > 0);
    plates--;
    printf("%d left\n", plates);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t, u;
    pthread_create(&t, NULL, dry, NULL);
    pthread_create(&u, NULL, dry, NULL);
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&m);
        plates++;
        pthread_cond_signal(&more);
        pthread_mutex_unlock(&m);
        sleep(1); /* time to take it */
    }
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    printf("%d on the pile\n", plates);
    return 0;
}
