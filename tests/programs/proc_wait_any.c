// Whoever ends first is told first, in whichever order they end.
// EXPECT complete
// EXPECT outcome "1 2\n" exit 0
// EXPECT outcome "2 1\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int first, second;
    for (int i = 1; i <= 2; i++)
        if (fork() == 0)
            _exit(i);
    wait(&first);
    wait(&second);
    printf("%d %d\n", WEXITSTATUS(first), WEXITSTATUS(second));
    return 0;
}
