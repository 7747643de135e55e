// Waiting without children, for one's own, for another's, and a second time.
// EXPECT complete
// EXPECT outcome "1 1 1 1\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int none(pid_t pid)
{
    errno = 0;
    return waitpid(pid, NULL, 0) == -1 && errno == ECHILD;
}

int main(void)
{
    int first = none(-1);
    pid_t child = fork();
    if (child == 0)
        _exit(none(getppid()));
    int status;
    waitpid(child, &status, 0);
    printf("%d %d %d %d\n", first, WEXITSTATUS(status), none(child), none(getpid()));
    return 0;
}
