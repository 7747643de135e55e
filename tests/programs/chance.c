// Chance repeats itself: the same seed gives the same numbers, in the library's own sequence, and
// what comes from the kernel is the same in every execution.
// EXPECT complete
// EXPECT outcome "1804289383 same, full 1 1 1 below 1\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static int filled(const unsigned char *b, int n)
{
    int any = 0;
    for (int i = 0; i < n; i++)
        any += b[i] != 0;
    return any > n / 2;
}

int main(void)
{
    static unsigned char a[64], b[64], c[64];
    srand(1);
    int first = rand();
    srand(1);
    printf("%d %s, ", first, rand() == first ? "same" : "other");
    getrandom(a, sizeof a, 0);
    getentropy(b, sizeof b);
    arc4random_buf(c, sizeof c);
    printf("full %d %d %d ", filled(a, 64), filled(b, 64), memcmp(a, b, 64) && filled(c, 64));
    printf("below %d\n", arc4random_uniform(10) < 10);
    return 0;
}
