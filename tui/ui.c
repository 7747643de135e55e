#include "ui.h"

#include "saver.h"

#include <stdio.h>
#include <string.h>

enum { OWING_MS = 10 }; /* between two looks whether a slow terminal takes a frame again */

void ui_init(struct ui *ui, const struct tui_options *o, int cols, int rows)
{
    memset(ui, 0, sizeof *ui);
    ui->look = *o;
    ui->options = &ui->look;
    canvas_init(&ui->canvas);
    ui->canvas.ascii = o->ascii;
    ui->canvas.wide = o->wide;
    canvas_resize(&ui->canvas, cols, rows);
}

void ui_fini(struct ui *ui)
{
    ui->leaving = 1;
    while (ui->depth)
        ui_pop(ui);
    struct err e = {0};
    if (saver_flush(ui->saver, &e) < 0)
        fprintf(stderr, _("lockstep: your place is not saved: %s\n"), e.message);
    saver_free(ui->saver);
    canvas_fini(&ui->canvas);
}

void ui_push(struct ui *ui, const struct screen_ops *ops, void *state)
{
    if (ui->depth == UI_SCREENS)
        base_fatal("too many screens on top of each other");
    ui->stack[ui->depth].ops = ops;
    ui->stack[ui->depth++].state = state;
}

void ui_pop(struct ui *ui)
{
    if (!ui->depth)
        return;
    ui->depth--;
    ui->stack[ui->depth].ops->free(ui->stack[ui->depth].state);
    saver_flush(ui->saver, NULL); /* what is below reads places again */
    if (!ui->depth)
        ui->leaving = 1;
    else if (ui->stack[ui->depth - 1].ops->back)
        ui->stack[ui->depth - 1].ops->back(ui->stack[ui->depth - 1].state, ui);
}

void ui_leave(struct ui *ui, int status)
{
    ui->leaving = 1;
    ui->status = status;
}

/* Where an action asks for help on a table that several screens use, the table; else -1. */
static int help_of(enum action action)
{
    switch (action) {
    case ACT_list_help:
        return SCREEN_LIST;
    case ACT_bookmarks_help:
        return SCREEN_BOOKMARKS;
    case ACT_search_help:
        return SCREEN_SEARCH;
    case ACT_prompt_help:
        return SCREEN_PROMPT;
    case ACT_path_help:
        return SCREEN_PATH;
    case ACT_press_help:
        return SCREEN_PRESS;
    default:
        return -1;
    }
}

/* F1 is the question mark, but where it has a row of its own: there a question mark is text. */
static const struct key_row *row_of(enum screen_id screen, int key)
{
    const struct key_row *row = keys_find(screen, key);
    return row || key != K_F1 ? row : keys_help(screen);
}

void ui_input(struct ui *ui, const struct input *in)
{
    if (!ui->depth || ui->leaving)
        return;
    const struct screen_ops *ops = ui->stack[ui->depth - 1].ops;
    void *state = ui->stack[ui->depth - 1].state;
    const struct key_row *row = row_of(ops->keys(state), in->key);
    ui->now = in->now;
    ui->quiet = 0;
    int closes = in->key == K_ENTER || in->key == K_ESC || in->key == ' ';
    ui->closed = closes && ui->canvas.boxed && !ui->closed;
    if (ui->closed) { /* once: it goes with any action, and what lies there longer is no message */
        ui->canvas.boxed = 0;
        ops->act(state, ui, ACT_NONE, in);
    } else if (row && help_of(row->action) >= 0)
        help_push(ui, (enum screen_id)help_of(row->action));
    else if (row)
        ops->act(state, ui, row->action, in);
    else if (ops->typed)
        ops->typed(state, ui, in);
}

void ui_draw(struct ui *ui)
{
    if (!ui->depth)
        return;
    canvas_clear(&ui->canvas);
    ui->stack[ui->depth - 1].ops->draw(ui->stack[ui->depth - 1].state, &ui->canvas);
    canvas_clip(&ui->canvas, (struct rect){0, 0, ui->canvas.cols, ui->canvas.rows});
}

void ui_use(struct ui *ui, const struct tui_options *o)
{
    ui->look = *o;
    ui->canvas.ascii = o->ascii;
    ui->canvas.wide = o->wide;
    if (ui->on_terminal)
        term_use(o);
}

void ui_resize(struct ui *ui, int cols, int rows)
{
    canvas_resize(&ui->canvas, cols, rows);
}

static void take_signals(struct ui *ui)
{
    struct term_signals s = term_signals();
    if (s.resized || s.interrupt)
        ui->quiet = 0;
    if (s.leave)
        ui_leave(ui, 128 + s.leave);
    if (s.interrupt) {
        /* Ctrl-C stops what goes on where there is such a thing, else it leaves. */
        struct input in = {.key = K_CTRL('C'), .now = term_now_ms()};
        const struct screen_ops *ops = ui->stack[ui->depth - 1].ops;
        if (keys_find(ops->keys(ui->stack[ui->depth - 1].state), in.key))
            ui_input(ui, &in);
        else
            ui_leave(ui, 130);
    }
    if (s.resized) {
        int cols, rows;
        term_size(&cols, &rows);
        ui_resize(ui, cols, rows);
    }
}

static void take_input(struct ui *ui)
{
    struct input in;
    int got;
    while (!ui->leaving && (got = term_read(&in)) != 0) {
        if (got < 0)
            ui_leave(ui, 129);
        else
            ui_input(ui, &in);
    }
}

static void wait_and_tick(struct ui *ui)
{
    const struct screen_ops *ops = ui->stack[ui->depth - 1].ops;
    void *state = ui->stack[ui->depth - 1].state;
    int fd = -1;
    int timeout = ops->wait ? ops->wait(state, term_now_ms(), &fd) : -1;
    if (ui->owing && (timeout < 0 || timeout > OWING_MS))
        timeout = OWING_MS;
    term_wait(fd, timeout);
    ui->now = term_now_ms();
    if (!ops->wait || !ops->tick)
        return;
    fd = -1;
    if (ops->wait(state, ui->now, &fd) == 0 || fd >= 0)
        ops->tick(state, ui);
}

/* A terminal that does not keep up misses frames; keys are read all the same. */
static void next_frame(struct ui *ui)
{
    if (ui->quiet && !ui->owing) {
        ui->quiet = 0;
        return;
    }
    ui->quiet = 0;
    ui->owing = !term_takes();
    if (ui->owing)
        return;
    ui_draw(ui);
    ui->owing = !term_show(&ui->canvas, 0);
}

int ui_run(struct ui *ui, struct err *e)
{
    int cols, rows;
    int rc = term_open(ui->options, e);
    if (rc < 0)
        return rc;
    ui->on_terminal = 1;
    term_size(&cols, &rows);
    ui_resize(ui, cols, rows);
    ui->now = term_now_ms();
    while (!ui->leaving && ui->depth) {
        next_frame(ui);
        wait_and_tick(ui);
        if (ui->leaving)
            break;
        take_signals(ui);
        take_input(ui);
    }
    term_close();
    ui->on_terminal = 0;
    return ui->status;
}

void ui_show(struct ui *ui)
{
    ui_draw(ui);
    if (ui->on_terminal)
        term_show(&ui->canvas, 1);
}

int ui_pump(struct ui *ui)
{
    if (ui->on_terminal) {
        take_signals(ui);
        take_input(ui);
        ui_show(ui);
    }
    return ui->leaving;
}
