// A jump out of a handler puts the mask back, so the signal can come again.
// EXPECT complete
// EXPECT outcome "1\n2\n3\n" exit 0
// EXPECT no-findings
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>

static sigjmp_buf back;

static void handler(int sig)
{
    siglongjmp(back, sig);
}

int main(void)
{
    static volatile int n;
    signal(SIGUSR1, handler);
    sigsetjmp(back, 1);
    printf("%d\n", ++n);
    if (n < 3)
        raise(SIGUSR1);
    return 0;
}
