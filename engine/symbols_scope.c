/* The variables of a function around a code address. */
#include <dwarf.h>
#include <string.h>

#include "symbols_internal.h"

struct collect {
    const struct scene *c;
    uint64_t link_pc;
    struct local *out;
    int n, max;
    int inlined; /* inside so many inlined functions */
};

static int is_artificial(Dwarf_Die *die)
{
    Dwarf_Attribute attr;
    bool set = false;
    return dwarf_attr_integrate(die, DW_AT_artificial, &attr) && dwarf_formflag(&attr, &set) == 0 &&
           set;
}

static int is_location_list(Dwarf_Die *die)
{
    Dwarf_Attribute attr;
    if (!dwarf_attr_integrate(die, DW_AT_location, &attr))
        return 0;
    unsigned form = dwarf_whatform(&attr);
    return form == DW_FORM_sec_offset || form == DW_FORM_loclistx || form == DW_FORM_data4 ||
           form == DW_FORM_data8;
}

static void add_local(struct collect *x, Dwarf_Die *die, uint32_t block)
{
    struct symbols *s = x->c->s;
    const char *name = sym_die_name(die);
    if (x->n >= x->max || !name || !*name || sym_die_flag(die, DW_AT_declaration) ||
        is_artificial(die))
        return;
    struct local *l = &x->out[x->n++];
    *l = (struct local){.name = symbols_name(s, name),
                        .die = *die,
                        .block = block,
                        .type = sym_type_of_attr(s, die),
                        .is_inlined = x->inlined > 0,
                        .is_list = is_location_list(die),
                        .is_parameter = dwarf_tag(die) == DW_TAG_formal_parameter};
    dwarf_decl_line(die, &l->line);
    sym_eval_variable(x->c, die, &l->where);
}

static void collect_block(struct collect *x, Dwarf_Die *die, uint32_t block)
{
    Dwarf_Die child;
    if (block > MAX_DEPTH || dwarf_child(die, &child) != 0)
        return;
    do {
        int tag = dwarf_tag(&child);
        if (tag == DW_TAG_formal_parameter || tag == DW_TAG_variable)
            add_local(x, &child, block);
        else if ((tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine) &&
                 sym_die_has_pc(&child, x->link_pc)) {
            x->inlined += tag == DW_TAG_inlined_subroutine;
            collect_block(x, &child, block + 1);
            x->inlined -= tag == DW_TAG_inlined_subroutine;
        }
    } while (sym_die_next(x->c->s, &child));
}

/* Compilers do not promise an order; the source has one: parameters first. */
static void parameters_first(struct local *locals, int n)
{
    int done = 0;
    for (int i = 0; i < n; i++) {
        if (!locals[i].is_parameter || locals[i].block != 0)
            continue;
        struct local l = locals[i];
        memmove(&locals[done + 1], &locals[done], (size_t)(i - done) * sizeof *locals);
        locals[done++] = l;
    }
}

int sym_locals_collect(const struct scene *c, struct local *out, int max)
{
    struct collect x = {.c = c, .out = out, .max = max};
    if (!c->function || !c->frame)
        return 0;
    symbols_fresh_budget(c->s);
    x.link_pc = c->frame->pc - 1 - c->s->bias;
    Dwarf_Die die = c->function->die;
    collect_block(&x, &die, 0);
    parameters_first(out, x.n);
    return x.n;
}
