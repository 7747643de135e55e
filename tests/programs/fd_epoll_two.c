// The same with epoll, one event at a time.
// EXPECT complete
// EXPECT outcome "ab\n" exit 0
// EXPECT outcome "ba\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2][2], set = epoll_create1(0);
    char heard[3] = "";
    for (int i = 0; i < 2; i++) {
        if (pipe(p[i]))
            return 2;
        struct epoll_event e = {.events = EPOLLIN, .data.fd = p[i][0]};
        epoll_ctl(set, EPOLL_CTL_ADD, p[i][0], &e);
        if (fork() == 0)
            _exit(write(p[i][1], i ? "b" : "a", 1) != 1);
    }
    for (int n = 0; n < 2; n++) {
        struct epoll_event e;
        if (epoll_wait(set, &e, 1, -1) != 1 || read(e.data.fd, &heard[n], 1) != 1)
            return 3;
        epoll_ctl(set, EPOLL_CTL_DEL, e.data.fd, NULL);
    }
    puts(heard);
    while (wait(NULL) > 0)
        ;
    return 0;
}
