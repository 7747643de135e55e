// Two sleep on one word and are woken one by one; whom a wake finds asleep depends on who came
// first, so main asks again until it has woken both.
// EXPECT complete
// EXPECT outcome "woken 2 in all\n" exit 0
// EXPECT no-findings
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static int gate;
static atomic_int through;

static void *wait_at_gate(void *arg)
{
    while (syscall(SYS_futex, &gate, FUTEX_WAIT, 0, NULL, NULL, 0))
        ;
    through++;
    return arg;
}

int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, wait_at_gate, NULL);
    int woken = 0;
    while (woken < 2) {
        woken += (int)syscall(SYS_futex, &gate, FUTEX_WAKE, 1, NULL, NULL, 0);
        sched_yield();
    }
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("woken %d in all\n", through);
    return 0;
}
