// A status other than 0 is worth saying.
// EXPECT complete
// EXPECT outcome "no luck\n" exit 4
// EXPECT finding exit-status
// EXPECT executions 1
#include <stdio.h>

int main(void)
{
    puts("no luck");
    return 4;
}
