#include <stdlib.h>
#include <unistd.h>
int main(void)
{
    char *much = calloc(800, 1 << 20);
    for (int i = 0; i < 1 << 14; i++)
        write(1, much, 800u << 20);
}
