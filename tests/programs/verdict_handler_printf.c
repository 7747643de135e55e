// A handler prints with printf and takes memory with malloc: neither may be called there.
// EXPECT complete
// EXPECT outcome "in the handler\nend\n" exit 0
// EXPECT finding misuse line @print
// EXPECT finding misuse line @malloc
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static void on_signal(int sig)
{
    (void)sig;
    printf("in the handler\n"); // @print
    void *p = malloc(8);        // @malloc
    (void)p;
}

int main(void)
{
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    puts("end");
    return 0;
}
