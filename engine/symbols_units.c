/* One walk over all DIEs when the file is opened: functions with their code, variables with a fixed
 * place. Types and the locals of a function are read when they are asked for. */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "symbols_internal.h"

#define NO_FUNCTION UINT32_MAX

enum { MAX_RANGES = 4096 };

struct walk {
    struct symbols *s;
    uint32_t unit, order;
    uint32_t outer;    /* the real function around, NO_FUNCTION outside */
    uint32_t function; /* the same or the inlined one */
    uint32_t depth;
};

static void walk_children(struct walk w, Dwarf_Die *die);

static void add_spans(struct symbols *s, Dwarf_Die *die, uint32_t function, uint32_t depth)
{
    Dwarf_Addr base, low, high;
    ptrdiff_t at = 0;
    for (int i = 0; i < MAX_RANGES; i++) {
        at = dwarf_ranges(die, at, &base, &low, &high);
        if (at <= 0)
            return;
        if (high <= low || !sym_elf_is_code(&s->file, low))
            continue;
        s->spans = sym_grow(s->spans, s->nspans, &s->cap_spans, sizeof *s->spans);
        s->spans[s->nspans++] = (struct span){low, high, function, depth};
    }
}

static void add_function(struct walk w, Dwarf_Die *die, int inlined)
{
    struct symbols *s = w.s;
    size_t before = s->nspans;
    uint32_t index = (uint32_t)s->nfunctions;
    add_spans(s, die, index, w.depth);
    if (s->nspans == before)
        return;
    Dwarf_Addr low;
    if (dwarf_lowpc(die, &low) != 0 || !sym_elf_is_code(&s->file, low))
        low = s->spans[before].low;
    const char *name = sym_die_name(die);
    s->functions = sym_grow(s->functions, s->nfunctions, &s->cap_functions, sizeof *s->functions);
    s->functions[s->nfunctions++] = (struct function){
        .name = name ? symbols_name(s, name) : "",
        .low = low,
        .die = *die,
        .outer = inlined ? w.outer : index,
        .is_inlined = inlined,
    };
    if (!inlined)
        w.outer = index;
    w.function = index;
    w.depth++;
    walk_children(w, die);
}

/* Sort the place of a variable into memory, thread-local or constant; 0 if it has none of its own.
 * Locals on the stack are recognised by the first byte, without decoding. */
static int place_global(struct symbols *s, Dwarf_Die *die, struct global *g, int is_local)
{
    Dwarf_Attribute attr;
    if (is_local) {
        Dwarf_Block b;
        if (!dwarf_attr_integrate(die, DW_AT_location, &attr) || dwarf_formblock(&attr, &b) != 0 ||
            b.length == 0 || b.data[0] == DW_OP_fbreg)
            return 0;
    }
    struct scene scene = {.s = s};
    struct location where;
    sym_eval_variable(&scene, die, &where);
    g->addr = where.addr;
    switch (where.kind) {
    case LOCATION_MEMORY:
        g->kind = GLOBAL_MEMORY;
        g->addr -= s->bias;
        return sym_elf_segment(&s->file, g->addr) != NULL;
    case LOCATION_TLS:
        g->kind = GLOBAL_TLS;
        return where.addr < s->file.tls_size;
    case LOCATION_VALUE:
        g->kind = GLOBAL_CONSTANT;
        return !is_local;
    default:
        return 0;
    }
}

static void add_variable(struct walk *w, Dwarf_Die *die)
{
    struct symbols *s = w->s;
    struct global g = {.die = *die, .unit = w->unit, .order = w->order++};
    int is_local = w->function != NO_FUNCTION;
    if (sym_die_flag(die, DW_AT_declaration) || sym_die_flag(die, DW_AT_artificial))
        return;
    const char *name = sym_die_name(die);
    if (!name || !*name || !place_global(s, die, &g, is_local))
        return;
    g.name = symbols_name(s, name);
    g.function = is_local ? s->functions[w->function].name : NULL;
    g.type = sym_type_of_attr(s, die);
    g.size = sym_type_size(s, g.type);
    dwarf_decl_line(die, &g.line);
    s->globals = sym_grow(s->globals, s->nglobals, &s->cap_globals, sizeof *s->globals);
    s->globals[s->nglobals++] = g;
}

static void walk_die(struct walk *w, Dwarf_Die *die)
{
    switch (dwarf_tag(die)) {
    case DW_TAG_subprogram:
        if (!sym_die_flag(die, DW_AT_declaration))
            add_function(*w, die, 0);
        break;
    case DW_TAG_inlined_subroutine:
        if (w->outer != NO_FUNCTION)
            add_function(*w, die, 1);
        break;
    case DW_TAG_variable:
        add_variable(w, die);
        break;
    case DW_TAG_lexical_block:
    case DW_TAG_namespace: {
        struct walk inner = *w;
        inner.depth++;
        walk_children(inner, die);
        w->order = w->order + 1;
        break;
    }
    default:
        break;
    }
}

static void walk_children(struct walk w, Dwarf_Die *die)
{
    Dwarf_Die child;
    if (w.depth > MAX_DEPTH || dwarf_child(die, &child) != 0)
        return;
    do {
        walk_die(&w, &child);
    } while (sym_die_next(w.s, &child));
}

static int by_declaration(const void *a, const void *b)
{
    const struct global *x = a, *y = b;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static int span_order(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    if (x->low != y->low)
        return x->low < y->low ? -1 : 1;
    if (x->depth != y->depth)
        return x->depth < y->depth ? -1 : 1;
    return x->high > y->high ? -1 : x->high < y->high;
}

/* Spans nest as functions are inlined into each other; make them disjoint, the innermost winning,
 * so that a look-up is one binary search. */
struct flatten {
    struct span *out;
    size_t nout, cap;
    struct span *open; /* the spans around the current address, outermost first */
    size_t nopen, cap_open;
    uint64_t at; /* everything below is done */
};

static void emit(struct flatten *f, const struct span *s, uint64_t high)
{
    if (high <= f->at)
        return;
    f->out = sym_grow(f->out, f->nout, &f->cap, sizeof *f->out);
    f->out[f->nout++] = (struct span){f->at, high, s->function, s->depth};
    f->at = high;
}

static void close_until(struct flatten *f, uint64_t addr)
{
    while (f->nopen && f->open[f->nopen - 1].high <= addr) {
        emit(f, &f->open[f->nopen - 1], f->open[f->nopen - 1].high);
        f->nopen--;
    }
}

static void flatten_spans(struct symbols *s)
{
    struct flatten f = {0};
    if (s->nspans)
        qsort(s->spans, s->nspans, sizeof *s->spans, span_order);
    for (size_t i = 0; i < s->nspans; i++) {
        struct span next = s->spans[i];
        close_until(&f, next.low);
        if (f.nopen) {
            emit(&f, &f.open[f.nopen - 1], next.low);
            if (next.high > f.open[f.nopen - 1].high)
                next.high = f.open[f.nopen - 1].high;
        }
        if (next.low > f.at)
            f.at = next.low;
        f.open = sym_grow(f.open, f.nopen, &f.cap_open, sizeof *f.open);
        f.open[f.nopen++] = next;
    }
    close_until(&f, UINT64_MAX);
    free(s->spans);
    free(f.open);
    s->spans = f.out;
    s->nspans = f.nout;
}

static struct symbols *sorting; /* qsort takes no context; not thread-safe, as the header says */

static int by_place(const void *a, const void *b)
{
    const struct global *x = &sorting->globals[*(const uint32_t *)a];
    const struct global *y = &sorting->globals[*(const uint32_t *)b];
    if (x->addr != y->addr)
        return x->addr < y->addr ? -1 : 1;
    return x->size > y->size ? -1 : x->size < y->size;
}

static void index_globals(struct symbols *s)
{
    if (s->nglobals)
        qsort(s->globals, s->nglobals, sizeof *s->globals, by_declaration);
    s->by_addr = sym_arena_get(&s->arena, s->nglobals * sizeof *s->by_addr);
    for (size_t i = 0; i < s->nglobals; i++)
        if (s->globals[i].kind == GLOBAL_MEMORY)
            s->by_addr[s->nby_addr++] = (uint32_t)i;
    sorting = s;
    if (s->nby_addr)
        qsort(s->by_addr, s->nby_addr, sizeof *s->by_addr, by_place);
    sorting = NULL;
}

void sym_units_load(struct symbols *s)
{
    Dwarf_CU *cu = NULL;
    Dwarf_Die unit;
    uint8_t kind;
    for (uint32_t i = 0; s->dwarf && symbols_charge(s, 16); i++) {
        if (dwarf_get_units(s->dwarf, cu, &cu, NULL, &kind, &unit, NULL) != 0)
            break;
        if (kind != DW_UT_compile && kind != DW_UT_skeleton)
            continue;
        sym_lines_load_unit(s, &unit);
        struct walk w = {.s = s, .unit = i, .outer = NO_FUNCTION, .function = NO_FUNCTION};
        walk_children(w, &unit);
    }
    sym_lines_finish(s);
    flatten_spans(s);
    index_globals(s);
}

const struct function *sym_function_at(const struct symbols *s, uint64_t link_pc)
{
    size_t low = 0, high = s->nspans;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->spans[mid].low <= link_pc)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0 || link_pc >= s->spans[low - 1].high)
        return NULL;
    return &s->functions[s->spans[low - 1].function];
}

const struct function *sym_function_outer(const struct symbols *s, const struct function *f)
{
    return f ? &s->functions[f->outer] : NULL;
}
