// What the timed calls say of bad arguments and of points in time that have passed: a lock that is
// free is had anyway; nanoseconds out of range and clocks that cannot time a wait are EINVAL.
// EXPECT complete
// EXPECT outcome "free 0 held 110 bad 22 clock 22\ncond 22 110 22\nsem 22 110 0 22\nrw 22 110 22\njoin 16 110 22 0\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>

static const struct timespec past = {1, 0}, bad = {2000000000, 1000000000};
static sem_t go;

static int or_errno(int rc)
{
    return rc ? errno : 0;
}

static void mutexes(pthread_mutex_t *m)
{
    printf("free %d ", pthread_mutex_timedlock(m, &past));
    printf("held %d ", pthread_mutex_timedlock(m, &past));
    printf("bad %d ", pthread_mutex_timedlock(m, &bad));
    printf("clock %d\n", pthread_mutex_clocklock(m, CLOCK_PROCESS_CPUTIME_ID, &past));
}

static void conditions(pthread_mutex_t *m)
{
    pthread_cond_t c = PTHREAD_COND_INITIALIZER;
    printf("cond %d ", pthread_cond_timedwait(&c, m, &bad));
    printf("%d ", pthread_cond_timedwait(&c, m, &past));
    printf("%d\n", pthread_cond_clockwait(&c, m, CLOCK_PROCESS_CPUTIME_ID, &past));
}

static void semaphores(void)
{
    sem_t s;
    sem_init(&s, 0, 0);
    printf("sem %d ", or_errno(sem_timedwait(&s, &bad)));
    printf("%d ", or_errno(sem_timedwait(&s, &past)));
    sem_post(&s);
    printf("%d ", or_errno(sem_clockwait(&s, CLOCK_MONOTONIC, &past)));
    printf("%d\n", or_errno(sem_clockwait(&s, CLOCK_PROCESS_CPUTIME_ID, &past)));
}

static void rwlocks(void)
{
    pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
    pthread_rwlock_rdlock(&l);
    printf("rw %d ", pthread_rwlock_timedrdlock(&l, &bad));
    printf("%d ", pthread_rwlock_timedwrlock(&l, &past));
    printf("%d\n", pthread_rwlock_clockrdlock(&l, CLOCK_PROCESS_CPUTIME_ID, &past));
    pthread_rwlock_unlock(&l);
}

static void *wait_for_go(void *arg)
{
    sem_wait(&go);
    return arg;
}

static void joins(void)
{
    pthread_t t;
    pthread_create(&t, NULL, wait_for_go, NULL);
    printf("join %d ", pthread_tryjoin_np(t, NULL));
    printf("%d ", pthread_timedjoin_np(t, NULL, &past));
    printf("%d ", pthread_clockjoin_np(t, NULL, CLOCK_PROCESS_CPUTIME_ID, &past));
    sem_post(&go);
    printf("%d\n", pthread_clockjoin_np(t, NULL, CLOCK_MONOTONIC, NULL));
}

int main(void)
{
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    sem_init(&go, 0, 0);
    mutexes(&m);
    conditions(&m);
    pthread_mutex_unlock(&m);
    semaphores();
    rwlocks();
    joins();
    return 0;
}
