// An error that is reached in one order only, in the style of verification tasks: what is left open
// may be 0, 1 or -1, which is said not to be all there is.
// EXPECT incomplete
// EXPECT outcome "" exit 0
// EXPECT outcome "" signal 6
// EXPECT findings assertion
// EXPECT findings data-race
// OPTIONS --strategy dfs
// EXPECT incomplete
// EXPECT outcome "" exit 0
// EXPECT outcome "" signal 6
// EXPECT findings assertion
// EXPECT findings data-race

#include <pthread.h>

extern int __VERIFIER_nondet_int(void);
extern void reach_error(void);

static int value, stored;

static void *task(void *arg)
{
    value = __VERIFIER_nondet_int();
    stored = 1;
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, 0, task, 0);
    if (stored && value == 1)
        reach_error(); // @error
    pthread_join(t, 0);
    return 0;
}
