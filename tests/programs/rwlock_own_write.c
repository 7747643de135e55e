// The writer asks again for what it holds: EDEADLK from what would wait, EBUSY from what would not.
// EXPECT complete
// EXPECT outcome "rd 35 tryrd 16 timedrd 35 wr 35 trywr 16 timedwr 35\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
#include <pthread.h>
#include <stdio.h>
#include <time.h>

int main(void)
{
    pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec++;
    pthread_rwlock_wrlock(&l);
    printf("rd %d ", pthread_rwlock_rdlock(&l));
    printf("tryrd %d ", pthread_rwlock_tryrdlock(&l));
    printf("timedrd %d ", pthread_rwlock_timedrdlock(&l, &t));
    printf("wr %d ", pthread_rwlock_wrlock(&l));
    printf("trywr %d ", pthread_rwlock_trywrlock(&l));
    printf("timedwr %d\n", pthread_rwlock_timedwrlock(&l, &t));
    pthread_rwlock_unlock(&l);
    return 0;
}
