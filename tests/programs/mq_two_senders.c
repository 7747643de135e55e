// Two threads send, main receives both: in the order in which they were sent.
// EXPECT complete
// EXPECT outcome "ab\n" exit 0
// EXPECT outcome "ba\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <stdio.h>

#define NAME "/lockstep-test-two-senders"

static mqd_t q;

static void *send_it(void *text)
{
    mq_send(q, text, 1, 0);
    return NULL;
}

int main(void)
{
    struct mq_attr attr = {.mq_maxmsg = 2, .mq_msgsize = 1};
    pthread_t a, b;
    char got[3] = "";
    mq_unlink(NAME);
    q = mq_open(NAME, O_CREAT | O_RDWR, 0600, &attr);
    pthread_create(&a, NULL, send_it, "a");
    pthread_create(&b, NULL, send_it, "b");
    mq_receive(q, got, 1, NULL);
    mq_receive(q, got + 1, 1, NULL);
    printf("%s\n", got);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    mq_unlink(NAME);
    return 0;
}
