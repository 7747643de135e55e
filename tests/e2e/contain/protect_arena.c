#include <stdio.h>
#include <sys/mman.h>
#include <errno.h>
int main(void)
{
    int failed = mprotect((void *)0x200000000000ul, 16ul << 30, PROT_NONE) && errno == ENOMEM;
    failed += mmap((void *)0x200000000000ul, 1 << 20, PROT_READ,
                   MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
    printf("%d refused\n", failed);
}
