// SIGKILL cannot be handled, ignored or blocked, and ends a stopped process.
// EXPECT complete
// EXPECT outcome "-1 -1\n9\n9\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void handler(int sig)
{
    (void)sig;
}

static int child(int stops)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, NULL);
        if (stops)
            raise(SIGSTOP);
        for (;;)
            pause();
    }
    if (stops)
        waitpid(pid, &status, WUNTRACED);
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return WTERMSIG(status);
}

int main(void)
{
    struct sigaction a = {.sa_handler = handler};
    int first = sigaction(SIGKILL, &a, NULL), second = signal(SIGSTOP, SIG_IGN) == SIG_ERR ? -1 : 0;
    printf("%d %d\n", first, second);
    printf("%d\n", child(0));
    printf("%d\n", child(1));
    return 0;
}
