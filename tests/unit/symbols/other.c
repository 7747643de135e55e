#include "types.h"

/* The same name as in the other file, but this file's own. */
static int negative = 21;
int in_other_file = 1;

static inline __attribute__((always_inline)) int in_line(int x)
{
    int twice = 2 * x;
    USE(&twice);
    STOP(); /* in_line */
    return twice;
}

static __attribute__((noinline)) int stopping(void)
{
    STOP(); /* stopping */
    return 7;
}

__attribute__((noinline)) int initialised(int n)
{
    int sum = 0;
    for (int i = 0; i < n + stopping(); i++) {
        int got = stopping();
        USE(&got);
        sum += got;
    }
    return sum;
}

__attribute__((noinline)) int other_file(int n)
{
    negative += n;
    USE(&negative);
    STOP(); /* other_file */
    negative += initialised(-6);
    return negative + in_line(n);
}
