// Questions and answers through a pair of sockets.
// EXPECT complete
// EXPECT outcome "2 4 6\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int s[2], answer[3];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, s))
        return 2;
    if (fork() == 0) {
        int n;
        close(s[0]);
        while (read(s[1], &n, sizeof n) == sizeof n) {
            n *= 2;
            if (write(s[1], &n, sizeof n) != sizeof n)
                _exit(3);
        }
        _exit(0);
    }
    close(s[1]);
    for (int i = 0; i < 3; i++) {
        int n = i + 1;
        if (send(s[0], &n, sizeof n, 0) != sizeof n ||
            recv(s[0], &answer[i], sizeof n, 0) != sizeof n)
            return 4;
    }
    close(s[0]);
    wait(NULL);
    printf("%d %d %d\n", answer[0], answer[1], answer[2]);
    return 0;
}
