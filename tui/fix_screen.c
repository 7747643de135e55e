/* The screen of a fix challenge: its actions, the learner's copy, the editor. */
#include "fix_internal.h"

#include "config.h"
#include "copy.h"
#include "step.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void fix_say(struct fix_view *v, unsigned style, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(v->message, sizeof v->message, format, ap);
    va_end(ap);
    v->message_style = style;
}

void fix_reread(struct fix_view *v)
{
    struct buf text = {0};
    struct err e = {0};
    source_fini(&v->source);
    if (copy_read(v->path, LESSON_MAX_BYTES, &text, &e) < 0) {
        source_set(&v->source, v->path, "", 0);
        snprintf(v->problem, sizeof v->problem, "%.500s", e.message);
    } else
        source_set(&v->source, v->path, text.data ? text.data : "", text.len);
    buf_fini(&text);
    if (v->show == FIX_CHANGES)
        v->show = FIX_MINE;
}

/* -------- an editor -------- */

static void act_fix_edit(struct fix_view *v, const struct input *in)
{
    const char *editor = config_editor();
    (void)in;
    if (!v->ui->on_terminal) {
        fix_say(v, ROLE_NOTE, _("there is no terminal for %s"), editor);
        return;
    }
    /* An editor may come with options: the shell splits them, as git has it. */
    char shell[] = "/bin/sh", option[] = "-c";
    char *command = xasprintf("exec %s \"$1\"", editor);
    char *argv[] = {shell, option, command, shell, v->path, NULL};
    int status = term_run(argv);
    free(command);
    if (status == -1 || (WIFEXITED(status) && WEXITSTATUS(status) >= 126))
        fix_say(v, ROLE_BAD,
                _("%s cannot be run; set VISUAL or EDITOR, or open the file in any editor: %s"),
                editor, v->path);
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fix_say(v, ROLE_NOTE, _("%s ended with an error; what was saved is here"), editor);
}

/* -------- judging and stepping -------- */

static void act_fix_check(struct fix_view *v, const struct input *in)
{
    (void)in;
    fix_begin(v);
}

static void act_fix_cancel(struct fix_view *v, const struct input *in)
{
    (void)in;
    fix_cancel(v);
}

static void open_step(struct fix_view *v, const struct schedule *start)
{
    struct err e = {0};
    struct port port;
    struct session_options options = {.main_exit_wait = v->ui->options->main_exit_wait,
                                      .stuck_ms = v->ui->options->stuck_ms};
    if (v->job) {
        fix_say(v, ROLE_NOTE, "%s", _("it is being checked; x cancels that"));
        return;
    }
    if (!v->has_verdict || !v->v.program) {
        fix_say(v, ROLE_NOTE, "%s",
                v->has_verdict ? _("it does not compile; mend that first")
                               : _("first it must be compiled: c checks it"));
        return;
    }
    if (port_open(&port, v->v.program, &options, &e) < 0) {
        fix_say(v, ROLE_BAD, "%s", e.message);
        return;
    }
    struct step_setup setup = {.title = v->lesson->id,
                               .program = v->challenge->file,
                               .lesson = v->lesson->id,
                               .text = start ? v->v.reason : v->challenge->text.text,
                               .start = start,
                               .cursor = start ? UINT32_MAX : 0};
    step_push(v->ui, port, &setup);
}

static void act_fix_step(struct fix_view *v, const struct input *in)
{
    (void)in;
    open_step(v, NULL);
}

static void act_fix_enter(struct fix_view *v, const struct input *in)
{
    if (v->has_verdict && v->v.has_schedule && !v->job)
        open_step(v, &v->v.schedule);
    else
        act_fix_edit(v, in);
}

/* -------- what is shown of the program -------- */

static int start_text(struct fix_view *v, struct buf *out)
{
    struct err e = {0};
    if (copy_read(v->start, LESSON_MAX_BYTES, out, &e) < 0) {
        fix_say(v, ROLE_BAD, "%s", e.message);
        return -1;
    }
    return 0;
}

static void show_text(struct fix_view *v, enum fix_show what, const char *text, size_t n)
{
    source_fini(&v->changes);
    source_set(&v->changes, v->path, text, n);
    v->show = what;
    v->focus = FIX_PROGRAM;
    v->scroll[FIX_PROGRAM] = 0;
}

static void act_fix_diff(struct fix_view *v, const struct input *in)
{
    struct buf start = {0}, diff = {0};
    (void)in;
    if (v->show != FIX_MINE) {
        v->show = FIX_MINE;
        return;
    }
    if (start_text(v, &start) == 0) {
        int n = copy_diff(start.data ? start.data : "", v->source.text, &diff);
        if (n > 0)
            show_text(v, FIX_CHANGES, diff.data, diff.len);
        else
            fix_say(v, ROLE_NOTE, "%s",
                    n ? _("the program is too long to tell what changed")
                      : _("you have changed nothing yet"));
    }
    buf_fini(&start);
    buf_fini(&diff);
}

static void show_solution(struct fix_view *v)
{
    struct buf text = {0};
    struct err e = {0};
    char *path = lesson_file(v->lesson, v->challenge->solution);
    if (copy_read(path, LESSON_MAX_BYTES, &text, &e) == 0) {
        show_text(v, FIX_SOLUTION, text.data ? text.data : "", text.len);
        *v->hints = CHALLENGE_HINTS + 1;
        fix_say(v, ROLE_NOTE, "%s",
                _("one solution; it does not count any more. d: back to your program"));
    } else
        fix_say(v, ROLE_BAD, "%s", e.message);
    free(path);
    buf_fini(&text);
}

static void act_fix_hint(struct fix_view *v, const struct input *in)
{
    (void)in;
    if (*v->hints >= CHALLENGE_HINTS) {
        show_solution(v);
        return;
    }
    ++*v->hints;
    v->focus = FIX_TASK;
    v->scroll[FIX_TASK] = 1 << 20; /* its end */
    if (*v->hints == CHALLENGE_HINTS)
        fix_say(v, ROLE_NOTE, "%s",
                _("this was the last hint; i once more shows a solution, and then it does not "
                  "count"));
}

static void act_fix_reset(struct fix_view *v, const struct input *in)
{
    struct buf text = {0};
    struct err e = {0};
    char *kept = NULL;
    (void)in;
    if (!v->asked_reset) {
        v->asked_reset = 2; /* until after the next key */
        fix_say(v, ROLE_NOTE, "%s",
                _("start over from the program of the lesson? R once more; yours is kept"));
        return;
    }
    if (start_text(v, &text) < 0)
        return;
    if (copy_reset(v->path, text.data ? text.data : "", text.len, &kept, &e) < 0)
        fix_say(v, ROLE_BAD, "%s", e.message);
    else if (kept)
        fix_say(v, ROLE_NOTE, _("what you had is kept beside it as %s"),
                strrchr(kept, '/') ? strrchr(kept, '/') + 1 : kept);
    v->show = FIX_MINE;
    fix_reread(v);
    free(kept);
    buf_fini(&text);
}

/* -------- moving about -------- */

static void scroll_by(struct fix_view *v, enum fix_panel p, int by)
{
    int last = v->lines[p] - v->page[p];
    v->scroll[p] += by;
    if (v->scroll[p] > last)
        v->scroll[p] = last;
    if (v->scroll[p] < 0)
        v->scroll[p] = 0;
}

static void act_fix_tab(struct fix_view *v, const struct input *in)
{
    int by = in->key == K_BACKTAB ? FIX_PANELS - 1 : 1;
    v->focus = (enum fix_panel)(((int)v->focus + by) % FIX_PANELS);
}

static void act_fix_down(struct fix_view *v, const struct input *in)
{
    (void)in;
    scroll_by(v, v->focus, 1);
}

static void act_fix_up(struct fix_view *v, const struct input *in)
{
    (void)in;
    scroll_by(v, v->focus, -1);
}

static void act_fix_page_down(struct fix_view *v, const struct input *in)
{
    (void)in;
    scroll_by(v, v->focus, v->page[v->focus]);
}

static void act_fix_page_up(struct fix_view *v, const struct input *in)
{
    (void)in;
    scroll_by(v, v->focus, -v->page[v->focus]);
}

static void act_fix_mouse(struct fix_view *v, const struct input *in)
{
    for (int p = 0; p < FIX_PANELS; p++) {
        const struct rect *r = &v->at[p];
        if (in->x < r->x || in->x >= r->x + r->w || in->y < r->y || in->y >= r->y + r->h)
            continue;
        if (in->wheel)
            scroll_by(v, (enum fix_panel)p, 3 * in->wheel);
        else
            v->focus = (enum fix_panel)p;
    }
}

static void act_fix_redraw(struct fix_view *v, const struct input *in)
{
    (void)v;
    (void)in;
    term_redraw();
}

static void act_fix_help(struct fix_view *v, const struct input *in)
{
    (void)in;
    help_push(v->ui, SCREEN_FIX);
}

static void act_fix_escape(struct fix_view *v, const struct input *in)
{
    (void)in;
    ui_pop(v->ui);
}

static void act_fix_quit(struct fix_view *v, const struct input *in)
{
    (void)in;
    ui_leave(v->ui, 0);
}

static void (*const handlers[ACT_COUNT])(struct fix_view *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_fix.def"
#undef KEY
};

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct fix_view *v = state;
    v->ui = ui;
    v->message[0] = 0;
    v->asked_reset -= v->asked_reset > 0;
    if (handlers[action])
        handlers[action](v, in);
}

/* -------- time -------- */

static int until(void *state, int64_t now, int *fd)
{
    struct fix_view *v = state;
    /* without a terminal nobody saves files meanwhile */
    *fd = v->job ? job_fd(v->job) : v->ui->on_terminal ? watch_fd(v->watch) : -1;
    return watch_wait(v->watch, now);
}

static void tick(void *state, struct ui *ui)
{
    struct fix_view *v = state;
    int changed = 0;
    v->ui = ui;
    switch (watch_look(v->watch, ui->now)) {
    case WATCH_CHANGED:
        v->message[0] = 0;
        fix_begin(v);
        changed = 1;
        break;
    case WATCH_GONE:
        fix_say(v, ROLE_NOTE, "%s",
                _("your file is gone; save it again, or R starts over from the lesson's"));
        changed = 1;
        break;
    case WATCH_NOTHING:
        break;
    }
    if (v->job)
        changed |= fix_take(v);
    ui->quiet = !changed;
}

/* Back from the step screen or the help. */
static void back(void *state, struct ui *ui)
{
    struct fix_view *v = state;
    v->ui = ui;
}

static void free_view(void *state)
{
    struct fix_view *v = state;
    fix_drop(v);
    if (v->has_verdict)
        verdict_fini(&v->v);
    fixing_free(v->fixing);
    watch_free(v->watch);
    source_fini(&v->source);
    source_fini(&v->changes);
    free(v->before);
    free(v->judged);
    free(v->path);
    free(v->start);
    free(v);
}

static enum screen_id keys(void *state)
{
    (void)state;
    return SCREEN_FIX;
}

static const struct screen_ops ops = {.draw = fix_draw,
                                      .keys = keys,
                                      .act = act,
                                      .wait = until,
                                      .tick = tick,
                                      .back = back,
                                      .free = free_view};

/* -------- opening -------- */

/* What the store holds of the last attempt: its source is the copy's first text when there is no
 * copy (another machine, a removed folder); of this very text its verdict is told. */
static int make_copy(struct fix_view *v, struct err *e)
{
    struct store_attempt *last = NULL;
    struct buf start = {0};
    if (v->ui->store)
        store_attempt_last(v->ui->store, v->lesson->id, v->challenge->id, &last, NULL);
    int rc = copy_read(v->start, LESSON_MAX_BYTES, &start, e);
    const char *text = last && *last->tried ? last->tried : start.data ? start.data : "";
    int made = rc ? rc : copy_make(v->path, text, strlen(text), e);
    if (made >= 0) {
        fix_reread(v);
        int refusal = last ? refusal_parse(last->verdict) : -1;
        if (refusal >= 0 && v->source.text && !strcmp(last->tried, v->source.text))
            v->before = xasprintf("%s %s", refusal_text(refusal), last->message);
        if (made)
            fix_say(v, ROLE_NOTE, _("your own copy of %s is made; it is yours to change"),
                    v->challenge->file);
    }
    buf_fini(&start);
    free(last);
    return made < 0 ? made : 0;
}

int fix_push(struct ui *ui, const struct lesson *l, const struct lesson_challenge *c, int *hints,
             fix_solved_fn *solved, void *ctx, struct err *e)
{
    struct fix_view *v = xcalloc(1, sizeof *v);
    char *data = store_folder(e);
    v->ui = ui;
    v->lesson = l;
    v->challenge = c;
    v->hints = hints;
    v->solved = solved;
    v->ctx = ctx;
    v->path = data ? copy_path(data, l, c) : xstrdup("");
    v->start = lesson_file(l, c->file);
    source_set(&v->source, v->path, "", 0);
    source_set(&v->changes, v->path, "", 0);
    int rc = data ? make_copy(v, e) : -ERR_OPEN;
    free(data);
    v->fixing = fixing_new(l, c);
    v->watch = watch_new(v->path);
    if (rc < 0) {
        free_view(v);
        return rc;
    }
    ui_push(ui, &ops, v);
    return 0;
}
