// A thread returns the address of its own local variable; its stack is gone when main looks there.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT finding misuse line @use
#include <pthread.h>
#include <stdio.h>

static void *work(void *arg)
{
    int result = 6 * 7;
    int *p = &result;
    (void)arg;
    return p;
}

int main(void)
{
    pthread_t t;
    void *p;
    int sum = 0;
    pthread_create(&t, NULL, work, NULL);
    pthread_join(t, &p);
    sum += *(int *)p; // @use
    puts("end");
    return sum == 12345;
}
