/* A screenful of cells in memory. A screen draws into a canvas and knows nothing of the terminal;
 * tui/term.h shows it. Tests read the cells. Pure; allocates when it is resized only. */
#ifndef LOCKSTEP_CANVAS_H
#define LOCKSTEP_CANVAS_H

#include "theme.h"

#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

struct cell {
    wchar_t ch;     /* 0: the right half of the wide character to the left */
    wchar_t mark;   /* a combining character on top of it, 0 none */
    uint16_t style; /* enum role | ATTR_* */
};

struct rect {
    int x, y, w, h; /* cells; w or h of 0: not there */
};

struct canvas {
    int cols, rows;
    int ascii;        /* 1: every glyph is replaced by its ASCII twin as it is put */
    int wide;         /* with ascii: wide characters stay, the terminal shows them */
    struct rect clip; /* nothing is put outside of it */
    struct cell *cells;
    int boxed;              /* a message lies over what was drawn, any key closes it */
    int cursor_x, cursor_y; /* where text is typed; -1: the terminal's cursor is hidden */
};

void canvas_init(struct canvas *c);
void canvas_fini(struct canvas *c);
/* New size; every cell becomes a blank, the clip the whole. Sizes below 1 count as 1. */
void canvas_resize(struct canvas *c, int cols, int rows);
/* All blank, clip the whole, cursor hidden. */
void canvas_clear(struct canvas *c);
/* Clip to r within the whole canvas; returns the clip before, to be given back. */
struct rect canvas_clip(struct canvas *c, struct rect r);
const struct cell *canvas_at(const struct canvas *c, int x, int y);

/* One character; returns the columns it takes (0 for a combining or unprintable one). A wide
 * character that would stick out at the right becomes a blank. What joins characters into one
 * picture is left out, since terminals do not agree on how wide that is. */
int canvas_put(struct canvas *c, int x, int y, unsigned style, wchar_t ch);
/* UTF-8 text from (x, y) to the right; control characters and broken bytes become '?'. Returns the
 * columns it takes, also where it was clipped. */
int canvas_text(struct canvas *c, int x, int y, unsigned style, const char *s);
int canvas_textn(struct canvas *c, int x, int y, unsigned style, const char *s, size_t nbytes);
int canvas_printf(struct canvas *c, int x, int y, unsigned style, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* At most width columns; when the text is longer its end becomes an ellipsis. Returns the columns
 * used (<= width). */
int canvas_fit(struct canvas *c, int x, int y, int width, unsigned style, const char *s);
/* Fill r with blanks of a style. */
void canvas_fill(struct canvas *c, struct rect r, unsigned style);
/* Change the style of what is there: role 0 keeps each cell's role; attributes are added. */
void canvas_restyle(struct canvas *c, struct rect r, unsigned style);
/* The outline of r. Lines that meet lines already there join them. */
void canvas_box(struct canvas *c, struct rect r, unsigned style);

/* The next character of s[0..n): its code point in *ch, U+FFFD when broken; returns its bytes,
 * at least 1 when n > 0. */
size_t utf8_next(const char *s, size_t n, wchar_t *ch);
/* The bytes of a character (at most 4, no NUL after them); returns how many. */
size_t utf8_put(int ch, char *out);
/* Columns of UTF-8 text. */
int utf8_cols(const char *s, size_t nbytes);
/* How many bytes of s[0..n) fit into `width` columns. */
size_t utf8_fit(const char *s, size_t n, int width);
/* The first line of s[0..n), which holds no newline: its bytes, at most width columns but one
 * character at least; *next is where the line after it begins. Lines end at blanks, which are
 * dropped, and beside wide characters, but closing punctuation stays with what is before it,
 * opening with what follows. */
size_t utf8_line(const char *s, size_t n, int width, size_t *next);
struct buf;
/* Append s and blanks to make up |width| columns: blanks after it when width is negative, as
 * printf's
 * "%-*s" does for bytes, else before it. */
void utf8_pad(struct buf *out, const char *s, int width);
/* The ASCII twin of a character: itself if ASCII, of glyph.def if listed, else '?'. */
char glyph_twin(wchar_t ch);

#endif
