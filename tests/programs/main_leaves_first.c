// The return of main ends the process, whatever the thread is doing. Waiting for it is an option.
// FREE outside "glibc flushes at exit without the locks of the streams: a line may come twice"
// EXPECT complete
// EXPECT outcome "" exit 0
// EXPECT outcome "hello\n" exit 0
// EXPECT no-findings
// OPTIONS --main-exit=wait
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
    return 0;
}
