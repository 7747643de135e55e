// A realloc that fails leaves the old block as it was.
// OPTIONS --adversity=malloc:2
// EXPECT complete
// EXPECT outcome "7, 1 byte\n" exit 0
// EXPECT outcome "7, 100 bytes\n" exit 0
// EXPECT outcome "none\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=malloc:2 --strategy dfs
// EXPECT complete
// EXPECT outcome "7, 1 byte\n" exit 0
// EXPECT outcome "7, 100 bytes\n" exit 0
// EXPECT outcome "none\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    char *p = malloc(1);
    if (!p) {
        puts("none");
        return 0;
    }
    *p = 7;
    char *q = realloc(p, 100);
    if (q)
        p = q;
    printf("%d, %s\n", *p, q ? "100 bytes" : "1 byte");
    free(p);
    return 0;
}
