// FUTEX_WAIT may return without a FUTEX_WAKE: a loop looks again.
// OPTIONS --adversity=spurious:2
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=spurious:2 --strategy dfs
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
    while (!ready)
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
