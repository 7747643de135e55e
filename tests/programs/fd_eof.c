// The reader is told of the end once nobody can write any more, and not before.
// EXPECT complete
// EXPECT outcome "4 bytes\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    if (pipe(p))
        return 2;
    for (int i = 0; i < 2; i++)
        if (fork() == 0) {
            close(p[0]);
            _exit(write(p[1], "ab", 2) != 2);
        }
    close(p[1]);
    char c;
    int n = 0;
    while (read(p[0], &c, 1) == 1)
        n++;
    printf("%d bytes\n", n);
    while (wait(NULL) > 0)
        ;
    return 0;
}
