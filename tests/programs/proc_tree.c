// Two children, each with a child of its own; every one tells the sum of what it was told plus 1.
// Nothing is shared, so there is one outcome.
// EXPECT complete
// EXPECT outcome "4\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int status_of_next(void)
{
    int status;
    wait(&status);
    return WEXITSTATUS(status);
}

int main(void)
{
    for (int i = 0; i < 2; i++)
        if (fork() == 0) {
            if (fork() == 0)
                exit(1);
            exit(status_of_next() + 1);
        }
    int sum = status_of_next();
    sum += status_of_next();
    printf("%d\n", sum);
    return 0;
}
