int main(void)
{
    char *argv[] = {"sleep", "1000", 0};
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(59), "D"("/bin/sleep"), "S"(argv), "d"(0)
                     : "rcx", "r11", "memory");
    return (int)result;
}
