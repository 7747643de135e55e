// A child asks through one queue and is answered through another.
// EXPECT complete
// EXPECT outcome "42\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define ASK    "/lockstep-test-ask"
#define ANSWER "/lockstep-test-answer"

int main(void)
{
    struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = sizeof(int)};
    int n = 0;
    mq_unlink(ASK);
    mq_unlink(ANSWER);
    mqd_t ask = mq_open(ASK, O_CREAT | O_RDWR, 0600, &attr);
    mqd_t answer = mq_open(ANSWER, O_CREAT | O_RDWR, 0600, &attr);
    if (fork() == 0) {
        n = 21;
        mq_send(ask, (const char *)&n, sizeof n, 0);
        mq_receive(answer, (char *)&n, sizeof n, NULL);
        printf("%d\n", n);
        return 0;
    }
    mq_receive(ask, (char *)&n, sizeof n, NULL);
    n *= 2;
    mq_send(answer, (const char *)&n, sizeof n, 0);
    wait(NULL);
    mq_unlink(ASK);
    mq_unlink(ANSWER);
    return 0;
}
