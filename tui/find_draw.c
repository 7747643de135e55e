/* The screen of a find challenge: the steps with the learner's marks, the source, the task. */
#include "find_internal.h"

#include "explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct place place_of(struct find_view *v, const struct event *e)
{
    const struct names *names = v->port.ops->names(v->port.ctx);
    struct place place = {.file = "", .function = ""};
    /* of a call, not where it returns to */
    names->place(names->ctx, e->kind == EV_START ? e->pc : e->pc - 1, &place);
    return place;
}

/* -------- the steps -------- */

/* What the judge said of a mark shows in its colour; before, a mark is a mark. */
static unsigned switch_role(const struct find_view *v, int i)
{
    if (!v->passed)
        return ROLE_KEY;
    return v->work.facts.necessary[i] ? ROLE_GOOD : ROLE_DIM;
}

static void draw_step(struct find_view *v, struct canvas *c, struct rect r, int y, uint32_t step)
{
    const struct event *e = trace_step(v->trace, step);
    int change = find_switch(&v->work.facts, step);
    char text[128], line[16] = "";
    struct place place = place_of(v, e);
    explain_operation(e, v->trace, v->port.ops->names(v->port.ctx), text, sizeof text);
    if (place.line > 0)
        snprintf(line, sizeof line, ":%d", place.line);
    if (v->marked == step)
        canvas_put(c, r.x, y, v->passed ? ROLE_GOOD : ROLE_BAD, L'■');
    if (change >= 0)
        canvas_put(c, r.x + 2, y, v->switches[change] ? switch_role(v, change) : ROLE_DIM,
                   v->switches[change] ? L'●' : L'·');
    canvas_printf(c, r.x + 4, y, ROLE_LINE_NUMBER, "%3u", step);
    canvas_printf(c, r.x + 8, y, ROLE_STRONG, "T%u", e->task);
    canvas_text(c, r.x + 12, y, ROLE_LINE_NUMBER, line);
    canvas_fit(c, r.x + 17, y, r.w - 17, change >= 0 ? ROLE_NOTE : ROLE_TEXT, text);
    if (step == v->cursor)
        canvas_restyle(c, (struct rect){r.x, y, r.w, 1}, ATTR_REVERSE);
}

static void draw_steps(struct find_view *v, struct canvas *c, struct rect box)
{
    struct rect r = panel_inside(box);
    uint32_t n = v->trace->nsteps, rows;
    panel_box(c, box, _("The run"), _("■ decides it  ● needed"), v->focus == FINDING_STEPS);
    r.y++;
    r.h--;
    canvas_fit(c, r.x, r.y - 1, r.w, ROLE_DIM, _("· a switch: another thread goes on"));
    v->page = r.h > 0 ? r.h : 1;
    v->steps_at = r;
    rows = (uint32_t)v->page;
    if (v->cursor < v->top)
        v->top = v->cursor;
    if (v->cursor >= v->top + rows)
        v->top = v->cursor - rows + 1;
    if (v->top + rows > n + 1)
        v->top = n + 1 > rows ? n + 1 - rows : 1;
    if (!v->top)
        v->top = 1;
    struct rect before = canvas_clip(c, r);
    for (uint32_t i = 0; i < rows && v->top + i <= n; i++)
        draw_step(v, c, r, r.y + (int)i, v->top + i);
    c->clip = before;
}

/* -------- the source -------- */

static void draw_source(struct find_view *v, struct canvas *c, struct rect box)
{
    struct rect r = panel_inside(box);
    struct place place = place_of(v, trace_step(v->trace, v->cursor));
    panel_box(c, box, v->challenge->file, "", v->focus == FINDING_SOURCE);
    int top = place.line - r.h / 2;
    if (top + r.h > v->source.nlines + 1)
        top = v->source.nlines + 1 - r.h;
    top = top < 1 ? 1 : top;
    struct rect before = canvas_clip(c, r);
    for (int i = 0; i < r.h && top + i <= v->source.nlines; i++) {
        int here = top + i == place.line;
        canvas_printf(c, r.x, r.y + i, here ? ROLE_KEY : ROLE_LINE_NUMBER, "%s%3d",
                      here ? ">>" : "  ", top + i);
        source_draw(&v->source, top + i, c, r.x + 7, r.y + i, 0, r.w - 7);
        if (here)
            canvas_restyle(c, (struct rect){r.x, r.y + i, r.w, 1}, ATTR_REVERSE);
    }
    c->clip = before;
}

/* -------- the task -------- */

static void task_text(struct find_view *v, struct buf *out)
{
    const struct lesson_challenge *ch = v->challenge;
    size_t marked = 0;
    buf_printf(out, "%s\n%s\n", ch->title.text, ch->text.text);
    for (size_t i = 0; v->ready && i < v->work.facts.switches.n; i++)
        marked += v->switches[i];
    if (v->ready) {
        buf_puts(out, "\n");
        if (v->marked)
            buf_printf(out, _("Marked as deciding: step %u."), v->marked);
        else
            buf_puts(out, _("Marked as deciding: none yet."));
        buf_puts(out, "\n");
        buf_printf(out, _("Switches marked: %zu of %zu."), marked, v->work.facts.switches.n);
        buf_puts(out, "\n");
    }
    if (v->judged) {
        buf_puts(out, "\n");
        find_say(&v->work.facts, &v->verdict, out);
        buf_puts(out, "\n");
    }
    for (int i = 0; i < *v->hints && i < CHALLENGE_HINTS; i++) {
        buf_puts(out, "\n");
        buf_printf(out, _("Hint %d of %d"), i + 1, CHALLENGE_HINTS);
        buf_printf(out, ": %s\n", ch->hints[i].text ? ch->hints[i].text : "");
    }
}

static void draw_task(struct find_view *v, struct canvas *c, struct rect box)
{
    struct rect r = panel_inside(box);
    struct buf text = {0};
    r.x++;
    r.w = r.w > 3 ? r.w - 2 : 1;
    task_text(v, &text);
    size_t heading = strlen(v->challenge->title.text), all = strlen(text.data);
    const struct span spans[] = {{0, heading, ROLE_HEADING}, {heading, all - heading, ROLE_TEXT}};
    v->task_lines = text_lines(r.w, text.data);
    v->task_page = r.h > 0 ? r.h : 1;
    if (v->scroll > v->task_lines - r.h)
        v->scroll = v->task_lines > r.h ? v->task_lines - r.h : 0;
    struct rect before = canvas_clip(c, r);
    text_wrap(c, r, v->scroll, ROLE_TEXT, text.data, spans, 2);
    c->clip = before;
    panel_box(c, box, _("Task"), v->scroll + r.h < v->task_lines ? _("more: d") : "",
              v->focus == FINDING_TASK);
    buf_fini(&text);
}

/* -------- the screen -------- */

static void draw_waiting(struct find_view *v, struct canvas *c, struct rect box)
{
    struct rect r = panel_inside(box);
    struct buf text = {0};
    panel_box(c, box, v->challenge->file, "", 1);
    if (v->job) {
        job_lock(v->job);
        uint64_t executions = v->work.executions;
        job_unlock(v->job);
        buf_printf(&text,
                   _("compiling, and running every way on from its steps: %" PRIu64
                     " executions … (Esc leaves)"),
                   executions);
    } else
        buf_puts(&text, v->problem);
    text_wrap(c, (struct rect){r.x + 1, r.y, r.w - 2, r.h}, 0, v->job ? ROLE_NOTE : ROLE_BAD,
              text.data, NULL, 0);
    buf_fini(&text);
}

static void draw_one(struct find_view *v, struct canvas *c, enum find_panel which, struct rect box)
{
    if (which == FINDING_TASK)
        draw_task(v, c, box);
    else if (!v->ready)
        draw_waiting(v, c, box);
    else if (which == FINDING_STEPS)
        draw_steps(v, c, box);
    else
        draw_source(v, c, box);
}

void find_draw(void *state, struct canvas *c)
{
    struct find_view *v = state;
    int status_y = c->rows >= 12 ? c->rows - 2 : -1;
    int body = c->rows - 2 - (status_y >= 0);
    v->steps_at = (struct rect){0};
    bar_title(c, v->lesson->title, v->passed ? _("found") : _("find it"));
    if (c->cols < 70 || body < 14) {
        draw_one(v, c, v->focus, (struct rect){0, 1, c->cols, body});
    } else {
        int side = c->cols / 2 > 80 ? 80 : c->cols / 2, half = body / 2;
        struct rect left = {0, 1, c->cols - side + 1, body};
        draw_one(v, c, FINDING_STEPS, left);
        draw_one(v, c, FINDING_SOURCE, (struct rect){left.w - 1, 1, side, half + 1});
        draw_one(v, c, FINDING_TASK, (struct rect){left.w - 1, 1 + half, side, body - half});
    }
    bar_footer(c, SCREEN_FIND, ACT_NONE);
    message_draw(c, status_y, v->message_style, v->message);
}
