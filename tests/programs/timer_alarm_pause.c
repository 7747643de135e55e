// alarm ends a pause: the handler has run when pause returns.
// EXPECT complete
// EXPECT outcome "left 0, caught 1, pause EINTR\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding lost-wakeup
// (Between alarm and pause the signal may already have come: then nothing ends the pause.)
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void on_alarm(int sig)
{
    (void)sig;
    caught++;
}

int main(void)
{
    signal(SIGALRM, on_alarm);
    unsigned left = alarm(1);
    pause();
    printf("left %u, caught %d, pause %s\n", left, caught, strerrorname_np(errno));
    return 0;
}
