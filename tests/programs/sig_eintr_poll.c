// A poll with a time limit may find nothing in time, or be ended by the signal; either way the
// handler has run by the end.
// EXPECT complete
// EXPECT outcome "timeout 1\n" exit 0
// EXPECT outcome "EINTR 1\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t got;

static void handler(int sig)
{
    (void)sig;
    got = 1;
}

int main(void)
{
    struct sigaction a = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &a, NULL);
    if (fork() == 0) {
        kill(getppid(), SIGUSR1);
        _exit(0);
    }
    int n = poll(NULL, 0, 1); /* never restarted */
    const char *what = n == 0 ? "timeout" : errno == EINTR ? "EINTR" : "?";
    wait(NULL);
    printf("%s %d\n", what, (int)got);
    return 0;
}
