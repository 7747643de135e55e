// The same with the result in memory that outlives the thread; and a local variable of main that
// the thread uses while main waits for it.
// EXPECT complete
// EXPECT outcome "42\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void *work(void *arg)
{
    int *result = malloc(sizeof *result);
    *result = *(int *)arg * 7;
    return result;
}

int main(void)
{
    pthread_t t;
    void *p;
    int six = 6;
    pthread_create(&t, NULL, work, &six);
    pthread_join(t, &p);
    printf("%d\n", *(int *)p);
    free(p);
    return 0;
}
