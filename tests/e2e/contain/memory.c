#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    int n = 0;
    char *p;
    while ((p = malloc(64 << 20))) {
        memset(p, 1, 64 << 20);
        n++;
    }
    printf("%d and no more\n", n);
}
