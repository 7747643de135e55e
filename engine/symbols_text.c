#include "symbols_text.h"

#include <string.h>

void sym_text_init(struct text *t, char *out, size_t n)
{
    *t = (struct text){.p = out, .cap = n};
    if (n)
        out[0] = '\0';
}

void sym_text_n(struct text *t, const char *s, size_t n)
{
    size_t room = t->cap ? t->cap - 1 - t->len : 0;
    if (n > room) {
        n = room;
        t->cut = 1;
    }
    if (!n)
        return;
    memcpy(t->p + t->len, s, n);
    t->len += n;
    t->p[t->len] = '\0';
}

void sym_text_c(struct text *t, char c)
{
    sym_text_n(t, &c, 1);
}

void sym_text_s(struct text *t, const char *s)
{
    sym_text_n(t, s, strlen(s));
}

void sym_text_u(struct text *t, uint64_t v)
{
    char digits[20];
    size_t i = sizeof digits;
    do {
        digits[--i] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    sym_text_n(t, digits + i, sizeof digits - i);
}

void sym_text_i(struct text *t, int64_t v)
{
    if (v < 0)
        sym_text_c(t, '-');
    sym_text_u(t, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void sym_text_hex(struct text *t, uint64_t v)
{
    char digits[16];
    size_t i = sizeof digits;
    do {
        digits[--i] = "0123456789abcdef"[v & 15];
        v >>= 4;
    } while (v);
    sym_text_n(t, "0x", 2);
    sym_text_n(t, digits + i, sizeof digits - i);
}

void sym_text_escaped(struct text *t, unsigned char c, char quote)
{
    static const char plain[] = "abtnvfr"; /* 7..13 */
    if (c == '\\' || c == (unsigned char)quote) {
        sym_text_c(t, '\\');
        sym_text_c(t, (char)c);
    } else if (c >= 7 && c <= 13) {
        sym_text_c(t, '\\');
        sym_text_c(t, plain[c - 7]);
    } else if (c == 0) {
        sym_text_n(t, "\\0", 2);
    } else if (c < 0x20 || c >= 0x7f) {
        sym_text_n(t, "\\x", 2);
        sym_text_c(t, "0123456789abcdef"[c >> 4]);
        sym_text_c(t, "0123456789abcdef"[c & 15]);
    } else {
        sym_text_c(t, (char)c);
    }
}

void sym_text_ellipsis(struct text *t)
{
    if (!t->cut || t->cap < 4)
        return;
    size_t at = t->len < t->cap - 4 ? t->len : t->cap - 4;
    while (at > 0 && ((unsigned char)t->p[at] & 0xc0) == 0x80)
        at--; /* never half a UTF-8 sequence */
    memcpy(t->p + at, "...", 4);
    t->len = at + 3;
}
