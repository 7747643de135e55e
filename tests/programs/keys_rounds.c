// A destructor that sets its key again is called again, four times in all; one deleted meanwhile is
// not called.
// EXPECT complete
// EXPECT outcome "4 0\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_key_t stubborn, deleted;
static int calls, wrong;

static void again(void *value)
{
    calls++;
    pthread_setspecific(stubborn, value);
}

static void never(void *value)
{
    (void)value;
    wrong++;
}

static void *work(void *arg)
{
    pthread_setspecific(stubborn, arg);
    pthread_setspecific(deleted, arg);
    pthread_key_delete(deleted);
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_key_create(&stubborn, again);
    pthread_key_create(&deleted, never);
    pthread_create(&t, NULL, work, &t);
    pthread_join(t, NULL);
    printf("%d %d\n", calls, wrong);
    return 0;
}
