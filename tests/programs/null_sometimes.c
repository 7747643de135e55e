// Freed and set to null by one thread between the check and the use of another.
// EXPECT complete
// EXPECT outcome "end\n" exit 0
// EXPECT outcome "" signal 11
// EXPECT finding crash line @use
// EXPECT findings data-race line @check|@use|@take
#include <pthread.h>
#include <stdio.h>

static int value = 5;
static int *box = &value;

static void *take(void *arg)
{
    box = NULL; // @take
    return arg;
}

int main(void)
{
    pthread_t t;
    int sum = 0;
    pthread_create(&t, NULL, take, NULL);
    if (box)         // @check
        sum += *box; // @use
    pthread_join(t, NULL);
    printf("end\n");
    return sum < 0;
}
