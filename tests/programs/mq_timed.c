// A receive with a time limit gets the message or gives up; so does one that does not wait at all.
// EXPECT complete
// EXPECT outcome "timed got x\n" exit 0
// EXPECT outcome "timed ETIMEDOUT, then got x\n" exit 0
// EXPECT outcome "timed ETIMEDOUT, then EAGAIN\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "timed got x\n" exit 0
// EXPECT outcome "timed ETIMEDOUT, then got x\n" exit 0
// EXPECT outcome "timed ETIMEDOUT, then EAGAIN\n" exit 0
// EXPECT no-findings
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static mqd_t q;

static void *send_it(void *arg)
{
    mq_send(q, "x", 1, 0);
    return arg;
}

int main(void)
{
    struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 1}, now = {.mq_flags = O_NONBLOCK};
    struct timespec limit;
    pthread_t t;
    char c;
    q = mq_open("/lockstep-test-timed", O_CREAT | O_RDWR, 0600, &attr);
    mq_unlink("/lockstep-test-timed");
    pthread_create(&t, NULL, send_it, NULL);
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_nsec += 100;
    if (limit.tv_nsec > 999999999)
        limit.tv_nsec = 999999999;
    if (mq_timedreceive(q, &c, 1, NULL, &limit) == 1) {
        printf("timed got %c\n", c);
    } else {
        const char *why = strerrorname_np(errno);
        mq_setattr(q, &now, NULL);
        if (mq_receive(q, &c, 1, NULL) == 1)
            printf("timed %s, then got %c\n", why, c);
        else
            printf("timed %s, then %s\n", why, strerrorname_np(errno));
    }
    pthread_join(t, NULL);
    return 0;
}
