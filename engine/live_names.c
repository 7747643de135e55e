/* Names and variables of a program that runs free. */
#include "live_private.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

#define USUAL_BIAS 0x555555554000ull /* of a position-independent program without randomisation */
#define STACKS_NS  500000000ull

/* ---- where nothing is known ---- */
static void spell_object(void *ctx, uint64_t addr, uint32_t size, char *out, size_t n)
{
    (void)ctx;
    (void)size;
    snprintf(out, n, "0x%llx", (unsigned long long)(addr & PLACE_ADDRESS));
}

static void spell_place(void *ctx, uint64_t pc, struct place *out)
{
    (void)ctx;
    (void)pc;
    *out = (struct place){"", "", 0};
}

static void spell_value(void *ctx, uint64_t addr, uint32_t size, uint64_t value, char *out,
                        size_t n)
{
    (void)ctx;
    (void)addr;
    (void)size;
    snprintf(out, n, "%" PRId64, (int64_t)value);
}

static const struct names no_names = {NULL, spell_object, spell_place, spell_value, NULL};

/* ---- the executable's ---- */
/* Position-independent programs are loaded where the kernel, or the recorder, says. */
static uint64_t bias_of(const struct live *l)
{
    unsigned char head[20] = {0};
    FILE *f = fopen(l->program->binary, "rbe");
    size_t n = f ? fread(head, 1, sizeof head, f) : 0;
    if (f)
        fclose(f);
    int moves = n == sizeof head && head[16] == 3; /* ET_DYN */
    return l->has_bias ? l->bias : moves ? USUAL_BIAS : 0;
}

/* It may have become another program, whose variables are not these. */
static int runs_it(const struct live *l, int32_t pid)
{
    char path[64];
    struct stat its, ours;
    snprintf(path, sizeof path, "/proc/%" PRId32 "/exe", pid);
    return stat(path, &its) == 0 && stat(l->program->binary, &ours) == 0 &&
           its.st_dev == ours.st_dev && its.st_ino == ours.st_ino;
}

struct symbols *live_symbols(struct live *l)
{
    int same = l->execs == l->opened_execs;
    if (same && l->symbols && (!l->has_bias || l->opened_bias == l->bias))
        return l->symbols;
    if (same && l->no_symbols)
        return NULL;
    symbols_close(l->symbols);
    l->symbols = NULL;
    l->opened_bias = bias_of(l);
    l->opened_execs = l->execs;
    char path[64];
    snprintf(path, sizeof path, "/proc/%" PRId32 "/exe", l->first_pid);
    int other = l->execs > 0 && !runs_it(l, l->first_pid);
    const char *binary = other ? path : l->program->binary;
    l->no_symbols = symbols_open(&l->symbols, binary, l->opened_bias, NULL) != 0;
    l->looked_at_stacks = 0;
    return l->symbols;
}

void live_names_close(struct live *l)
{
    symbols_close(l->symbols);
}

/* ---- stacks ---- */
static uint64_t handle_of(const struct live *l, const struct live_task *k)
{
    for (uint32_t i = 0; i < RECORDER_THREADS; i++) {
        const struct recorder_thread *t = &l->memory->threads[i];
        if (l->slots[i].known && t->number == k->number)
            return t->handle;
    }
    return 0;
}

static const struct proc_range *range_at(const struct proc_range *r, int n, uint64_t addr)
{
    for (int i = 0; i < n; i++)
        if (addr >= r[i].low && addr < r[i].high)
            return &r[i];
    return NULL;
}

static const struct proc_range *first_stack(const struct proc_range *r, int n)
{
    for (int i = 0; i < n; i++)
        if (r[i].stack)
            return &r[i];
    return NULL;
}

/* A thread's block of the C library lies at the upper end of its stack. */
static void tell_stack(struct live *l, const struct live_task *k, const struct proc_range *r, int n)
{
    uint64_t handle = k->tid == k->pid ? 0 : handle_of(l, k);
    const struct proc_range *stack = handle ? range_at(r, n, handle) : first_stack(r, n);
    if (!stack || (k->tid != k->pid && !handle))
        return;
    symbols_set_stack(l->symbols, k->number, stack->low, handle ? handle : stack->high);
}

/* Of the first process, whose names these are. */
static void look_at_stacks(struct live *l)
{
    enum { MAX = 2048 };
    static struct proc_range ranges[MAX];
    const struct live_model *m = &l->model;
    if (l->looked_at_stacks && l->now - l->looked_at_stacks < STACKS_NS)
        return;
    uint32_t alive = 0, newest = 0;
    for (uint32_t i = 0; i < m->ntasks; i++)
        if (m->tasks[i].noted && !m->tasks[i].ended && m->tasks[i].pid == l->first_pid) {
            alive++;
            newest = m->tasks[i].number > newest ? m->tasks[i].number : newest;
        }
    int same = l->looked_at_stacks && newest == l->newest_stack && alive <= l->nstacks;
    l->looked_at_stacks = l->now ? l->now : 1;
    l->nstacks = alive;
    l->newest_stack = newest;
    int n = same || !alive ? 0 : proc_ranges(l->first_pid, ranges, MAX);
    for (uint32_t i = 0; n > 0 && i < m->ntasks; i++)
        if (m->tasks[i].noted && !m->tasks[i].ended && m->tasks[i].pid == l->first_pid)
            tell_stack(l, &m->tasks[i], ranges, n);
}

/* Pipes, sockets and queues have no address that would say anything: "pipe#1". */
static void tell_channels(struct live *l)
{
    const struct live_model *m = &l->model;
    for (uint32_t i = 0; i < m->nobjects; i++) {
        const struct live_object *o = &m->objects[i];
        const char *word = object_class_word(o->class);
        if ((o->addr & REC_FILE) && !symbols_has_block(l->symbols, o->addr))
            symbols_add_named(l->symbols, o->addr, 1, word, strlen(word), 1);
    }
}

const struct names *live_names(struct live *l)
{
    if (!live_symbols(l))
        return &no_names;
    look_at_stacks(l);
    tell_channels(l);
    return symbols_names(l->symbols);
}

/* ---- variables ---- */
static int read_memory(void *ctx, uint64_t addr, void *out, size_t n)
{
    const int32_t *pid = ctx;
    struct iovec local = {out, n}, remote = {(void *)(uintptr_t)(addr & PLACE_ADDRESS), n};
    return process_vm_readv(*pid, &local, 1, &remote, 1, 0) == (ssize_t)n ? 0 : -1;
}

/* What threads note of a semaphore is what it was when they came; what it is is in its memory, in
 * the lower half of its first word (glibc, sysdeps/nptl/internaltypes.h). */
void live_read_values(struct live *l)
{
    enum { MAX = 256 };
    int left = MAX;
    for (uint32_t i = 0; i < l->model.nobjects && left > 0; i++) {
        struct live_object *o = &l->model.objects[i];
        uint32_t value;
        if (o->class != OBJ_SEM || o->destroyed || o->process >= l->model.nprocesses ||
            o->addr & REC_FILE)
            continue;
        const struct live_process *p = &l->model.processes[o->process];
        int32_t pid = p->pid;
        left--;
        if (!p->ended && live_child_of(l, pid) &&
            read_memory(&pid, o->addr, &value, sizeof value) == 0)
            o->count = value;
    }
}

int live_globals(struct live *l, uint32_t process, struct variable *out, int max)
{
    if (process >= l->model.nprocesses || l->model.processes[process].ended || !live_symbols(l))
        return 0;
    int32_t pid = l->model.processes[process].pid;
    if (!live_child_of(l, pid) || !runs_it(l, pid))
        return 0;
    struct memory memory = {&pid, read_memory};
    return symbols_globals(l->symbols, &memory, out, max);
}
