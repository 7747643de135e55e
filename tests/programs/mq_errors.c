// What the calls refuse, in the order POSIX and Linux give.
// EXPECT complete
// EXPECT outcome "no slash: EINVAL\nnone: ENOENT\nzero: EINVAL\nexclusive: EEXIST\nempty: EAGAIN\nsmall: EMSGSIZE\nlarge: EMSGSIZE\npriority: EINVAL\nfull: EAGAIN\nlimit: EINVAL\nread only: EBADF\nwrite only: EBADF\nattr: 1 2 8 2\nflag: EINVAL\nclosed: EBADF\nunlinked: ENOENT\n" exit 0
// EXPECT executions 1
// EXPECT no-findings
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>

#define NAME "/lockstep-test-errors"

static void say(const char *what, long result)
{
    printf("%s: %s\n", what, result < 0 ? strerrorname_np(errno) : "done");
}

int main(void)
{
    struct mq_attr attr = {.mq_maxmsg = 0, .mq_msgsize = 8}, bad = {.mq_flags = 1};
    struct timespec limit = {0, -1};
    char text[16] = "";
    mq_unlink(NAME);
    say("no slash", mq_open("none", O_RDWR));
    say("none", mq_open(NAME, O_RDWR));
    say("zero", mq_open(NAME, O_CREAT | O_RDWR, 0600, &attr));
    attr.mq_maxmsg = 2;
    mqd_t q = mq_open(NAME, O_CREAT | O_RDWR | O_NONBLOCK, 0600, &attr);
    say("exclusive", mq_open(NAME, O_CREAT | O_EXCL | O_RDWR, 0600, &attr));
    say("empty", mq_receive(q, text, 8, NULL));
    say("small", mq_receive(q, text, 7, NULL));
    say("large", mq_send(q, text, 9, 0));
    say("priority", mq_send(q, text, 8, 32768));
    mq_send(q, text, 0, 0);
    mq_send(q, text, 8, 32767);
    say("full", mq_send(q, text, 1, 0));
    say("limit", mq_timedsend(q, text, 1, 0, &limit));
    mqd_t reader = mq_open(NAME, O_RDONLY), writer = mq_open(NAME, O_WRONLY);
    say("read only", mq_send(reader, text, 1, 0));
    say("write only", mq_receive(writer, text, 8, NULL));
    mq_getattr(q, &attr);
    printf("attr: %d %ld %ld %ld\n", attr.mq_flags == O_NONBLOCK, attr.mq_maxmsg, attr.mq_msgsize,
           attr.mq_curmsgs);
    say("flag", mq_setattr(q, &bad, NULL));
    mq_close(q);
    say("closed", mq_send(q, text, 1, 0));
    mq_unlink(NAME);
    say("unlinked", mq_unlink(NAME));
    return 0;
}
