// A queue with room for one message: the second is sent only after somebody took the first, and
// either receiver may be that one.
// EXPECT complete
// EXPECT outcome "12" exit 0
// EXPECT outcome "21" exit 0
// EXPECT no-findings
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "12" exit 0
// EXPECT outcome "21" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <stdio.h>

#define NAME "/lockstep-test-who-gets"

static mqd_t q;
static char got[2];

static void *receive(void *slot)
{
    mq_receive(q, slot, 1, NULL);
    return NULL;
}

int main(void)
{
    struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 1};
    pthread_t a, b;
    mq_unlink(NAME);
    q = mq_open(NAME, O_CREAT | O_RDWR, 0600, &attr);
    pthread_create(&a, NULL, receive, &got[0]);
    pthread_create(&b, NULL, receive, &got[1]);
    mq_send(q, "1", 1, 0);
    mq_send(q, "2", 1, 0);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%c%c", got[0], got[1]);
    mq_unlink(NAME);
    return 0;
}
