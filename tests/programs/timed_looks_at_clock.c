// A loop that waits until a point in time and looks at the clock to see whether it has come: when
// the wait has timed out, it has.
// EXPECT complete
// EXPECT outcome "over\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
int main(void)
{
    struct timespec d, now;
    clock_gettime(CLOCK_REALTIME, &d);
    d.tv_sec += 2;
    pthread_mutex_lock(&m);
    do {
        pthread_cond_timedwait(&c, &m, &d);
        clock_gettime(CLOCK_REALTIME, &now);
    } while (now.tv_sec < d.tv_sec || (now.tv_sec == d.tv_sec && now.tv_nsec < d.tv_nsec));
    pthread_mutex_unlock(&m);
    puts("over");
    return 0;
}
