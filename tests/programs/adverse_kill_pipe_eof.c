// A reader of a pipe whose writer is killed sees the end sooner: after neither, one or both writes.
// OPTIONS --adversity=kill
// EXPECT complete
// EXPECT outcome "\n" exit 0
// EXPECT outcome "a\n" exit 0
// EXPECT outcome "ab\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=kill --strategy dfs
// EXPECT complete
// EXPECT outcome "\n" exit 0
// EXPECT outcome "a\n" exit 0
// EXPECT outcome "ab\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "ab\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    char c;
    if (pipe(p))
        return 2;
    if (fork() == 0) {
        close(p[0]);
        _exit(write(p[1], "a", 1) != 1 || write(p[1], "b", 1) != 1);
    }
    close(p[1]);
    while (read(p[0], &c, 1) == 1)
        putchar(c);
    puts("");
    wait(NULL);
    return 0;
}
