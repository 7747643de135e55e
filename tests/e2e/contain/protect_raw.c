#include <sys/mman.h>
int main(void)
{
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(10), "D"(0x200000000000ul), "S"(16ul << 30), "d"(PROT_NONE)
                     : "rcx", "r11", "memory");
    return (int)result;
}
