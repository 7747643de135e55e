// Asking again and again without blocking ends with the writer.
// EXPECT complete
// EXPECT outcome "x\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <fcntl.h>
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
    fcntl(p[0], F_SETFL, O_NONBLOCK);
    while (read(p[0], &c, 1) < 0 && errno == EAGAIN)
        ;
    printf("%c\n", c);
    wait(NULL);
    return 0;
}
