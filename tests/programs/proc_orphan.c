// The child asks who its parent is: the one that forked it, or somebody else when that one has
// ended already.
// EXPECT complete
// EXPECT outcome "child\n" exit 0
// EXPECT outcome "orphan\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    pid_t parent = getpid();
    if (fork() == 0)
        puts(getppid() == parent ? "child" : "orphan");
    return 0;
}
