/* The loop and the stack of screens. A screen is state with a const table of functions; drawing is
 * a pure function of the state. Without a terminal (tests) inputs are given by hand and the canvas
 * is read. Host thread only. */
#ifndef LOCKSTEP_UI_H
#define LOCKSTEP_UI_H

#include "keys.h"
#include "term.h"

struct ui;

struct screen_ops {
    /* Draw all of the canvas, which is blank. */
    void (*draw)(void *state, struct canvas *c);
    /* Which table of keys holds now. */
    enum screen_id (*keys)(void *state);
    /* An action of that table; in says by which key. */
    void (*act)(void *state, struct ui *ui, enum action action, const struct input *in);
    /* A key without an action: text being typed. May be NULL. */
    void (*typed)(void *state, struct ui *ui, const struct input *in);
    /* Milliseconds until tick is due, -1 never; and a descriptor that makes it due, -1 none. May be
     * NULL. */
    int (*wait)(void *state, int64_t now, int *fd);
    void (*tick)(void *state, struct ui *ui);
    /* It is on top again after the screen above was left. May be NULL. */
    void (*back)(void *state, struct ui *ui);
    void (*free)(void *state);
};

enum { UI_SCREENS = 16 };
struct ui {
    const struct tui_options *options; /* = &look */
    struct tui_options look;
    const struct catalogue *lessons; /* may be NULL */
    struct store *store;             /* may be NULL */
    struct saver *saver;             /* of places in it; NULL before the first */
    struct canvas canvas;
    struct {
        const struct screen_ops *ops;
        void *state;
    } stack[UI_SCREENS];
    int depth;
    int on_terminal; /* 0 in tests: nothing is read or shown */
    int leaving;     /* set: the loop ends */
    int quiet;       /* set by tick: what is on the screen is still right, no frame is drawn */
    int closed;      /* the last key did no more than close a message */
    int owing;       /* the terminal did not take the last frame: it is shown when it can */
    int status;      /* what the tui_* function returns */
    int64_t now;     /* ms, of the input or tick being handled */
};

void ui_init(struct ui *ui, const struct tui_options *o, int cols, int rows);
void ui_fini(struct ui *ui);
/* The screen goes on top; ui owns the state and frees it with ops->free. */
void ui_push(struct ui *ui, const struct screen_ops *ops, void *state);
/* Leave the top screen; leaving the last one ends the loop. */
void ui_pop(struct ui *ui);
void ui_leave(struct ui *ui, int status);
/* Another look from here on: theme, colours, characters, mouse. */
void ui_use(struct ui *ui, const struct tui_options *o);
/* Give one input to the top screen. */
void ui_input(struct ui *ui, const struct input *in);
void ui_draw(struct ui *ui);
void ui_resize(struct ui *ui, int cols, int rows);
/* Take the terminal, run until the learner leaves, give it back. Returns ui->status, or -ERR_*. */
int ui_run(struct ui *ui, struct err *e);
/* Draw and show, reading nothing: before a call that takes a moment. Waits for a slow terminal. */
void ui_show(struct ui *ui);
/* From inside a long call: deal with what was typed and signalled, draw. Returns 1 when all must
 * end (a signal asks to leave). */
int ui_pump(struct ui *ui);
/* The help for a screen, on top. */
void help_push(struct ui *ui, enum screen_id about);

#endif
