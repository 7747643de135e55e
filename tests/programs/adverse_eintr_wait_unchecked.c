// wait may be interrupted: the status is not that of a child then.
// OPTIONS --adversity=eintr
// EXPECT complete
// EXPECT outcome "none\n" exit 0
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=eintr --strategy dfs
// EXPECT complete
// EXPECT outcome "none\n" exit 0
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status = 0;
    if (fork() == 0)
        _exit(3);
    if (wait(&status) < 0)
        puts(errno == EINTR ? "none" : "?");
    else
        printf("%d\n", WEXITSTATUS(status));
    return 0;
}
