// Recursion without an end: the stack is used up.
// EXPECT complete
// EXPECT outcome "" signal 11
// EXPECT finding crash
// FREE not "with delays at each of its calls it takes too long"
#include <pthread.h>
#include <stdio.h>

static int deeper(int n)
{
    return n < 0 ? n : 1 + deeper(n + 1);
}

static void *overflow(void *arg)
{
    return deeper(0) ? arg : NULL;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, overflow, NULL);
    pthread_join(t, NULL);
    puts("never");
    return 0;
}
