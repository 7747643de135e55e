// Double-checked locking with a plain pointer: the first look races with the store of another.
// EXPECT complete
// EXPECT outcome "42 42\n" exit 0
// EXPECT finding data-race line @look|@publish
// EXPECT may-find data-race line @use|@make
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int place;
static int *object;

static int get(void)
{
    if (!object) { // @look
        pthread_mutex_lock(&m);
        if (!object) {
            place = 42;      // @make
            object = &place; // @publish
        }
        pthread_mutex_unlock(&m);
    }
    return *object; // @use
}

static void *work(void *arg)
{
    *(int *)arg = get();
    return NULL;
}

int main(void)
{
    pthread_t t;
    int a, b;
    pthread_create(&t, NULL, work, &a);
    work(&b);
    pthread_join(t, NULL);
    printf("%d %d\n", a, b);
    return 0;
}
