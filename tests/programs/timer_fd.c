// Reading from a timer's descriptor waits for it and gives the number of expiries.
// EXPECT complete
// EXPECT outcome "1 expiry, then EAGAIN\n" exit 0
// EXPECT no-findings
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

int main(void)
{
    struct itimerspec once = {{0, 0}, {0, 1000000}};
    uint64_t n = 0;
    int fd = timerfd_create(CLOCK_MONOTONIC, 0);
    timerfd_settime(fd, 0, &once, NULL);
    read(fd, &n, sizeof n);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    printf("%d expiry, then %s\n", (int)n,
           read(fd, &n, sizeof n) < 0 ? strerrorname_np(errno) : "more");
    return 0;
}
