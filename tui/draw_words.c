/* Panels of the step screen that are words: why, output, the goal; and the table of steps. */
#include "step_goal.h"
#include "step_internal.h"

#include "explain.h"

#include <stdio.h>
#include <inttypes.h>
#include <string.h>

static void frame(struct step *s, struct canvas *c, enum panel p, const char *more)
{
    struct rect clip = canvas_clip(c, s->layout.at[p]);
    panel_head(c, s->layout.at[p], panel_title(p), more, s->focus == p);
    c->clip = clip;
}

/* -------- why -------- */

/* Take `sentence` out of the words from `from` on. */
static void take_out(struct buf *words, size_t from, const char *sentence)
{
    char *same = words->len > from ? strstr(words->data + from, sentence) : NULL;
    if (!same)
        return;
    size_t n = strlen(sentence);
    n += same[n] == ' ';
    memmove(same, same + n, strlen(same + n) + 1);
    words->len -= n;
}

/* The sentences of the step; those of its findings are among them. *bad is set when there are any.
 * An assertion that fails is said by the step itself, and the end of the program stands alone. */
static void add_step(struct step *s, struct buf *out, int *bad)
{
    const struct names *names = s->port.ops->names(s->port.ctx);
    size_t from = out->len;
    explain_step(s->trace, s->view, s->cursor, names, out);
    for (size_t i = s->trace->step_start[s->cursor]; i < trace_step_end(s->trace, s->cursor); i++) {
        const struct event *e = &s->trace->events[i];
        char end[160], sentence[180];
        struct buf finding = {0};
        if (e->kind == EV_FINDING) {
            *bad = 1;
            explain_finding(s->trace, e, names, &finding);
            if (e->a == FIND_ASSERTION && finding.data)
                take_out(out, from, finding.data);
        } else if (e->kind == EV_FINISHED) {
            explain_finish(e, end, sizeof end);
            snprintf(sentence, sizeof sentence, _("The program %s."), end);
            take_out(out, from, sentence);
        }
        buf_fini(&finding);
    }
    while (out->len > from && out->data[out->len - 1] == ' ')
        out->data[--out->len] = 0;
}

static void add_choices(struct step *s, struct buf *out)
{
    static struct choice choices[MAX_CHOICES];
    const struct names *names = s->port.ops->names(s->port.ctx);
    int n = step_candidates(s, choices, MAX_CHOICES);
    if (!n)
        return;
    int answers = choices[0].is_alternative && *explain_answer(s->trace, 0);
    buf_puts(out, choices[0].is_value || answers ? explain_question(s->trace, choices[0].is_value)
                  : choices[0].is_alternative    ? _("Whom does it wake?")
                                                 : _("Who goes next?"));
    for (int i = 0; i < n && i < 12; i++) {
        char what[96];
        char who[16];
        task_number(s, choices[i].task, who, sizeof who);
        if (choices[i].is_value)
            snprintf(what, sizeof what, _("the value %lld"), (long long)choices[i].value);
        else if (answers)
            snprintf(what, sizeof what, "%s", explain_answer(s->trace, choices[i].task));
        else if (choices[i].is_alternative)
            snprintf(what, sizeof what, _("wake %s"), who);
        else
            explain_operation(&choices[i].pending, s->trace, names, what, sizeof what);
        buf_printf(out, "%s  %u: %s", i ? "," : "", choices[i].task, what);
    }
    buf_puts(out, "\n");
}

void why_text(struct step *s, struct buf *out, int *bad)
{
    const struct names *names = s->port.ops->names(s->port.ctx);
    *bad = 0;
    size_t before = out->len;
    if (s->cursor)
        add_step(s, out, bad);
    else
        buf_puts(out, s->setup.challenge
                          ? _("Nothing has happened yet. → takes the first step; a digit lets that "
                              "thread go; i gives a hint.")
                          : _("Nothing has happened yet. → takes the first step; a digit lets that "
                              "thread go; f looks for a schedule that fails."));
    if (out->len > before)
        buf_puts(out, "\n");
    const struct mark *m = marks_at(&s->marks, s->cursor, EV_FINISHED);
    if (m && !*bad) { /* a finding says already how it ended */
        char text[160];
        explain_finish(&s->trace->events[m->event], text, sizeof text);
        buf_printf(out, _("The program %s.\n"), text);
    } else if (!m && step_at_end(s) && s->cursor)
        add_choices(s, out);
    const struct world *w = step_world(s);
    if (s->selected < w->ntasks && w->running != s->selected)
        explain_blocked(s->trace, s->view, s->cursor, s->selected, names, out);
    if (out->len > before && out->data[out->len - 1] != '\n')
        buf_puts(out, "\n");
    step_switches_why(s, out);
}

void draw_why(struct step *s, struct canvas *c, struct rect r)
{
    struct buf text = {0};
    int bad;
    why_text(s, &text, &bad);
    const char *words = text.data ? text.data : "";
    const char *newline = strchr(words, '\n');
    size_t first = newline ? (size_t)(newline - words) : strlen(words);
    struct span spans[2] = {{0, first, bad ? ROLE_BAD : ROLE_TEXT},
                            {first, strlen(words) - first, ROLE_TEXT}};
    struct rect in = {r.x + 1, r.y, r.w - 2, r.h};
    int *skip = &s->scroll[PANEL_WHY], lines = text_lines(in.w, words);
    if (*skip > lines - r.h)
        *skip = lines > r.h ? lines - r.h : 0;
    text_wrap(c, in, *skip, ROLE_TEXT, words, spans, 2);
    frame(s, c, PANEL_WHY, lines - *skip > r.h ? _("more ↓") : "");
    buf_fini(&text);
}

/* -------- output -------- */

/* Index in trace->outputs of the first one after the cursor. */
static size_t outputs_until(const struct trace *t, uint32_t step)
{
    size_t end = trace_step_end(t, step), low = 0, high = t->noutputs;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->outputs[mid] < end)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Newlines stay, other control characters are made visible. */
static void add_visible(struct buf *out, const char *s, size_t n)
{
    while (n) {
        const char *newline = memchr(s, '\n', n);
        size_t len = newline ? (size_t)(newline - s) : n;
        buf_visible(out, s, len);
        if (newline)
            buf_puts(out, "\n");
        len += newline != NULL;
        s += len;
        n -= len;
    }
}

void output_tail(const struct trace *t, uint32_t step, size_t enough, struct buf *out)
{
    size_t end = outputs_until(t, step), from = end, nbytes = 0;
    while (from > 0 && nbytes < enough)
        nbytes += t->events[t->outputs[--from]].ntext;
    size_t skip = nbytes > enough ? nbytes - enough : 0;
    for (size_t i = from; i < end; i++) {
        const struct event *e = &t->events[t->outputs[i]];
        size_t drop = skip < e->ntext ? skip : e->ntext;
        add_visible(out, trace_text(t, e) + drop, e->ntext - drop);
        skip -= drop;
    }
}

void draw_output(struct step *s, struct canvas *c, struct rect r)
{
    struct buf text = {0};
    int *up = &s->scroll[PANEL_OUTPUT]; /* lines up from the end, as a negative number */
    if (*up > 0)
        *up = 0;
    output_tail(s->trace, s->cursor, (size_t)r.w * (size_t)(r.h - *up) + 1024, &text);
    const char *words = text.data ? text.data : "";
    struct rect in = {r.x + 1, r.y, r.w - 2, r.h};
    int lines = text_lines(in.w, words);
    if (lines + *up < r.h)
        *up = lines > r.h ? r.h - lines : 0;
    int first = lines - r.h + *up;
    text_wrap(c, in, first > 0 ? first : 0, ROLE_TEXT, words, NULL, 0);
    if (!text.len)
        canvas_text(c, in.x, in.y, ROLE_DIM,
                    s->trace->noutputs ? _("(nothing up to this step)")
                                       : _("(nothing printed yet)"));
    char more[48] = "";
    if (step_world(s)->noutput)
        snprintf(more, sizeof more, ngettext("%zu byte", "%zu bytes", step_world(s)->noutput),
                 step_world(s)->noutput);
    frame(s, c, PANEL_OUTPUT, more);
    buf_fini(&text);
}

/* -------- the goal -------- */

static void goal_text(const struct step *s, struct buf *out, size_t *heading)
{
    const struct lesson_challenge *ch = s->setup.challenge;
    *heading = 0;
    if (ch) {
        buf_puts(out, ch->title.text ? ch->title.text : _("Challenge"));
        *heading = out->len;
        buf_printf(out, "\n\n%s\n", ch->text.text ? ch->text.text : "");
        if (ch->kind == CHALLENGE_BREAK) {
            step_goal_words(ch, s->trace, out);
            buf_puts(out, "\n");
        }
        for (int i = 0; i < s->hints && i < CHALLENGE_HINTS; i++)
            buf_printf(out, _("\nHint %d: %s\n"), i + 1,
                       ch->hints[i].text ? ch->hints[i].text : "");
        if (s->hints < CHALLENGE_HINTS && !s->reached)
            buf_puts(out, _("\ni: a hint"));
    }
    if (s->setup.text)
        buf_printf(out, "%s%s\n", ch ? "\n" : "", s->setup.text);
}

void draw_goal(struct step *s, struct canvas *c, struct rect r)
{
    struct buf text = {0};
    size_t heading;
    goal_text(s, &text, &heading);
    const char *words = text.data ? text.data : "";
    struct span spans[2] = {{0, heading, ROLE_HEADING},
                            {heading, strlen(words) - heading, ROLE_TEXT}};
    struct rect in = {r.x + 1, r.y, r.w - 2, r.h};
    int *skip = &s->scroll[PANEL_GOAL], lines = text_lines(in.w, words);
    if (*skip > lines - r.h)
        *skip = lines > r.h ? lines - r.h : 0;
    text_wrap(c, in, *skip, ROLE_TEXT, words, spans, 2);
    frame(s, c, PANEL_GOAL, lines - *skip > r.h ? _("more ↓") : "");
    buf_fini(&text);
}

/* -------- the table of steps -------- */

enum { STEP_COLS = 8 };

static void draw_other(struct step *s, struct canvas *c, int x, int y, int width,
                       const struct lane *lane)
{
    char text[64], label[56];
    if (!lane->exists)
        return;
    snprintf(text, sizeof text, "%s", task_state_name((enum task_state)lane->state));
    if (lane->state == TASK_BLOCKED) {
        wait_label(s, lane->reason, lane->addr, lane->by, label, sizeof label);
        int says_so = lane->reason == BLOCK_CHILD || lane->reason == BLOCK_SIGNAL;
        snprintf(text, sizeof text, says_so ? "%s" : _("wait %s"), label);
    }
    canvas_fit(c, x, y, width, lane->state == TASK_BLOCKED ? ROLE_BLOCKED : ROLE_DIM, text);
}

static void draw_step_row(struct step *s, struct canvas *c, struct rect r, int y, uint32_t step,
                          int width, unsigned first_task, unsigned ntasks)
{
    unsigned n;
    const struct event *e = trace_step(s->trace, step);
    const struct lane *lanes = lanes_at(&s->lanes, step, &n);
    char text[128];
    canvas_printf(c, r.x + 1, y, ROLE_LINE_NUMBER, "%5u", step);
    if (marks_at(&s->marks, step, EV_FINDING))
        canvas_put(c, r.x, y, ROLE_BAD, L'!');
    else if (step_is_bookmarked(s, step))
        canvas_put(c, r.x, y, ROLE_NOTE, L'●');
    enum switch_mark mark = step_switch(s, step);
    if (mark == SWITCH_NECESSARY || mark == SWITCH_IDLE)
        canvas_put(c, r.x + STEP_COLS - 2, y, mark == SWITCH_NECESSARY ? ROLE_CHANGED : ROLE_DIM,
                   mark == SWITCH_NECESSARY ? L'▶' : L'·');
    for (unsigned i = 0; i < ntasks; i++) {
        unsigned task = s->order[first_task + i];
        int x = r.x + STEP_COLS + (int)i * width;
        if (e && e->task == task) {
            explain_operation(e, s->trace, s->port.ops->names(s->port.ctx), text, sizeof text);
            canvas_put(c, x, y, ROLE_RUNNING, L'*');
            canvas_fit(c, x + 1, y, width - 2, ROLE_RUNNING, text);
        } else if (task < n)
            draw_other(s, c, x + 1, y, width - 2, &lanes[task]);
    }
    if (step == s->cursor)
        canvas_restyle(c, (struct rect){r.x, y, r.w, 1}, ATTR_REVERSE);
}

void draw_steps(struct step *s, struct canvas *c, struct rect r)
{
    const struct world *w = step_world(s);
    unsigned all = w->ntasks, fit = (unsigned)(r.w - STEP_COLS) / 14;
    fit = fit < 1 ? 1 : fit > all ? all : fit;
    int width = fit ? (r.w - STEP_COLS) / (int)fit : r.w;
    width = width > 36 ? 36 : width;
    step_order(s);
    unsigned at = s->place[w->running == NO_TASK ? s->selected : w->running];
    unsigned first = at < fit ? 0 : at - fit + 1;
    char text[48];
    canvas_text(c, r.x + 2, r.y, ROLE_PANEL, _("step"));
    for (unsigned i = 0; i < fit; i++) {
        task_label(w, s->order[first + i], s->port.ops->names(s->port.ctx), text, sizeof text);
        canvas_fit(c, r.x + STEP_COLS + (int)i * width + 1, r.y, width - 2, ROLE_PANEL, text);
    }
    uint32_t rows = (uint32_t)(r.h > 1 ? r.h - 1 : 0), last = s->trace->nsteps;
    uint32_t half = rows / 2, top = s->cursor > half ? s->cursor - half : 0;
    if (top + rows > last + 1)
        top = last + 1 > rows ? last + 1 - rows : 0;
    s->table_first = top;
    for (uint32_t i = 0; i < rows && top + i <= last; i++)
        draw_step_row(s, c, r, r.y + 1 + (int)i, top + i, width, first, fit);
    *text = 0;
    if (all > fit)
        snprintf(text, sizeof text,
                 w->nprocesses > 1 ? _("threads %u-%u of %u") : _("T%u-T%u of %u"), first,
                 first + fit - 1, all);
    frame(s, c, PANEL_STEPS, text);
}
