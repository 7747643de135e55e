// Everything a run changes is put back before the next one: globals, statics, what libc
// keeps. A leftover would show as another outcome.
// EXPECT complete
// EXPECT outcome "1 1 1 7\n" exit 0
// EXPECT no-findings
// EXPECT executions 6
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int runs;
static atomic_int any;
static char text[64] = "7";

static int called(void)
{
    static int times;
    return ++times;
}

static void *touch(void *arg)
{
    atomic_fetch_add(&any, 1);
    return arg;
}

int main(void)
{
    pthread_t t[3];
    runs++;
    int times = called();
    srand(1);
    int first = rand();
    srand(1);
    int same = first == rand();
    for (int i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, touch, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    printf("%d %d %d %s\n", runs, times, same, text);
    strcat(text, " left over");
    return 0;
}
