// Two fields that belong together, written under the write lock: a reader sees both or none.
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int left, right;

static void *write_both(void *arg)
{
    pthread_rwlock_wrlock(&lock);
    left++;
    right++;
    pthread_rwlock_unlock(&lock);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, write_both, NULL);
    pthread_rwlock_rdlock(&lock);
    int l = left, r = right;
    pthread_rwlock_unlock(&lock);
    pthread_join(t, NULL);
    printf("%d %d\n", l, r);
    return 0;
}
