/* Stacks and the locals on them, as told. */
#include <stdlib.h>
#include <string.h>

#include "symbols_internal.h"

void symbols_set_stack(struct symbols *s, unsigned task, uint64_t low, uint64_t high)
{
    struct stacks *t = &s->stacks;
    size_t n = 0;
    for (size_t i = 0; i < t->nstacks; i++)
        if (t->stacks[i].task != task)
            t->stacks[n++] = t->stacks[i];
    t->nstacks = n;
    if (high <= low)
        return;
    t->stacks = sym_grow(t->stacks, n, &t->cap_stacks, sizeof *t->stacks);
    while (n > 0 && t->stacks[n - 1].low > low) {
        t->stacks[n] = t->stacks[n - 1];
        n--;
    }
    t->stacks[n] = (struct stack){low, high, task};
    t->nstacks++;
}

const struct stack *sym_stacks_at(const struct stacks *t, uint64_t addr)
{
    size_t low = 0, high = t->nstacks;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->stacks[mid].low <= addr)
            low = mid + 1;
        else
            high = mid;
    }
    return low && addr < t->stacks[low - 1].high ? &t->stacks[low - 1] : NULL;
}

struct telling {
    struct symbols *s;
    const struct memory *m;
    unsigned task;
    uint64_t tag; /* of its process */
};

static int tell_frame(void *ctx, const struct frame_state *f)
{
    struct telling *x = ctx;
    struct stacks *t = &x->s->stacks;
    struct local locals[MAX_LOCALS];
    const struct function *function =
        sym_function_outer(x->s, sym_function_at(x->s, f->pc - 1 - x->s->bias));
    struct scene scene = {.s = x->s, .m = x->m, .frame = f, .function = function};
    int n = sym_locals_collect(&scene, locals, MAX_LOCALS);
    for (int i = 0; i < n; i++) {
        struct local *l = &locals[i];
        uint64_t size = sym_type_size(x->s, l->type);
        if (l->where.kind != LOCATION_MEMORY ||
            sym_elf_segment(&x->s->file, l->where.addr - x->s->bias))
            continue;
        if (size == 0)
            size = 1;
        if (l->where.addr + size < l->where.addr)
            continue;
        t->places = sym_grow(t->places, t->nplaces, &t->cap_places, sizeof *t->places);
        t->places[t->nplaces++] = (struct stack_place){.low = l->where.addr | x->tag,
                                                       .high = (l->where.addr + size) | x->tag,
                                                       .task = x->task,
                                                       .function = function->name,
                                                       .name = l->name,
                                                       .type = l->type};
    }
    return 0;
}

void symbols_set_frames(struct symbols *s, unsigned task, const struct regs *r,
                        const struct memory *m)
{
    struct stacks *t = &s->stacks;
    size_t n = 0;
    for (size_t i = 0; i < t->nplaces; i++)
        if (t->places[i].task != task)
            t->places[n++] = t->places[i];
    t->nplaces = n;
    t->sorted = 0;
    struct telling x = {s, m, task, 0};
    for (size_t i = 0; i < t->nstacks; i++)
        if (t->stacks[i].task == task)
            x.tag = t->stacks[i].low & ~PLACE_ADDRESS;
    if (r)
        sym_frames_walk(s, r, m, tell_frame, &x);
}

static int by_low(const void *a, const void *b)
{
    const struct stack_place *x = a, *y = b;
    return x->low < y->low ? -1 : x->low > y->low;
}

const struct stack_place *sym_stacks_place_at(struct stacks *t, uint64_t addr)
{
    if (!t->sorted) {
        if (t->nplaces)
            qsort(t->places, t->nplaces, sizeof *t->places, by_low);
        t->sorted = 1;
    }
    size_t low = 0, high = t->nplaces;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->places[mid].low <= addr)
            low = mid + 1;
        else
            high = mid;
    }
    return low && addr < t->places[low - 1].high ? &t->places[low - 1] : NULL;
}

void sym_stacks_fini(struct stacks *t)
{
    free(t->stacks);
    free(t->places);
    *t = (struct stacks){0};
}

void symbols_set_thread_pointer(struct symbols *s, unsigned task, uint64_t thread_pointer)
{
    for (size_t i = 0; i < s->ntls; i++)
        if (s->tls[i].task == task) {
            s->tls[i].thread_pointer = thread_pointer;
            return;
        }
    s->tls = sym_grow(s->tls, s->ntls, &s->cap_tls, sizeof *s->tls);
    s->tls[s->ntls++] = (struct tls_base){task, thread_pointer};
}

static uint64_t round_up(uint64_t n, uint64_t align)
{
    return align > 1 && align <= 4096 ? (n + align - 1) / align * align : n;
}

/* x86-64 keeps the program's block right below the thread pointer, aarch64 behind two words. */
uint64_t sym_tls_block(const struct symbols *s, uint64_t thread_pointer)
{
    if (s->file.machine == EM_X86_64)
        return thread_pointer - round_up(s->file.tls_size, s->file.tls_align);
    return thread_pointer + round_up(16, s->file.tls_align);
}
