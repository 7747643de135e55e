// Two threads take memory. With one event at most one of them fails, either one; with two, both
// may.
// OPTIONS --adversity=malloc
// EXPECT complete
// EXPECT outcome "0 1\n" exit 0
// EXPECT outcome "1 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=malloc --strategy dfs
// EXPECT complete
// EXPECT outcome "0 1\n" exit 0
// EXPECT outcome "1 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=malloc:2
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "0 1\n" exit 0
// EXPECT outcome "1 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=malloc:2 --strategy dfs
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "0 1\n" exit 0
// EXPECT outcome "1 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static int got[2];

static void *taker(void *arg)
{
    int *mine = arg;
    void *p = malloc(8);
    *mine = p != NULL;
    free(p);
    return NULL;
}

int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, taker, &got[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%d %d\n", got[0], got[1]);
    return 0;
}
