// Each call that takes memory may fail, with its own way of telling; one at a time.
// OPTIONS --adversity=malloc
// EXPECT complete
// EXPECT outcome "......\n" exit 0
// EXPECT outcome "!.....\n" exit 0
// EXPECT outcome ".!....\n" exit 0
// EXPECT outcome "..!...\n" exit 0
// EXPECT outcome "...!..\n" exit 0
// EXPECT outcome "....!.\n" exit 0
// EXPECT outcome ".....!\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=malloc --strategy dfs
// EXPECT complete
// EXPECT outcome "......\n" exit 0
// EXPECT outcome "!.....\n" exit 0
// EXPECT outcome ".!....\n" exit 0
// EXPECT outcome "..!...\n" exit 0
// EXPECT outcome "...!..\n" exit 0
// EXPECT outcome "....!.\n" exit 0
// EXPECT outcome ".....!\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "......\n" exit 0
// EXPECT no-findings
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    void *other = NULL;
    void *p = malloc(8);
    int n = errno == ENOMEM;
    putchar(p ? '.' : n ? '!' : '?');
    void *q = realloc(p, 16);
    putchar(q ? '.' : '!');
    free(q ? q : p);
    p = calloc(2, 8);
    putchar(p ? '.' : '!');
    free(p);
    p = aligned_alloc(64, 64);
    putchar(p ? '.' : '!');
    free(p);
    p = reallocarray(NULL, 2, 8);
    putchar(p ? '.' : '!');
    free(p);
    int error = posix_memalign(&other, 64, 64);
    puts(error == 0 ? "." : error == ENOMEM && !other ? "!" : "?");
    free(other);
    return 0;
}
