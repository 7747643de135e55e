// From a textbook: the last c is the parent's, after the child's a and c.
// EXPECT complete
// EXPECT outcome "abcc" exit 0
// EXPECT outcome "acbc" exit 0
// EXPECT outcome "bacc" exit 0
// EXPECT executions 3
// EXPECT no-findings
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *c)
{
    if (write(1, c, 1) != 1)
        _exit(9);
}

int main(void)
{
    if (fork() == 0) {
        say("a");
    } else {
        say("b");
        wait(NULL);
    }
    say("c");
    return 0;
}
