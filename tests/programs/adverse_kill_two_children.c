// With one event one child at most is killed, either one; with two, both may be.
// OPTIONS --adversity=kill
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "0 9\n" exit 0
// EXPECT outcome "9 0\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=kill --strategy dfs
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "0 9\n" exit 0
// EXPECT outcome "9 0\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=kill:2
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "0 9\n" exit 0
// EXPECT outcome "9 0\n" exit 0
// EXPECT outcome "9 9\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=kill:2 --strategy dfs
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "0 9\n" exit 0
// EXPECT outcome "9 0\n" exit 0
// EXPECT outcome "9 9\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status[2];
    pid_t child[2];
    for (int i = 0; i < 2; i++)
        if ((child[i] = fork()) == 0)
            _exit(0);
    for (int i = 0; i < 2; i++)
        waitpid(child[i], &status[i], 0);
    printf("%d %d\n", status[0], status[1]);
    return 0;
}
