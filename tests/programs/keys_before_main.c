// A key that a constructor made before main is a key like any other, and the value that the first
// thread gave it then is there. A thread has none until it sets one, and its destructor gets it.
// EXPECT complete
// EXPECT outcome "early null 5\n" exit 0
// EXPECT no-findings
#include <assert.h>
#include <pthread.h>
#include <stdio.h>

static pthread_key_t key, dropped;
static int five = 5, got;

static void gone(void *value)
{
    got = *(int *)value;
}

__attribute__((constructor)) static void before_main(void)
{
    pthread_key_create(&key, gone);
    pthread_key_create(&dropped, NULL);
    pthread_key_delete(dropped);
    pthread_setspecific(key, "early");
}

static void *own(void *arg)
{
    const char *value = pthread_getspecific(key);
    assert(pthread_setspecific(key, &five) == 0);
    (void)arg;
    return (void *)(value ? value : "null");
}

int main(void)
{
    pthread_t t;
    void *seen;
    const char *mine = pthread_getspecific(key);
    assert(pthread_setspecific(dropped, &five) != 0);
    pthread_create(&t, NULL, own, NULL);
    pthread_join(t, &seen);
    printf("%s %s %d\n", mine ? mine : "null", (char *)seen, got);
    return 0;
}
