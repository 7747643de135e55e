/* One number, character, enumerator or pointer as C would write it. */
#include <dwarf.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols_internal.h"

enum { TEXT_OF_POINTER = 32 };

__extension__ typedef unsigned __int128 wide;

static uint64_t unsigned_of(const uint8_t *raw, size_t n)
{
    uint64_t v = 0;
    memcpy(&v, raw, n < 8 ? n : 8); /* targets are little-endian, as we are */
    return v;
}

static int64_t signed_of(const uint8_t *raw, size_t n)
{
    uint64_t v = unsigned_of(raw, n);
    if (n == 0 || n >= 8)
        return (int64_t)v;
    unsigned shift = (unsigned)(64 - 8 * n);
    return (int64_t)(v << shift) >> shift;
}

static void spell_wide(const uint8_t *raw, int is_signed, struct text *out)
{
    wide v;
    char digits[40];
    size_t i = sizeof digits;
    memcpy(&v, raw, sizeof v);
    if (is_signed && v >> 127) {
        sym_text_c(out, '-');
        v = 0 - v;
    }
    do {
        digits[--i] = (char)('0' + (int)(v % 10));
        v /= 10;
    } while (v);
    sym_text_n(out, digits + i, sizeof digits - i);
}

static void spell_hex_bytes(const uint8_t *raw, size_t n, struct text *out)
{
    sym_text_s(out, "0x");
    while (n-- > 0) {
        sym_text_c(out, "0123456789abcdef"[raw[n] >> 4]);
        sym_text_c(out, "0123456789abcdef"[raw[n] & 15]);
    }
}

/* The fewest digits that read back as the same number. */
static void spell_float(const uint8_t *raw, size_t n, struct text *out)
{
    char s[64];
    if (n == sizeof(float)) {
        float v;
        memcpy(&v, raw, sizeof v);
        for (int p = 6; p <= FLT_DECIMAL_DIG; p++) {
            snprintf(s, sizeof s, "%.*g", p, (double)v);
            if (isnan(v) || strtof(s, NULL) == v)
                break;
        }
    } else if (n == sizeof(double)) {
        double v;
        memcpy(&v, raw, sizeof v);
        for (int p = 6; p <= DBL_DECIMAL_DIG; p++) {
            snprintf(s, sizeof s, "%.*g", p, v);
            if (isnan(v) || strtod(s, NULL) == v)
                break;
        }
    } else if (n == sizeof(long double)) {
        long double v;
        memcpy(&v, raw, sizeof v);
        for (int p = 6; p <= LDBL_DECIMAL_DIG; p++) {
            snprintf(s, sizeof s, "%.*Lg", p, v);
            if (isnan(v) || strtold(s, NULL) == v)
                break;
        }
    } else {
        spell_hex_bytes(raw, n, out);
        return;
    }
    sym_text_s(out, s);
}

static void spell_complex(const uint8_t *raw, size_t n, struct text *out)
{
    spell_float(raw, n / 2, out);
    sym_text_s(out, " + ");
    spell_float(raw + n / 2, n / 2, out);
    sym_text_c(out, 'i');
}

static void spell_char(uint8_t c, struct text *out)
{
    sym_text_c(out, '\'');
    sym_text_escaped(out, c, '\'');
    sym_text_c(out, '\'');
}

static void spell_bool(const uint8_t *raw, size_t n, struct text *out)
{
    uint64_t v = unsigned_of(raw, n);
    if (v <= 1)
        sym_text_s(out, v ? "true" : "false");
    else
        sym_text_u(out, v);
}

static void spell_base(struct symbols *s, struct type *t, const uint8_t *raw, size_t n,
                       struct text *out)
{
    switch (t->encoding) {
    case DW_ATE_boolean:
        spell_bool(raw, n, out);
        break;
    case DW_ATE_float:
        spell_float(raw, n, out);
        break;
    case DW_ATE_complex_float:
        spell_complex(raw, n, out);
        break;
    case DW_ATE_signed:
    case DW_ATE_signed_char:
        if (sym_type_is_char(s, t))
            spell_char(raw[0], out);
        else if (n == 16)
            spell_wide(raw, 1, out);
        else
            sym_text_i(out, signed_of(raw, n));
        break;
    case DW_ATE_unsigned:
    case DW_ATE_unsigned_char:
    case DW_ATE_address:
    case DW_ATE_UTF:
        if (sym_type_is_char(s, t))
            spell_char(raw[0], out);
        else if (n == 16)
            spell_wide(raw, 0, out);
        else
            sym_text_u(out, unsigned_of(raw, n));
        break;
    default:
        spell_hex_bytes(raw, n, out);
        break;
    }
}

static const char *enumerator_of(const struct type *t, uint64_t v, uint64_t mask)
{
    for (uint32_t i = 0; i < t->nenumerators; i++)
        if (((uint64_t)t->enumerators[i].value & mask) == v)
            return t->enumerators[i].name;
    return NULL;
}

static int is_one_bit(uint64_t v)
{
    return v && (v & (v - 1)) == 0;
}

/* "READ|WRITE|0x40". Returns 0, having written nothing, when no flag fits. */
static int spell_flags(const struct type *t, uint64_t v, struct text *out)
{
    uint64_t left = v;
    int n = 0;
    for (uint32_t i = 0; i < t->nenumerators; i++) {
        uint64_t bit = (uint64_t)t->enumerators[i].value;
        if (!is_one_bit(bit) || !(left & bit))
            continue;
        if (n++)
            sym_text_c(out, '|');
        sym_text_s(out, t->enumerators[i].name);
        left &= ~bit;
    }
    if (n && left) {
        sym_text_c(out, '|');
        sym_text_hex(out, left);
    }
    return n;
}

/* Is a value without a name a set of flags? Only if the enumerators are single bits, or named sets
 * of such: in 0, 1, 2 a 3 is just wrong, but nothing tells it from a set, so it is shown as one. */
static int has_flags(const struct type *t)
{
    uint64_t bits = 0;
    int singles = 0;
    for (uint32_t i = 0; i < t->nenumerators; i++) {
        uint64_t v = (uint64_t)t->enumerators[i].value;
        if (is_one_bit(v)) {
            bits |= v;
            singles++;
        }
    }
    for (uint32_t i = 0; i < t->nenumerators; i++) {
        uint64_t v = (uint64_t)t->enumerators[i].value;
        if (v & ~bits)
            return 0;
    }
    return singles >= 2;
}

static void spell_enum(struct symbols *s, struct type *t, const uint8_t *raw, size_t n,
                       struct text *out)
{
    uint64_t mask = n >= 8 ? UINT64_MAX : ((uint64_t)1 << 8 * n) - 1;
    uint64_t v = unsigned_of(raw, n);
    sym_type_load_members(s, t);
    const char *name = enumerator_of(t, v, mask);
    if (name)
        sym_text_s(out, name);
    else if (v == 0 || !has_flags(t) || !spell_flags(t, v, out))
        sym_text_i(out, signed_of(raw, n));
}

/* What a pointer to char points at is text, unless it cannot be read. */
static void spell_pointer(const struct scene *c, struct type *t, uint64_t v, struct text *out)
{
    struct symbols *s = c->s;
    struct type *to = sym_type_strip(s, sym_type_of(s, t));
    if (v == 0) {
        sym_text_s(out, "0x0");
        return;
    }
    int is_text = sym_type_is_char(s, to);
    if (is_text && sym_string_spell(s, c->m, v, TEXT_OF_POINTER, out))
        return;
    if (sym_pointer_spell(s, v, sym_type_size(s, to), out))
        return;
    sym_text_hex(out, v);
    if (is_text && c->m)
        sym_text_s(out, " <unreadable>");
}

void sym_scalar_spell(const struct scene *c, struct type *t, const uint8_t *raw, size_t n,
                      struct text *out)
{
    if (t->kind == TYPE_POINTER || t->kind == TYPE_FUNCTION)
        spell_pointer(c, t, unsigned_of(raw, n), out);
    else if (t->kind == TYPE_ENUM)
        spell_enum(c->s, t, raw, n, out);
    else if (t->kind == TYPE_BASE && n > 0)
        spell_base(c->s, t, raw, n, out);
    else
        spell_hex_bytes(raw, n, out);
}
