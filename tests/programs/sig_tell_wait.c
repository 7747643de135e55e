// From a textbook: parent and child take turns with two signals, nothing is lost.
// EXPECT complete
// EXPECT outcome "parent\nchild\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t flag;
static sigset_t old;

static void handler(int sig)
{
    (void)sig;
    flag = 1;
}

static void wait_told(void)
{
    while (!flag)
        sigsuspend(&old);
    flag = 0;
}

int main(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    signal(SIGUSR1, handler);
    signal(SIGUSR2, handler);
    sigprocmask(SIG_BLOCK, &set, &old);
    pid_t child = fork();
    if (child == 0) {
        wait_told();
        puts("child");
        kill(getppid(), SIGUSR2);
        return 0;
    }
    puts("parent");
    kill(child, SIGUSR1);
    wait_told();
    wait(NULL);
    return 0;
}
