// The number of a thread in the kernel: that of the first one is the number of the process, others
// have their own; the call by number says the same.
// EXPECT complete
// EXPECT outcome "1 1 1\n" exit 0
// EXPECT no-findings
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static pid_t other;

static void *look(void *arg)
{
    other = gettid();
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, look, NULL);
    pthread_join(t, NULL);
    printf("%d %d %d\n", gettid() == getpid(), other != gettid(), syscall(SYS_gettid) == gettid());
    return 0;
}
