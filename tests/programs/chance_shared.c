// All threads draw from one generator: who asks first gets the first number.
// EXPECT complete
// EXPECT outcome "first\n" exit 0
// EXPECT outcome "second\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static int drawn;

static void *draw(void *arg)
{
    drawn = rand();
    return arg;
}

int main(void)
{
    pthread_t t;
    srand(1);
    int first = rand();
    srand(1);
    pthread_create(&t, NULL, draw, NULL);
    rand();
    pthread_join(t, NULL);
    puts(drawn == first ? "first" : "second");
    return 0;
}
