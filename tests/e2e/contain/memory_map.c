#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
int main(void)
{
    int n = 0;
    char *p;
    while ((p = mmap(0, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) !=
           MAP_FAILED) {
        memset(p, 1, 64 << 20);
        n++;
    }
    printf("%d and no more\n", n);
}
