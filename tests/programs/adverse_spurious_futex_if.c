// FUTEX_WAIT, too, may return 0 without a FUTEX_WAKE.
// OPTIONS --adversity=spurious
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=spurious --strategy dfs
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Atomic int ready;

static void *waiter(void *arg)
{
    syscall(SYS_futex, &ready, FUTEX_WAIT, 0, NULL, NULL, 0);
    printf("%d\n", ready);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, waiter, NULL);
    ready = 1;
    syscall(SYS_futex, &ready, FUTEX_WAKE, 1, NULL, NULL, 0);
    pthread_join(t, NULL);
    return 0;
}
