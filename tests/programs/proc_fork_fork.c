// Two forks make four processes; each says a word.
// EXPECT complete
// EXPECT outcome "hi\nhi\nhi\nhi\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    fork();
    fork();
    puts("hi");
    return 0;
}
