/* Panels of the live screen: what happens in words, the output, the global variables. */
#include "live_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SAID = 4 };

/* -------- words -------- */

static void end_sentence(struct buf *out, size_t before)
{
    if (out->len > before)
        buf_puts(out, _(".\n"));
}

static void add_alarm(struct live_view *v, struct buf *out, int *bad)
{
    const struct live_model *m = view_model(v);
    size_t before = out->len;
    *bad = v->alarm != VIEW_FINE;
    if (v->alarm == VIEW_HANGS) {
        struct buf hang = {0};
        live_say_hang(m, v->port.ops->names(v->port.ctx), &hang);
        buf_printf(out, _("Nobody can go on: %s"), buf_text(&hang));
        buf_fini(&hang);
    } else if (v->alarm == VIEW_STOPPED_BY_US)
        buf_puts(out, v->port.ops->why(v->port.ctx));
    else if (v->ended) {
        struct buf how = {0};
        live_say_status(v->status, &how);
        buf_printf(out,
                   v->alarm == VIEW_CRASHED ? _("The program crashed: it %s") : _("The program %s"),
                   buf_text(&how));
        buf_fini(&how);
    }
    if (out->len > before && out->data[out->len - 1] != '.')
        end_sentence(out, before);
    else if (out->len > before)
        buf_puts(out, "\n");
    if (*bad && v->alarm != VIEW_STOPPED_BY_US)
        buf_printf(out, "%s\n",
                   _("f searches for it under control, where it can be stepped; s opens what "
                     "happened just now in steps."));
}

/* What took a thread's time in the column that is looked at. */
static void add_then(struct live_view *v, uint32_t task, struct buf *out)
{
    const struct live_model *m = view_model(v);
    uint64_t step = live_scale_column(v->scale);
    struct live_column col = {0};
    struct live_moment at = view_moment_of(v, task);
    char time[32], width[32], waits[96];
    live_columns(m, task, v->cursor / step * step, step, 1, &col);
    live_spell_time(v->cursor, step, time, sizeof time);
    live_spell_ns(step, width, sizeof width);
    struct buf who = {0};
    live_say_task_name(m, task, &who);
    if (!col.known) {
        buf_printf(out,
                   m->tasks[task].began > v->cursor
                       ? _("At %s %s had not begun.\n")
                       : _("At %s %s: nothing is known of that moment.\n"),
                   time, buf_text(&who));
        buf_fini(&who);
        return;
    }
    view_wait_words(v, task, &at, waits, sizeof waits);
    const char *state = task_state_name((enum task_state)at.state);
    if (*waits)
        buf_printf(out, _("At %s %s was %s (%s)"), time, buf_text(&who), state, waits);
    else
        buf_printf(out, _("At %s %s was %s"), time, buf_text(&who), state);
    buf_printf(out, _(": in these %s it ran %u %%, could have run %u %%, waited %u %%"), width,
               (col.running + 5) / 10, (col.ready + 5) / 10, (col.waiting + 5) / 10);
    if (col.operations)
        buf_printf(out, ngettext(", %u operation", ", %u operations", col.operations),
                   col.operations);
    buf_puts(out, _(".\n"));
    buf_fini(&who);
}

static void add_event(struct live_view *v, struct buf *out)
{
    const struct live_model *m = view_model(v);
    const struct live_event *e = &v->event;
    char time[32];
    if (e->kind == EV_NONE || e->task >= m->ntasks || m->tasks[e->task].number != e->number)
        return;
    live_spell_time(e->time, 1000, time, sizeof time);
    struct buf what = {0};
    live_say_event(m, v->port.ops->names(v->port.ctx), e, &what);
    buf_printf(out, _("At %s %s.\n"), time, buf_text(&what));
    buf_fini(&what);
}

static void add_counters(const struct live_task *t, struct buf *out)
{
    char a[24], b[24], c[32], d[32];
    live_spell_count((double)t->operations, a, sizeof a);
    live_spell_count((double)t->waits, b, sizeof b);
    live_spell_ns(t->wait_ns, c, sizeof c);
    live_spell_ns(t->cpu_ns, d, sizeof d);
    buf_printf(out, _("So far %s operations, %s waits (%s), %s on a processor.\n"), a, b, c, d);
}

static void add_task(struct live_view *v, uint32_t task, struct buf *out)
{
    const struct live_model *m = view_model(v);
    const struct names *names = v->port.ops->names(v->port.ctx);
    size_t before = out->len;
    if (!v->following) {
        add_event(v, out);
        add_then(v, task, out);
        return;
    }
    live_say_task(m, names, task, out);
    end_sentence(out, before);
    if (m->tasks[task].last.kind != EV_NONE) {
        struct buf last = {0};
        live_say_event(m, names, &m->tasks[task].last, &last);
        if (last.len)
            buf_printf(out, _("Last: %s.\n"), last.data);
        buf_fini(&last);
    }
    add_counters(&m->tasks[task], out);
}

void view_words(struct live_view *v, struct buf *out, int *bad)
{
    const struct live_model *m = view_model(v);
    uint32_t task = view_task(v), process = view_process(v);
    size_t before;
    add_alarm(v, out, bad);
    if (!v->on_process && task != LIVE_NONE)
        add_task(v, task, out);
    before = out->len;
    if (process != LIVE_NONE && (m->nprocesses > 1 || v->on_process)) {
        live_say_process(m, process, out);
        end_sentence(out, before);
    }
    if (*v->port.ops->notes(v->port.ctx))
        buf_printf(out, "%s\n", v->port.ops->notes(v->port.ctx));
}

void view_draw_words(struct live_view *v, struct canvas *c, struct rect r)
{
    struct buf text = {0};
    int bad, *skip = &v->scroll[VIEW_WORDS];
    view_words(v, &text, &bad);
    const char *words = text.data ? text.data : "";
    size_t first = strcspn(words, "\n"), all = strlen(words);
    struct span spans[2] = {{0, first, bad ? ROLE_BAD : ROLE_TEXT},
                            {first, all - first, ROLE_TEXT}};
    struct rect in = {r.x + 1, r.y, r.w - 2, r.h};
    int lines = text_lines(in.w, words);
    if (*skip > lines - r.h)
        *skip = lines > r.h ? lines - r.h : 0;
    text_wrap(c, in, *skip, ROLE_TEXT, words, spans, 2);
    view_head(v, c, VIEW_WORDS, lines - *skip > r.h ? _("more ↓") : "");
    buf_fini(&text);
}

/* -------- output -------- */

/* Newlines stay, other control characters are made visible. */
static void add_visible(struct buf *out, const char *s, size_t n)
{
    while (n) {
        const char *newline = memchr(s, '\n', n);
        size_t len = newline ? (size_t)(newline - s) : n;
        size_t shown = len && s[len - 1] == '\r' ? len - 1 : len; /* of its terminal */
        buf_visible(out, s, shown);
        if (newline)
            buf_puts(out, "\n");
        len += newline != NULL;
        s += len;
        n -= len;
    }
}

void view_draw_output(struct live_view *v, struct canvas *c, struct rect r)
{
    uint64_t dropped = 0;
    const struct buf *all = v->port.ops->output(v->port.ctx, &dropped);
    struct buf text = {0};
    int *up = &v->scroll[VIEW_OUTPUT]; /* lines up from the end, as a negative number */
    if (*up > 0)
        *up = 0;
    size_t enough = (size_t)r.w * (size_t)(r.h - *up) + 1024;
    size_t skip = all->len > enough ? all->len - enough : 0;
    add_visible(&text, all->len ? all->data + skip : "", all->len - skip);
    const char *words = text.data ? text.data : "";
    struct rect in = {r.x + 1, r.y, r.w - 2, r.h};
    int lines = text_lines(in.w, words);
    if (lines + *up < r.h)
        *up = lines > r.h ? r.h - lines : 0;
    int first = lines - r.h + *up;
    text_wrap(c, in, first > 0 ? first : 0, ROLE_TEXT, words, NULL, 0);
    if (!all->len)
        canvas_text(c, in.x, in.y, ROLE_DIM, _("(nothing printed yet)"));
    char more[48] = "";
    if (all->len + dropped)
        snprintf(more, sizeof more, _("%" PRIu64 " bytes"), (uint64_t)all->len + dropped);
    view_head(v, c, VIEW_OUTPUT, more);
    buf_fini(&text);
}

/* -------- variables -------- */

static void draw_variable(struct live_view *v, struct canvas *c, struct rect r, int y,
                          const struct variable *row)
{
    const struct live_model *m = view_model(v);
    uint32_t process = view_process(v), object = LIVE_NONE;
    int x = r.x + 1 + 2 * row->depth, name_end = r.x + (r.w >= 44 ? r.w * 2 / 5 : r.w / 2);
    const char *value = row->value;
    x += canvas_fit(c, x, y, name_end - x, ROLE_TEXT, row->name);
    x = r.w >= 44 ? name_end + 1 : x + 2;
    if (row->addr && process != LIVE_NONE)
        object = live_object_at(m, process, row->addr);
    struct buf who = {0};
    if (!*value && object != LIVE_NONE) { /* a lock: what it does, not its bytes */
        if (m->objects[object].owner < m->ntasks) {
            struct buf name = {0};
            live_say_task_name(m, m->objects[object].owner, &name);
            buf_printf(&who, _("held by %s"), buf_text(&name));
            buf_fini(&name);
        }
        value = who.data ? who.data : object_class_name(m->objects[object].class);
    } else if (!*value)
        value = row->type;
    else if (!strcmp(row->type, "pthread_t"))
        value = strcmp(row->value, "0") ? _("id of a thread") : _("no thread yet");
    canvas_fit(c, x, y, r.x + r.w - x, ROLE_STRONG, value);
    buf_fini(&who);
}

/* Where there is no room for their parts too, arrays and structures are a row each. */
static int rows_of(const struct live_view *v, int depth)
{
    int n = 0;
    for (int i = 0; i < v->nvariables; i++)
        n += v->variables[i].depth <= depth;
    return n;
}

void view_draw_variables(struct live_view *v, struct canvas *c, struct rect r)
{
    int *skip = &v->scroll[VIEW_VARIABLES], y = 0;
    int depth = rows_of(v, 9) > r.h && !v->zoomed ? 0 : 9, n = rows_of(v, depth);
    char more[64] = "";
    if (*skip > n - r.h)
        *skip = n > r.h ? n - r.h : 0;
    for (int i = 0; i < v->nvariables && y - *skip < r.h; i++) {
        if (v->variables[i].depth > depth)
            continue;
        if (y >= *skip)
            draw_variable(v, c, r, r.y + y - *skip, &v->variables[i]);
        y++;
    }
    if (!v->nvariables)
        canvas_text(c, r.x + 1, r.y, ROLE_DIM, _("(no global variables known)"));
    else if (!v->following)
        snprintf(more, sizeof more, "%s", _("of when it paused"));
    else
        snprintf(more, sizeof more, "%s", v->ended ? _("at the end") : _("global, now"));
    view_head(v, c, VIEW_VARIABLES, more);
}
