// main leaves by pthread_exit: the others go on, and the process ends with the last of them.
// EXPECT complete
// EXPECT outcome "hello\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static void *hello(void *arg)
{
    puts("hello");
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, hello, NULL);
    pthread_exit(NULL);
}
