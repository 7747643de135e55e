// A sleep may be interrupted, and says what is left.
// OPTIONS --adversity=eintr
// EXPECT complete
// EXPECT outcome "EINTR 2\n" exit 0
// EXPECT outcome "slept\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=eintr --strategy dfs
// EXPECT complete
// EXPECT outcome "EINTR 2\n" exit 0
// EXPECT outcome "slept\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "slept\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <stdio.h>
#include <time.h>

int main(void)
{
    struct timespec t = {2, 0}, left = {0, 0};
    if (nanosleep(&t, &left) == 0)
        puts("slept");
    else
        printf("%s %d\n", errno == EINTR ? "EINTR" : "?", (int)left.tv_sec);
    return 0;
}
