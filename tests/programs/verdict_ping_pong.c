// Two threads hand a turn to and fro three times, each spinning until it is its own. What comes
// again each time is the turn, but the rounds are counted.
// EXPECT complete
// EXPECT outcome "pingpongpingpongpingpong\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int turn;

static void play(int me, const char *word)
{
    for (int i = 0; i < 3; i++) {
        while (turn != me)
            ;
        fputs(word, stdout);
        turn = 1 - me;
    }
}

static void *pong(void *arg)
{
    play(1, "pong");
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, pong, NULL);
    play(0, "ping");
    pthread_join(t, NULL);
    puts("");
    return 0;
}
