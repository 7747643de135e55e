#include "outcome_map.h"

#include "explain.h"
#include "switches.h"

#include <stdlib.h>
#include <string.h>

enum { KEPT = 65536, SHOWN = 120 }; /* bytes of output: as a search keeps them; in words */

/* ---- ends ---- */
static uint64_t mix(uint64_t h, uint64_t v)
{
    return (h ^ v) * 0x9e3779b97f4a7c15ull;
}

struct end {
    const char *out;
    size_t nout; /* of total, the rest is not looked at */
    uint64_t total;
    int exit_status, signal, deadlock, livelock, cut;
};

/* Never 0. */
static uint64_t end_hash(const struct end *e)
{
    uint64_t h = 14695981039346656037ull;
    for (size_t i = 0; i < e->nout; i++)
        h = (h ^ (unsigned char)e->out[i]) * 1099511628211ull;
    h = mix(h, e->total);
    h = mix(h, (uint64_t)(uint32_t)e->exit_status << 32 | (uint32_t)e->signal);
    return mix(h, (uint64_t)(e->deadlock | e->livelock << 1 | e->cut << 2)) | 1;
}

static uint64_t hash_of_outcome(const struct explore_outcome *o)
{
    struct end e = {
        o->nout ? o->out : "", o->nout,   o->nout_total > o->nout ? o->nout_total : o->nout,
        o->exit_status,        o->signal, o->deadlock,
        o->livelock,           o->cut};
    return end_hash(&e);
}

/* 0: it is not over. */
static uint64_t hash_of_trace(const struct trace *t)
{
    const struct event *f = trace_find_back(t, t->nsteps, EV_FINISHED);
    struct buf out = {0};
    if (!f || f->a == FINISH_ABANDONED)
        return 0;
    world_output(t, t->nsteps, 1, &out);
    struct end e = {.out = out.len ? out.data : "",
                    .nout = out.len < KEPT ? out.len : KEPT,
                    .total = out.len,
                    .exit_status = f->a == FINISH_EXIT ? f->result : -1,
                    .signal = f->a == FINISH_SIGNAL ? (int)f->b : 0,
                    .deadlock = f->a == FINISH_DEADLOCK,
                    .livelock = f->a == FINISH_LIVELOCK,
                    .cut = f->a == FINISH_CUT};
    uint64_t h = end_hash(&e);
    buf_fini(&out);
    return h;
}

static int has(const struct outcome_set *s, uint64_t end)
{
    for (size_t i = 0; s && i < s->n; i++)
        if (s->ends[i] == end)
            return 1;
    return 0;
}

int outcome_set_add(struct outcome_set *s, const struct trace *t)
{
    uint64_t end = hash_of_trace(t);
    if (!end || has(s, end))
        return 0;
    if (s->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 16;
        s->ends = xrealloc(s->ends, s->cap, sizeof *s->ends);
    }
    s->ends[s->n++] = end;
    return 1;
}

void outcome_set_fini(struct outcome_set *s)
{
    free(s->ends);
    *s = (struct outcome_set){0};
}

/* ---- the map ---- */
static int wrong_end(const struct explore_outcome *o)
{
    return o->deadlock          ? FIND_DEADLOCK
           : o->livelock        ? FIND_LIVELOCK
           : o->signal          ? FIND_CRASH
           : o->exit_status > 0 ? FIND_EXIT_STATUS
                                : -1;
}

static void update_ends(struct outcome_map *m, const struct explore_result *r)
{
    if (m->starts != r->starts || m->nends > r->noutcomes)
        m->nends = 0;
    m->starts = r->starts;
    if (m->nends == r->noutcomes)
        return;
    m->ends = xrealloc(m->ends, r->noutcomes, sizeof *m->ends);
    m->rows = xrealloc(m->rows, r->noutcomes, sizeof *m->rows);
    for (; m->nends < r->noutcomes; m->nends++)
        m->ends[m->nends] = hash_of_outcome(&r->outcomes[m->nends]);
}

static int commonest_first(const void *a, const void *b)
{
    const struct outcome_row *x = a, *y = b;
    if (x->executions != y->executions)
        return x->executions > y->executions ? -1 : 1;
    return x->outcome < y->outcome ? -1 : x->outcome > y->outcome;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* How many of the learner's ends are none of the map. */
static size_t ends_elsewhere(const struct outcome_map *m, const struct outcome_set *seen)
{
    size_t n = 0;
    uint64_t *sorted = xcalloc(m->nends + 1, sizeof *sorted);
    memcpy(sorted, m->ends ? m->ends : sorted, m->nends * sizeof *sorted);
    qsort(sorted, m->nends, sizeof *sorted, by_value);
    for (size_t i = 0; i < seen->n; i++)
        n += !bsearch(&seen->ends[i], sorted, m->nends, sizeof *sorted, by_value);
    free(sorted);
    return n;
}

void outcome_map_update(struct outcome_map *m, const struct explore_result *r, int under_way,
                        const struct outcome_set *seen)
{
    update_ends(m, r);
    m->n = r->noutcomes;
    m->executions = m->most = 0;
    m->seen = m->elsewhere = 0;
    for (size_t i = 0; i < m->n; i++) {
        const struct explore_outcome *o = &r->outcomes[i];
        m->rows[i] = (struct outcome_row){.outcome = i,
                                          .executions = o->executions,
                                          .switches = o->switches,
                                          .wrong = wrong_end(o),
                                          .seen = has(seen, m->ends[i])};
        m->executions += o->executions;
        m->most = o->executions > m->most ? o->executions : m->most;
        m->seen += (size_t)m->rows[i].seen;
    }
    if (seen && seen->n > m->seen)
        m->elsewhere = ends_elsewhere(m, seen);
    m->beyond = r->executions > m->executions ? r->executions - m->executions : 0;
    m->verdict = under_way      ? MAP_UNDER_WAY
                 : r->complete  ? MAP_COMPLETE
                 : r->exhausted ? MAP_BOUND
                                : MAP_STOPPED;
    if (!under_way && m->n)
        qsort(m->rows, m->n, sizeof *m->rows, commonest_first);
}

void outcome_map_fini(struct outcome_map *m)
{
    free(m->rows);
    free(m->ends);
    *m = (struct outcome_map){0};
}

/* ---- in words ---- */
static void say_output(const struct explore_outcome *o, struct buf *out)
{
    struct buf text = {0};
    size_t n = o->nout, total = o->nout_total > n ? (size_t)o->nout_total : n;
    if (n == total && n && o->out[n - 1] == '\n') /* as nearly every program does */
        n = total = n - 1;
    size_t shown = n < SHOWN ? n : SHOWN;
    while (shown < n && shown && ((unsigned char)o->out[shown] & 0xc0) == 0x80)
        shown--; /* not inside a character */
    buf_visible(&text, o->nout ? o->out : "", shown);
    const char *printed = text.data ? text.data : "";
    if (!o->nout)
        buf_puts(out, _("prints nothing"));
    else if (total > shown)
        buf_printf(out, _("prints \"%s\" and more"), printed);
    else
        buf_printf(out, _("prints \"%s\""), printed);
    buf_fini(&text);
}

/* A bad end is said first: what was printed may be long. */
void outcome_say(const struct explore_outcome *o, struct buf *out)
{
    char scratch[32];
    size_t before = out->len;
    if (o->deadlock)
        buf_puts(out, _("deadlock"));
    else if (o->livelock)
        buf_puts(out, _("livelock"));
    else if (o->cut)
        buf_puts(out, _("cut at a limit"));
    else if (o->signal)
        buf_printf(out, _("ended by %s"), explain_signal((uint64_t)o->signal, scratch));
    else if (o->exit_status != 0)
        buf_printf(out, _("status %d"), o->exit_status);
    buf_puts(out, out->len > before ? "; " : "");
    say_output(o, out);
}

void outcome_map_say_verdict(const struct outcome_map *m, const struct explore_result *r,
                             struct buf *out)
{
    unsigned long long n = r->executions;
    const char *why = explore_why(r);
    if (m->verdict == MAP_UNDER_WAY)
        buf_puts(out, _("So far; the search goes on."));
    else if (m->verdict == MAP_COMPLETE)
        buf_puts(out, _("Complete: every schedule is covered, the program has no other outcome."));
    else if (m->verdict == MAP_BOUND)
        buf_printf(out, _("Within a bound: %s. There may be other outcomes."), why);
    else
        buf_printf(out,
                   ngettext("Stopped after %llu execution (%s). There may be other outcomes.",
                            "Stopped after %llu executions (%s). There may be other outcomes.", n),
                   n, *why ? why : _("you stopped it"));
    n = m->beyond;
    if (n > (m->verdict == MAP_UNDER_WAY)) { /* the one under way may not be counted yet */
        buf_puts(out, " ");
        buf_printf(out,
                   ngettext("%llu execution ended in outcomes that are too many to be kept.",
                            "%llu executions ended in outcomes that are too many to be kept.", n),
                   n);
    }
}

void outcome_map_say_seen(const struct outcome_map *m, struct buf *out)
{
    if (!m->n)
        return;
    buf_printf(out,
               ngettext("Your own runs have reached %zu of %zu outcome.",
                        "Your own runs have reached %zu of %zu outcomes.", m->n),
               m->seen, m->n);
    if (m->elsewhere) {
        buf_puts(out, " ");
        buf_printf(out,
                   ngettext("%zu outcome of yours was not found by this search.",
                            "%zu outcomes of yours were not found by this search.", m->elsewhere),
                   m->elsewhere);
    }
}

static void say_switch(const struct trace *t, struct world_view *v, uint32_t step,
                       const struct names *names, struct buf *out)
{
    const struct event *e = trace_step(t, step);
    const struct world *w = world_at(v, step - 1);
    const struct event *left = &w->tasks[w->running].pending;
    struct place place = {"", "", 0};
    char to[32], from[32], what[96];
    explain_task_number(w, e->task, to, sizeof to);
    explain_task_number(w, w->running, from, sizeof from);
    explain_operation(left, t, names, what, sizeof what);
    names->place(names->ctx, left->pc ? left->pc - 1 : 0, &place);
    const char *slash = strrchr(place.file, '/');
    if (place.line)
        buf_printf(out, _("step %u: %s goes on although %s could, which stood before: %s (%s:%d)"),
                   step, to, from, what, slash ? slash + 1 : place.file, place.line);
    else
        buf_printf(out, _("step %u: %s goes on although %s could, which stood before: %s"), step,
                   to, from, what);
}

void outcome_say_switches(const struct trace *t, struct world_view *v, const struct names *names,
                          struct buf *out)
{
    unsigned found = 0, more = 0;
    for (uint32_t n = 2; n <= t->nsteps; n++) {
        if (!switch_at(v, n))
            continue;
        if (found == OUTCOME_SWITCHES_SAID) {
            more++;
            continue;
        }
        buf_puts(out, found++ ? "\n" : "");
        say_switch(t, v, n, names, out);
    }
    if (more) {
        buf_puts(out, "\n");
        buf_printf(out, ngettext("… and %u more", "… and %u more", more), more);
    }
}

void outcome_say_findings(const struct trace *t, struct buf *out)
{
    struct buf kinds = {0};
    unsigned seen[FIND_COUNT] = {0};
    for (size_t i = 0; i < t->nevents; i++) {
        const struct event *e = &t->events[i];
        if (e->kind != EV_FINDING || e->a >= FIND_COUNT || seen[e->a]++)
            continue;
        buf_puts(&kinds, kinds.len ? ", " : "");
        buf_puts(&kinds, finding_name((unsigned)e->a));
    }
    if (kinds.len)
        buf_printf(out, _("found in it: %s"), kinds.data);
    buf_fini(&kinds);
}

void outcome_map_say_row(const struct outcome_row *row, const struct explore_result *r,
                         struct buf *out)
{
    unsigned long long n = row->executions, all = r->executions;
    buf_printf(out, ngettext("%llu of %llu execution", "%llu of %llu executions", all), n, all);
    if (row->switches != UINT32_MAX) {
        buf_puts(out, "; ");
        buf_printf(
            out,
            ngettext("the simplest with %u switch", "the simplest with %u switches", row->switches),
            row->switches);
    }
    if (row->wrong >= 0)
        buf_printf(out, "; %s", _("this end is a finding"));
    if (row->seen)
        buf_printf(out, "; %s", _("you have seen it"));
}

static void say_row(const struct outcome_map *m, size_t i, const struct explore_result *r,
                    struct buf *out)
{
    const struct outcome_row *row = &m->rows[i];
    buf_printf(out, "%zu. ", i + 1);
    outcome_say(&r->outcomes[row->outcome], out);
    buf_puts(out, ": ");
    outcome_map_say_row(row, r, out);
    buf_puts(out, "\n");
}

void outcome_map_text(const struct outcome_map *m, const struct explore_result *r, size_t rows,
                      struct buf *out)
{
    size_t n = rows && rows < m->n ? rows : m->n;
    for (size_t i = 0; i < n; i++)
        say_row(m, i, r, out);
    if (m->n > n) {
        buf_printf(out, ngettext("… and %zu more", "… and %zu more", m->n - n), m->n - n);
        buf_puts(out, "\n");
    }
    if (m->n) {
        outcome_map_say_seen(m, out);
        buf_puts(out, "\n");
    }
    outcome_map_say_verdict(m, r, out);
    buf_puts(out, "\n");
}
