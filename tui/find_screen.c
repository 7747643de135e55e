/* The screen of a find challenge: its actions, and what is found out beside the loop. */
#include "find_internal.h"

#include "step.h"
#include "store.h"
#include "success.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(struct find_view *v, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void say(struct find_view *v, unsigned style, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(v->message, sizeof v->message, format, ap);
    va_end(ap);
    v->message_style = style;
}

/* -------- finding out -------- */

static int progress(void *ctx, uint64_t executions)
{
    struct find_job *w = ctx;
    if (executions % 16 == 0) {
        job_lock(w->job);
        w->executions = executions;
        job_unlock(w->job);
        job_look(w->job);
    }
    return job_cancelled(w->job);
}

static void work(struct job *j, void *ctx)
{
    struct find_job *w = ctx;
    struct find_options o = {.progress = progress, .ctx = w};
    w->job = j;
    w->rc = program_build(&w->program, &w->path, 1, NULL, 0, &w->e);
    if (w->rc == 0)
        w->rc = find_facts(w->program, w->challenge, &o, &w->facts, &w->e);
}

static struct session_options options_of(const struct find_view *v)
{
    return (struct session_options){.main_exit_wait = v->ui->options->main_exit_wait,
                                    .stuck_ms = v->ui->options->stuck_ms};
}

/* The run itself, to be looked at. */
static int open_run(struct find_view *v, struct err *e)
{
    struct session_options options = options_of(v);
    int rc = port_open(&v->port, v->work.program, &options, e);
    if (rc < 0)
        return rc;
    v->ready = 1;
    rc = v->port.ops->replay(v->port.ctx, &v->work.facts.schedule, e);
    v->trace = v->port.ops->trace(v->port.ctx);
    v->switches = xcalloc(v->work.facts.switches.n + 1, 1);
    source_read(&v->source, v->work.path);
    v->cursor = v->top = 1;
    if (rc == 0 && v->trace->nsteps == 0)
        rc = err_set(e, ERR_DATA, _("the run has no steps"));
    v->ready = rc == 0;
    if (rc)
        v->port.ops->close(v->port.ctx);
    return rc;
}

static void take(struct find_view *v)
{
    struct err e = {0};
    if (!job_done(v->job))
        return;
    job_free(v->job);
    v->job = NULL;
    if (v->work.rc < 0)
        snprintf(v->problem, sizeof v->problem, "%.1000s", v->work.e.message);
    else if (open_run(v, &e) < 0)
        snprintf(v->problem, sizeof v->problem, "%.1000s", e.message);
}

/* -------- marking -------- */

static int is_ready(struct find_view *v)
{
    if (!v->ready)
        say(v, ROLE_NOTE, "%s", v->job ? _("the run is not there yet") : v->problem);
    return v->ready;
}

static void to_step(struct find_view *v, int64_t step)
{
    if (!is_ready(v))
        return;
    v->cursor = step < 1 ? 1 : step > (int64_t)v->trace->nsteps ? v->trace->nsteps : (uint32_t)step;
}

static void act_find_step(struct find_view *v, const struct input *in)
{
    (void)in;
    if (!is_ready(v))
        return;
    v->marked = v->marked == v->cursor ? 0 : v->cursor;
    v->judged = 0;
}

static void act_find_switch(struct find_view *v, const struct input *in)
{
    (void)in;
    if (!is_ready(v))
        return;
    int i = find_switch(&v->work.facts, v->cursor);
    if (i < 0) {
        say(v, ROLE_NOTE,
            _("step %u is no switch: the thread before it could not go on, or made "
              "it itself"),
            v->cursor);
        return;
    }
    v->switches[i] = !v->switches[i];
    v->judged = 0;
}

static void save_attempt(struct find_view *v, int counts, const char *message)
{
    struct buf tried = {0};
    struct err e = {0};
    if (!v->ui->store)
        return;
    buf_printf(&tried, "step %u; switches", v->marked);
    for (size_t i = 0; i < v->work.facts.switches.n; i++)
        if (v->switches[i])
            buf_printf(&tried, " %u", v->work.facts.switches.list[i].step);
    struct store_attempt a = {.lesson = v->lesson->id,
                              .challenge = v->challenge->id,
                              .kind = STORE_FIND,
                              .tried = tried.data,
                              .passed = v->verdict.passed && counts,
                              .verdict = v->verdict.passed ? "found" : "not-found",
                              .message = message};
    if (store_attempt_save(v->ui->store, &a, &e) < 0)
        say(v, ROLE_BAD, _("not saved: %s"), e.message);
    buf_fini(&tried);
}

static void tell_success(struct find_view *v, int counts)
{
    struct buf text = {0};
    find_say(&v->work.facts, &v->verdict, &text);
    buf_printf(&text, "\n\n%s\n\n", v->challenge->explain.text);
    buf_printf(&text,
               ngettext("It rests on %llu execution: every way on from the steps around it.",
                        "It rests on %llu executions: every way on from the steps around it.",
                        (unsigned long)v->work.facts.executions),
               (unsigned long long)v->work.facts.executions);
    if (!counts)
        buf_printf(&text, "\n\n%s", _("The solution had been shown, so this does not count."));
    success_push(v->ui, _("Found"), text.data,
                 _("Next: Enter, then Esc goes back to the lesson, and → on in it."));
    buf_fini(&text);
}

static void act_find_check(struct find_view *v, const struct input *in)
{
    struct buf said = {0};
    int counts = *v->hints <= CHALLENGE_HINTS;
    (void)in;
    if (!is_ready(v))
        return;
    find_judge(&v->work.facts, v->marked, v->switches, &v->verdict);
    v->judged = 1;
    v->scroll = 0;
    find_say(&v->work.facts, &v->verdict, &said);
    save_attempt(v, counts, said.data);
    if (!v->verdict.passed)
        say(v, ROLE_BAD, "%s", said.data);
    else {
        if (counts && !v->passed && v->solved)
            v->solved(v->ctx);
        v->passed = 1;
        tell_success(v, counts);
    }
    buf_fini(&said);
}

static void act_find_hint(struct find_view *v, const struct input *in)
{
    const struct find_facts *f = &v->work.facts;
    (void)in;
    if (*v->hints < CHALLENGE_HINTS) {
        const char *hint = v->challenge->hints[*v->hints].text;
        ++*v->hints;
        say(v, ROLE_NOTE, _("hint %d of %d: %s"), *v->hints, CHALLENGE_HINTS, hint ? hint : "");
        return;
    }
    if (!is_ready(v))
        return;
    *v->hints = CHALLENGE_HINTS + 1;
    v->marked = v->cursor = f->decided;
    for (size_t i = 0; i < f->switches.n; i++)
        v->switches[i] = f->necessary[i];
    v->judged = 0;
    say(v, ROLE_NOTE, "%s", _("this is the solution; it does not count any more. c tells why"));
}

static void act_find_open(struct find_view *v, const struct input *in)
{
    struct session_options options = options_of(v);
    struct port port;
    struct err e = {0};
    (void)in;
    if (!is_ready(v))
        return;
    if (port_open(&port, v->work.program, &options, &e) < 0) {
        say(v, ROLE_BAD, "%s", e.message);
        return;
    }
    struct step_setup setup = {.title = v->lesson->id,
                               .program = v->challenge->file,
                               .lesson = v->lesson->id,
                               .text = v->challenge->text.text,
                               .start = &v->work.facts.schedule,
                               .cursor = v->cursor};
    step_push(v->ui, port, &setup);
}

/* -------- moving -------- */

static void act_find_down(struct find_view *v, const struct input *in)
{
    (void)in;
    to_step(v, (int64_t)v->cursor + 1);
}

static void act_find_up(struct find_view *v, const struct input *in)
{
    (void)in;
    to_step(v, (int64_t)v->cursor - 1);
}

static void act_find_page_down(struct find_view *v, const struct input *in)
{
    (void)in;
    to_step(v, (int64_t)v->cursor + v->page);
}

static void act_find_page_up(struct find_view *v, const struct input *in)
{
    (void)in;
    to_step(v, (int64_t)v->cursor - v->page);
}

static void act_find_first(struct find_view *v, const struct input *in)
{
    (void)in;
    to_step(v, 1);
}

static void act_find_last(struct find_view *v, const struct input *in)
{
    (void)in;
    to_step(v, INT32_MAX);
}

static void act_find_tab(struct find_view *v, const struct input *in)
{
    int by = in->key == K_BACKTAB ? FINDING_PANELS - 1 : 1;
    v->focus = (enum find_panel)(((int)v->focus + by) % FINDING_PANELS);
}

static void act_find_more(struct find_view *v, const struct input *in)
{
    (void)in;
    if (v->task_lines <= v->task_page)
        say(v, ROLE_NOTE, "%s", _("all of the task is on the screen"));
    else
        v->scroll = v->scroll + v->task_page >= v->task_lines ? 0 : v->scroll + v->task_page - 1;
}

static void act_find_mouse(struct find_view *v, const struct input *in)
{
    const struct rect *r = &v->steps_at;
    if (!v->ready)
        return;
    if (in->wheel) {
        to_step(v, (int64_t)v->cursor + in->wheel);
        return;
    }
    if (in->x < r->x || in->x >= r->x + r->w || in->y < r->y || in->y >= r->y + r->h)
        return;
    to_step(v, (int64_t)v->top + in->y - r->y);
    if (in->clicks == 2)
        act_find_step(v, in);
}

static void act_find_redraw(struct find_view *v, const struct input *in)
{
    (void)v;
    (void)in;
    term_redraw();
}

static void act_find_help(struct find_view *v, const struct input *in)
{
    (void)in;
    help_push(v->ui, SCREEN_FIND);
}

static void act_find_escape(struct find_view *v, const struct input *in)
{
    (void)in;
    ui_pop(v->ui);
}

static void act_find_quit(struct find_view *v, const struct input *in)
{
    (void)in;
    ui_leave(v->ui, 0);
}

static void (*const handlers[ACT_COUNT])(struct find_view *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_find.def"
#undef KEY
};

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct find_view *v = state;
    v->ui = ui;
    v->message[0] = 0;
    if (handlers[action])
        handlers[action](v, in);
}

/* -------- the screen -------- */

static enum screen_id keys(void *state)
{
    (void)state;
    return SCREEN_FIND;
}

static int until(void *state, int64_t now, int *fd)
{
    struct find_view *v = state;
    (void)now;
    *fd = v->job ? job_fd(v->job) : -1;
    return -1;
}

static void tick(void *state, struct ui *ui)
{
    struct find_view *v = state;
    v->ui = ui;
    if (v->job)
        take(v);
}

static void free_view(void *state)
{
    struct find_view *v = state;
    job_free(v->job);
    if (v->ready)
        v->port.ops->close(v->port.ctx);
    find_fini(&v->work.facts);
    if (v->work.program)
        program_free(v->work.program);
    source_fini(&v->source);
    free(v->work.path);
    free(v->switches);
    free(v);
}

void find_push(struct ui *ui, const struct lesson *l, const struct lesson_challenge *c, int *hints,
               void (*solved)(void *ctx), void *ctx)
{
    static const struct screen_ops ops = {.draw = find_draw,
                                          .keys = keys,
                                          .act = act,
                                          .wait = until,
                                          .tick = tick,
                                          .free = free_view};
    struct find_view *v = xcalloc(1, sizeof *v);
    v->ui = ui;
    v->lesson = l;
    v->challenge = c;
    v->hints = hints;
    v->solved = solved;
    v->ctx = ctx;
    v->work = (struct find_job){.challenge = c, .path = lesson_file(l, c->file)};
    v->job = job_start(work, &v->work);
    if (!v->job)
        snprintf(v->problem, sizeof v->problem, "%s", _("there is no room for one more thread"));
    ui_push(ui, &ops, v);
}
