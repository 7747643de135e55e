// Times that are none, clocks that are none; an absolute sleep that is over; a resolution; clocks
// of the process and of a thread, which go with the virtual one.
// EXPECT complete
// EXPECT outcome "nano 22, clock 22 22, over 0, res 1, cpu 1 thread 1, zero 0\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    struct timespec bad = {0, 1000000000}, past = {1, 0}, t, before;
    clockid_t mine;
    int nano = nanosleep(&bad, NULL) ? errno : 0;
    printf("nano %d, ", nano);
    printf("clock %d ", clock_nanosleep(CLOCK_REALTIME, 0, &bad, NULL));
    printf("%d, ", clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &past, NULL));
    printf("over %d, ", clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &past, NULL));
    int res = clock_getres(CLOCK_MONOTONIC, &t) == 0 && t.tv_sec == 0 && t.tv_nsec >= 1;
    printf("res %d, ", res);
    int cpu = clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before) == 0;
    int thread = pthread_getcpuclockid(pthread_self(), &mine) == 0 && clock_gettime(mine, &t) == 0;
    printf("cpu %d thread %d, ", cpu, thread);
    printf("zero %u\n", sleep(0));
    return 0;
}
