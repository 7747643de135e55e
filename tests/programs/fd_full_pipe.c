// The child writes more than the pipe holds, and the parent waits for its end before it reads.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char much[100000];

int main(void)
{
    int p[2];
    if (pipe(p))
        return 2;
    if (fork() == 0) {
        memset(much, 'x', sizeof much);
        _exit(write(p[1], much, sizeof much) != sizeof much);
    }
    wait(NULL);
    printf("%zd\n", read(p[0], much, sizeof much));
    return 0;
}
