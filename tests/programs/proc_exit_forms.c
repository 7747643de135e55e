// exit and return run the handlers and write what is buffered; _exit and a signal do neither.
// EXPECT complete
// EXPECT outcome "[exit handler]0 1\n[return handler]0 2\n0 3\n15 0\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void handler(void)
{
    printf(" handler]");
}

static int child(int how)
{
    static const char *const words[] = {"[exit", "[return", "[_exit", "[signal"};
    atexit(handler);
    printf("%s", words[how]);
    if (how == 0)
        exit(1);
    if (how == 2)
        _exit(3);
    if (how == 3)
        raise(SIGTERM);
    return 2;
}

int main(void)
{
    for (int how = 0; how < 4; how++) {
        int status;
        if (fork() == 0)
            return child(how);
        wait(&status);
        printf("%d %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0,
               WIFEXITED(status) ? WEXITSTATUS(status) : 0);
    }
    return 0;
}
