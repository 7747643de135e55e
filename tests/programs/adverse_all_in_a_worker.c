// Everything at once, once: each outcome is that of one event, or of none.
// OPTIONS --adversity=all
// EXPECT complete
// EXPECT outcome "EINTR\n" exit 0
// EXPECT outcome "killed\n" exit 0
// EXPECT outcome "no memory\n" exit 0
// EXPECT outcome "ready\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=all --strategy dfs
// EXPECT complete
// EXPECT outcome "EINTR\n" exit 0
// EXPECT outcome "killed\n" exit 0
// EXPECT outcome "no memory\n" exit 0
// EXPECT outcome "ready\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "ready\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2], *cell = malloc(sizeof *cell);
    if (pipe(p) || !cell) {
        puts("no memory");
        return 0;
    }
    if (fork() == 0)
        _exit(write(p[1], "x", 1) != 1);
    close(p[1]);
    char c;
    ssize_t n = read(p[0], &c, 1);
    puts(n == 1 ? "ready" : n == 0 ? "killed" : errno == EINTR ? "EINTR" : "?");
    free(cell);
    return 0;
}
