/* Fibers: switching stacks and thread pointers. The one file that knows the processor; another
 * architecture is another pair of blocks here. */
#include "probe.h"

#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#if !defined(__x86_64__)
#error "lockstep controls programs on x86-64 only, so far"
#endif

struct fiber scheduler_fiber;
static bool have_fsgsbase;

/* Save the callee-saved registers and the stack pointer in *from, take those of *to. */
__asm__(".text\n"
        ".local fiber_swap\n"
        ".type fiber_swap, @function\n"
        "fiber_swap:\n"
        "    pushq %rbp\n"
        "    pushq %rbx\n"
        "    pushq %r12\n"
        "    pushq %r13\n"
        "    pushq %r14\n"
        "    pushq %r15\n"
        "    subq $8, %rsp\n"
        "    stmxcsr (%rsp)\n"
        "    fnstcw 4(%rsp)\n"
        "    movl (%rsp), %eax\n"
        "    movzwl 4(%rsp), %ecx\n"
        "    movq %rsp, (%rdi)\n"
        "    movq (%rsi), %rsp\n"
        "    cmpl %eax, (%rsp)\n" /* loading them takes longer than all the rest */
        "    je 1f\n"
        "    ldmxcsr (%rsp)\n"
        "1:  cmpw %cx, 4(%rsp)\n"
        "    je 2f\n"
        "    fldcw 4(%rsp)\n"
        "2:  addq $8, %rsp\n"
        "    popq %r15\n"
        "    popq %r14\n"
        "    popq %r13\n"
        "    popq %r12\n"
        "    popq %rbx\n"
        "    popq %rbp\n"
        "    ret\n"
        ".size fiber_swap, .-fiber_swap\n");
void fiber_swap(struct fiber *from, struct fiber *to);

__attribute__((target("fsgsbase"))) static void set_fs(uint64_t fs)
{
    if (LIKELY(have_fsgsbase))
        __builtin_ia32_wrfsbase64(fs);
    else
        syscall(SYS_arch_prctl, 0x1002 /* ARCH_SET_FS */, fs);
}

bool fiber_init(void)
{
    have_fsgsbase = getauxval(AT_HWCAP2) & 2;
    __asm__("movq %%fs:0, %0" : "=r"(scheduler_fiber.fs));
    return true;
}

void fiber_switch(struct fiber *from, struct fiber *to)
{
    set_fs(to->fs);
    fiber_swap(from, to);
}

void fiber_prepare(struct fiber *f, void *stack_top, void (*entry)(void))
{
    uint64_t *sp = stack_top;
    sp = (uint64_t *)((uintptr_t)sp & ~15ull);
    *--sp = 0;                          /* return address of entry: none */
    *--sp = (uint64_t)(uintptr_t)entry; /* fiber_swap returns to it */
    for (int i = 0; i < 6; i++)
        *--sp = 0;
    *--sp = 0x0000037f00001f80ull; /* x87 control word, mxcsr: as a new thread has them */
    f->sp = sp;
}
