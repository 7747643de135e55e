// The most urgent message comes first, and the older of two that are equally so.
// EXPECT complete
// EXPECT outcome "urgent 9\nfirst 1\nsecond 1\nlast 0\n" exit 0
// EXPECT executions 1
// EXPECT no-findings
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>

#define NAME "/lockstep-test-order"

int main(void)
{
    struct mq_attr attr = {.mq_maxmsg = 4, .mq_msgsize = 16};
    char text[16];
    unsigned priority;
    mq_unlink(NAME);
    mqd_t q = mq_open(NAME, O_CREAT | O_RDWR, 0600, &attr);
    mq_send(q, "last", 5, 0);
    mq_send(q, "first", 6, 1);
    mq_send(q, "urgent", 7, 9);
    mq_send(q, "second", 7, 1);
    for (int i = 0; i < 4; i++) {
        mq_receive(q, text, sizeof text, &priority);
        printf("%s %u\n", text, priority);
    }
    mq_close(q);
    mq_unlink(NAME);
    return 0;
}
