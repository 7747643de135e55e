// A section that writes x and then y, and a task that reads y and then x outside: nobody comes in
// between, so it cannot see y new and x old; nothing orders the two sides, so it is a race.
// It can see both old, y old and x new (the section comes between the reads), both new.
// EXPECT complete
// EXPECT outcome "y=0 x=0\n" exit 0
// EXPECT outcome "y=0 x=1\n" exit 0
// EXPECT outcome "y=1 x=1\n" exit 0
// EXPECT findings data-race
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "y=0 x=0\n" exit 0
// EXPECT outcome "y=0 x=1\n" exit 0
// EXPECT outcome "y=1 x=1\n" exit 0
// EXPECT findings data-race

#include <lockstep.h>
#include <pthread.h>
#include <stdio.h>

static int x, y;

static void *writer(void *arg)
{
    lockstep_atomic_begin();
    y = 1;
    x = 1;
    lockstep_atomic_end();
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, writer, NULL);
    int b = y;
    int a = x;
    pthread_join(t, NULL);
    printf("y=%d x=%d\n", b, a);
    return 0;
}
