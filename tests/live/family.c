/* Children that are hard to be rid of: one in a session of its own, one whose parent has ended,
 * one that takes no signal that can be refused, one that closed all its descriptors. */
#include <signal.h>
#include <unistd.h>

static void stay(void)
{
    for (;;)
        pause();
}

int main(void)
{
    if (fork() == 0) {
        setsid();
        stay();
    }
    if (fork() == 0) {
        if (fork() == 0)
            stay();
        _exit(0);
    }
    if (fork() == 0) {
        for (int s = 1; s < 32; s++)
            signal(s, SIG_IGN);
        stay();
    }
    if (fork() == 0) {
        for (int fd = 0; fd < 1024; fd++)
            close(fd);
        stay();
    }
    stay();
}
