#include "inline_note.h"

#include "event.h"
#include "recorder.h"

#include <errno.h>
#include <stdio.h>

/* One access, its address in rdi; what a call may change may be changed here too. Left out is what
 * lies between the stack pointer and the end of the stack. Where a TIME is due, or something stands
 * in the way, a function does it after all. head is raised by one instruction, when the entry is
 * there; a handler that came in between has raised it, too (engine/recorder/inside.h). */
static const char opening[] =
    "\t.macro lockstep_note_access kind, size, limit=%d, lap=%d, slot=%d, stack=%d, "
    "head=%d\n";
static const char body[] = "\tmovq " RECORDER_ME "@gottpoff(%rip), %rax\n"
                           "\tcmpq %rsp, %rdi\n"
                           "\tjae 7701f\n"
                           "7700:\tmovq %fs:\\slot(%rax), %rsi\n"
                           "\tmovq \\head(%rsi), %rcx\n"
                           "\tcmpq %fs:\\limit(%rax), %rcx\n"
                           "\tjae 7702f\n"
                           "\tmovq %rcx, %rdx\n"
                           "\tshlq $4, %rdx\n"
                           "\taddq %fs:\\lap(%rax), %rdx\n"
                           "\tbtsq $\\kind, %rdi\n"
                           "\tmovq %rdi, (%rdx)\n"
                           "\tleaq 7704f(%rip), %r8\n"
                           "\tbtsq $\\size, %r8\n"
                           "\tmovq %r8, 8(%rdx)\n"
                           "\taddq $1, \\head(%rsi)\n"
                           "\taddq $1, %rcx\n"
                           "\tcmpq %rcx, \\head(%rsi)\n"
                           "\tjne 7703f\n"
                           "7704:\n"
                           "\t.subsection 1\n"
                           "7701:\tcmpq %fs:\\stack(%rax), %rdi\n"
                           "\tjae 7700b\n"
                           "\tjmp 7704b\n"
                           "7702:\tleaq 7704b(%rip), %rsi\n"
                           "\tmovl $1 << (\\kind - 48), %edx\n"
                           "\tmovl $1 << (\\size - 48), %ecx\n"
                           "\tcallq " RECORDER_ACCESS "@PLT\n"
                           "\tjmp 7704b\n"
                           "7703:\tsubq $1, %rcx\n"
                           "\tmovq %rdi, %rsi\n"
                           "\tmovq %rcx, %rdi\n"
                           "\tmovq %r8, %rdx\n"
                           "\tcallq " RECORDER_REPAIR "@PLT\n"
                           "\tjmp 7704b\n"
                           "\t.previous\n"
                           "\t.endm\n";

/* Bits of an entry: the kinds are 1 and 2, the sizes powers of two. */
enum { KIND_BIT = 48, SIZE_BIT = 48 };
_Static_assert(EV_READ == 1 && EV_WRITE == 2, "a kind is set by one bit");

/* Calls of a function, as they are spelled with and without a procedure linkage table. */
static int put_calls(FILE *f)
{
    static const char *const spelled[] = {"", "@PLT"};
    int n = 0;
    for (unsigned s = 0; s < 2; s++) {
        for (unsigned write = 0; write < 2; write++)
            for (unsigned log = 0; log < 4; log++, n++)
                fprintf(f,
                        "\t.ifc \"\\target\",\"__tsan_%s%u%s\"\n"
                        "\tlockstep_note_access %u, %u\n\t.else\n",
                        write ? "write" : "read", 1u << log, spelled[s], KIND_BIT + write,
                        SIZE_BIT + log);
        for (unsigned leave = 0; leave < 2; leave++, n++)
            fprintf(f, "\t.ifc \"\\target\",\"__tsan_func_%s%s\"\n\t.else\n",
                    leave ? "exit" : "entry", spelled[s]);
    }
    return n;
}

int inline_note_write(const char *path)
{
    FILE *f = fopen(path, "we");
    if (!f)
        return -1;
    fprintf(f, opening, ME_LIMIT, ME_LAP, ME_SLOT, ME_STACK_HIGH,
            (int)offsetof(struct recorder_thread, head));
    fputs(body, f);
    fprintf(f, "\t.macro call target:vararg\n");
    int open = put_calls(f);
    fprintf(f, "\tcallq \\target\n");
    while (open-- > 0)
        fprintf(f, "\t.endif\n");
    fprintf(f, "\t.endm\n");
    int bad = ferror(f);
    return fclose(f) || bad ? -1 : 0;
}
