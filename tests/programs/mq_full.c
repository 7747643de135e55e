// The queue has room for two, three are sent and one is taken only afterwards.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock line @full
#include <fcntl.h>
#include <mqueue.h>
#include <stddef.h>

int main(void)
{
    struct mq_attr attr = {.mq_maxmsg = 2, .mq_msgsize = 1};
    char c;
    mqd_t q = mq_open("/lockstep-test-full", O_CREAT | O_RDWR, 0600, &attr);
    mq_unlink("/lockstep-test-full");
    for (int i = 0; i < 3; i++)
        mq_send(q, "x", 1, 0); // @full
    mq_receive(q, &c, 1, NULL);
    return 0;
}
