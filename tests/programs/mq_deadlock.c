// Parent and child each wait for the other's message first.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT findings deadlock
#include <fcntl.h>
#include <mqueue.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    struct mq_attr attr = {.mq_maxmsg = 1, .mq_msgsize = 1};
    char c;
    mqd_t down = mq_open("/lockstep-test-down", O_CREAT | O_RDWR, 0600, &attr);
    mqd_t up = mq_open("/lockstep-test-up", O_CREAT | O_RDWR, 0600, &attr);
    mq_unlink("/lockstep-test-down");
    mq_unlink("/lockstep-test-up");
    if (fork() == 0) {
        mq_receive(down, &c, 1, NULL);
        mq_send(up, "u", 1, 0);
        _exit(0);
    }
    mq_receive(up, &c, 1, NULL);
    mq_send(down, "d", 1, 0);
    wait(NULL);
    return 0;
}
