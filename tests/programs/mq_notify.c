// A message to an empty queue sends the signal that was asked for, once; a second message sends
// none, and the registration is free again.
// EXPECT complete
// EXPECT outcome "busy EBUSY\ntold 1\nagain 0\n" exit 0
// EXPECT no-findings
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static volatile sig_atomic_t told;

static void on_message(int sig)
{
    (void)sig;
    told++;
}

int main(void)
{
    struct mq_attr attr = {.mq_maxmsg = 2, .mq_msgsize = 1};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    mqd_t q = mq_open("/lockstep-test-notify", O_CREAT | O_RDWR, 0600, &attr);
    mq_unlink("/lockstep-test-notify");
    signal(SIGUSR1, on_message);
    mq_notify(q, &event);
    printf("busy %s\n", mq_notify(q, &event) ? strerrorname_np(errno) : "no");
    mq_send(q, "x", 1, 0);
    mq_send(q, "y", 1, 0);
    printf("told %d\n", told);
    printf("again %d\n", mq_notify(q, &event));
    return 0;
}
