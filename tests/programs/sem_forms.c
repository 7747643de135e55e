// Every form of waiting, one after the other, in one thread.
// EXPECT complete
// EXPECT outcome "2 0 1 0 0 again 0 timeout 0\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
#include <errno.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>

static sem_t s;

static int value(void)
{
    int v = -1;
    sem_getvalue(&s, &v);
    return v;
}

int main(void)
{
    sem_init(&s, 0, 2);
    printf("%d ", value());
    printf("%d ", sem_wait(&s));
    printf("%d ", value());
    printf("%d ", sem_trywait(&s));
    printf("%d ", value());
    int rc = sem_trywait(&s);
    printf("%s ", rc == -1 && errno == EAGAIN ? "again" : "?");
    printf("%d ", value());
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 1;
    rc = sem_timedwait(&s, &deadline);
    printf("%s ", rc == -1 && errno == ETIMEDOUT ? "timeout" : "?");
    printf("%d\n", value());
    return 0;
}
