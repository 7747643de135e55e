// wait may be interrupted: so again.
// OPTIONS --adversity=eintr:2
// EXPECT complete
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=eintr:2 --strategy dfs
// EXPECT complete
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status = -1;
    if (fork() == 0)
        _exit(3);
    while (wait(&status) == -1 && errno == EINTR)
        ;
    printf("%d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    return 0;
}
