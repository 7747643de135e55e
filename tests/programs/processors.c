// The number of processors is the same wherever it is asked for, and the same on every machine.
// FREE not "on the machine itself the number is another"
// EXPECT complete
// EXPECT outcome "2 2 2 2, one 1, here 1\n" exit 0
// EXPECT no-findings
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/sysinfo.h>
#include <unistd.h>

int main(void)
{
    cpu_set_t all, one;
    sched_getaffinity(0, sizeof all, &all);
    printf("%ld %ld %d %d, ", sysconf(_SC_NPROCESSORS_ONLN), sysconf(_SC_NPROCESSORS_CONF),
           get_nprocs(), CPU_COUNT(&all));
    CPU_ZERO(&one);
    CPU_SET(1, &one);
    pthread_setaffinity_np(pthread_self(), sizeof one, &one);
    pthread_getaffinity_np(pthread_self(), sizeof all, &all);
    printf("one %d, here %d\n", CPU_EQUAL(&all, &one) != 0, sched_getcpu());
    return 0;
}
