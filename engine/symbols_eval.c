/* DWARF expressions: a stack machine with a budget; pieces put together; constants. */
#include <dwarf.h>
#include <string.h>

#include "symbols_machine.h"

/* A piece of `n` bytes: what stands before it, copied behind the pieces so far. An empty
 * description means that these bytes were optimised out. */
static void add_piece(struct machine *x, struct location *all, size_t n)
{
    struct location *part = x->out;
    if (!x->stopped && x->depth) {
        part->kind = LOCATION_MEMORY;
        part->addr = x->stack[--x->depth];
    } else if (!x->stopped) {
        part->kind = LOCATION_GONE;
    }
    if (n > VALUE_BYTES - all->n)
        all->kind = LOCATION_BAD;
    if (all->kind != LOCATION_VALUE)
        return;
    uint8_t *to = all->bytes + all->n;
    if (part->kind == LOCATION_MEMORY) {
        if (symbols_read(x->c->s, x->c->m, part->addr, to, n) != 0)
            all->kind = LOCATION_UNREADABLE;
    } else if (part->kind == LOCATION_VALUE && n <= part->n) {
        memcpy(to, part->bytes, n);
    } else {
        all->kind = part->kind == LOCATION_VALUE ? LOCATION_BAD : part->kind;
    }
    all->n += n;
}

static int is_piece(const struct machine *x)
{
    return x->at < x->nops && x->ops[x->at].atom == DW_OP_piece;
}

/* Run to the next piece or the end. 0, or -1 when the allowance of operations is spent. */
static int run_part(struct machine *x, int *allowance)
{
    while (!x->stopped && x->at < x->nops && !is_piece(x)) {
        if ((*allowance)-- <= 0)
            return -1;
        const Dwarf_Op *op = &x->ops[x->at++];
        sym_machine_step(x, op);
    }
    return 0;
}

/* A description in pieces: what each needs may be missing, then the whole is. */
static void run_pieces(struct machine *x, int *allowance)
{
    struct location all = {.kind = LOCATION_VALUE};
    while (is_piece(x)) {
        add_piece(x, &all, (size_t)x->ops[x->at++].number);
        x->stopped = 0;
        x->depth = 0;
        *x->out = (struct location){.kind = LOCATION_GONE};
        if (run_part(x, allowance) != 0)
            all.kind = LOCATION_BAD;
    }
    *x->out = all;
}

void sym_eval_ops(const struct scene *c, Dwarf_Attribute *attr, const Dwarf_Op *ops, size_t nops,
                  struct location *out)
{
    struct machine x = {.c = c, .attr = attr, .ops = ops, .nops = nops, .out = out};
    int allowance = MAX_OPS;
    *out = (struct location){.kind = LOCATION_GONE};
    if (nops > MAX_OPS || run_part(&x, &allowance) != 0)
        out->kind = LOCATION_BAD;
    else if (is_piece(&x))
        run_pieces(&x, &allowance);
    else if (!x.stopped && x.depth) {
        out->kind = LOCATION_MEMORY;
        out->addr = x.stack[x.depth - 1];
    }
}

void sym_eval_attr(const struct scene *c, Dwarf_Attribute *attr, struct location *out)
{
    Dwarf_Op *ops;
    size_t nops;
    uint64_t pc = c->frame ? c->frame->pc - 1 - c->s->bias : 0;
    *out = (struct location){.kind = LOCATION_GONE};
    int n = dwarf_getlocation_addr(attr, pc, &ops, &nops, 1);
    if (n < 0)
        out->kind = LOCATION_BAD;
    else if (n > 0)
        sym_eval_ops(c, attr, ops, nops, out);
}

/* A constant is a number or a block of bytes. */
static void eval_constant(Dwarf_Attribute *attr, struct location *out)
{
    Dwarf_Block block;
    Dwarf_Sword number;
    if (dwarf_formblock(attr, &block) == 0) {
        sym_location_hold(out, block.data, block.length);
        return;
    }
    const char *string = dwarf_formstring(attr);
    if (string)
        sym_location_hold(out, string, strlen(string) + 1);
    else if (dwarf_formsdata(attr, &number) == 0)
        sym_location_hold(out, &number, 8);
    else
        out->kind = LOCATION_BAD;
}

void sym_eval_variable(const struct scene *c, Dwarf_Die *die, struct location *out)
{
    Dwarf_Attribute attr;
    *out = (struct location){.kind = LOCATION_GONE};
    if (dwarf_attr_integrate(die, DW_AT_location, &attr))
        sym_eval_attr(c, &attr, out);
    else if (dwarf_attr_integrate(die, DW_AT_const_value, &attr))
        eval_constant(&attr, out);
}

uint64_t sym_array_count(const struct scene *c, struct type *array, int *known)
{
    Dwarf_Attribute attr;
    struct location where;
    sym_type_of(c->s, array);
    *known = array->count_known;
    if (*known || !array->has_range || !c->frame || c->depth >= MAX_NESTING)
        return array->count;
    int upper = dwarf_attr(&array->range, DW_AT_count, &attr) == NULL;
    if (upper && !dwarf_attr(&array->range, DW_AT_upper_bound, &attr))
        return 0;
    struct scene inner = *c;
    inner.depth++;
    Dwarf_Die die;
    uint64_t v = 0;
    if (dwarf_formref_die(&attr, &die))
        sym_eval_variable(&inner, &die, &where);
    else
        sym_eval_attr(&inner, &attr, &where);
    if (where.kind == LOCATION_MEMORY) {
        /* A DIE's location is where the bound is kept; an expression is the bound itself. */
        v = where.addr;
        if (dwarf_whatform(&attr) != DW_FORM_exprloc && dwarf_whatform(&attr) != DW_FORM_block1 &&
            symbols_read(c->s, c->m, where.addr, &v, 8) != 0)
            return 0;
    } else if (where.kind == LOCATION_VALUE && where.n == 8) {
        memcpy(&v, where.bytes, 8);
    } else {
        return 0;
    }
    *known = v < UINT32_MAX;
    return *known ? v + (upper ? 1 : 0) : 0;
}
