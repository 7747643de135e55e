// A lock as collections of verification tasks write it: a function whose name makes it indivisible,
// and an assumption in it. The counter is protected; the assertion holds.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings

#include <pthread.h>
#include <stdio.h>

extern void abort(void);
extern void __VERIFIER_assume(int);
void reach_error(void)
{
    abort();
}

static int taken, counter;

void __VERIFIER_atomic_acquire(void)
{
    __VERIFIER_assume(taken == 0);
    taken = 1;
}

void __VERIFIER_atomic_release(void)
{
    taken = 0;
}

static void *task(void *arg)
{
    __VERIFIER_atomic_acquire();
    int before = counter;
    counter = before + 1;
    if (counter != before + 1)
        reach_error();
    __VERIFIER_atomic_release();
    return arg;
}

int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, task, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%d\n", counter);
    return 0;
}
