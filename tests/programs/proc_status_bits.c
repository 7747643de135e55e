// Of an exit status 8 bits come through.
// EXPECT complete
// EXPECT outcome "7 255 0\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int told(int status)
{
    if (fork() == 0)
        exit(status);
    wait(&status);
    return WEXITSTATUS(status);
}

int main(void)
{
    int a = told(256 + 7), b = told(-1), c = told(512);
    printf("%d %d %d\n", a, b, c);
    return 0;
}
