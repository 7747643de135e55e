// A wait for a child, too.
// EXPECT complete
// EXPECT outcome "waited\n" exit 0
// EXPECT outcome "EINTR\n" exit 0
// EXPECT no-findings
#include <errno.h>
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
    struct sigaction a = {.sa_handler = handler};
    sigaction(SIGUSR1, &a, NULL);
    if (fork() == 0) {
        kill(getppid(), SIGUSR1);
        _exit(0);
    }
    puts(wait(NULL) > 0 ? "waited" : errno == EINTR ? "EINTR" : "?");
    return 0;
}
