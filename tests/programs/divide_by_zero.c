// Integer division by zero is SIGFPE here.
// EXPECT complete
// EXPECT outcome "" signal 8
// EXPECT finding crash line @here
#include <stdio.h>

static int divisor;

int main(void)
{
    printf("%d\n", 7 / divisor); // @here
    return 0;
}
