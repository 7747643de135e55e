// A literal is written to.
// EXPECT complete
// EXPECT outcome "" signal 11
// EXPECT finding crash line @write
#include <stdio.h>

static char *text = (char *)"hello";

int main(void)
{
    text[0] = 'H'; // @write
    puts(text);
    return 0;
}
