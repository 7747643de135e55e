// A choice of nothing is a mistake; the first alternative is taken.
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT finding misuse line @none

#include <lockstep.h>
#include <stdio.h>

int main(void)
{
    printf("%d\n", lockstep_choose(0)); // @none
    return 0;
}
