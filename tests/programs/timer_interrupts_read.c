// The alarm ends a read that nothing would ever end, when it comes inside it.
// EXPECT complete
// EXPECT outcome "read EINTR\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT findings deadlock
// (The signal may also come before the read.)
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void on_alarm(int sig)
{
    (void)sig;
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_alarm};
    int fds[2];
    char c;
    pipe(fds);
    sigaction(SIGALRM, &action, NULL);
    alarm(1);
    if (read(fds[0], &c, 1) < 0)
        printf("read %s\n", strerrorname_np(errno));
    return 0;
}
