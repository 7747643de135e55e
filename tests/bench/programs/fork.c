// One fork, a pipe between parent and child, and a wait.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int fds[2];
    char c = 'c';
    if (pipe(fds) != 0)
        return 1;
    pid_t child = fork();
    if (child == 0) {
        if (write(fds[1], &c, 1) != 1)
            _exit(1);
        _exit(0);
    }
    if (read(fds[0], &c, 1) != 1)
        return 1;
    waitpid(child, NULL, 0);
    putchar(c);
    return 0;
}
