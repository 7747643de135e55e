// The reader has the writing end open itself, so it is never told of the end.
// EXPECT complete
// EXPECT outcome "x" deadlock
// EXPECT finding deadlock line @read
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    char c;
    if (pipe(p))
        return 2;
    if (fork() == 0)
        _exit(write(p[1], "x", 1) != 1);
    while (read(p[0], &c, 1) == 1) // @read
        if (write(1, &c, 1) != 1)
            return 3;
    wait(NULL);
    puts(" and the end");
    return 0;
}
