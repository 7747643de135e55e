// An alarm belongs to the process that set it: the child has none, and the parent's ends a child
// that would wait for ever.
// EXPECT complete
// EXPECT outcome "child has 0\nchild ended by 9\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static void on_alarm(int sig)
{
    (void)sig;
    kill(child, SIGKILL);
}

int main(void)
{
    sigset_t set, before;
    int status, fds[2];
    char c;
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, &before);
    pipe(fds);
    alarm(1);
    child = fork();
    if (child == 0) {
        printf("child has %u\n", alarm(0));
        fflush(stdout);
        write(fds[1], "x", 1);
        for (;;)
            pause();
    }
    read(fds[0], &c, 1);
    sigprocmask(SIG_SETMASK, &before, NULL);
    waitpid(child, &status, 0);
    printf("child ended by %d\n", WTERMSIG(status));
    return 0;
}
