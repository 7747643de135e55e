#include "canvas.h"

#include "base.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    wchar_t glyph;
    char twin;
} twins[] = {
#define GLYPH(code, twin) {code, twin},
#include "glyph.def"
#undef GLYPH
};

/* Which way the lines of a box-drawing character go. */
enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };
static const wchar_t line_glyphs[16] = {
    [UP | DOWN] = L'│',
    [LEFT | RIGHT] = L'─',
    [DOWN | RIGHT] = L'┌',
    [DOWN | LEFT] = L'┐',
    [UP | RIGHT] = L'└',
    [UP | LEFT] = L'┘',
    [UP | DOWN | RIGHT] = L'├',
    [UP | DOWN | LEFT] = L'┤',
    [DOWN | LEFT | RIGHT] = L'┬',
    [UP | LEFT | RIGHT] = L'┴',
    [UP | DOWN | LEFT | RIGHT] = L'┼',
};

char glyph_twin(wchar_t ch)
{
    if (ch < 0x80)
        return (char)ch;
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
        if (twins[i].glyph == ch)
            return twins[i].twin;
    return '?';
}

void canvas_init(struct canvas *c)
{
    memset(c, 0, sizeof *c);
    canvas_resize(c, 1, 1);
}

void canvas_fini(struct canvas *c)
{
    free(c->cells);
    memset(c, 0, sizeof *c);
}

void canvas_resize(struct canvas *c, int cols, int rows)
{
    c->cols = cols < 1 ? 1 : cols;
    c->rows = rows < 1 ? 1 : rows;
    c->cells = xrealloc(c->cells, (size_t)c->cols * (size_t)c->rows, sizeof *c->cells);
    canvas_clear(c);
}

void canvas_clear(struct canvas *c)
{
    size_t n = (size_t)c->cols * (size_t)c->rows;
    for (size_t i = 0; i < n; i++)
        c->cells[i] = (struct cell){L' ', 0, ROLE_TEXT};
    c->clip = (struct rect){0, 0, c->cols, c->rows};
    c->cursor_x = c->cursor_y = -1;
    c->boxed = 0;
}

static int max(int a, int b)
{
    return a > b ? a : b;
}

static int min(int a, int b)
{
    return a < b ? a : b;
}

struct rect canvas_clip(struct canvas *c, struct rect r)
{
    struct rect before = c->clip;
    int x = max(r.x, 0), y = max(r.y, 0);
    c->clip = (struct rect){x, y, max(0, min(r.x + r.w, c->cols) - x),
                            max(0, min(r.y + r.h, c->rows) - y)};
    return before;
}

static struct cell *cell_at(const struct canvas *c, int x, int y)
{
    return &c->cells[(size_t)y * (size_t)c->cols + (size_t)x];
}

const struct cell *canvas_at(const struct canvas *c, int x, int y)
{
    return cell_at(c, x, y);
}

static int visible(const struct canvas *c, int x, int y)
{
    return x >= c->clip.x && y >= c->clip.y && x < c->clip.x + c->clip.w &&
           y < c->clip.y + c->clip.h;
}

/* Whatever half of a wide character would be left over becomes a blank. */
static void set_cell(struct canvas *c, int x, int y, unsigned style, wchar_t ch)
{
    struct cell *cell = cell_at(c, x, y);
    if (!cell->ch && x > 0 && ch)
        cell[-1].ch = L' ';
    if (x + 1 < c->cols && !cell[1].ch)
        cell[1].ch = L' ';
    *cell = (struct cell){ch, 0, (uint16_t)style};
}

/* Joiners, variation selectors, marks of direction: they change the width of what is around them,
 * or its order, on some terminals only. */
static int joins(wchar_t ch)
{
    return (ch >= 0x200b && ch <= 0x200f) || (ch >= 0x202a && ch <= 0x202e) ||
           (ch >= 0x2060 && ch <= 0x206f) || (ch >= 0xfe00 && ch <= 0xfe0f) || ch == 0xfeff ||
           ch >= 0xe0000;
}

/* The colour of the skin of the picture before it, which swallows it on some terminals. */
static int modifies_picture(wchar_t ch)
{
    return ch >= 0x1f3fb && ch <= 0x1f3ff;
}

static void add_mark(struct canvas *c, int x, int y, wchar_t mark)
{
    if (x < 0 || !visible(c, x, y))
        return;
    struct cell *cell = cell_at(c, x, y);
    if (!cell->ch && x > 0)
        cell--;
    if (!cell->mark && !c->ascii && !joins(mark))
        cell->mark = mark;
}

int canvas_put(struct canvas *c, int x, int y, unsigned style, wchar_t ch)
{
    if (modifies_picture(ch))
        return canvas_put(c, x, y, style, L' ') + canvas_put(c, x + 1, y, style, L' ');
    if (c->ascii && ch >= 0x80 && !(c->wide && wcwidth(ch) == 2))
        ch = (wchar_t)glyph_twin(ch);
    if (ch < L' ' || ch == 0x7f)
        ch = L'?';
    int width = ch < 0x80 ? 1 : wcwidth(ch);
    if (width < 0) {
        ch = L'?';
        width = 1;
    }
    if (width == 0) {
        add_mark(c, x - 1, y, ch);
        return 0;
    }
    if (width == 2 && visible(c, x, y) && visible(c, x + 1, y)) {
        set_cell(c, x, y, style, ch);
        set_cell(c, x + 1, y, style, 0);
        return 2;
    }
    if (visible(c, x, y))
        set_cell(c, x, y, style, width == 2 ? L' ' : ch);
    else if (width == 2 && visible(c, x + 1, y))
        set_cell(c, x + 1, y, style, L' ');
    return width;
}

size_t utf8_next(const char *s, size_t n, wchar_t *ch)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *u = (const unsigned char *)s;
    *ch = 0xfffd;
    if (!n)
        return 0;
    if (u[0] < 0x80) {
        *ch = (wchar_t)u[0];
        return 1;
    }
    size_t len = u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;
    if (u[0] < 0xc2 || u[0] > 0xf4 || len > n)
        return 1;
    unsigned value = u[0] & (0x7fU >> len);
    for (size_t i = 1; i < len; i++) {
        if ((u[i] & 0xc0) != 0x80)
            return 1;
        value = value << 6 | (u[i] & 0x3fU);
    }
    if (value < least[len] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 1;
    *ch = (wchar_t)value;
    return len;
}

static int char_cols(wchar_t ch)
{
    if (ch < 0x80)
        return 1;
    int w = wcwidth(ch);
    return w < 0 ? 1 : w;
}

size_t utf8_put(int ch, char *out)
{
    if (ch < 0x80) {
        out[0] = (char)ch;
        return 1;
    }
    size_t n = ch < 0x800 ? 2 : ch < 0x10000 ? 3 : 4;
    for (size_t i = n; --i > 0; ch >>= 6)
        out[i] = (char)(0x80 | (ch & 0x3f));
    static const int lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    out[0] = (char)(lead[n] | ch);
    return n;
}

int utf8_cols(const char *s, size_t nbytes)
{
    int cols = 0;
    wchar_t ch;
    for (size_t i = 0; i < nbytes;) {
        i += utf8_next(s + i, nbytes - i, &ch);
        cols += char_cols(ch);
    }
    return cols;
}

static int is_one_of(wchar_t ch, const wchar_t *set)
{
    return wcschr(set, ch) != NULL;
}

/* May a line end between these two, neither of which is a blank? */
static int breaks_between(wchar_t before, wchar_t after)
{
    if (char_cols(before) < 2 && char_cols(after) < 2)
        return 0;
    return char_cols(after) > 0 && !is_one_of(before, L"（《「『【〈〔“‘([{\"") &&
           !is_one_of(after, L"，。、；：！？）》」』】〉〕”’…—·,.;:!?)]}\"%");
}

size_t utf8_line(const char *s, size_t n, int width, size_t *next)
{
    size_t end = 0, i = 0, len;
    wchar_t ch = 0, before;
    for (int cols = 0; i < n; i += len) {
        before = ch;
        len = utf8_next(s + i, n - i, &ch);
        cols += char_cols(ch);
        if (i && ch == ' ') {
            end = i;
            *next = i + 1;
        } else if (i && before != ' ' && breaks_between(before, ch)) {
            end = *next = i;
        }
        if (cols > width && i)
            break;
    }
    if (i >= n || !end)
        return *next = i;
    return end;
}

void utf8_pad(struct buf *out, const char *s, int width)
{
    int cols = utf8_cols(s, strlen(s)), room = width < 0 ? -width : width;
    const char *after = width < 0 ? "" : s, *before = width < 0 ? s : "";
    buf_printf(out, "%s%*s%s", before, room > cols ? room - cols : 0, "", after);
}

size_t utf8_fit(const char *s, size_t n, int width)
{
    wchar_t ch;
    size_t i = 0;
    while (i < n) {
        size_t len = utf8_next(s + i, n - i, &ch);
        width -= char_cols(ch);
        if (width < 0)
            break;
        i += len;
    }
    return i;
}

int canvas_textn(struct canvas *c, int x, int y, unsigned style, const char *s, size_t nbytes)
{
    int start = x;
    wchar_t ch;
    for (size_t i = 0; i < nbytes;) {
        i += utf8_next(s + i, nbytes - i, &ch);
        x += canvas_put(c, x, y, style, ch);
    }
    return x - start;
}

int canvas_text(struct canvas *c, int x, int y, unsigned style, const char *s)
{
    return canvas_textn(c, x, y, style, s, strlen(s));
}

int canvas_printf(struct canvas *c, int x, int y, unsigned style, const char *format, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    return canvas_text(c, x, y, style, text);
}

int canvas_fit(struct canvas *c, int x, int y, int width, unsigned style, const char *s)
{
    size_t n = strlen(s);
    if (width <= 0)
        return 0;
    if (utf8_fit(s, n, width) == n)
        return canvas_textn(c, x, y, style, s, n);
    int used = canvas_textn(c, x, y, style, s, utf8_fit(s, n, width - 1));
    return used + canvas_put(c, x + used, y, style, L'…');
}

void canvas_fill(struct canvas *c, struct rect r, unsigned style)
{
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            if (visible(c, x, y))
                set_cell(c, x, y, style, L' ');
}

void canvas_restyle(struct canvas *c, struct rect r, unsigned style)
{
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            if (visible(c, x, y)) {
                struct cell *cell = cell_at(c, x, y);
                unsigned role = style & ROLE_MASK ? style & ROLE_MASK : cell->style & ROLE_MASK;
                unsigned attrs = (cell->style | style) & ~(unsigned)ROLE_MASK;
                cell->style = (uint16_t)(role | attrs);
            }
}

static unsigned line_bits(wchar_t ch)
{
    for (unsigned i = 1; i < 16; i++)
        if (line_glyphs[i] == ch && ch)
            return i;
    return 0;
}

/* In ASCII the joints are '+' all alike, so the twin is chosen from what meets there. */
static unsigned twin_bits(char ch)
{
    return ch == '+' ? UP | DOWN | LEFT | RIGHT : 0;
}

static void put_line(struct canvas *c, int x, int y, unsigned style, unsigned bits)
{
    if (!visible(c, x, y))
        return;
    const struct cell *cell = canvas_at(c, x, y);
    bits |= line_bits(cell->ch);
    if (c->ascii) {
        if (cell->ch == L'-')
            bits |= LEFT | RIGHT;
        else if (cell->ch == L'|')
            bits |= UP | DOWN;
        else
            bits |= twin_bits((char)cell->ch);
    }
    canvas_put(c, x, y, style, line_glyphs[bits]);
}

void canvas_box(struct canvas *c, struct rect r, unsigned style)
{
    int right = r.x + r.w - 1, bottom = r.y + r.h - 1;
    if (r.w < 2 || r.h < 2)
        return;
    put_line(c, r.x, r.y, style, DOWN | RIGHT);
    put_line(c, right, r.y, style, DOWN | LEFT);
    put_line(c, r.x, bottom, style, UP | RIGHT);
    put_line(c, right, bottom, style, UP | LEFT);
    for (int x = r.x + 1; x < right; x++) {
        put_line(c, x, r.y, style, LEFT | RIGHT);
        put_line(c, x, bottom, style, LEFT | RIGHT);
    }
    for (int y = r.y + 1; y < bottom; y++) {
        put_line(c, r.x, y, style, UP | DOWN);
        put_line(c, right, y, style, UP | DOWN);
    }
}
