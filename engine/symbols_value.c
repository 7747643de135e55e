/* Values of any type in one line: "{head = 0x0, n = 2}". */
#include <dwarf.h>
#include <string.h>

#include "symbols_internal.h"

enum { MAX_INLINE = 8, MAX_NEST = 5, MAX_TEXT = 48, MAX_SCALAR = 32 };

int value_bytes(const struct scene *c, const struct value *v, uint64_t offset, void *out, size_t n)
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

struct value value_member(const struct scene *c, const struct value *v, const struct member *m)
{
    struct value p = part(v, m->type, m->offset);
    (void)c;
    p.bit_offset = m->bit_offset;
    p.bit_size = m->bit_size;
    return p;
}

struct value value_element(const struct scene *c, const struct value *v, uint64_t i)
{
    struct type *element = type_of(c->s, type_strip(c->s, v->type));
    return part(v, element, i * type_size(c->s, element));
}

static void spell_at(const struct scene *c, const struct value *v, struct text *out, int depth);

/* A bit-field: the bytes it touches, shifted and widened to the size of its type. */
static int bit_field(const struct scene *c, const struct value *v, int is_signed, uint8_t raw[8])
{
    uint8_t bytes[16] = {0};
    uint64_t low, high;
    size_t n = (v->bit_offset + v->bit_size + 7) / 8;
    if (n > 9 || value_bytes(c, v, 0, bytes, n) != 0)
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
    uint64_t n = type_size(c->s, t);
    int is_signed =
        t->kind == TYPE_BASE && (t->encoding == DW_ATE_signed || t->encoding == DW_ATE_signed_char);
    int failed;
    if (n == 0 || n > MAX_SCALAR) {
        text_s(out, "<unknown>");
        return;
    }
    if (v->bit_size)
        failed = n > 8 ? -1 : bit_field(c, v, is_signed, raw);
    else
        failed = value_bytes(c, v, 0, raw, (size_t)n);
    if (failed)
        text_s(out, "<unreadable>");
    else
        scalar_spell(c, t, raw, (size_t)n, out);
}

/* char a[n] as text: up to its NUL, or to its end. */
static void spell_chars(const struct scene *c, const struct value *v, uint64_t count,
                        struct text *out)
{
    unsigned char ch;
    uint64_t i;
    text_c(out, '"');
    for (i = 0; i < count && i < MAX_TEXT; i++) {
        if (value_bytes(c, v, i, &ch, 1) != 0 || ch == 0)
            break;
        text_escaped(out, ch, '"');
    }
    text_s(out, i == MAX_TEXT && i < count ? "\"..." : "\"");
}

static void spell_array(const struct scene *c, const struct value *v, struct type *t,
                        struct text *out, int depth)
{
    int known;
    uint64_t count = array_count(c, t, &known), i;
    if (!known) {
        text_s(out, "{...}");
        return;
    }
    if (type_is_char(c->s, type_of(c->s, t))) {
        spell_chars(c, v, count, out);
        return;
    }
    text_c(out, '{');
    for (i = 0; i < count && i < MAX_INLINE && !out->cut; i++) {
        struct value element = value_element(c, v, i);
        if (i)
            text_s(out, ", ");
        spell_at(c, &element, out, depth + 1);
    }
    text_s(out, i < count ? ", ...}" : "}");
}

static void spell_members(const struct scene *c, const struct value *v, struct type *t,
                          struct text *out, int depth)
{
    text_c(out, '{');
    for (uint32_t i = 0; i < t->nmembers && !out->cut; i++) {
        struct value m = value_member(c, v, &t->members[i]);
        if (i)
            text_s(out, ", ");
        if (t->members[i].name) {
            text_s(out, t->members[i].name);
            text_s(out, " = ");
        }
        spell_at(c, &m, out, depth + 1);
    }
    text_c(out, '}');
}

static int is_readable(const struct scene *c, const struct value *v)
{
    uint8_t byte;
    return value_bytes(c, v, 0, &byte, 1) == 0;
}

static void spell_at(const struct scene *c, const struct value *v, struct text *out, int depth)
{
    struct type *t = type_strip(c->s, v->type);
    type_load_members(c->s, t);
    int is_array = t->kind == TYPE_ARRAY;
    if (t->opaque) {
        text_c(out, '<');
        text_s(out, t->opaque);
        text_c(out, '>');
    } else if (!is_array && t->kind != TYPE_STRUCT && t->kind != TYPE_UNION) {
        spell_scalar(c, v, t, out);
    } else if (depth > MAX_NEST) {
        text_s(out, "{...}");
    } else if (type_size(c->s, t) && !is_readable(c, v)) {
        text_s(out, "<unreadable>");
    } else if (is_array) {
        spell_array(c, v, t, out, depth);
    } else {
        spell_members(c, v, t, out, depth);
    }
}

void value_spell(const struct scene *c, const struct value *v, struct text *out)
{
    spell_at(c, v, out, 0);
    text_ellipsis(out);
}
