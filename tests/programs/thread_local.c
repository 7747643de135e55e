// A __thread variable and errno are each thread's own, however the steps are mixed.
// EXPECT complete
// EXPECT outcome "11 12 10\n" exit 0
// EXPECT no-findings
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>

static __thread int mine = 10;

static void *own(void *arg)
{
    int n = *(int *)arg;
    errno = n;
    mine += n;
    sched_yield();
    assert(errno == n);
    *(int *)arg = mine;
    return NULL;
}

int main(void)
{
    static int value[] = {1, 2};
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, own, &value[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%d %d %d\n", value[0], value[1], mine);
    return 0;
}
