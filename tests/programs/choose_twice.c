// Two choices one after the other in each of two tasks, then an unprotected addition: all four
// sums of what both add, and those in which an addition is lost.
// Both add 0 to 3: a + b, or only a, or only b: all of 0 to 6.
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT outcome "3\n" exit 0
// EXPECT outcome "4\n" exit 0
// EXPECT outcome "5\n" exit 0
// EXPECT outcome "6\n" exit 0
// EXPECT findings data-race
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT outcome "3\n" exit 0
// EXPECT outcome "4\n" exit 0
// EXPECT outcome "5\n" exit 0
// EXPECT outcome "6\n" exit 0
// EXPECT findings data-race

#include <lockstep.h>
#include <pthread.h>
#include <stdio.h>

static int sum;

static void *task(void *arg)
{
    int more = 2 * lockstep_choose(2);
    more += lockstep_choose(2);
    sum += more;
    return arg;
}

int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, task, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%d\n", sum);
    return 0;
}
