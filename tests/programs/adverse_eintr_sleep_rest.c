// Who sleeps for the rest has slept enough.
// OPTIONS --adversity=eintr:3
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=eintr:3 --strategy dfs
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <stdio.h>
#include <time.h>

int main(void)
{
    struct timespec t = {2, 0}, before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    while (nanosleep(&t, &t) == -1 && errno == EINTR)
        ;
    clock_gettime(CLOCK_MONOTONIC, &after);
    printf("%d\n", (int)(after.tv_sec - before.tv_sec));
    return 0;
}
