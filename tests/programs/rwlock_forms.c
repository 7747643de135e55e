// The forms that do not wait, in one thread: a reader lets readers in and writers not, a writer
// nobody.
// EXPECT complete
// EXPECT outcome "0 0 busy 0 busy busy 0\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static pthread_rwlock_t lock;
static const char *result[2];

static const char *word(int rc)
{
    return rc == 0 ? "0" : rc == EBUSY ? "busy" : "?";
}

static void *try_both(void *arg)
{
    int rc = pthread_rwlock_tryrdlock(&lock);
    if (rc == 0)
        pthread_rwlock_unlock(&lock);
    result[0] = word(rc);
    rc = pthread_rwlock_trywrlock(&lock);
    if (rc == 0)
        pthread_rwlock_unlock(&lock);
    result[1] = word(rc);
    return arg;
}

static void ask_another(void)
{
    pthread_t t;
    pthread_create(&t, NULL, try_both, NULL);
    pthread_join(t, NULL);
    printf(" %s %s", result[0], result[1]);
}

int main(void)
{
    pthread_rwlock_init(&lock, NULL);
    printf("%s", word(pthread_rwlock_rdlock(&lock)));
    ask_another();
    pthread_rwlock_unlock(&lock);
    printf(" %s", word(pthread_rwlock_wrlock(&lock)));
    ask_another();
    pthread_rwlock_unlock(&lock);
    printf(" %s\n", word(pthread_rwlock_destroy(&lock)));
    return 0;
}
