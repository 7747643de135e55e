/* How a program ends: exit and its handlers, abort, failed assertions, fatal signals. */
#include "probe.h"

#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>
#include <unistd.h>

enum { HANDLER_ATEXIT, HANDLER_CXA, HANDLER_ON_EXIT, HANDLER_QUICK };

static bool early_handlers; /* some were registered before main: destructors of C++ objects */

static int add_handler(void (*fn)(void *), void *arg, int kind)
{
    if (OWN->nexit >= 1024)
        return -1;
    OWN->exits[OWN->nexit].fn = fn;
    OWN->exits[OWN->nexit].arg = arg;
    OWN->exits[OWN->nexit++].kind = kind;
    return 0;
}

EXPORT int __cxa_atexit(void (*fn)(void *), void *arg, void *dso);
EXPORT int __cxa_atexit(void (*fn)(void *), void *arg, void *dso)
{
    if (controlled)
        return add_handler(fn, arg, HANDLER_CXA);
    early_handlers |= dso != NULL;
    return REAL(__cxa_atexit)(fn, arg, dso);
}

EXPORT int atexit(void (*fn)(void))
{
    if (!controlled)
        return REAL(__cxa_atexit)((void (*)(void *))(uintptr_t)fn, NULL, NULL);
    return add_handler((void (*)(void *))(uintptr_t)fn, NULL, HANDLER_ATEXIT);
}

EXPORT int on_exit(void (*fn)(int, void *), void *arg)
{
    return controlled ? add_handler((void (*)(void *))(uintptr_t)fn, arg, HANDLER_ON_EXIT)
                      : REAL(on_exit)(fn, arg);
}

EXPORT int at_quick_exit(void (*fn)(void))
{
    return controlled ? add_handler((void (*)(void *))(uintptr_t)fn, NULL, HANDLER_QUICK)
                      : REAL(at_quick_exit)(fn);
}

EXPORT int __cxa_at_quick_exit(void (*fn)(void *), void *dso);
EXPORT int __cxa_at_quick_exit(void (*fn)(void *), void *dso)
{
    return controlled ? add_handler(fn, NULL, HANDLER_QUICK) : REAL(__cxa_at_quick_exit)(fn, dso);
}

/* The last one first; those of quick_exit only then, and only they. */
static void run_handlers(int status, bool quick)
{
    while (OWN->nexit) {
        uint32_t i = --OWN->nexit;
        void (*fn)(void *) = OWN->exits[i].fn;
        if ((OWN->exits[i].kind == HANDLER_QUICK) != quick)
            continue;
        if (OWN->exits[i].kind == HANDLER_ON_EXIT)
            ((void (*)(int, void *))(uintptr_t)fn)(status, OWN->exits[i].arg);
        else
            fn(OWN->exits[i].arg);
    }
}

static void (**destructors)(void);
static size_t ndestructors;

static void look_for_destructors(void)
{
    const struct link_map *program = _r_debug.r_map;
    for (const ElfW(Dyn) *d = program->l_ld; d->d_tag != DT_NULL; d++)
        if (d->d_tag == DT_FINI_ARRAY)
            destructors = (void (**)(void))(program->l_addr + d->d_un.d_ptr);
        else if (d->d_tag == DT_FINI_ARRAYSZ)
            ndestructors = d->d_un.d_val / sizeof *destructors;
}

/* What the program's own file wants called at the end, after all handlers: functions with the
 * attribute `destructor`; the first entry, the compiler's, also runs what was registered before
 * main. Left out when that is nothing. */
static void run_destructors(void)
{
    static bool looked;
    if (!looked)
        look_for_destructors();
    looked = true;
    if (destructors && (ndestructors > 1 || early_handlers))
        for (size_t n = ndestructors; n-- > 0;)
            destructors[n]();
}

static void run_exit_handlers(int status)
{
    run_handlers(status, false);
    run_destructors();
    stdio_flush_elsewhere();
}

static void exit_step(int status, struct here h, bool from_main)
{
    struct op op = op_make(EV_EXIT, h);
    op_reach(&op, OBJ_PROCESS(S->cur->process), 0, M_EXIT);
    reach_process_end(&op);
    if (from_main && A->main_exit_wait)
        op.wait = WAIT_ALL;
    step(&op);
    struct event *e = record_step_event();
    if (e) {
        e->result = status & 0xff;
        e->a = from_main;
    }
    search_exit_node();
}

static _Noreturn void leave_process(int status)
{
    status &= 0xff;
    find_circles_left();
    if (status && S->cur->process == 0)
        find(FIND_EXIT_STATUS, 0, NO_TASK, 0, S->tasks[S->last].op.pc, (uint64_t)status, "");
    process_over(status << 8);
}

/* The last task ended by itself: the handlers run and what is buffered is written. */
void exit_quietly(void)
{
    run_exit_handlers(0);
    stdio_flush();
}

void exit_process(int status, struct here h, bool from_main)
{
    bool waits = from_main && A->main_exit_wait;
    if (!waits)
        run_exit_handlers(status);
    exit_step(status, h, from_main);
    if (waits)
        run_exit_handlers(status);
    stdio_flush();
    leave_process(status);
}

EXPORT _Noreturn void quick_exit(int status)
{
    if (controlled) {
        run_handlers(status, true);
        exit_step(status, HERE, false);
        leave_process(status);
    }
    REAL(quick_exit)(status);
    __builtin_unreachable();
}

EXPORT _Noreturn void exit(int status)
{
    if (controlled) {
        if (UNLIKELY(S->cur->in_handler))
            find_unsafe_call("exit", (uint64_t)__builtin_return_address(0));
        exit_process(status, HERE, false);
    }
    REAL(exit)(status);
    __builtin_unreachable();
}

EXPORT _Noreturn void _exit(int status)
{
    if (controlled) {
        exit_step(status, HERE, false);
        leave_process(status);
    }
    REAL(_exit)(status);
    __builtin_unreachable();
}

EXPORT _Noreturn void _Exit(int status)
{
    if (controlled) {
        exit_step(status, HERE, false);
        leave_process(status);
    }
    REAL(_exit)(status);
    __builtin_unreachable();
}

static void abort_step(struct here h, const char *text)
{
    struct op op = op_make(EV_ABORT, h);
    op_reach(&op, OBJ_PROCESS(S->cur->process), 0, M_EXIT);
    reach_process_end(&op);
    step(&op);
    struct event *e = record_step_event();
    record_text(e, text, strlen(text));
    search_exit_node();
}

EXPORT _Noreturn void abort(void)
{
    if (controlled) {
        choose_abort(HERE);
        abort_step(HERE, "");
        find(FIND_CRASH, 0, NO_TASK, 0, S->cur->op.pc, SIGABRT, "SIGABRT");
        process_over(SIGABRT);
    }
    REAL(abort)();
    __builtin_unreachable();
}

void end_by_assertion(const char *text, struct here h)
{
    abort_step(h, text);
    find(FIND_ASSERTION, 0, NO_TASK, 0, S->cur->op.pc, 0, text);
    process_over(SIGABRT);
}

EXPORT _Noreturn void __assert_fail(const char *expression, const char *file, unsigned line,
                                    const char *function);
EXPORT _Noreturn void __assert_fail(const char *expression, const char *file, unsigned line,
                                    const char *function)
{
    if (controlled) {
        char text[512];
        S->nostep++;
        snprintf(text, sizeof text, "%s", expression);
        S->nostep--;
        end_by_assertion(text, HERE);
    }
    REAL(__assert_fail)(expression, file, line, function);
    __builtin_unreachable();
}

/* ---- fatal signals ---- */
static const char *signal_word(int s)
{
    switch (s) {
    case SIGSEGV:
        return "SIGSEGV";
    case SIGBUS:
        return "SIGBUS";
    case SIGFPE:
        return "SIGFPE";
    case SIGILL:
        return "SIGILL";
    case SIGTRAP:
        return "SIGTRAP";
    default:
        return "a signal";
    }
}

/* What the program was doing there, as far as the processor says. */
static const char *crash_word(int sig, const siginfo_t *info, const ucontext_t *u)
{
    enum { WRITES = 2, FETCHES = 16, SMALL = 4096 };
    const struct task *t = S->cur;
    uint64_t addr = (uint64_t)(uintptr_t)info->si_addr;
    unsigned long long how = (unsigned long long)u->uc_mcontext.gregs[REG_ERR];
    if (sig == SIGFPE && info->si_code == FPE_INTDIV)
        return "an integer is divided by zero";
    if (sig != SIGSEGV)
        return signal_word(sig);
    if (addr < t->stack_low + 8192 && addr >= t->stack_low - 65536)
        return "the stack is full";
    if (info->si_code == SI_KERNEL)
        return "it uses a pointer whose value cannot be an address";
    if (how & FETCHES)
        return addr < SMALL ? "it calls a function through a null pointer"
                            : "it calls what is not a function";
    if (addr < SMALL)
        return how & WRITES ? "it writes through a null pointer"
                            : "it reads through a null pointer";
    if (info->si_code == SEGV_ACCERR)
        return how & WRITES ? "it writes to memory that is there for reading only"
                            : "it reads memory that may not be read";
    return how & WRITES ? "it writes to an address where there is no memory"
                        : "it reads from an address where there is no memory";
}

static uint64_t crash_pc(const ucontext_t *u)
{
    uint64_t pc = (uint64_t)u->uc_mcontext.gregs[REG_RIP];
    return pc >= S->text_low && pc < S->text_high ? pc + 1 : S->cur->op.pc;
}

/* One of several processes crashed: only that one ends. */
static int crash_signal;
static _Noreturn void process_crashed(void)
{
    int sig = crash_signal;
    struct op op = op_make(EV_SIGNAL, (struct here){S->cur->op.pc, S->cur->op.sp, S->cur->op.bp});
    op_reach(&op, OBJ_PROCESS(S->cur->process), 0, M_EXIT);
    reach_process_end(&op);
    step(&op);
    struct event *e = record_step_event();
    if (e)
        e->a = (uint64_t)sig;
    search_exit_node();
    process_over(sig);
}

/* A handler of the program's own for what went wrong: it runs where the fault happened, on the
 * task's stack, and if it returns the instruction is tried again. */
struct fault {
    int sig;
    siginfo_t info;
    ucontext_t context;
};

static _Noreturn void fault_handled(struct fault *f)
{
    controlled = true;
    signal_fault(f->sig, &f->info, &f->context);
    __asm__ volatile("movq %0, %%rsp\n\tmovl $15, %%eax\n\tsyscall" ::"r"(&f->context) : "memory");
    __builtin_unreachable();
}

static bool has_handler(int sig, siginfo_t *info, ucontext_t *u)
{
    greg_t *r = u->uc_mcontext.gregs;
    uint64_t sp = ((uint64_t)r[REG_RSP] - 128 - sizeof(struct fault)) & ~63ull;
    const struct task *t = S->cur;
    if (!signal_has_handler(sig) || sp < t->stack_low + 65536 || sp >= t->stack_high)
        return false;
    snapshot_touch(sp - 8192, 8192 + sizeof(struct fault));
    struct fault *f = (struct fault *)sp;
    f->sig = sig;
    f->info = *info;
    f->context = *u;
    f->context.uc_mcontext.fpregs = NULL;
    r[REG_RDI] = (greg_t)sp;
    r[REG_RSP] = (greg_t)(sp - 8);
    r[REG_RIP] = (greg_t)(uintptr_t)fault_handled;
    return true;
}

/* The program crashed: tell it, and end this execution; the next begins from clean memory. */
static void crashed(int sig, siginfo_t *info, void *context)
{
    ucontext_t *u = context;
    uint64_t addr = (uint64_t)(uintptr_t)info->si_addr;
    if (sig == SIGSEGV && snapshot_fault(addr))
        return;
    if (!controlled) {
        signal(sig, SIG_DFL);
        return;
    }
    if (has_handler(sig, info, u))
        return;
    controlled = false;
    S->nostep = 0;
    search_exit_node();
    const char *text = crash_word(sig, info, u);
    const struct task *t = S->cur;
    find(FIND_CRASH, addr, NO_TASK, 0, crash_pc(u), (uint64_t)sig, text);
    if (S->live_processes > 1) { /* off the stack for signals, which the next crash needs */
        bool full = (uint64_t)u->uc_mcontext.gregs[REG_RSP] < t->stack_low + 16384;
        uint64_t sp = full ? t->stack_high - 4096 : (uint64_t)u->uc_mcontext.gregs[REG_RSP] - 4096;
        crash_signal = sig;
        controlled = true;
        u->uc_mcontext.gregs[REG_RSP] = (greg_t)((sp & ~15ull) - 8);
        u->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)process_crashed;
        return;
    }
    process_over(sig);
}

/* The host says that a task made no step for too long. */
static void stuck(int sig, siginfo_t *info, void *context)
{
    (void)sig;
    (void)info;
    if (!controlled)
        return;
    A->stuck_pc = crash_pc(context);
    controlled = false;
    S->nostep = 0;
    search_exit_node();
    find(FIND_LIVELOCK, 0, NO_TASK, 0, A->stuck_pc, 0, "makes no step");
    sched_end(FINISH_LIVELOCK, 0, 0);
}

/* The kernel's own SIGPIPE and SIGXFSZ: the call says EPIPE or EFBIG, and the signal the program
 * gets is modelled. A handler, because what is ignored would stay so in a program that is begun. */
static void pipe_broke(int sig)
{
    (void)sig;
}

/* The stack for signals is the probe's; handlers of the program run on their task's. */
EXPORT int sigaltstack(const stack_t *restrict new, stack_t *restrict old)
{
    if (!controlled)
        return REAL(sigaltstack)(new, old);
    if (old)
        *old = (stack_t){.ss_flags = SS_DISABLE};
    if (new && !(new->ss_flags &SS_DISABLE) && new->ss_size < 2048) {
        errno = ENOMEM;
        return -1;
    }
    return 0;
}

/* Handlers that were set before main are the program's, and the kernel is not to know of them. */
static void take_handlers(void)
{
    for (int sig = 1; sig < 65; sig++) {
        struct sigaction old;
        if (REAL(sigaction)(sig, NULL, &old) || old.sa_handler == SIG_DFL)
            continue;
        signal_at_main(sig, &old);
        if (sig != SIGKILL && sig != SIGSTOP)
            REAL(sigaction)(sig, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    }
}

void crash_init(void)
{
    take_handlers();
    static char stack[65536];
    stack_t alt = {.ss_sp = stack, .ss_size = sizeof stack};
    REAL(sigaltstack)(&alt, NULL);
    struct sigaction a = {.sa_sigaction = crashed,
                          .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    for (unsigned i = 0; i < sizeof fatal / sizeof *fatal; i++)
        sigaction(fatal[i], &a, NULL);
    a.sa_sigaction = stuck;
    sigaction(SIGURG, &a, NULL);
    struct sigaction broke = {.sa_handler = pipe_broke, .sa_flags = SA_ONSTACK | SA_RESTART};
    sigaction(SIGPIPE, &broke, NULL);
    sigaction(SIGXFSZ, &broke, NULL);
}
