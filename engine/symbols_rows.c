/* Variables as rows: a frame's locals, the program's globals, and what they hold. */
#include <string.h>

#include "symbols_internal.h"

enum { MAX_ROW_DEPTH = 2, MAX_ELEMENT_ROWS = 20, MAX_UNNAMED = 4 };

struct rows {
    const struct scene *c;
    struct variable *out;
    int n, max;
};

static const char *const shown[] = {
    [LOCATION_GONE] = "<optimized out>",
    [LOCATION_TLS] = "<thread-local>",
    [LOCATION_REGISTER] = "<in a register>",
    [LOCATION_UNREADABLE] = "<unreadable>",
    [LOCATION_BAD] = "<unknown>",
};

static struct variable *add_row(struct rows *x, const char *name, struct type *type, int depth)
{
    if (x->n >= x->max)
        return NULL;
    struct symbols *s = x->c->s;
    struct variable *row = &x->out[x->n++];
    *row = (struct variable){.depth = depth};
    struct text t;
    sym_text_init(&t, row->name, sizeof row->name);
    sym_text_s(&t, name);
    sym_text_ellipsis(&t);
    struct type *plain = sym_type_strip(s, type);
    sym_type_load_members(s, plain);
    if (plain->opaque) {
        sym_text_init(&t, row->type, sizeof row->type);
        sym_text_s(&t, plain->opaque);
    } else {
        sym_type_spell(s, type, row->type, sizeof row->type);
    }
    uint64_t size = sym_type_size(s, type);
    row->size = size <= UINT32_MAX ? (uint32_t)size : UINT32_MAX;
    return row;
}

static void add_value(struct rows *x, const char *name, const struct value *v, int depth, int line);

/* The members of an unnamed struct or union are used like those around it. */
static void add_members(struct rows *x, const struct value *v, struct type *t, int depth,
                        int unnamed)
{
    sym_type_load_members(x->c->s, t);
    for (uint32_t i = 0; i < t->nmembers; i++) {
        struct value m = sym_value_member(x->c, v, &t->members[i]);
        if (t->members[i].name)
            add_value(x, t->members[i].name, &m, depth, 0);
        else if (unnamed < MAX_UNNAMED)
            add_members(x, &m, sym_type_strip(x->c->s, m.type), depth, unnamed + 1);
    }
}

static void element_name(char *out, size_t n, uint64_t first, uint64_t last)
{
    struct text t;
    sym_text_init(&t, out, n);
    sym_text_c(&t, '[');
    sym_text_u(&t, first);
    if (last > first) {
        sym_text_s(&t, "..");
        sym_text_u(&t, last);
    }
    sym_text_c(&t, ']');
}

static void add_elements(struct rows *x, const struct value *v, struct type *t, int depth)
{
    int known;
    char name[64];
    uint64_t i, count = sym_array_count(x->c, t, &known);
    if (!known || sym_type_is_char(x->c->s, sym_type_of(x->c->s, t)))
        return;
    for (i = 0; i < count && i < MAX_ELEMENT_ROWS; i++) {
        struct value element = sym_value_element(x->c, v, i);
        element_name(name, sizeof name, i, i);
        add_value(x, name, &element, depth, 0);
    }
    if (i >= count)
        return;
    element_name(name, sizeof name, i, count - 1);
    struct variable *row = add_row(x, name, sym_type_of(x->c->s, t), depth);
    if (row)
        memcpy(row->value, "...", 4);
}

/* The size of a variable length array is its frame's. */
static void dynamic_size(struct rows *x, struct type *t, struct variable *row)
{
    int known;
    uint64_t n = sym_array_count(x->c, t, &known) * sym_type_size(x->c->s, sym_type_of(x->c->s, t));
    if (known && row->size == 0 && n <= UINT32_MAX)
        row->size = (uint32_t)n;
}

static void add_value(struct rows *x, const char *name, const struct value *v, int depth, int line)
{
    struct type *t = sym_type_strip(x->c->s, v->type);
    struct variable *row = add_row(x, name, v->type, depth);
    if (!row)
        return;
    row->addr = v->addr;
    row->line = line;
    if (t->opaque)
        return;
    struct text text;
    sym_text_init(&text, row->value, sizeof row->value);
    sym_value_spell(x->c, v, &text);
    if (t->kind == TYPE_ARRAY)
        dynamic_size(x, t, row);
    if (depth >= MAX_ROW_DEPTH || strcmp(row->value, "<unreadable>") == 0)
        return;
    if (t->kind == TYPE_ARRAY)
        add_elements(x, v, t, depth + 1);
    else if (t->kind == TYPE_STRUCT || t->kind == TYPE_UNION)
        add_members(x, v, t, depth + 1, 0);
}

/* A thread-local variable has a place when the stack pointer tells the task and the task's thread
 * pointer was told. */
static int resolve_thread_local(const struct scene *c, struct location *where)
{
    struct symbols *s = c->s;
    if (!c->frame || !(c->frame->known >> s->arch->sp & 1))
        return 0;
    const struct stack *stack = sym_stacks_at(&s->stacks, c->frame->reg[s->arch->sp] | s->tag);
    for (size_t i = 0; stack && i < s->ntls; i++)
        if (s->tls[i].task == stack->task) {
            where->addr += sym_tls_block(s, s->tls[i].thread_pointer);
            where->kind = LOCATION_MEMORY;
            return 1;
        }
    return 0;
}

static void add_variable(struct rows *x, const char *name, struct type *type,
                         struct location *where, int line)
{
    if (where->kind == LOCATION_TLS)
        resolve_thread_local(x->c, where);
    struct value v = {.type = type, .addr = where->addr};
    if (where->kind == LOCATION_VALUE) {
        v = (struct value){.type = type, .held = where->bytes, .n = where->n};
    } else if (where->kind != LOCATION_MEMORY) {
        struct variable *row = add_row(x, name, type, 0);
        if (!row)
            return;
        row->line = line;
        memcpy(row->value, shown[where->kind], strlen(shown[where->kind]) + 1);
        return;
    }
    add_value(x, name, &v, 0, line);
}

/* C names one variable by a name: the innermost. */
static int is_shadowed(const struct local *l, const struct local *later, int nlater)
{
    for (int i = 0; i < nlater; i++)
        if (later[i].block > l->block && strcmp(later[i].name, l->name) == 0)
            return 1;
    return 0;
}

/* Where a frame stands, for telling what is declared there. */
struct standing {
    struct symbols *s;
    const struct function *function;
    const struct row *row; /* NULL: line unknown */
    int function_line;
};

static int is_same_function(const struct standing *at, const struct row *row)
{
    return sym_function_outer(at->s, sym_function_at(at->s, row->addr)) == at->function;
}

/* Is the line of `at` being carried out for the first time where its code comes in one piece? Then
 * a variable declared on it has no value yet: the code that stores it is at the end. A line in
 * several pieces is a loop's head. */
static int in_initialiser(const struct standing *at)
{
    const struct line_table *t = &at->s->lines;
    const struct row *row = sym_lines_at(at->s, at->function->low);
    int pieces = 0, was_ours = 0;
    for (; row && row < t->rows + t->nrows && is_same_function(at, row); row++) {
        int ours = row->line == at->row->line && row->file == at->row->file;
        pieces += ours && !was_ours;
        was_ours = ours;
    }
    return pieces == 1 && at->function_line != (int)at->row->line;
}

/* Not declared yet at this line: its place holds what another call left there. Optimised code moves
 * lines about, so there this is no sign; a static always has a value. */
static int is_early(const struct local *l, const struct standing *at)
{
    if (!at->row || !at->function || l->is_list || l->is_parameter || l->is_inlined || l->line <= 0)
        return 0;
    if (l->where.kind != LOCATION_MEMORY ||
        sym_elf_segment(&at->s->file, l->where.addr - at->s->bias))
        return 0;
    uint32_t line = (uint32_t)l->line;
    return line > at->row->line || (line == at->row->line && in_initialiser(at));
}

static size_t own_places(struct symbols *s, const struct local *locals, int n,
                         struct stack_place *out)
{
    size_t count = 0;
    for (int i = 0; i < n; i++) {
        const struct local *l = &locals[i];
        uint64_t size = sym_type_size(s, l->type);
        if (l->where.kind == LOCATION_MEMORY && size && l->where.addr + size > l->where.addr)
            out[count++] = (struct stack_place){.low = l->where.addr,
                                                .high = l->where.addr + size,
                                                .name = l->name,
                                                .type = l->type};
    }
    return count;
}

/* Drop what a reader of the source would not find there at this line. */
static int keep_visible(struct local *locals, int n, const struct standing *at)
{
    int kept = 0;
    for (int i = 0; i < n; i++)
        if (!is_shadowed(&locals[i], &locals[i + 1], n - i - 1) && !is_early(&locals[i], at))
            locals[kept++] = locals[i];
    return kept;
}

/* The places shown are those of the process whose memory was read. */
static int tag_rows(struct rows *x)
{
    for (int i = 0; i < x->n; i++)
        if (x->out[i].addr)
            x->out[i].addr |= x->c->s->tag;
    return x->n;
}

int symbols_locals(struct symbols *s, const struct regs *r, const struct memory *m, int index,
                   struct variable *out, int max)
{
    struct frame_state f;
    struct local locals[MAX_LOCALS];
    struct stack_place own[MAX_LOCALS];
    if (sym_frame_find(s, r, m, index, &f) != 0)
        return 0;
    uint64_t link_pc = f.pc - 1 - s->bias;
    struct scene scene = {.s = s,
                          .m = m,
                          .frame = &f,
                          .function = sym_function_outer(s, sym_function_at(s, link_pc))};
    int n = sym_locals_collect(&scene, locals, MAX_LOCALS);
    s->frame_places = own;
    s->nframe_places = own_places(s, locals, n, own);
    struct standing at = {.s = s, .function = scene.function, .row = sym_lines_at(s, link_pc)};
    if (scene.function) {
        Dwarf_Die die = scene.function->die;
        dwarf_decl_line(&die, &at.function_line);
    }
    n = keep_visible(locals, n, &at);
    struct rows x = {.c = &scene, .out = out, .max = max};
    for (int i = 0; i < n; i++)
        add_variable(&x, locals[i].name, locals[i].type, &locals[i].where, locals[i].line);
    s->frame_places = NULL;
    s->nframe_places = 0;
    return tag_rows(&x);
}

int symbols_globals(struct symbols *s, const struct memory *m, struct variable *out, int max)
{
    struct scene scene = {.s = s, .m = m};
    struct rows x = {.c = &scene, .out = out, .max = max};
    for (size_t i = 0; i < s->nglobals; i++) {
        struct global *g = &s->globals[i];
        struct location where;
        if (g->function)
            continue;
        sym_eval_variable(&scene, &g->die, &where);
        add_variable(&x, g->name, g->type, &where, g->line);
    }
    return tag_rows(&x);
}
