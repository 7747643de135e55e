// Half of a connection closed: the other side reads the end and can still answer.
// EXPECT complete
// EXPECT outcome "3 bytes\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int s[2];
    char c, n = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, s))
        return 2;
    if (fork() == 0) {
        close(s[0]);
        while (read(s[1], &c, 1) == 1)
            n++;
        _exit(write(s[1], &n, 1) != 1);
    }
    close(s[1]);
    if (write(s[0], "abc", 3) != 3)
        return 3;
    shutdown(s[0], SHUT_WR);
    if (read(s[0], &n, 1) != 1)
        return 4;
    printf("%d bytes\n", n);
    wait(NULL);
    return 0;
}
