// Waiting for a group means the children of that group only.
// EXPECT complete
// EXPECT outcome "2\n1\n-1\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status;
    pid_t own = fork();
    if (own == 0)
        _exit(1);
    pid_t leader = fork();
    if (leader == 0) {
        setpgid(0, 0);
        _exit(2);
    }
    setpgid(leader, leader);
    waitpid(-leader, &status, 0);
    printf("%d\n", WEXITSTATUS(status));
    waitpid(0, &status, 0);
    printf("%d\n", WEXITSTATUS(status));
    printf("%d\n", waitpid(-leader, &status, 0));
    return 0;
}
