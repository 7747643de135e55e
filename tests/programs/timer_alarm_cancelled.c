// A new alarm takes the place of the one before and says what was left of it. The first may also
// expire before that; its handler then has run before the next call.
// EXPECT complete
// EXPECT outcome "10 then 3, caught 0\n" exit 0
// EXPECT outcome "10 then 0, caught 1\n" exit 0
// EXPECT outcome "0 then 3, caught 1\n" exit 0
// EXPECT outcome "0 then 0, caught 2\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void on_alarm(int sig)
{
    (void)sig;
    caught++;
}

int main(void)
{
    signal(SIGALRM, on_alarm);
    alarm(10);
    unsigned first = alarm(3), second = alarm(0);
    printf("%u then %u, caught %d\n", first, second, caught);
    return 0;
}
