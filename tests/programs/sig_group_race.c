// A signal for the group of a child that makes its group itself: it may not be there yet.
// EXPECT complete
// EXPECT outcome "no such group\n9\n" exit 0
// EXPECT outcome "sent\n15\n" exit 0
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
        setpgid(0, 0);
        for (;;)
            pause();
    }
    if (kill(-child, SIGTERM) < 0) {
        puts("no such group");
        kill(child, SIGKILL);
    } else {
        puts("sent");
    }
    waitpid(child, &status, 0);
    printf("%d\n", WTERMSIG(status));
    return 0;
}
