/* What a program says to lockstep itself: lockstep.h, and the names that collections of
 * verification tasks use for the same.
 *
 * A choice is a step of its own that depends on nothing; its alternatives are all explored, as
 * those of a signal are. An assumption that does not hold stops its task for good: it could as well
 * have come last, so what the others do is an execution the program has; one in which nobody can go
 * on while such a task stands there is abandoned. In an atomic section the task could not wait for
 * last: there the execution is abandoned at once, and everybody else is tried before the section.
 */
#include "probe.h"

#include <elf.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const int64_t usual_values[] = {0, 1, -1};

/* A step that says what is called, and touches nothing. */
static void say_step(const char *name, struct op *op)
{
    step(op);
    struct event *e = record_step_event();
    record_text(e, name, strlen(name));
}

static unsigned choose(const char *name, unsigned n, const int64_t *values, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    say_step(name, &op);
    spin_effect(S->cur);
    uint16_t who[MAX_TASKS];
    for (unsigned i = 0; i < n; i++) {
        who[i] = NO_TASK;
        A->alternative_values[i] = values ? values[i] : i;
    }
    return sched_alternative(who, n);
}

EXPORT int lockstep_choose(int n);
EXPORT int lockstep_choose(int n)
{
    struct here h = HERE;
    if (!controlled || S->nostep)
        return 0;
    if (n >= 1 && n <= MAX_TASKS)
        return (int)choose("lockstep_choose", (unsigned)n, NULL, h);
    struct op op = op_make(EV_CALL, h);
    say_step("lockstep_choose", &op);
    find_misuse(0, NO_TASK, "lockstep_choose of a number that is not between 1 and 256");
    return 0;
}

/* ---- assumptions ---- */
static _Noreturn void abandon(void)
{
    S->abandoned = true;
    sched_end(FINISH_ABANDONED, 0, 0);
}

/* Is somebody stopped at an assumption? Then nobody is to blame that nothing goes on. */
void choose_stuck(void)
{
    for (unsigned t = 0; t < S->ntasks; t++)
        if (!S->tasks[t].ended && S->tasks[t].op.wait == WAIT_ASSUME)
            abandon();
}

static void assume(const char *name, bool holds, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    if (holds) {
        say_step(name, &op);
        return;
    }
    if (S->section_task == S->cur_id + 1) {
        search_section_node();
        abandon();
    }
    op.wait = WAIT_ASSUME;
    step(&op);
}

EXPORT void lockstep_assume(int condition);
EXPORT void lockstep_assume(int condition)
{
    if (controlled && !S->nostep)
        assume("lockstep_assume", condition != 0, HERE);
}

EXPORT void __VERIFIER_assume(int condition);
EXPORT void __VERIFIER_assume(int condition)
{
    if (controlled && !S->nostep)
        assume("__VERIFIER_assume", condition != 0, HERE);
    else if (!controlled && !condition)
        exit(0);
}

/* ---- sections nobody else comes into ---- */
static void section_begin(const char *name, struct here h)
{
    if (S->section_task) { /* it is this task's */
        S->section_depth++;
        return;
    }
    struct op op = op_make(EV_CALL, h);
    op.section = true;
    op_reach(&op, OBJ_SECTION, 0, M_AWRITE);
    say_step(name, &op);
    sync_acquire(object_at(OBJ_SECTION, C_PSEUDO));
    S->section_task = S->cur_id + 1;
    S->section_depth = 1;
    S->section_from = S->depth;
}

static void section_end(const char *name, struct here h)
{
    if (!S->section_task && S->cur->broken_sections) { /* that was told */
        S->cur->broken_sections--;
        return;
    }
    if (!S->section_task) {
        find_misuse(0, NO_TASK, "the end of an atomic section that did not begin");
        return;
    }
    if (--S->section_depth)
        return;
    struct op op = op_make(EV_CALL, h);
    say_step(name, &op);
    sync_release(object_at(OBJ_SECTION, C_PSEUDO));
    sync_tick();
    S->section_task = 0;
}

/* Whose section it is cannot go on in it: that is said, and the section is over. */
void choose_section_blocked(void)
{
    S->tasks[S->section_task - 1].broken_sections += S->section_depth;
    S->section_task = 0;
    find_misuse(0, NO_TASK, "a task waits for another in an atomic section, where none can come");
}

#define SECTION(begin, end)                                                                        \
    EXPORT void begin(void);                                                                       \
    EXPORT void begin(void)                                                                        \
    {                                                                                              \
        if (controlled && !S->nostep)                                                              \
            section_begin(#begin, HERE);                                                           \
    }                                                                                              \
    EXPORT void end(void);                                                                         \
    EXPORT void end(void)                                                                          \
    {                                                                                              \
        if (controlled && !S->nostep)                                                              \
            section_end(#end, HERE);                                                               \
    }
SECTION(lockstep_atomic_begin, lockstep_atomic_end)
SECTION(__VERIFIER_atomic_begin, __VERIFIER_atomic_end)

/* ---- notes ---- */
EXPORT void lockstep_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
EXPORT void lockstep_note(const char *format, ...)
{
    static char text[1024];
    if (!controlled || !S->recording || S->nostep)
        return;
    va_list ap;
    va_start(ap, format);
    S->nostep++;
    int n = vsnprintf(text, sizeof text, format, ap);
    S->nostep--;
    va_end(ap);
    struct event *e = record(EV_NOTE, S->cur_id);
    if (e)
        e->pc = HERE.pc;
    record_text(e, text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

/* ---- errors ---- */
#define ERROR(name)                                                                                \
    EXPORT void name(void);                                                                        \
    EXPORT void name(void)                                                                         \
    {                                                                                              \
        if (controlled)                                                                            \
            end_by_assertion(#name " was reached", HERE);                                          \
        fputs(#name " was reached\n", stderr);                                                     \
        abort();                                                                                   \
    }
ERROR(reach_error)
ERROR(__VERIFIER_error)

/* ---- what a program leaves open ---- */
static int64_t open_value(const char *name, struct here h)
{
    if (!controlled || S->nostep)
        return 0;
    const int64_t *values = A->nvalues ? A->values : usual_values;
    unsigned n = A->nvalues ? A->nvalues : sizeof usual_values / sizeof *usual_values;
    A->values_used = 1;
    return values[choose(name, n, values, h)];
}

#define OPEN(name, type)                                                                           \
    EXPORT type __VERIFIER_nondet_##name(void);                                                    \
    EXPORT type __VERIFIER_nondet_##name(void)                                                     \
    {                                                                                              \
        return (type)open_value("__VERIFIER_nondet_" #name, HERE);                                 \
    }
OPEN(char, char)
OPEN(schar, signed char)
OPEN(uchar, unsigned char)
OPEN(unsigned_char, unsigned char)
OPEN(u8, uint8_t)
OPEN(short, short)
OPEN(ushort, unsigned short)
OPEN(u16, uint16_t)
OPEN(int, int)
OPEN(uint, unsigned)
OPEN(unsigned, unsigned)
OPEN(u32, uint32_t)
OPEN(long, long)
OPEN(ulong, unsigned long)
OPEN(longlong, long long)
OPEN(ulonglong, unsigned long long)
OPEN(loff_t, long long)
OPEN(size_t, size_t)
OPEN(float, float)
OPEN(double, double)

EXPORT bool __VERIFIER_nondet_bool(void);
EXPORT bool __VERIFIER_nondet_bool(void)
{
    return controlled && !S->nostep && choose("__VERIFIER_nondet_bool", 2, NULL, HERE);
}

/* No pointer but the null one can be made up. */
EXPORT void *__VERIFIER_nondet_pointer(void);
EXPORT void *__VERIFIER_nondet_pointer(void)
{
    if (controlled)
        A->values_used = 1;
    return NULL;
}

/* ---- functions that are told by their names ---- */
enum { NAMED_SECTION, NAMED_ASSUMPTION, NAMED_MAX = 64 };
static struct {
    uint64_t low, high;
    int what;
} named[NAMED_MAX];
static unsigned nnamed;

static void add_named(const Elf64_Sym *s, const char *name)
{
    static const char section[] = "__VERIFIER_atomic_";
    int what = -1;
    if (strncmp(name, section, sizeof section - 1) == 0)
        what = NAMED_SECTION;
    else if (strcmp(name, "assume_abort_if_not") == 0)
        what = NAMED_ASSUMPTION;
    if (what < 0 || nnamed == NAMED_MAX || ELF64_ST_TYPE(s->st_info) != STT_FUNC || !s->st_size)
        return;
    uint64_t low = A->exe_bias + s->st_value;
    named[nnamed].low = low;
    named[nnamed].high = low + s->st_size;
    named[nnamed++].what = what;
}

static void read_symbols(const char *file, uint64_t nfile)
{
    const Elf64_Ehdr *e = (const void *)file;
    const Elf64_Shdr *sections = (const void *)(file + e->e_shoff);
    if (!e->e_shoff || e->e_shoff + e->e_shnum * sizeof *sections > nfile)
        return;
    for (unsigned i = 0; i < e->e_shnum; i++) {
        const Elf64_Shdr *h = &sections[i];
        if (h->sh_type != SHT_SYMTAB || h->sh_link >= e->e_shnum)
            continue;
        const Elf64_Shdr *names = &sections[h->sh_link];
        if (h->sh_offset + h->sh_size > nfile || names->sh_offset + names->sh_size > nfile)
            continue;
        const Elf64_Sym *s = (const void *)(file + h->sh_offset);
        for (uint64_t k = 0; k < h->sh_size / sizeof *s; k++)
            if (s[k].st_name < names->sh_size && s[k].st_value)
                add_named(&s[k], file + names->sh_offset + s[k].st_name);
    }
}

void choose_init(void)
{
    struct stat st;
    int fd = REAL(open)("/proc/self/exe", O_RDONLY);
    if (fd < 0 || fstat(fd, &st))
        return;
    size_t n = (size_t)st.st_size;
    char *file = REAL(mmap)(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
    if (file != MAP_FAILED) {
        read_symbols(file, n);
        munmap(file, n);
    }
    REAL(close)(fd);
}

static bool is_named(uint64_t pc, int what)
{
    for (unsigned i = 0; i < nnamed; i++)
        if (named[i].what == what && pc > named[i].low && pc <= named[i].high)
            return true;
    return false;
}

void choose_entered(struct here h)
{
    if (UNLIKELY(nnamed) && is_named(h.pc, NAMED_SECTION) && !S->nostep)
        section_begin("__VERIFIER_atomic_begin", h);
}

void choose_left(struct here h)
{
    if (UNLIKELY(nnamed) && is_named(h.pc, NAMED_SECTION) && !S->nostep && S->section_task)
        section_end("__VERIFIER_atomic_end", h);
}

void choose_abort(struct here h)
{
    if (UNLIKELY(nnamed) && is_named(h.pc, NAMED_ASSUMPTION))
        assume("assume_abort_if_not", false, h);
}
