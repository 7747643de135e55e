// Sleeping longer does not mean coming later: POSIX only promises "not earlier than".
// EXPECT complete
// EXPECT outcome "one\ntwo\n" exit 0
// EXPECT outcome "two\none\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *one(void *arg)
{
    sleep(1);
    puts("one");
    return arg;
}

static void *two(void *arg)
{
    sleep(2);
    puts("two");
    return arg;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, one, NULL);
    pthread_create(&b, NULL, two, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
