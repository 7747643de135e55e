// A parent that asks once whether its child has ended, and goes without waiting for it: it had
// ended or not. Nobody asks again.
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status = 0;
    if (fork() == 0)
        _exit(3);
    printf("%d\n", waitpid(-1, &status, WNOHANG) > 0);
    return 0;
}
