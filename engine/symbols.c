#include "symbols.h"

#include <stdlib.h>
#include <string.h>

#include "symbols_internal.h"

enum { WORK_PER_BYTE = 64 };

struct interned {
    struct interned *next;
    const char *raw, *name;
};

const char *symbols_name(struct symbols *s, const char *raw)
{
    if (!raw)
        return NULL;
    size_t slot = ((uintptr_t)raw ^ (uintptr_t)raw >> 11) % NAME_HASH;
    for (struct interned *i = s->interned[slot]; i; i = i->next)
        if (i->raw == raw)
            return i->name;
    struct interned *made = sym_arena_get(&s->arena, sizeof *made);
    *made = (struct interned){s->interned[slot], raw, sym_arena_name(&s->arena, raw)};
    s->interned[slot] = made;
    return made->name;
}

int symbols_charge(struct symbols *s, uint64_t n)
{
    s->budget -= n < s->budget ? n : s->budget;
    return s->budget > 0;
}

void symbols_fresh_budget(struct symbols *s)
{
    s->budget = (uint64_t)s->file.nimage * WORK_PER_BYTE + 1000000;
}

/* Damaged DWARF is as good as none: places are unknown then, and nothing else is lost. */
static void load_dwarf(struct symbols *s)
{
    s->eh = dwarf_getcfi_elf(s->file.elf);
    s->dwarf = dwarf_begin_elf(s->file.elf, DWARF_C_READ, NULL);
    if (s->dwarf)
        s->debug = dwarf_getcfi(s->dwarf);
    symbols_fresh_budget(s);
    sym_units_load(s);
}

int symbols_open(struct symbols **out, const char *path, uint64_t bias, struct err *e)
{
    struct symbols *s = xcalloc(1, sizeof *s);
    *out = NULL;
    s->path = xstrdup(path);
    s->bias = bias;
    int r = sym_elf_file_open(&s->file, &s->arena, path, e);
    if (r != 0) {
        symbols_close(s);
        return r;
    }
    s->arch = sym_arch_of(s->file.machine);
    if (s->file.fixed)
        s->bias = 0;
    s->names = symbols_names_template;
    s->names.ctx = s;
    load_dwarf(s);
    *out = s;
    return 0;
}

void symbols_close(struct symbols *s)
{
    if (!s)
        return;
    sym_lines_fini(&s->lines);
    sym_heap_fini(&s->heap);
    sym_stacks_fini(&s->stacks);
    sym_libraries_fini(s);
    free(s->tls);
    free(s->functions);
    free(s->spans);
    free(s->globals);
    dwarf_cfi_end(s->eh);
    dwarf_end(s->dwarf);
    sym_elf_file_close(&s->file);
    sym_arena_fini(&s->arena);
    free(s->path);
    free(s);
}

const struct names *symbols_names(struct symbols *s)
{
    return &s->names;
}

int symbols_read(struct symbols *s, const struct memory *m, uint64_t addr, void *out, size_t n)
{
    if (n == 0)
        return 0;
    addr &= PLACE_ADDRESS;
    if (m && m->read && m->read(m->ctx, addr, out, n) == 0)
        return 0;
    return sym_elf_constant(&s->file, addr - s->bias, out, n) == n ? 0 : -1;
}

static uint64_t elf_address(const struct elf_symbol *table, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(table[i].name, name) == 0)
            return table[i].low;
    return 0;
}

uint64_t symbols_address(struct symbols *s, const char *name)
{
    for (size_t i = 0; i < s->nfunctions; i++)
        if (!s->functions[i].is_inlined && strcmp(s->functions[i].name, name) == 0)
            return s->functions[i].low + s->bias;
    for (size_t i = 0; i < s->nglobals; i++)
        if (s->globals[i].kind == GLOBAL_MEMORY && !s->globals[i].function &&
            strcmp(s->globals[i].name, name) == 0)
            return s->globals[i].addr + s->bias;
    uint64_t addr = elf_address(s->file.code, s->file.ncode, name);
    if (!addr)
        addr = elf_address(s->file.data, s->file.ndata, name);
    return addr ? addr + s->bias : 0;
}
