// While a handler runs its signal and those of sa_mask are blocked, with SA_NODEFER not its own.
// EXPECT complete
// EXPECT outcome "ababcc\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <string.h>

static char said[16];
static int depth;

static void b(int sig)
{
    (void)sig;
    strcat(said, "b");
}

static void a(int sig)
{
    (void)sig;
    raise(SIGUSR2); /* blocked: after this one */
    strcat(said, "a");
}

static void c(int sig)
{
    if (depth++ == 0)
        raise(sig); /* at once, inside */
    strcat(said, "c");
}

int main(void)
{
    struct sigaction x = {.sa_handler = a}, y = {.sa_handler = c, .sa_flags = SA_NODEFER};
    sigaddset(&x.sa_mask, SIGUSR2);
    sigaction(SIGUSR1, &x, NULL);
    signal(SIGUSR2, b);
    sigaction(SIGHUP, &y, NULL);
    raise(SIGUSR1);
    raise(SIGUSR1);
    raise(SIGHUP);
    puts(said);
    return 0;
}
