#include <stdlib.h>
static void end(void)
{
    for (;;)
        ;
}
int main(void)
{
    atexit(end);
    return 0;
}
