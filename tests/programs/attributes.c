// What a thread is created with can be asked for: its stack, guard and whether it is detached; a
// variable of its lies in that stack. A name is kept, one that is too long is refused.
// EXPECT complete
// EXPECT outcome "stack 1, size 1, detached 0, guard 8192\nname worker, too long 34\npriority 7 policy 1\n" exit 0
// EXPECT no-findings
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

static void *work(void *arg)
{
    pthread_attr_t a;
    void *low;
    size_t size, guard;
    int detached, policy;
    struct sched_param param = {.sched_priority = 7};
    char name[16];
    pthread_getattr_np(pthread_self(), &a);
    pthread_attr_getstack(&a, &low, &size);
    pthread_attr_getguardsize(&a, &guard);
    pthread_attr_getdetachstate(&a, &detached);
    pthread_attr_destroy(&a);
    int inside = (char *)&size >= (char *)low && (char *)&size < (char *)low + size;
    printf("stack %d, size %d, detached %d, guard %zu\n", inside, size >= 1 << 20,
           detached == PTHREAD_CREATE_DETACHED, guard);
    pthread_setname_np(pthread_self(), "worker");
    pthread_getname_np(pthread_self(), name, sizeof name);
    printf("name %s, too long %d\n", name,
           pthread_setname_np(pthread_self(), "a name of far too many letters"));
    pthread_setschedparam(pthread_self(), SCHED_FIFO, &param);
    param.sched_priority = 0;
    pthread_getschedparam(pthread_self(), &policy, &param);
    printf("priority %d policy %d\n", param.sched_priority, policy);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setstacksize(&a, 1 << 20);
    pthread_attr_setguardsize(&a, 8192);
    pthread_create(&t, &a, work, NULL);
    pthread_attr_destroy(&a);
    pthread_join(t, NULL);
    return 0;
}
