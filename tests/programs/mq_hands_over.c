// What was written before a message was sent is seen by who takes it: no data race. What is written
// afterwards is not.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT finding data-race line @one|@other
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <stdio.h>

static mqd_t q;
static int before, after;

static void *work(void *arg)
{
    before = 1;
    mq_send(q, "x", 1, 0);
    after = 1; // @one
    return arg;
}

int main(void)
{
    struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 1};
    pthread_t t;
    char c;
    q = mq_open("/lockstep-test-hands-over", O_CREAT | O_RDWR, 0600, &attr);
    mq_unlink("/lockstep-test-hands-over");
    pthread_create(&t, NULL, work, NULL);
    mq_receive(q, &c, 1, NULL);
    after = 2; // @other
    printf("%d\n", before);
    pthread_join(t, NULL);
    return 0;
}
