/* The call stack: by call frame information where there is some, else along the chain of frame
 * pointers. Frames outside the program (the probe, libraries) are walked through when their file
 * was told, and never shown. */
#include <stdlib.h>
#include <string.h>

#include "symbols_internal.h"

enum { ENTRY_BYTES = 64 };

struct library {
    struct elf_file file;
    struct arena arena;
    Dwarf_CFI *eh;
    uint64_t bias;
};

static const struct arch arches[] = {
    {EM_X86_64, 7, 6, 16, 17},
    {EM_AARCH64, 31, 29, 30, 32},
};

const struct arch *sym_arch_of(unsigned machine)
{
    for (size_t i = 0; i < sizeof arches / sizeof *arches; i++)
        if (arches[i].machine == machine)
            return &arches[i];
    return NULL;
}

int symbols_add_library(struct symbols *s, const char *path, uint64_t bias, struct err *e)
{
    struct library made = {.bias = bias};
    int r = sym_elf_file_open(&made.file, &made.arena, path, e);
    if (r != 0) {
        sym_elf_file_close(&made.file);
        sym_arena_fini(&made.arena);
        return r;
    }
    made.eh = dwarf_getcfi_elf(made.file.elf);
    s->libraries = xrealloc(s->libraries, s->nlibraries + 1, sizeof *s->libraries);
    s->libraries[s->nlibraries++] = made;
    return 0;
}

void sym_libraries_fini(struct symbols *s)
{
    for (size_t i = 0; i < s->nlibraries; i++) {
        dwarf_cfi_end(s->libraries[i].eh);
        sym_elf_file_close(&s->libraries[i].file);
        sym_arena_fini(&s->libraries[i].arena);
    }
    free(s->libraries);
}

static int is_program(const struct symbols *s, uint64_t pc)
{
    return sym_elf_is_code(&s->file, pc - 1 - s->bias);
}

static int cfi_at(Dwarf_CFI *cfi, uint64_t link_pc, Dwarf_Frame **out)
{
    return cfi && dwarf_cfi_addrframe(cfi, link_pc, out) == 0;
}

/* The frame information for a return address, in the program or a library. Caller frees. */
static Dwarf_Frame *find_cfi(struct symbols *s, uint64_t pc)
{
    Dwarf_Frame *f;
    if (is_program(s, pc)) {
        uint64_t link_pc = pc - 1 - s->bias;
        return cfi_at(s->eh, link_pc, &f) || cfi_at(s->debug, link_pc, &f) ? f : NULL;
    }
    for (size_t i = 0; i < s->nlibraries; i++) {
        uint64_t link_pc = pc - 1 - s->libraries[i].bias;
        if (sym_elf_is_code(&s->libraries[i].file, link_pc))
            return cfi_at(s->libraries[i].eh, link_pc, &f) ? f : NULL;
    }
    return NULL;
}

static int is_known(const struct frame_state *f, unsigned regno)
{
    return (int)(f->known >> regno & 1);
}

static void set_reg(struct frame_state *f, unsigned regno, uint64_t v)
{
    f->reg[regno] = v;
    f->known |= (uint64_t)1 << regno;
}

/* Evaluate the rule of one register of the caller. 1: *v is its value; 0: lost; 2: unchanged. */
static int caller_reg(const struct scene *c, Dwarf_Frame *cfi, unsigned regno, uint64_t *v)
{
    Dwarf_Op space[3], *ops;
    size_t nops;
    struct location where;
    if (dwarf_frame_register(cfi, (int)regno, space, &ops, &nops) != 0)
        return 0;
    if (nops == 0)
        return ops == NULL ? 2 : 0;
    sym_eval_ops(c, NULL, ops, nops, &where);
    if (where.kind == LOCATION_MEMORY)
        return symbols_read(c->s, c->m, where.addr, v, 8) == 0;
    if (where.kind != LOCATION_VALUE || where.n != 8)
        return 0;
    memcpy(v, where.bytes, 8);
    return 1;
}

/* Fill f->cfa and the caller's registers from frame information; 0, or -1 if there is none. */
static int unwind_cfi(struct symbols *s, const struct memory *m, struct frame_state *f,
                      struct frame_state *caller)
{
    Dwarf_Frame *cfi = find_cfi(s, f->pc);
    if (!cfi)
        return -1;
    struct scene scene = {.s = s, .m = m, .frame = f};
    struct location where;
    Dwarf_Op *ops;
    size_t nops;
    int result = -1;
    if (dwarf_frame_cfa(cfi, &ops, &nops) == 0) {
        sym_eval_ops(&scene, NULL, ops, nops, &where);
        if (where.kind == LOCATION_MEMORY || (where.kind == LOCATION_VALUE && where.n == 8)) {
            f->cfa = where.addr;
            if (where.kind == LOCATION_VALUE)
                memcpy(&f->cfa, where.bytes, 8);
            result = 0;
        }
    }
    for (unsigned r = 0; result == 0 && r < s->arch->nregs; r++) {
        uint64_t v = 0;
        int how = caller_reg(&scene, cfi, r, &v);
        if (how == 1)
            set_reg(caller, r, v);
        else if (how == 2 && is_known(f, r))
            set_reg(caller, r, f->reg[r]);
    }
    if (result == 0)
        set_reg(caller, s->arch->sp, f->cfa);
    free(cfi);
    return result;
}

/* The frame pointer points at the caller's frame pointer, the return address is above it. */
static int unwind_chain(struct symbols *s, const struct memory *m, struct frame_state *f,
                        struct frame_state *caller)
{
    uint64_t pair[2], bp = f->reg[s->arch->bp];
    if (!is_known(f, s->arch->bp) || bp == 0 || bp % 8 != 0)
        return -1;
    if (is_known(f, s->arch->sp) && bp < f->reg[s->arch->sp])
        return -1;
    if (symbols_read(s, m, bp, pair, sizeof pair) != 0)
        return -1;
    f->cfa = bp + 16;
    set_reg(caller, s->arch->bp, pair[0]);
    set_reg(caller, s->arch->ra, pair[1]);
    set_reg(caller, s->arch->sp, bp + 16);
    return 0;
}

/* One frame up. 0, or -1 at the end of what can be known; f->cfa is filled if possible either way.
 */
static int unwind(struct symbols *s, const struct memory *m, struct frame_state *f,
                  struct frame_state *caller)
{
    *caller = (struct frame_state){0};
    if (unwind_cfi(s, m, f, caller) != 0) {
        *caller = (struct frame_state){0};
        if (unwind_chain(s, m, f, caller) != 0)
            return -1;
    }
    if (!is_known(caller, s->arch->ra))
        return -1;
    caller->pc = caller->reg[s->arch->ra];
    return caller->pc ? 0 : -1;
}

/* The start-up code: nobody's function, and below it there is nothing. */
static int is_entry(const struct symbols *s, uint64_t pc)
{
    return pc - 1 - s->bias - s->file.entry < ENTRY_BYTES;
}

static int is_main(const struct symbols *s, uint64_t pc)
{
    uint64_t link_pc = pc - 1 - s->bias;
    const struct function *f = sym_function_outer(s, sym_function_at(s, link_pc));
    if (f)
        return strcmp(f->name, "main") == 0;
    const struct elf_symbol *e = sym_elf_symbol_at(s->file.code, s->file.ncode, link_pc);
    return e && strcmp(e->name, "main") == 0;
}

void sym_frames_walk(struct symbols *s, const struct regs *r, const struct memory *m,
                     int (*visit)(void *ctx, const struct frame_state *f), void *ctx)
{
    struct frame_state f = {.pc = r->pc}, caller;
    if (r->sp)
        set_reg(&f, s->arch->sp, r->sp);
    if (r->bp)
        set_reg(&f, s->arch->bp, r->bp);
    uint64_t last_cfa = 0;
    for (int n = 0; n < MAX_UNWIND && f.pc && !is_entry(s, f.pc); n++) {
        int more = unwind(s, m, &f, &caller) == 0;
        if (is_program(s, f.pc) && (visit(ctx, &f) || is_main(s, f.pc)))
            return;
        /* Each frame lies above the one it called: anything else is damage and might go round. */
        if (!more || f.cfa <= last_cfa)
            return;
        last_cfa = f.cfa;
        f = caller;
    }
}

struct find {
    int left;
    int found;
    struct frame_state *out;
};

static int visit_find(void *ctx, const struct frame_state *f)
{
    struct find *x = ctx;
    if (x->left-- > 0)
        return 0;
    *x->out = *f;
    x->found = 1;
    return 1;
}

int sym_frame_find(struct symbols *s, const struct regs *r, const struct memory *m, int index,
                   struct frame_state *out)
{
    struct find x = {.left = index, .out = out};
    if (index >= 0)
        sym_frames_walk(s, r, m, visit_find, &x);
    return x.found ? 0 : -1;
}

struct list {
    struct symbols *s;
    struct frame *out;
    int n, max;
};

static int visit_list(void *ctx, const struct frame_state *f)
{
    struct list *x = ctx;
    if (x->n >= x->max)
        return 1;
    struct frame *o = &x->out[x->n++];
    *o = (struct frame){.pc = f->pc, .cfa = f->cfa};
    x->s->names.place(x->s, f->pc - 1, &o->place);
    return 0;
}

int symbols_frames(struct symbols *s, const struct regs *r, const struct memory *m,
                   struct frame *out, int max)
{
    struct list x = {.s = s, .out = out, .max = max};
    sym_frames_walk(s, r, m, visit_list, &x);
    return x.n;
}
