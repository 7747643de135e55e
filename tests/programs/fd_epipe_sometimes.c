// Whether the reader is gone already is a matter of the schedule.
// EXPECT complete
// EXPECT outcome "ended by 13\n" exit 0
// EXPECT outcome "wrote\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2], status;
    if (pipe(p))
        return 2;
    pid_t writer = fork();
    if (writer == 0) {
        close(p[0]);
        _exit(write(p[1], "x", 1) != 1);
    }
    close(p[0]);
    close(p[1]);
    waitpid(writer, &status, 0);
    if (WIFSIGNALED(status))
        printf("ended by %d\n", WTERMSIG(status));
    else
        puts(WEXITSTATUS(status) ? "failed" : "wrote");
    return 0;
}
