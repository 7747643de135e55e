/* Small things every screen is made of: bars, wrapped text, a line being typed, a list to choose
 * from. Drawing is pure. */
#ifndef LOCKSTEP_WIDGETS_H
#define LOCKSTEP_WIDGETS_H

#include "canvas.h"
#include "term.h"
#include "keys.h"

/* Top row: "lockstep", what this is, and at the right a state. */
void bar_title(struct canvas *c, const char *what, const char *right);
/* Bottom row: the footer of a screen, as much as fits, the lowest ranks first. `without` is left
 * out (ACT_NONE: nothing is). */
void bar_footer(struct canvas *c, enum screen_id screen, enum action without);
/* The same; `without` is a list of those left out, ACT_NONE ends it. */
void bar_footer_but(struct canvas *c, enum screen_id screen, const enum action *without);
/* The title on the top border of a box; more: at the right end of it, may be NULL. */
void panel_head(struct canvas *c, struct rect r, const char *title, const char *more, int focused);
/* A box with its title. */
void panel_box(struct canvas *c, struct rect r, const char *title, const char *more, int focused);
/* The inside of a box. */
struct rect panel_inside(struct rect r);

/* Styled stretches of a text, covering it in order. */
struct span {
    size_t start, n;
    unsigned style;
};
/* Text broken into lines of at most width columns, at blanks where it can be; '\n' breaks. Draws
 * lines first_line and on into r (clipping to it) and returns the number of lines of all. spans
 * may be NULL: all in `style`. first_line < 0 begins lower down in r. */
int text_wrap(struct canvas *c, struct rect r, int first_line, unsigned style, const char *text,
              const struct span *spans, size_t nspans);
/* 1 when the text holds these letters, in small or capital ones; "" is in every text. */
int text_holds(const char *text, const char *letters);
/* The same without drawing: how many lines it takes. */
int text_lines(int width, const char *text);

/* A message on row y; one of several lines, or too long for a row, in a box over the screen, its
 * beginning if need be. y < 0, no row for messages: on the last row, in the footer's place, cut. To
 * be drawn last; the screen drops the message at the next key. Nothing for "". */
void message_draw(struct canvas *c, int y, unsigned style, const char *text);

struct line_edit {
    char text[200];
    size_t n;
};
void edit_clear(struct line_edit *l);
/* Add the character of a key, if it is one and there is room. */
void edit_type(struct line_edit *l, int key);
void edit_rub(struct line_edit *l);
/* Draw it on row y, after a label; the terminal's cursor stands at its end. */
void edit_draw(struct canvas *c, int y, const char *label, const struct line_edit *l);

/* A box in the middle with a title and rows to choose from. */
enum { LIST_ROWS = 64, LIST_TEXT = 240 };
struct list {
    char title[LIST_TEXT];
    struct list_row {
        char text[LIST_TEXT];
        int digit; /* the key that takes it, 0..9; -1 none */
        long value;
    } rows[LIST_ROWS];
    int n, at, top;
    struct rect drawn; /* where the rows were drawn, for the mouse */
};
void list_clear(struct list *l, const char *title);
void list_add(struct list *l, int digit, long value, const char *text);
void list_draw(struct canvas *c, struct list *l);
/* Deal with an action of SCREEN_LIST: 1 a row was taken (l->at), -1 closed without, 0 neither. */
int list_act(struct list *l, enum action action, const struct input *in);

#endif
