// Two tasks exchange values in one place: the first leaves its own and waits for the other's.
// EXPECT complete
// EXPECT outcome "2 1\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int stage, place;

static int exchange(int mine)
{
    int theirs;
    pthread_mutex_lock(&m);
    if (stage == 0) {
        place = mine;
        stage = 1;
        while (stage == 1)
            pthread_cond_wait(&c, &m);
        theirs = place;
    } else {
        theirs = place;
        place = mine;
        stage = 2;
        pthread_cond_signal(&c);
    }
    pthread_mutex_unlock(&m);
    return theirs;
}

static void *work(void *arg)
{
    *(int *)arg = exchange(2);
    return NULL;
}

int main(void)
{
    pthread_t t;
    int b;
    pthread_create(&t, NULL, work, &b);
    int a = exchange(1);
    pthread_join(t, NULL);
    printf("%d %d\n", a, b);
    return 0;
}
