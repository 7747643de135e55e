// A sleep that lasts longer than the alarm never ends before it: the flag is set afterwards. The
// sleep ends with the signal, one second or a little more having passed of five, unless the signal
// came before it.
// EXPECT complete
// EXPECT outcome "flag 1, 4 left\n" exit 0
// EXPECT outcome "flag 1, 3 left\n" exit 0
// EXPECT outcome "flag 1, 0 left\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "flag 1, 4 left\n" exit 0
// EXPECT outcome "flag 1, 3 left\n" exit 0
// EXPECT outcome "flag 1, 0 left\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t flag;

static void on_alarm(int sig)
{
    (void)sig;
    flag = 1;
}

int main(void)
{
    signal(SIGALRM, on_alarm);
    alarm(1);
    unsigned left = sleep(5);
    printf("flag %d, %u left\n", flag, left);
    return 0;
}
