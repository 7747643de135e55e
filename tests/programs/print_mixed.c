// All the ways to print, in one order; flushed before the one that goes past the buffer.
// EXPECT complete
// EXPECT outcome "puts\nc\nfwrite\n7 printf\nfputs write\nlast\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    puts("puts");
    putchar('c');
    putc('\n', stdout);
    fwrite("fwrite\n", 1, 7, stdout);
    fprintf(stdout, "%d %s\n", 7, "printf");
    fputs("fputs ", stdout);
    fflush(stdout);
    if (write(STDOUT_FILENO, "write\n", 6) != 6)
        return 1;
    fprintf(stderr, "this goes elsewhere\n");
    puts("last");
    return 0;
}
