// What the child prints goes into the pipe once it has put the pipe in place of its output.
// EXPECT complete
// EXPECT outcome "got: through\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    char text[32] = "";
    if (pipe(p))
        return 2;
    if (fork() == 0) {
        dup2(p[1], STDOUT_FILENO);
        close(p[0]);
        close(p[1]);
        printf("through\n");
        exit(0);
    }
    close(p[1]);
    size_t have = 0;
    ssize_t n;
    while ((n = read(p[0], text + have, sizeof text - 1 - have)) > 0)
        have += (size_t)n;
    wait(NULL);
    printf("got: %s", text);
    return 0;
}
