// A signal sent to oneself is taken before raise returns.
// EXPECT complete
// EXPECT outcome "before\nhandler 10\nafter\n" exit 0
// EXPECT may-find signal-unsafe
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t got;

static void handler(int sig)
{
    got = sig;
}

int main(void)
{
    signal(SIGUSR1, handler);
    puts("before");
    raise(SIGUSR1);
    printf("handler %d\n", (int)got);
    puts("after");
    return 0;
}
