// An assumption written as verification tasks write it today: a function of a known name that
// aborts. That is no crash.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT no-findings

#include <stdbool.h>
#include <stdio.h>

extern void abort(void);
extern bool __VERIFIER_nondet_bool(void);

void assume_abort_if_not(int condition)
{
    if (!condition) {
        abort();
    }
}

int main(void)
{
    int a = __VERIFIER_nondet_bool();
    assume_abort_if_not(a);
    printf("%d\n", a);
    return 0;
}
