/* What each DWARF operation does, one row each in the table below. */
#include <dwarf.h>
#include <string.h>

#include "symbols_machine.h"

static void stop(struct machine *x, enum location_kind kind)
{
    x->out->kind = kind;
    x->stopped = 1;
}

static void push(struct machine *x, uint64_t v)
{
    if (x->depth >= MACHINE_STACK)
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

void sym_location_hold(struct location *out, const void *bytes, size_t n)
{
    out->kind = LOCATION_VALUE;
    out->n = n < VALUE_BYTES ? n : VALUE_BYTES;
    memcpy(out->bytes, bytes, out->n);
}

/* DW_OP_regN ends a description (or a piece of one): the value itself is the register's. */
static void in_register(struct machine *x, uint64_t regno)
{
    if (reg_known(x->c, regno)) {
        sym_location_hold(x->out, &x->c->frame->reg[regno], 8);
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
    sym_eval_attr(&inner, &attr, &base);
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
static void op_indexed(struct machine *x, const Dwarf_Op *op)
{
    int is_address = op->atom == DW_OP_addrx || op->atom == DW_OP_GNU_addr_index;
    Dwarf_Attribute result;
    Dwarf_Addr addr;
    if (!x->attr || dwarf_getlocation_attr(x->attr, op, &result) != 0 ||
        dwarf_formaddr(&result, &addr) != 0)
        stop(x, LOCATION_BAD);
    else
        push(x, addr + (is_address ? x->c->s->bias : 0));
}

static void op_implicit_value(struct machine *x, const Dwarf_Op *op)
{
    Dwarf_Block block;
    if (!x->attr || dwarf_getlocation_implicit_value(x->attr, op, &block) != 0) {
        stop(x, LOCATION_BAD);
        return;
    }
    sym_location_hold(x->out, block.data, block.length);
    x->stopped = 1;
}

static void op_thread_local(struct machine *x, const Dwarf_Op *op)
{
    (void)op;
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

static uint64_t arithmetic(unsigned atom, uint64_t a, uint64_t b)
{
    switch (atom) {
    case DW_OP_and:
        return a & b;
    case DW_OP_or:
        return a | b;
    case DW_OP_xor:
        return a ^ b;
    case DW_OP_plus:
        return a + b;
    case DW_OP_minus:
        return a - b;
    case DW_OP_mul:
        return a * b;
    case DW_OP_div:
        return (uint64_t)divide((int64_t)a, (int64_t)b);
    case DW_OP_mod:
        return b ? a % b : 0;
    case DW_OP_shl:
        return b < 64 ? a << b : 0;
    case DW_OP_shr:
        return b < 64 ? a >> b : 0;
    default: /* DW_OP_shra */
        b = b < 64 ? b : 63;
        return a >> b | (a >> 63 && b ? ~(uint64_t)0 << (64 - b) : 0);
    }
}

static void op_arithmetic(struct machine *x, const Dwarf_Op *op)
{
    uint64_t b = pop(x), a = pop(x);
    push(x, arithmetic(op->atom, a, b));
}

static void op_compare(struct machine *x, const Dwarf_Op *op)
{
    int64_t b = (int64_t)pop(x), a = (int64_t)pop(x);
    int less = a < b, equal = a == b;
    int yes = op->atom == DW_OP_eq   ? equal
              : op->atom == DW_OP_ne ? !equal
              : op->atom == DW_OP_lt ? less
              : op->atom == DW_OP_le ? less || equal
              : op->atom == DW_OP_gt ? !less && !equal
                                     : !less;
    push(x, (uint64_t)yes);
}

static void op_unary(struct machine *x, const Dwarf_Op *op)
{
    uint64_t v = pop(x);
    if (op->atom == DW_OP_plus_uconst)
        v += op->number;
    else if (op->atom == DW_OP_not)
        v = ~v;
    else if (op->atom == DW_OP_neg || (int64_t)v < 0) /* or DW_OP_abs */
        v = 0 - v;
    push(x, v);
}

/* Jumps are given in bytes from the next operation; look for the one that stands there. */
static void op_jump(struct machine *x, const Dwarf_Op *op)
{
    uint64_t target = op->offset + 3 + (uint64_t)(int64_t)(int16_t)op->number;
    if (op->atom == DW_OP_bra && pop(x) == 0)
        return;
    for (size_t i = 0; i < x->nops; i++)
        if (x->ops[i].offset == target) {
            x->at = i;
            return;
        }
    x->at = x->nops;
}

static void op_shuffle(struct machine *x, const Dwarf_Op *op)
{
    uint64_t a, b, c;
    switch (op->atom) {
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
        a = pop(x), b = pop(x);
        push(x, a), push(x, b);
        break;
    default: /* DW_OP_rot */
        a = pop(x), b = pop(x), c = pop(x);
        push(x, a), push(x, c), push(x, b);
        break;
    }
}

static void op_constant(struct machine *x, const Dwarf_Op *op)
{
    push(x, op->number); /* signed ones come extended */
}

static void op_literal(struct machine *x, const Dwarf_Op *op)
{
    push(x, op->atom - (unsigned)DW_OP_lit0);
}

static void op_address(struct machine *x, const Dwarf_Op *op)
{
    push(x, op->number + x->c->s->bias);
}

static void op_register(struct machine *x, const Dwarf_Op *op)
{
    in_register(x, op->atom == DW_OP_regx ? op->number : op->atom - (uint64_t)DW_OP_reg0);
}

static void op_base_register(struct machine *x, const Dwarf_Op *op)
{
    if (op->atom == DW_OP_bregx)
        push_reg(x, op->number, op->number2);
    else
        push_reg(x, op->atom - (uint64_t)DW_OP_breg0, op->number);
}

static void op_frame_base(struct machine *x, const Dwarf_Op *op)
{
    push_frame_base(x, op->number);
}

static void op_cfa(struct machine *x, const Dwarf_Op *op)
{
    (void)op;
    if (x->c->frame && x->c->frame->cfa)
        push(x, x->c->frame->cfa);
    else
        stop(x, LOCATION_REGISTER);
}

static void op_deref(struct machine *x, const Dwarf_Op *op)
{
    push_deref(x, op->atom == DW_OP_deref ? 8 : (size_t)op->number);
}

static void op_stack_value(struct machine *x, const Dwarf_Op *op)
{
    uint64_t v = pop(x);
    (void)op;
    if (x->stopped)
        return;
    sym_location_hold(x->out, &v, 8);
    x->stopped = 1;
}

static void op_nothing(struct machine *x, const Dwarf_Op *op)
{
    (void)x;
    (void)op;
}

/* Only what the caller was given once, or what a pointer that is gone would point at. */
static void op_gone(struct machine *x, const Dwarf_Op *op)
{
    (void)op;
    stop(x, LOCATION_GONE);
}

static const struct {
    uint8_t first, last;
    void (*run)(struct machine *x, const Dwarf_Op *op);
} table[] = {
    {DW_OP_fbreg, DW_OP_fbreg, op_frame_base},
    {DW_OP_addr, DW_OP_addr, op_address},
    {DW_OP_call_frame_cfa, DW_OP_call_frame_cfa, op_cfa},
    {DW_OP_breg0, DW_OP_breg31, op_base_register},
    {DW_OP_reg0, DW_OP_reg31, op_register},
    {DW_OP_lit0, DW_OP_lit31, op_literal},
    {DW_OP_const1u, DW_OP_consts, op_constant},
    {DW_OP_dup, DW_OP_rot, op_shuffle},
    {DW_OP_deref, DW_OP_deref, op_deref},
    {DW_OP_deref_size, DW_OP_deref_size, op_deref},
    {DW_OP_abs, DW_OP_abs, op_unary},
    {DW_OP_and, DW_OP_mul, op_arithmetic}, /* and, div, minus, mod, mul */
    {DW_OP_neg, DW_OP_not, op_unary},
    {DW_OP_or, DW_OP_plus, op_arithmetic},
    {DW_OP_plus_uconst, DW_OP_plus_uconst, op_unary},
    {DW_OP_shl, DW_OP_xor, op_arithmetic}, /* shl, shr, shra, xor */
    {DW_OP_bra, DW_OP_bra, op_jump},
    {DW_OP_skip, DW_OP_skip, op_jump},
    {DW_OP_eq, DW_OP_ne, op_compare}, /* eq, ge, gt, le, lt, ne */
    {DW_OP_regx, DW_OP_regx, op_register},
    {DW_OP_bregx, DW_OP_bregx, op_base_register},
    {DW_OP_addrx, DW_OP_addrx, op_indexed},
    {DW_OP_constx, DW_OP_constx, op_indexed},
    {DW_OP_GNU_addr_index, DW_OP_GNU_addr_index, op_indexed},
    {DW_OP_GNU_const_index, DW_OP_GNU_const_index, op_indexed},
    {DW_OP_form_tls_address, DW_OP_form_tls_address, op_thread_local},
    {DW_OP_GNU_push_tls_address, DW_OP_GNU_push_tls_address, op_thread_local},
    {DW_OP_implicit_value, DW_OP_implicit_value, op_implicit_value},
    {DW_OP_stack_value, DW_OP_stack_value, op_stack_value},
    {DW_OP_nop, DW_OP_nop, op_nothing},
    {DW_OP_GNU_uninit, DW_OP_GNU_uninit, op_nothing},
    {DW_OP_implicit_pointer, DW_OP_implicit_pointer, op_gone},
    {DW_OP_GNU_implicit_pointer, DW_OP_GNU_implicit_pointer, op_gone},
    {DW_OP_entry_value, DW_OP_entry_value, op_gone},
    {DW_OP_GNU_entry_value, DW_OP_GNU_entry_value, op_gone},
    {DW_OP_GNU_parameter_ref, DW_OP_GNU_parameter_ref, op_gone},
};

void sym_machine_step(struct machine *x, const Dwarf_Op *op)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (op->atom >= table[i].first && op->atom <= table[i].last) {
            table[i].run(x, op);
            return;
        }
    stop(x, LOCATION_BAD);
}
