// Lamport's bakery: each takes a number, the lower goes first. Nobody is in there with another.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { N = 2 };
static atomic_int choosing[N], number[N];
static int counter;

static void enter(int me)
{
    choosing[me] = 1;
    int most = 0;
    for (int i = 0; i < N; i++)
        if (number[i] > most)
            most = number[i];
    number[me] = most + 1;
    choosing[me] = 0;
    for (int i = 0; i < N; i++) {
        while (choosing[i])
            ;
        for (;;) {
            int other = number[i], mine = number[me];
            if (other == 0 || other > mine || (other == mine && i >= me))
                break;
        }
    }
}

static void *work(void *arg)
{
    int me = arg != NULL;
    enter(me);
    counter++;
    number[me] = 0;
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, (void *)1);
    work(NULL);
    pthread_join(t, NULL);
    printf("%d\n", counter);
    return 0;
}
