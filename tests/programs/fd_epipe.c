// Who writes to a pipe that nobody can read is ended by SIGPIPE.
// EXPECT complete
// EXPECT outcome "13\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2], status;
    if (pipe(p))
        return 2;
    close(p[0]);
    if (fork() == 0) {
        ssize_t n = write(p[1], "x", 1);
        _exit(n == 1);
    }
    wait(&status);
    printf("%d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    return 0;
}
