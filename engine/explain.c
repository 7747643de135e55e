/* The pieces screens use, and the line and the object of a step. */
#include "explain_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void explain_task_number(const struct world *w, unsigned task, char *out, size_t n)
{
    if (task >= MAX_TASKS)
        snprintf(out, n, "?");
    else if (w->nprocesses > 1 && task < w->ntasks)
        snprintf(out, n, "P%u.T%u", w->tasks[task].process, task);
    else
        snprintf(out, n, "T%u", task);
}

void explain_task(const struct world *w, unsigned task, const struct names *names, char *out,
                  size_t n)
{
    const struct spelling plain = {names, NULL, 0};
    const char *name = "";
    char number[TASK_BYTES];
    explain_task_number(w, task, number, sizeof number);
    if (task < w->ntasks && w->tasks[task].exists)
        name = w->tasks[task].name[0] ? w->tasks[task].name
                                      : spell_function(&plain, w->tasks[task].start_pc);
    if (name[0])
        snprintf(out, n, "%s (%s)", number, name);
    else
        snprintf(out, n, "%s", number);
}

void explain_finish(const struct event *finished, char *out, size_t n)
{
    char scratch[32];
    switch (finished->a) {
    case FINISH_EXIT:
        /* TRANSLATORS: these follow "The program" */
        snprintf(out, n, _("ends with status %d"), finished->result);
        break;
    case FINISH_SIGNAL:
        snprintf(out, n, _("is ended by signal %d (%s)"), (int)finished->b,
                 spell_signal((int)finished->b, scratch));
        break;
    case FINISH_DEADLOCK:
        snprintf(out, n, "%s", _("stops in a deadlock: no task can go on"));
        break;
    case FINISH_LIVELOCK:
        snprintf(out, n, "%s", _("stops in a livelock: tasks run but cannot get anywhere"));
        break;
    case FINISH_CUT:
        snprintf(out, n, "%s",
                 finished->b == CUT_OUTPUT ? _("is cut off: it prints more than lockstep takes")
                                           : _("is cut off: it reached the limit of steps"));
        break;
    case FINISH_ABANDONED:
        snprintf(out, n, "%s", _("is abandoned: an assumption of it does not hold"));
        break;
    default:
        snprintf(out, n, "%s", _("ends in a way this lockstep does not know"));
    }
}

/* The consequences worth a word in the detail column. */
static void add_consequence(struct buf *out, const struct trace *t, const struct event *e,
                            const struct spelling *names)
{
    char task[TASK_BYTES], text[NAME_BYTES];
    struct buf detail = {0};
    spell_task(names, e->task, task);
    switch (e->kind) {
    case EV_WAKE:
        spell_task(names, e->other, task);
        /* TRANSLATORS: the "; " stays: what a step set off, in the detail column */
        buf_printf(out, _("; wakes %s"), task);
        break;
    case EV_BLOCKED:
        explain_detail(e, t, names, &detail);
        buf_printf(out, _("; %s blocked %s"), task, detail.data ? detail.data : "");
        break;
    case EV_READY:
        buf_printf(out, _("; %s ready"), task);
        break;
    case EV_PROCESS_END:
    case EV_PROCESS_STATE:
    case EV_FREE_OUTPUT:
        buf_puts(out, "; ");
        explain_detail(e, t, names, out);
        break;
    case EV_CHOICE:
        if (e->other == NO_TASK)
            buf_printf(out, _("; the value %" PRId64 ", choice %" PRIu64 " of %" PRIu64),
                       (int64_t)e->addr2, e->a, e->b);
        else
            buf_printf(out, _("; choice %" PRIu64 " of %" PRIu64), e->a, e->b);
        break;
    case EV_NOTE:
        buf_visible(&detail, trace_text(t, e), e->ntext);
        buf_printf(out, _("; note: %s"), detail.data ? detail.data : "");
        break;
    case EV_FINDING:
        explain_detail(e, t, names, &detail);
        buf_printf(out, _("; finding: %s"), detail.data ? detail.data : "");
        break;
    case EV_FINISHED:
        explain_finish(e, text, sizeof text);
        buf_printf(out, _("; the program %s"), text);
        break;
    default:
        break;
    }
    buf_fini(&detail);
}

static void add_detail(struct buf *out, const struct trace *t, const struct event *e,
                       const struct spelling *names)
{
    explain_detail(e, t, names, out);
    for (const struct event *k = e + 1; k < t->events + trace_step_end(t, e->step); k++)
        add_consequence(out, t, k, names);
}

/* Return address of the step's place; START has the entry of the start routine itself. */
static uint64_t return_pc(const struct event *e)
{
    return e->kind == EV_START && e->pc ? e->pc + 1 : e->pc;
}

/* Text of a column: NUL-terminated even when nothing was added, without the "; " of a first
 * consequence. */
static const char *column_text(struct buf *b)
{
    static const char *const marks[] = {"; ", "；"};
    buf_puts(b, "");
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (!strncmp(b->data, marks[i], strlen(marks[i])))
            return b->data + strlen(marks[i]);
    return b->data;
}

/* A file may have a name of wide characters. */
static int columns(const char *s)
{
    wchar_t wide[NAME_BYTES];
    size_t n = mbstowcs(wide, s, NAME_BYTES);
    int cols = n < NAME_BYTES ? wcswidth(wide, n) : -1;
    return cols < 0 ? (int)strlen(s) : cols;
}

void explain_plain_line(const struct trace *t, struct world_view *v, uint32_t step,
                        const struct names *names, struct buf *out)
{
    const struct event *e = trace_step(t, step);
    char task[TASK_BYTES], process[16], place[NAME_BYTES];
    const struct spelling spelling = spelling_at(t, step, names);
    struct buf detail = {0};
    (void)v;
    if (!e)
        return;
    snprintf(task, sizeof task, "T%u", e->task); /* its process has a column of its own */
    snprintf(process, sizeof process, "P%u", e->process);
    spell_place(&spelling, return_pc(e), place);
    add_detail(&detail, t, e, &spelling);
    const char *text = column_text(&detail);
    const char *where = place[0] ? place : "-";
    buf_printf(out, "%4u  %-4s  %-3s  %s%*s  %-*s", step, task, process, where,
               18 - columns(where) > 0 ? 18 - columns(where) : 0, "", text[0] ? 15 : 0,
               event_word(e->kind));
    if (text[0])
        buf_printf(out, "  %s", text);
    buf_fini(&detail);
}

static void json_string(struct buf *out, const char *key, const char *s)
{
    buf_printf(out, ",\"%s\":", key);
    buf_json(out, s, strlen(s));
}

static void json_task(struct buf *out, const char *key, unsigned task)
{
    if (task < MAX_TASKS)
        buf_printf(out, ",\"%s\":\"T%u\"", key, task);
    else
        buf_printf(out, ",\"%s\":null", key);
}

/* The raw values of an event, the same for steps and consequences. */
static void json_values(struct buf *out, const struct trace *t, const struct event *e,
                        const struct spelling *names)
{
    char object[NAME_BYTES];
    if (e->addr) {
        spell_object(names, e->addr, e->size, object);
        json_string(out, "object", object);
    } else {
        buf_puts(out, ",\"object\":null");
    }
    json_task(out, "other", e->other);
    buf_printf(out,
               ",\"addr\":\"0x%" PRIx64 "\",\"addr2\":\"0x%" PRIx64 "\",\"pc\":\"0x%" PRIx64
               "\",\"size\":%u,\"a\":\"0x%" PRIx64 "\",\"b\":\"0x%" PRIx64
               "\",\"result\":%d,\"ref\":%u,\"flags\":%u",
               e->addr, e->addr2, e->pc, e->size, e->a, e->b, e->result, e->ref, e->flags);
    if (e->ntext) {
        buf_puts(out, ",\"text\":");
        buf_json(out, trace_text(t, e), e->ntext);
    }
}

static void json_consequences(struct buf *out, const struct trace *t, const struct event *e,
                              const struct spelling *names)
{
    char operation[NAME_BYTES];
    const char *comma = "";
    buf_puts(out, ",\"then\":[");
    for (const struct event *k = e + 1; k < t->events + trace_step_end(t, e->step); k++) {
        buf_printf(out, "%s{\"operation\":\"%s\"", comma, event_word(k->kind));
        json_task(out, "task", k->task);
        buf_printf(out, ",\"process\":\"P%u\"", k->process);
        explain_operation(k, t, names->names, operation, sizeof operation);
        json_string(out, "detail", operation);
        json_values(out, t, k, names);
        buf_puts(out, "}");
        comma = ",";
    }
    buf_puts(out, "]");
}

void explain_json_line(const struct trace *t, struct world_view *v, uint32_t step,
                       const struct names *names, struct buf *out)
{
    const struct event *e = trace_step(t, step);
    struct place p = {.file = "", .function = "", .line = 0};
    const struct spelling spelling = spelling_at(t, step, names);
    struct buf detail = {0};
    if (!e)
        return;
    const struct world *w = world_at(v, step);
    if (e->pc)
        names->place(names->ctx, return_pc(e) - 1, &p);
    add_detail(&detail, t, e, &spelling);
    buf_printf(out, "{\"step\":%u", step);
    json_task(out, "task", e->task);
    json_string(out, "name", w->tasks[e->task].name);
    buf_printf(out, ",\"process\":\"P%u\",\"pid\":%" PRId64, e->process,
               w->processes[e->process].pid);
    json_string(out, "file", p.file ? p.file : "");
    buf_printf(out, ",\"line\":%d", p.line);
    json_string(out, "function", p.function ? p.function : "");
    json_string(out, "operation", event_word(e->kind));
    json_string(out, "detail", column_text(&detail));
    if (e->flags & EVF_ADVERSE)
        buf_puts(out, ",\"adverse\":true");
    json_values(out, t, e, &spelling);
    json_consequences(out, t, e, &spelling);
    buf_puts(out, "}");
    buf_fini(&detail);
}
