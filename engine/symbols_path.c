/* From an offset in an object to the part that lies there: ".head", "[3].name". */
#include <string.h>

#include "symbols_internal.h"

/* A range of bytes asked for, relative to the part reached so far. */
struct range {
    uint64_t offset, size; /* size at least 1 */
};

static int inside(const struct range *r, uint64_t low, uint64_t n)
{
    return r->offset >= low && n >= r->size && r->offset - low <= n - r->size;
}

static int overlaps_bits(const struct range *r, const struct member *m)
{
    uint64_t low = m->offset, high = low + (m->bit_offset + m->bit_size + 7) / 8;
    return r->offset < high && r->offset + r->size > low;
}

/* Neighbouring bit-fields are one memory location: name all that an access touches. */
static void spell_bits(const struct type *t, const struct range *r, struct text *out)
{
    int n = 0;
    for (uint32_t i = 0; i < t->nmembers; i++)
        n += t->members[i].bit_size && overlaps_bits(r, &t->members[i]);
    sym_text_s(out, n > 1 ? ".{" : n ? "." : "");
    int written = 0;
    for (uint32_t i = 0; i < t->nmembers; i++) {
        const struct member *m = &t->members[i];
        if (!m->bit_size || !m->name || !overlaps_bits(r, m))
            continue;
        if (written++)
            sym_text_c(out, ',');
        sym_text_s(out, m->name);
    }
    sym_text_s(out, n > 1 ? "}" : "");
}

static int touches_bits(const struct type *t, const struct range *r)
{
    for (uint32_t i = 0; i < t->nmembers; i++)
        if (t->members[i].bit_size && t->members[i].name && overlaps_bits(r, &t->members[i]))
            return 1;
    return 0;
}

static int has_parts(struct symbols *s, struct type *t)
{
    enum type_kind kind = sym_type_strip(s, t)->kind;
    return kind == TYPE_ARRAY || kind == TYPE_STRUCT || kind == TYPE_UNION;
}

/* The member that holds the range. Members of a union share it: one of just that size is best, then
 * one with parts. An
 * array without a length at the end takes the rest. */
static const struct member *choose(struct symbols *s, const struct type *t, const struct range *r)
{
    const struct member *best = NULL;
    for (uint32_t i = 0; i < t->nmembers; i++) {
        const struct member *m = &t->members[i];
        if (m->bit_size)
            continue;
        uint64_t n = sym_type_size(s, m->type);
        struct type *plain = sym_type_strip(s, m->type);
        int open_end = plain->kind == TYPE_ARRAY && !plain->count_known && r->offset >= m->offset;
        if (!open_end && !inside(r, m->offset, n))
            continue;
        if (n == r->size && r->offset == m->offset)
            return m;
        if (!best || (t->kind == TYPE_UNION && !has_parts(s, best->type) && has_parts(s, m->type)))
            best = m;
    }
    return best;
}

static struct type *into_member(struct symbols *s, struct type *t, struct range *r,
                                struct text *out)
{
    const struct member *m = choose(s, t, r);
    if (!m)
        return NULL;
    if (m->name) {
        sym_text_c(out, '.');
        sym_text_s(out, m->name);
    }
    r->offset -= m->offset;
    return m->type;
}

/* One element, or NULL when the range spans several: "[2..5]" then, if they are whole. */
static struct type *into_element(struct symbols *s, struct type *t, struct range *r,
                                 struct text *out)
{
    struct type *element = sym_type_of(s, t);
    uint64_t n = sym_type_size(s, element);
    if (n == 0)
        return NULL;
    uint64_t i = r->offset / n, rest = r->offset % n;
    if (r->size > n - rest && (rest || r->size % n))
        return NULL;
    sym_text_c(out, '[');
    sym_text_u(out, i);
    if (r->size > n - rest) {
        sym_text_s(out, "..");
        sym_text_u(out, i + r->size / n - 1);
        sym_text_c(out, ']');
        r->offset = 0;
        return NULL;
    }
    sym_text_c(out, ']');
    r->offset = rest;
    return element;
}

static int is_whole(struct symbols *s, struct type *t, const struct range *r, uint64_t asked,
                    enum path_rule rule)
{
    if (r->offset != 0)
        return 0;
    if (rule == PATH_SHALLOW)
        return asked == 0 || sym_type_size(s, t) == asked;
    return asked > sym_type_size(s, t) || (t->kind == TYPE_ARRAY && asked == sym_type_size(s, t) &&
                                           asked != sym_type_size(s, sym_type_of(s, t)));
}

struct type *sym_path_spell(struct symbols *s, struct type *t, uint64_t offset, uint64_t size,
                            enum path_rule rule, struct text *out)
{
    struct range r = {offset, size ? size : 1};
    for (int depth = 0; depth < MAX_CHAIN; depth++) {
        struct type *next = NULL;
        t = sym_type_strip(s, t);
        sym_type_load_members(s, t);
        if (t->kind == TYPE_ARRAY)
            sym_type_of(s, t);
        if (t->opaque || is_whole(s, t, &r, size, rule))
            break;
        if (t->kind == TYPE_ARRAY)
            next = into_element(s, t, &r, out);
        else if (t->kind == TYPE_STRUCT || t->kind == TYPE_UNION)
            next = into_member(s, t, &r, out);
        if (!next && t->nmembers && touches_bits(t, &r)) {
            spell_bits(t, &r, out);
            return NULL;
        }
        if (!next)
            break;
        t = next;
    }
    if (r.offset == 0)
        return t;
    sym_text_c(out, '+');
    sym_text_u(out, r.offset);
    return NULL;
}
