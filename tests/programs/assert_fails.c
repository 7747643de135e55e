// An assertion that fails ends the program with SIGABRT.
// EXPECT complete
// EXPECT outcome "" signal 6
// EXPECT finding assertion line @here
// EXPECT executions 1
// EXPECT exit-status 1
#include <assert.h>

static int half(int n)
{
    return n / 2;
}

int main(void)
{
    assert(half(3) * 2 == 3); // @here
    return 0;
}
