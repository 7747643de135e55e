/* Values of any type in one line: "{head = 0x0, n = 2}". */
#include <dwarf.h>
#include <string.h>

#include "symbols_internal.h"

enum { MAX_INLINE = 8, MAX_NEST = 5, MAX_TEXT = 48, MAX_SCALAR = 32 };

int sym_value_bytes(const struct scene *c, const struct value *v, uint64_t offset, void *out,
                    size_t n)
{
    if (!v->held)
        return symbols_read(c->s, c->m, v->addr + offset, out, n);
    if (offset > v->n || n > v->n - offset)
        return -1;
    memcpy(out, v->held + offset, n);
    return 0;
}

static struct value part(const struct value *v, struct type *type, uint64_t offset)
{
    struct value p = {.type = type, .addr = v->addr + offset};
    if (v->held) {
        size_t skip = offset < v->n ? (size_t)offset : v->n;
        p.held = v->held + skip;
        p.n = v->n - skip;
        p.addr = 0;
    }
    return p;
}

struct value sym_value_member(const struct scene *c, const struct value *v, const struct member *m)
{
    struct value p = part(v, m->type, m->offset);
    (void)c;
    p.bit_offset = m->bit_offset;
    p.bit_size = m->bit_size;
    return p;
}

struct value sym_value_element(const struct scene *c, const struct value *v, uint64_t i)
{
    struct type *element = sym_type_of(c->s, sym_type_strip(c->s, v->type));
    return part(v, element, i * sym_type_size(c->s, element));
}

static void spell_at(const struct scene *c, const struct value *v, struct text *out, int depth);

/* A bit-field: the bytes it touches, shifted and widened to the size of its type. */
static int bit_field(const struct scene *c, const struct value *v, int is_signed, uint8_t raw[8])
{
    uint8_t bytes[16] = {0};
    uint64_t low, high;
    size_t n = (v->bit_offset + v->bit_size + 7) / 8;
    if (n > 9 || sym_value_bytes(c, v, 0, bytes, n) != 0)
        return -1;
    memcpy(&low, bytes, 8);
    memcpy(&high, bytes + 8, 8);
    low >>= v->bit_offset;
    if (v->bit_offset)
        low |= high << (64 - v->bit_offset);
    if (v->bit_size < 64) {
        low &= ((uint64_t)1 << v->bit_size) - 1;
        if (is_signed && low >> (v->bit_size - 1))
            low |= ~(uint64_t)0 << v->bit_size;
    }
    memcpy(raw, &low, 8);
    return 0;
}

static void spell_scalar(const struct scene *c, const struct value *v, struct type *t,
                         struct text *out)
{
    uint8_t raw[MAX_SCALAR] = {0};
    uint64_t n = sym_type_size(c->s, t);
    int is_signed =
        t->kind == TYPE_BASE && (t->encoding == DW_ATE_signed || t->encoding == DW_ATE_signed_char);
    int failed;
    if (n == 0 || n > MAX_SCALAR) {
        sym_text_s(out, "<unknown>");
        return;
    }
    if (v->bit_size)
        failed = n > 8 ? -1 : bit_field(c, v, is_signed, raw);
    else
        failed = sym_value_bytes(c, v, 0, raw, (size_t)n);
    if (failed)
        sym_text_s(out, "<unreadable>");
    else
        sym_scalar_spell(c, t, raw, (size_t)n, out);
}

/* char a[n] as text: up to its NUL, or to its end. */
static void spell_chars(const struct scene *c, const struct value *v, uint64_t count,
                        struct text *out)
{
    unsigned char ch;
    uint64_t i;
    sym_text_c(out, '"');
    for (i = 0; i < count && i < MAX_TEXT; i++) {
        if (sym_value_bytes(c, v, i, &ch, 1) != 0 || ch == 0)
            break;
        sym_text_escaped(out, ch, '"');
    }
    sym_text_s(out, i == MAX_TEXT && i < count ? "\"..." : "\"");
}

static void spell_array(const struct scene *c, const struct value *v, struct type *t,
                        struct text *out, int depth)
{
    int known;
    uint64_t count = sym_array_count(c, t, &known), i;
    if (!known) {
        sym_text_s(out, "{...}");
        return;
    }
    if (sym_type_is_char(c->s, sym_type_of(c->s, t))) {
        spell_chars(c, v, count, out);
        return;
    }
    sym_text_c(out, '{');
    for (i = 0; i < count && i < MAX_INLINE && !out->cut; i++) {
        struct value element = sym_value_element(c, v, i);
        if (i)
            sym_text_s(out, ", ");
        spell_at(c, &element, out, depth + 1);
    }
    sym_text_s(out, i < count ? ", ...}" : "}");
}

static void spell_members(const struct scene *c, const struct value *v, struct type *t,
                          struct text *out, int depth)
{
    sym_text_c(out, '{');
    for (uint32_t i = 0; i < t->nmembers && !out->cut; i++) {
        struct value m = sym_value_member(c, v, &t->members[i]);
        if (i)
            sym_text_s(out, ", ");
        if (t->members[i].name) {
            sym_text_s(out, t->members[i].name);
            sym_text_s(out, " = ");
        }
        spell_at(c, &m, out, depth + 1);
    }
    sym_text_c(out, '}');
}

static int is_readable(const struct scene *c, const struct value *v)
{
    uint8_t byte;
    return sym_value_bytes(c, v, 0, &byte, 1) == 0;
}

static void spell_at(const struct scene *c, const struct value *v, struct text *out, int depth)
{
    struct type *t = sym_type_strip(c->s, v->type);
    sym_type_load_members(c->s, t);
    int is_array = t->kind == TYPE_ARRAY;
    if (t->opaque) {
        sym_text_c(out, '<');
        sym_text_s(out, t->opaque);
        sym_text_c(out, '>');
    } else if (!is_array && t->kind != TYPE_STRUCT && t->kind != TYPE_UNION) {
        spell_scalar(c, v, t, out);
    } else if (depth > MAX_NEST) {
        sym_text_s(out, "{...}");
    } else if (sym_type_size(c->s, t) && !is_readable(c, v)) {
        sym_text_s(out, "<unreadable>");
    } else if (is_array) {
        spell_array(c, v, t, out, depth);
    } else {
        spell_members(c, v, t, out, depth);
    }
}

void sym_value_spell(const struct scene *c, const struct value *v, struct text *out)
{
    spell_at(c, v, out, 0);
    sym_text_ellipsis(out);
}
