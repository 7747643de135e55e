// Two threads may block each other for ever while a third ends well: that one is finished, not
// "not blocked", so it is still a deadlock.
// EXPECT complete
// EXPECT outcome "third\ndone\n" exit 0
// EXPECT outcome "third\n" deadlock
// EXPECT finding deadlock
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void *ab(void *arg)
{
    pthread_mutex_lock(&a);
    pthread_mutex_lock(&b);
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
    return arg;
}

static void *ba(void *arg)
{
    pthread_mutex_lock(&b);
    pthread_mutex_lock(&a);
    pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&b);
    return arg;
}

static void *third(void *arg)
{
    puts("third");
    return arg;
}

int main(void)
{
    pthread_t t, u, v;
    pthread_create(&t, NULL, ab, NULL);
    pthread_create(&u, NULL, ba, NULL);
    pthread_create(&v, NULL, third, NULL);
    pthread_join(v, NULL);
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    puts("done");
    return 0;
}
