#include <string.h>
#include <stdio.h>
int main(void)
{
    memset((void *)0x200000000000ul, 0xff, 64u << 20);
    for (unsigned long at = 0; at < 16ul << 30; at += 4096)
        *(unsigned long *)(0x200000000000ul + at) = 0x8080808080808080ul;
    puts("survived");
}
