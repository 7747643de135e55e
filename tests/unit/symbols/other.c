#include "types.h"

/* The same name as in the other file, but this file's own. */
static int negative = 21;
int in_other_file = 1;

__attribute__((noinline)) int other_file(int n)
{
    negative += n;
    USE(&negative);
    STOP(); /* other_file */
    return negative + in_other_file;
}
