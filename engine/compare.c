#include "compare.h"

#include "explain.h"

#include <stdlib.h>
#include <string.h>

int compare_same_way(const struct schedule *now, const char *token, int64_t step)
{
    struct schedule then;
    schedule_init(&then);
    int same = schedule_parse(&then, token, NULL) == 0;
    int64_t steps = 0;
    for (size_t i = 0; same && steps < step; i++) {
        same = i < now->n && i < then.n && now->choices[i] == then.choices[i];
        steps += same && !(now->choices[i] & CHOICE_ALT);
    }
    schedule_fini(&then);
    return same;
}

void trace_copy(struct trace *to, const struct trace *from)
{
    trace_clear(to);
    for (size_t i = 0; i < from->nevents; i++)
        trace_append(to, &from->events[i], trace_text(from, &from->events[i]));
}

/* -------- where they part -------- */

static int same_event(const struct trace *ta, const struct event *a, const struct trace *tb,
                      const struct event *b)
{
    return a->kind == b->kind && a->task == b->task && a->other == b->other &&
           a->process == b->process && a->result == b->result && a->size == b->size &&
           a->addr == b->addr && a->addr2 == b->addr2 && a->pc == b->pc && a->a == b->a &&
           a->b == b->b && a->ntext == b->ntext &&
           !memcmp(trace_text(ta, a), trace_text(tb, b), a->ntext);
}

static int same_step(const struct trace *a, const struct trace *b, uint32_t step)
{
    size_t i = a->step_start[step], k = b->step_start[step];
    size_t n = trace_step_end(a, step) - i;
    if (trace_step_end(b, step) - k != n)
        return 0;
    for (size_t j = 0; j < n; j++)
        if (!same_event(a, &a->events[i + j], b, &b->events[k + j]))
            return 0;
    return 1;
}

/* -------- what they hold at their ends -------- */

static void add_value(struct compare *c, const struct world_object *a, const struct world_object *b)
{
    c->values = xrealloc(c->values, c->nvalues + 1, sizeof *c->values);
    c->values[c->nvalues++] = (struct compare_value){a->addr, a->size, {a->value, b->value}};
}

static void compare_values(struct compare *c, const struct world *a, const struct world *b)
{
    for (uint32_t i = 0; i < a->nobjects; i++) {
        const struct world_object *x = &a->objects[i];
        const struct world_object *y = world_object(b, x->addr);
        if (x->class == OBJ_PLACE && y && y->class == OBJ_PLACE && x->value != y->value &&
            !x->destroyed && !y->destroyed)
            add_value(c, x, y);
    }
}

void compare_runs(struct world_view *va, struct world_view *vb, struct compare *out)
{
    const struct trace *a = world_view_trace(va), *b = world_view_trace(vb);
    uint32_t shorter = a->nsteps < b->nsteps ? a->nsteps : b->nsteps, step = 0;
    *out = (struct compare){0};
    while (step < shorter && same_step(a, b, step + 1))
        step++;
    out->common = step;
    out->first = step < shorter || a->nsteps != b->nsteps ? step + 1 : 0;
    if (out->first)
        compare_values(out, world_at(va, a->nsteps), world_at(vb, b->nsteps));
}

void compare_fini(struct compare *c)
{
    free(c->values);
    *c = (struct compare){0};
}

/* -------- in words -------- */

void compare_say_end(const struct trace *t, struct buf *out)
{
    const struct event *f = trace_find_back(t, t->nsteps, EV_FINISHED);
    char text[160];
    if (!f) {
        buf_puts(out, _("is not over yet"));
        return;
    }
    explain_finish(f, text, sizeof text);
    buf_puts(out, text);
}

static void output_of(const struct trace *t, struct buf *out)
{
    struct buf bytes = {0};
    world_output(t, t->nsteps, 1, &bytes);
    buf_puts(out, "");
    if (bytes.len)
        buf_visible(out, bytes.data, bytes.len);
    buf_fini(&bytes);
}

static void say_values(const struct compare *c, const struct names *names, struct buf *out)
{
    enum { MOST = 12 };
    for (size_t i = 0; i < c->nvalues && i < MOST; i++) {
        const struct compare_value *v = &c->values[i];
        char name[80], one[64], other[64];
        names->object(names->ctx, v->addr, v->size, name, sizeof name);
        names->value(names->ctx, v->addr, v->size, v->value[0], one, sizeof one);
        names->value(names->ctx, v->addr, v->size, v->value[1], other, sizeof other);
        buf_printf(out, _("%s: %s here, %s there.\n"), name, one, other);
    }
}

void compare_say(const struct compare *c, const struct trace *a, const struct trace *b,
                 const struct names *names, struct buf *out)
{
    struct buf end[2] = {{0}, {0}}, text[2] = {{0}, {0}};
    if (!c->first) {
        buf_puts(out, _("The two runs are the same.\n"));
        return;
    }
    compare_say_end(a, &end[0]);
    compare_say_end(b, &end[1]);
    output_of(a, &text[0]);
    output_of(b, &text[1]);
    if (strcmp(end[0].data, end[1].data) != 0)
        buf_printf(out, _("This run %s; the run before %s.\n"), end[0].data, end[1].data);
    else
        buf_printf(out, _("Each of the two runs %s.\n"), end[0].data);
    if (strcmp(text[0].data, text[1].data) != 0)
        buf_printf(out, _("Printed: \"%s\" here, \"%s\" there.\n"), text[0].data, text[1].data);
    else if (text[0].len)
        buf_printf(out, _("Both printed \"%s\".\n"), text[0].data);
    say_values(c, names, out);
    for (int i = 0; i < 2; i++) {
        buf_fini(&end[i]);
        buf_fini(&text[i]);
    }
}
