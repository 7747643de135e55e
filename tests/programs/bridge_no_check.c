// The same bridge, looked at before the lock is taken: two cars meet.
// EXPECT complete
// EXPECT outcome "over\n" exit 0
// EXPECT outcome "" signal 6
// EXPECT finding assertion
// EXPECT findings data-race
// FREE outside "with a data race anything goes"
#include <assert.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int cars[2];

static void *cross(void *arg)
{
    int way = arg != NULL;
    if (cars[1 - way])
        return NULL;
    pthread_mutex_lock(&m);
    cars[way]++;
    assert(cars[1 - way] == 0);
    pthread_mutex_unlock(&m);
    pthread_mutex_lock(&m);
    cars[way]--;
    pthread_mutex_unlock(&m);
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, cross, NULL);
    cross((void *)1);
    pthread_join(t, NULL);
    puts("over");
    return 0;
}
