// A child told to end at once has said its word or not.
// EXPECT complete
// EXPECT outcome "15\n" exit 0
// EXPECT outcome "word\n15\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        puts("word");
        for (;;)
            pause();
    }
    kill(child, SIGTERM);
    waitpid(child, &status, 0);
    printf("%d\n", WTERMSIG(status));
    return 0;
}
