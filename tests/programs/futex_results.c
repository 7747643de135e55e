// What the call says: another value is EAGAIN, a time that is over ETIMEDOUT, a wake counts whom it
// woke, an address that is no multiple of four is EINVAL.
// EXPECT complete
// EXPECT outcome "again timedout 0 inval\n" exit 0
// EXPECT no-findings
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int word = 5;

static long wait_for(int *w, int value, const struct timespec *t)
{
    return syscall(SYS_futex, w, FUTEX_WAIT, value, t, NULL, 0) < 0 ? errno : 0;
}

int main(void)
{
    struct timespec soon = {0, 1000};
    long other = wait_for(&word, 4, NULL), late = wait_for(&word, 5, &soon);
    long woken = syscall(SYS_futex, &word, FUTEX_WAKE, 10, NULL, NULL, 0);
    long odd = wait_for((int *)((char *)&word + 1), 5, NULL);
    printf("%s %s %ld %s\n", other == EAGAIN ? "again" : "?", late == ETIMEDOUT ? "timedout" : "?",
           woken, odd == EINVAL ? "inval" : "?");
    return 0;
}
