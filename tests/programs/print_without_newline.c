// What is still in the buffer is written when main returns.
// EXPECT complete
// EXPECT outcome "no newline" exit 0
// EXPECT no-findings
#include <stdio.h>

int main(void)
{
    printf("no ");
    printf("%s", "newline");
    return 0;
}
