// The parent of vfork goes on only after the child has ended.
// EXPECT complete
// EXPECT outcome "child\nparent 4\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status;
    pid_t child = vfork();
    if (child == 0) {
        if (write(1, "child\n", 6) != 6)
            _exit(5);
        _exit(4);
    }
    if (write(1, "parent ", 7) != 7)
        return 5;
    waitpid(child, &status, 0);
    printf("%d\n", WEXITSTATUS(status));
    return 0;
}
