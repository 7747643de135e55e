// Two pipes watched with poll: whichever speaks first is heard first; both at once: a comes first.
// EXPECT complete
// EXPECT outcome "ab\n" exit 0
// EXPECT outcome "ba\n" exit 0
// EXPECT no-findings
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2][2];
    char heard[3] = "";
    struct pollfd fds[2];
    for (int i = 0; i < 2; i++) {
        if (pipe(p[i]))
            return 2;
        fds[i] = (struct pollfd){p[i][0], POLLIN, 0};
        if (fork() == 0)
            _exit(write(p[i][1], i ? "b" : "a", 1) != 1);
    }
    for (int n = 0; n < 2;) {
        if (poll(fds, 2, -1) < 1)
            return 3;
        for (int i = 0; i < 2; i++)
            if (fds[i].revents & POLLIN && read(fds[i].fd, &heard[n], 1) == 1) {
                fds[i].fd = -1;
                n++;
            }
    }
    puts(heard);
    while (wait(NULL) > 0)
        ;
    return 0;
}
