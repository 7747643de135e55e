// Stopped, told so, continued, ended: that it was continued is told unless it has ended by then.
// EXPECT complete
// EXPECT outcome "stopped 19\nended 0\n" exit 0
// EXPECT outcome "stopped 19\ncontinued\nended 0\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        _exit(0);
    }
    waitpid(child, &status, WUNTRACED);
    if (WIFSTOPPED(status))
        printf("stopped %d\n", WSTOPSIG(status));
    kill(child, SIGCONT);
    waitpid(child, &status, WCONTINUED);
    if (WIFCONTINUED(status)) {
        puts("continued");
        waitpid(child, &status, 0);
    }
    printf("ended %d\n", WEXITSTATUS(status));
    return 0;
}
