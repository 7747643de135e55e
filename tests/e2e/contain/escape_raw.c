/* sheds what ties it to its parent, looks for others to disturb, and stays */
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>
static long call(long n, long a, long b, long c, long d)
{
    long result;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return result;
}
int main(void)
{
    unsigned long none[2] = {1, 1};
    long parent = call(SYS_getppid, 0, 0, 0, 0);
    call(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0);
    call(SYS_setsid, 0, 0, 0, 0);
    call(SYS_prlimit64, parent, 7, (long)none, 0);
    call(SYS_ptrace, PTRACE_SEIZE, parent, 0, 0);
    for (;;)
        ;
}
