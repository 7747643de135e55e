// A child that has ended is still there, as a zombie, until it is waited for.
// EXPECT complete
// EXPECT outcome "there\ngone 1\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    siginfo_t info;
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT); /* ended, not reaped */
    if (kill(child, 0) == 0)
        puts("there");
    waitpid(child, NULL, 0);
    int there = kill(child, 0);
    printf("gone %d\n", there == -1 && errno == ESRCH);
    return 0;
}
