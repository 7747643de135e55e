// With SA_RESETHAND the second signal finds the default action.
// EXPECT complete
// EXPECT outcome "10\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void handler(int sig)
{
    (void)sig;
}

int main(void)
{
    int status;
    struct sigaction a = {.sa_handler = handler, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGUSR1, &a, NULL);
    if (fork() == 0) {
        raise(SIGUSR1);
        raise(SIGUSR1);
        _exit(0);
    }
    wait(&status);
    printf("%d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    return 0;
}
