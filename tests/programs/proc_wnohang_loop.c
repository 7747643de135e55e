// A parent that asks again and again ends with the child: asking changes nothing.
// EXPECT complete
// EXPECT outcome "7\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(7);
    while (waitpid(child, &status, WNOHANG) == 0)
        ;
    printf("%d\n", WEXITSTATUS(status));
    return 0;
}
