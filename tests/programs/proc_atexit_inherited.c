// Exit handlers of before the fork run in both.
// EXPECT complete
// EXPECT outcome "child bye\nparent bye\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *who = "parent";

static void bye(void)
{
    printf("%s bye\n", who);
}

int main(void)
{
    atexit(bye);
    if (fork() == 0) {
        who = "child";
        exit(0);
    }
    wait(NULL);
    return 0;
}
