/* The measurement as one JSON object; the manual page lists its members. */
#include "timing.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void put_string(struct buf *out, const char *s)
{
    buf_json(out, s, strlen(s));
}

static void put_number(struct buf *out, double x)
{
    if (isfinite(x))
        buf_printf(out, "%.9g", x);
    else
        buf_puts(out, "null");
}

static void put_member(struct buf *out, const char *name, double x)
{
    buf_printf(out, ",\"%s\":", name);
    put_number(out, x);
}

static void put_interval(struct buf *out, const struct summary *s)
{
    put_member(out, "low", s->low);
    put_member(out, "high", s->high);
    buf_printf(out, ",\"sure\":%s", s->sure ? "true" : "false");
}

static void put_who(struct buf *out, const struct timing *t, int program, int threads)
{
    buf_puts(out, "{\"program\":");
    put_string(out, t->programs[program]);
    buf_puts(out, ",\"threads\":");
    if (threads)
        buf_printf(out, "%d", threads);
    else
        buf_puts(out, "null");
}

static void put_samples(struct buf *out, const struct timing_series *r)
{
    struct summary s;
    buf_puts(out, "\"samples\":[");
    for (size_t i = 0; i < r->n; i++) {
        buf_puts(out, i ? "," : "");
        put_number(out, r->wall[i]);
    }
    summary_of(&s, r->wall, r->n);
    buf_printf(out, "],\"counted\":%zu", s.n);
    put_member(out, "median", s.median);
    put_interval(out, &s);
    put_member(out, "least", s.least);
    put_member(out, "most", s.most);
    put_member(out, "quarter", s.quarter);
    put_member(out, "three_quarters", s.three_quarters);
}

static void put_use(struct buf *out, const struct timing_series *r)
{
    static const struct {
        const char *name;
        size_t offset;
    } fields[] = {{"user", offsetof(struct measure, user)},
                  {"system", offsetof(struct measure, system)},
                  {"memory", offsetof(struct measure, memory)},
                  {"voluntary_switches", offsetof(struct measure, voluntary)},
                  {"involuntary_switches", offsetof(struct measure, involuntary)},
                  {"minor_faults", offsetof(struct measure, minor_faults)},
                  {"major_faults", offsetof(struct measure, major_faults)}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct summary s;
        timing_summary(&s, r, fields[i].offset);
        put_member(out, fields[i].name, s.median);
    }
}

static void put_failures(struct buf *out, const struct timing_series *r)
{
    buf_printf(out, ",\"failed\":%zu,\"failures\":[", r->nfailed);
    for (int i = 0; i < TIMING_FAILURES && r->failures[i].n; i++) {
        buf_printf(out, "%s{\"why\":", i ? "," : "");
        put_string(out, r->failures[i].why);
        buf_printf(out, ",\"runs\":%zu}", r->failures[i].n);
    }
    buf_puts(out, "]");
}

static void put_runs(struct buf *out, const struct timing *t)
{
    buf_puts(out, ",\"runs\":[");
    for (size_t i = 0; i < t->nseries; i++) {
        const struct timing_series *r = &t->series[i];
        buf_puts(out, i ? "," : "");
        put_who(out, t, r->program, r->threads);
        buf_puts(out, ",");
        put_samples(out, r);
        put_use(out, r);
        put_failures(out, r);
        buf_puts(out, "}");
    }
    buf_puts(out, "],\"empty\":");
    if (!t->empty) {
        buf_puts(out, "null");
        return;
    }
    buf_puts(out, "{");
    put_samples(out, t->empty);
    buf_puts(out, "}");
}

/* a's time over b's: above 1, b is the faster one. */
static void put_ratio(struct buf *out, const struct timing_series *a, const struct timing_series *b)
{
    struct summary s;
    size_t n = a->n < b->n ? a->n : b->n;
    summary_of_ratios(&s, a->wall, b->wall, n);
    put_member(out, "ratio", s.median);
    put_interval(out, &s);
    int d = summary_against(&s, 1);
    buf_printf(out, ",\"difference\":\"%s\"}", d > 0 ? "faster" : d < 0 ? "slower" : "none");
}

static void put_speedup(struct buf *out, const struct timing *t)
{
    const char *comma = "";
    buf_puts(out, ",\"speedup\":[");
    for (size_t i = 0; i < t->nseries && t->threads->n > 1; i++) {
        const struct timing_series *r = &t->series[i],
                                   *first = timing_find(t, r->program, t->threads->list[0]);
        buf_puts(out, comma);
        put_who(out, t, r->program, r->threads);
        buf_printf(out, ",\"against\":%d", first->threads);
        put_ratio(out, first, r);
        comma = ",";
    }
    buf_puts(out, "]");
}

static void put_comparison(struct buf *out, const struct timing *t)
{
    const char *comma = "";
    buf_puts(out, ",\"comparison\":[");
    for (size_t i = 0; i < t->nseries; i++) {
        const struct timing_series *r = &t->series[i], *first = timing_find(t, 0, r->threads);
        if (r->program == 0)
            continue;
        buf_puts(out, comma);
        put_who(out, t, r->program, r->threads);
        buf_puts(out, ",\"against\":");
        put_string(out, t->programs[0]);
        put_ratio(out, first, r);
        comma = ",";
    }
    buf_puts(out, "]");
}

static void put_serial(struct buf *out, const struct timing *t, int program)
{
    static const char *const words[] = {[AMDAHL_GIVEN] = "given",
                                        [AMDAHL_FEW] = "too few numbers of threads",
                                        [AMDAHL_WIDE] = "too noisy",
                                        [AMDAHL_GROWS] = "grows with the threads",
                                        [AMDAHL_OUTSIDE] = "outside 0 to 1"};
    struct summary s;
    enum amdahl a = timing_amdahl(t, program, &s);
    buf_puts(out, "{\"program\":");
    put_string(out, t->programs[program]);
    buf_printf(out, ",\"fit\":\"%s\"", words[a]);
    put_member(out, "share", a == AMDAHL_GIVEN ? s.median : NAN);
    put_member(out, "low", s.low);
    put_member(out, "high", s.high);
    buf_puts(out, "}");
}

static void put_pass(struct buf *out, const struct timing *t, const struct timing_pass *p)
{
    put_who(out, t, p->program, p->threads);
    buf_printf(out, ",\"operations\":%" PRIu64 ",\"waits\":%" PRIu64 ",\"lost\":%" PRIu64,
               p->operations, p->waits, p->lost);
    put_member(out, "waited", p->waited);
    buf_puts(out, ",\"why\":");
    put_string(out, p->why);
    buf_puts(out, ",\"objects\":[");
    for (size_t i = 0; i < p->ncontended; i++) {
        const struct timing_contended *c = &p->contended[i];
        buf_printf(out, "%s{\"what\":", i ? "," : "");
        put_string(out, c->what);
        buf_printf(out, ",\"operations\":%" PRIu64 ",\"waits\":%" PRIu64, c->operations,
                   c->contended);
        put_member(out, "waited", c->waited);
        buf_puts(out, "}");
    }
    buf_puts(out, "]}");
}

static void put_contention(struct buf *out, const struct timing *t)
{
    buf_puts(out, ",\"contention\":[");
    for (int i = 0; i < t->npasses; i++) {
        buf_puts(out, i ? "," : "");
        put_pass(out, t, &t->passes[i]);
    }
    buf_puts(out, "]");
}

static void put_warnings(struct buf *out, const struct timing *t)
{
    struct buf b = {0};
    buf_puts(out, ",\"warnings\":[");
    timing_warnings(t, &b);
    for (const char *s = b.data; s && *s;) {
        size_t n = strcspn(s, "\n");
        buf_puts(out, s == b.data ? "" : ",");
        buf_json(out, s, n);
        s += n + (s[n] != '\0');
    }
    buf_puts(out, "]");
    buf_fini(&b);
}

void timing_json(const struct timing *t, struct buf *out)
{
    buf_puts(out, "{\"schema\":\"lockstep.live.time/1\",\"program\":");
    put_string(out, t->programs[0]);
    buf_puts(out, ",\"against\":");
    if (t->nprograms > 1)
        put_string(out, t->programs[1]);
    else
        buf_puts(out, "null");
    buf_printf(out, ",\"processors\":%d,\"rounds\":%zu,\"optimise\":", t->processors, t->rounds);
    put_number(out, t->optimise < 0 ? (double)NAN : (double)t->optimise);
    buf_printf(out, ",\"load\":%" PRIu64, t->load);
    put_member(out, "others", t->others);
    put_member(out, "stolen", t->stolen);
    put_runs(out, t);
    put_speedup(out, t);
    buf_puts(out, ",\"serial\":[");
    for (int i = 0; i < t->nprograms; i++) {
        buf_puts(out, i ? "," : "");
        put_serial(out, t, i);
    }
    buf_puts(out, "]");
    put_comparison(out, t);
    put_contention(out, t);
    put_warnings(out, t);
    buf_puts(out, "}\n");
}
