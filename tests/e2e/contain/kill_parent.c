#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    int a = kill(getppid(), SIGKILL), b = kill(getppid(), SIGSTOP), c = kill(1, SIGKILL);
    int d = kill(-1, SIGKILL);
    printf("%d %d %d %d\n", a, b, c, d);
}
