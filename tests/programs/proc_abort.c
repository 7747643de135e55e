// An abort ends its own process only; nothing buffered is written. The parent is told.
// EXPECT complete
// EXPECT outcome "6\n" exit 0
// EXPECT finding crash line @abort
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status;
    if (fork() == 0) {
        printf("lost");
        abort(); // @abort
    }
    wait(&status);
    printf("%d\n", WTERMSIG(status));
    return 0;
}
