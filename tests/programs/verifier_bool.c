// Both truth values are all there are: complete.
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
// EXPECT executions 2
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings

#include <stdbool.h>
#include <stdio.h>

extern bool __VERIFIER_nondet_bool(void);

int main(void)
{
    printf("%d\n", __VERIFIER_nondet_bool());
    return 0;
}
