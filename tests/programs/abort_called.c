// abort() is SIGABRT without an assertion.
// EXPECT complete
// EXPECT outcome "" signal 6
// EXPECT finding crash
#include <stdlib.h>

int main(void)
{
    abort();
}
