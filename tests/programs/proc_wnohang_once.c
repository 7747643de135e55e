// Asked once, the child has ended or not.
// EXPECT complete
// EXPECT outcome "not yet\nthen 3\n" exit 0
// EXPECT outcome "at once 3\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(3);
    if (waitpid(child, &status, WNOHANG) == child) {
        printf("at once %d\n", WEXITSTATUS(status));
        return 0;
    }
    puts("not yet");
    waitpid(child, &status, 0);
    printf("then %d\n", WEXITSTATUS(status));
    return 0;
}
