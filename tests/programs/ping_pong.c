// Two tasks take turns by a condition and whose turn it is.
// EXPECT complete
// EXPECT outcome "ping pong ping pong \n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int turn;

static void *play(void *arg)
{
    int me = arg != NULL;
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&m);
        while (turn != me)
            pthread_cond_wait(&c, &m);
        printf(me ? "pong " : "ping ");
        turn = 1 - me;
        pthread_cond_signal(&c);
        pthread_mutex_unlock(&m);
    }
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, play, (void *)1);
    play(NULL);
    pthread_join(t, NULL);
    puts("");
    return 0;
}
