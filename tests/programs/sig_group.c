// A signal for the group ends every child in it; the parent ignores it.
// EXPECT complete
// EXPECT outcome "15 15\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int a, b;
    setpgid(0, 0);
    for (int i = 0; i < 2; i++)
        if (fork() == 0)
            for (;;)
                pause();
    signal(SIGTERM, SIG_IGN);
    kill(0, SIGTERM);
    wait(&a);
    wait(&b);
    printf("%d %d\n", WTERMSIG(a), WTERMSIG(b));
    return 0;
}
