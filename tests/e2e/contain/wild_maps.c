/* everything that can be written, as the kernel lists it, but this function's own stack last */
#include <stdio.h>
#include <string.h>
int main(void)
{
    static struct {
        unsigned long low, high;
    } maps[512];
    int n = 0;
    char line[512], mode[8];
    FILE *f = fopen("/proc/self/maps", "r");
    while (f && n < 512 && fgets(line, sizeof line, f))
        if (sscanf(line, "%lx-%lx %7s", &maps[n].low, &maps[n].high, mode) == 3 && mode[1] == 'w')
            n++;
    for (int i = 0; i < n; i++)
        for (unsigned long at = maps[i].low; at < maps[i].high && at < maps[i].low + (64ul << 20);
             at++)
            *(volatile unsigned char *)at = 0xa5;
    return n;
}
