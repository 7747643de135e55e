// One thread, 2,000 visible operations: what a step costs when nobody else could go.
#include <stdatomic.h>

static atomic_int n;

int main(void)
{
    for (int i = 0; i < 2000; i++)
        atomic_fetch_add(&n, 1);
    return 0;
}
