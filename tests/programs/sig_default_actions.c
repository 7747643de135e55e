// What is ignored by default, and what ends a process.
// EXPECT complete
// EXPECT outcome "1 2 13 14 15 10 12 0 0 0 0\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    static const int signals[] = {SIGHUP,  SIGINT,  SIGPIPE, SIGALRM,  SIGTERM, SIGUSR1,
                                  SIGUSR2, SIGCHLD, SIGURG,  SIGWINCH, SIGCONT};
    for (int i = 0; i < 11; i++) {
        int status;
        if (fork() == 0) {
            raise(signals[i]);
            _exit(0);
        }
        wait(&status);
        printf("%d%c", WIFSIGNALED(status) ? WTERMSIG(status) : 0, i < 10 ? ' ' : '\n');
    }
    return 0;
}
