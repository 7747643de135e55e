/* DWARF expressions: a stack machine with a budget. Registers that were not given and memory that
 * cannot be read end it with a reason, not with a guess. */
#include <dwarf.h>
#include <string.h>

#include "symbols_internal.h"

enum { STACK = 64, MAX_OPS = 1000, MAX_NESTING = 6 };

struct machine {
    const struct scene *c;
    Dwarf_Attribute *attr;
    const Dwarf_Op *ops;
    size_t nops, at;
    uint64_t stack[STACK];
    size_t depth;
    struct location *out;
    size_t npieces; /* bytes put together from DW_OP_piece so far */
    int pieces;
    int stopped; /* out->kind is final */
};

static void stop(struct machine *x, enum location_kind kind)
{
    x->out->kind = kind;
    x->stopped = 1;
}

static void push(struct machine *x, uint64_t v)
{
    if (x->depth >= STACK)
        stop(x, LOCATION_BAD);
    else
        x->stack[x->depth++] = v;
}

static uint64_t pop(struct machine *x)
{
    if (x->depth == 0) {
        stop(x, LOCATION_BAD);
        return 0;
    }
    return x->stack[--x->depth];
}

static int reg_known(const struct scene *c, uint64_t regno)
{
    return c->frame && regno < MAX_REGS && (c->frame->known >> regno & 1);
}

static void push_reg(struct machine *x, uint64_t regno, uint64_t offset)
{
    if (!reg_known(x->c, regno))
        stop(x, LOCATION_REGISTER);
    else
        push(x, x->c->frame->reg[regno] + offset);
}

static void hold(struct location *out, const void *bytes, size_t n)
{
    out->kind = LOCATION_VALUE;
    out->n = n < VALUE_BYTES ? n : VALUE_BYTES;
    memcpy(out->bytes, bytes, out->n);
}

/* DW_OP_regN ends a description (or a piece of one): the value itself is the register's. */
static void in_register(struct machine *x, uint64_t regno)
{
    if (reg_known(x->c, regno)) {
        hold(x->out, &x->c->frame->reg[regno], 8);
        x->stopped = 1;
    } else {
        stop(x, LOCATION_REGISTER);
    }
}

static void push_frame_base(struct machine *x, uint64_t offset)
{
    const struct scene *c = x->c;
    Dwarf_Attribute attr;
    struct location base;
    if (!c->function || !c->frame || c->depth >= MAX_NESTING) {
        stop(x, LOCATION_REGISTER);
        return;
    }
    Dwarf_Die die = c->function->die;
    if (!dwarf_attr_integrate(&die, DW_AT_frame_base, &attr)) {
        stop(x, LOCATION_BAD);
        return;
    }
    struct scene inner = *c;
    inner.depth++;
    inner.function = NULL;
    eval_attr(&inner, &attr, &base);
    uint64_t value = base.addr;
    if (base.kind == LOCATION_VALUE && base.n == 8)
        memcpy(&value, base.bytes, 8);
    else if (base.kind != LOCATION_MEMORY) {
        stop(x, base.kind);
        return;
    }
    push(x, value + offset);
}

static void push_deref(struct machine *x, size_t n)
{
    uint64_t value = 0, addr = pop(x);
    if (x->stopped)
        return;
    if (n == 0 || n > 8)
        stop(x, LOCATION_BAD);
    else if (symbols_read(x->c->s, x->c->m, addr, &value, n) != 0)
        stop(x, LOCATION_UNREADABLE);
    else
        push(x, value);
}

static void pick(struct machine *x, uint64_t i)
{
    if (i >= x->depth)
        stop(x, LOCATION_BAD);
    else
        push(x, x->stack[x->depth - 1 - i]);
}

/* DW_OP_addrx, DW_OP_constx: an index into the unit's table of addresses. */
static void push_indexed(struct machine *x, const Dwarf_Op *op, uint64_t bias)
{
    Dwarf_Attribute result;
    Dwarf_Addr addr;
    if (!x->attr || dwarf_getlocation_attr(x->attr, op, &result) != 0 ||
        dwarf_formaddr(&result, &addr) != 0)
        stop(x, LOCATION_BAD);
    else
        push(x, addr + bias);
}

static void implicit_value(struct machine *x, const Dwarf_Op *op)
{
    Dwarf_Block block;
    if (!x->attr || dwarf_getlocation_implicit_value(x->attr, op, &block) != 0) {
        stop(x, LOCATION_BAD);
        return;
    }
    hold(x->out, block.data, block.length);
    x->stopped = 1;
}

static void thread_local(struct machine *x)
{
    uint64_t offset = pop(x);
    if (x->stopped)
        return;
    x->out->addr = offset;
    stop(x, LOCATION_TLS);
}

static int64_t divide(int64_t a, int64_t b)
{
    return b == 0 || (b == -1 && a == INT64_MIN) ? 0 : a / b;
}

static void binary(struct machine *x, unsigned atom)
{
    uint64_t b = pop(x), a = pop(x), v = 0;
    int64_t sa = (int64_t)a, sb = (int64_t)b;
    switch (atom) {
    case DW_OP_and:
        v = a & b;
        break;
    case DW_OP_or:
        v = a | b;
        break;
    case DW_OP_xor:
        v = a ^ b;
        break;
    case DW_OP_plus:
        v = a + b;
        break;
    case DW_OP_minus:
        v = a - b;
        break;
    case DW_OP_mul:
        v = a * b;
        break;
    case DW_OP_div:
        v = (uint64_t)divide(sa, sb);
        break;
    case DW_OP_mod:
        v = b ? a % b : 0;
        break;
    case DW_OP_shl:
        v = b < 64 ? a << b : 0;
        break;
    case DW_OP_shr:
        v = b < 64 ? a >> b : 0;
        break;
    case DW_OP_shra:
        v = (uint64_t)(sa >> (b < 64 ? b : 63));
        break;
    case DW_OP_eq:
        v = sa == sb;
        break;
    case DW_OP_ne:
        v = sa != sb;
        break;
    case DW_OP_lt:
        v = sa < sb;
        break;
    case DW_OP_le:
        v = sa <= sb;
        break;
    case DW_OP_gt:
        v = sa > sb;
        break;
    case DW_OP_ge:
        v = sa >= sb;
        break;
    default:
        stop(x, LOCATION_BAD);
        return;
    }
    if (!x->stopped)
        push(x, v);
}

/* Jumps are given in bytes from the next operation; look for the one that stands there. */
static void jump(struct machine *x, const Dwarf_Op *op)
{
    uint64_t target = op->offset + 3 + (uint64_t)(int64_t)(int16_t)op->number;
    for (size_t i = 0; i < x->nops; i++)
        if (x->ops[i].offset == target) {
            x->at = i;
            return;
        }
    x->at = x->nops;
}

static void swap_top(struct machine *x)
{
    uint64_t a = pop(x), b = pop(x);
    push(x, a);
    push(x, b);
}

static void rotate_top(struct machine *x)
{
    uint64_t a = pop(x), b = pop(x), c = pop(x);
    push(x, a);
    push(x, c);
    push(x, b);
}

static void unary(struct machine *x, const Dwarf_Op *op)
{
    uint64_t v = pop(x);
    switch (op->atom) {
    case DW_OP_abs:
        v = (int64_t)v < 0 ? 0 - v : v;
        break;
    case DW_OP_neg:
        v = 0 - v;
        break;
    case DW_OP_not:
        v = ~v;
        break;
    case DW_OP_plus_uconst:
        v += op->number;
        break;
    default:
        break;
    }
    push(x, v);
}

static void constant_or_register(struct machine *x, const Dwarf_Op *op)
{
    unsigned atom = op->atom;
    if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31)
        push(x, atom - DW_OP_lit0);
    else if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31)
        in_register(x, atom - DW_OP_reg0);
    else if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31)
        push_reg(x, atom - DW_OP_breg0, op->number);
    else
        binary(x, atom);
}

static void step(struct machine *x, const Dwarf_Op *op)
{
    uint64_t bias = x->c->s->bias;
    switch (op->atom) {
    case DW_OP_addr:
        push(x, op->number + bias);
        break;
    case DW_OP_addrx:
    case DW_OP_GNU_addr_index:
        push_indexed(x, op, bias);
        break;
    case DW_OP_constx:
    case DW_OP_GNU_const_index:
        push_indexed(x, op, 0);
        break;
    case DW_OP_const1u:
    case DW_OP_const2u:
    case DW_OP_const4u:
    case DW_OP_const8u:
    case DW_OP_constu:
    case DW_OP_consts:
    case DW_OP_const8s:
        push(x, op->number);
        break;
    case DW_OP_const1s:
        push(x, (uint64_t)(int64_t)(int8_t)op->number);
        break;
    case DW_OP_const2s:
        push(x, (uint64_t)(int64_t)(int16_t)op->number);
        break;
    case DW_OP_const4s:
        push(x, (uint64_t)(int64_t)(int32_t)op->number);
        break;
    case DW_OP_dup:
        pick(x, 0);
        break;
    case DW_OP_over:
        pick(x, 1);
        break;
    case DW_OP_pick:
        pick(x, op->number);
        break;
    case DW_OP_drop:
        pop(x);
        break;
    case DW_OP_swap:
        swap_top(x);
        break;
    case DW_OP_rot:
        rotate_top(x);
        break;
    case DW_OP_deref:
        push_deref(x, 8);
        break;
    case DW_OP_deref_size:
        push_deref(x, (size_t)op->number);
        break;
    case DW_OP_abs:
    case DW_OP_neg:
    case DW_OP_not:
    case DW_OP_plus_uconst:
        unary(x, op);
        break;
    case DW_OP_skip:
        jump(x, op);
        break;
    case DW_OP_bra:
        if (pop(x) != 0)
            jump(x, op);
        break;
    case DW_OP_regx:
        in_register(x, op->number);
        break;
    case DW_OP_bregx:
        push_reg(x, op->number, op->number2);
        break;
    case DW_OP_fbreg:
        push_frame_base(x, op->number);
        break;
    case DW_OP_call_frame_cfa:
        if (x->c->frame && x->c->frame->cfa)
            push(x, x->c->frame->cfa);
        else
            stop(x, LOCATION_REGISTER);
        break;
    case DW_OP_form_tls_address:
    case DW_OP_GNU_push_tls_address:
        thread_local(x);
        break;
    case DW_OP_implicit_value:
        implicit_value(x, op);
        break;
    case DW_OP_stack_value: {
        uint64_t v = pop(x);
        if (!x->stopped) {
            hold(x->out, &v, 8);
            x->stopped = 1;
        }
        break;
    }
    case DW_OP_nop:
    case DW_OP_GNU_uninit:
        break;
    case DW_OP_implicit_pointer:
    case DW_OP_GNU_implicit_pointer:
    case DW_OP_entry_value:
    case DW_OP_GNU_entry_value:
    case DW_OP_GNU_parameter_ref:
        stop(x, LOCATION_GONE);
        break;
    default:
        constant_or_register(x, op);
        break;
    }
}

/* A piece of `n` bytes: what stands before it, copied behind the pieces so far. An empty
 * description means that these bytes were optimised out. */
static void add_piece(struct machine *x, struct location *all, size_t n)
{
    struct location *part = x->out;
    if (!x->stopped && x->depth) {
        part->kind = LOCATION_MEMORY;
        part->addr = pop(x);
    } else if (!x->stopped) {
        part->kind = LOCATION_GONE;
    }
    x->pieces = 1;
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

void eval_ops(const struct scene *c, Dwarf_Attribute *attr, const Dwarf_Op *ops, size_t nops,
              struct location *out)
{
    struct machine x = {.c = c, .attr = attr, .ops = ops, .nops = nops, .out = out};
    struct location all = {.kind = LOCATION_VALUE};
    *out = (struct location){.kind = nops > MAX_OPS ? LOCATION_BAD : LOCATION_GONE};
    if (nops > MAX_OPS)
        return;
    for (int n = 0; x.at < nops; n++) {
        if (n >= MAX_OPS) {
            stop(&x, LOCATION_BAD);
            return;
        }
        if (!x.stopped && !is_piece(&x)) {
            const Dwarf_Op *op = &ops[x.at++];
            step(&x, op);
        }
        if (is_piece(&x)) {
            add_piece(&x, &all, (size_t)ops[x.at++].number);
            x.stopped = 0;
            x.depth = 0;
            *out = (struct location){.kind = LOCATION_GONE};
        } else if (x.stopped) {
            break;
        }
    }
    if (x.stopped)
        return;
    if (x.pieces) {
        *out = all;
    } else if (x.depth) {
        out->kind = LOCATION_MEMORY;
        out->addr = x.stack[x.depth - 1];
    }
}

void eval_attr(const struct scene *c, Dwarf_Attribute *attr, struct location *out)
{
    Dwarf_Op *ops;
    size_t nops;
    uint64_t pc = c->frame ? c->frame->pc - 1 - c->s->bias : 0;
    *out = (struct location){.kind = LOCATION_GONE};
    int n = dwarf_getlocation_addr(attr, pc, &ops, &nops, 1);
    if (n < 0)
        out->kind = LOCATION_BAD;
    else if (n > 0)
        eval_ops(c, attr, ops, nops, out);
}

/* A constant is a number or a block of bytes. */
static void eval_constant(Dwarf_Attribute *attr, struct location *out)
{
    Dwarf_Block block;
    Dwarf_Sword number;
    if (dwarf_formblock(attr, &block) == 0) {
        hold(out, block.data, block.length);
        return;
    }
    const char *string = dwarf_formstring(attr);
    if (string)
        hold(out, string, strlen(string) + 1);
    else if (dwarf_formsdata(attr, &number) == 0)
        hold(out, &number, 8);
    else
        out->kind = LOCATION_BAD;
}

void eval_variable(const struct scene *c, Dwarf_Die *die, struct location *out)
{
    Dwarf_Attribute attr;
    *out = (struct location){.kind = LOCATION_GONE};
    if (dwarf_attr_integrate(die, DW_AT_location, &attr))
        eval_attr(c, &attr, out);
    else if (dwarf_attr_integrate(die, DW_AT_const_value, &attr))
        eval_constant(&attr, out);
}

uint64_t array_count(const struct scene *c, struct type *array, int *known)
{
    Dwarf_Attribute attr;
    struct location where;
    type_of(c->s, array);
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
        eval_variable(&inner, &die, &where);
    else
        eval_attr(&inner, &attr, &where);
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
