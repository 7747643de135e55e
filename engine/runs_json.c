#include "runs.h"

#include "explain.h"

#include <string.h>

static void number_or_null(struct buf *out, const char *key, int present, int value)
{
    if (present)
        buf_printf(out, ",\"%s\":%d", key, value);
    else
        buf_printf(out, ",\"%s\":null", key);
}

static void add_schedule(struct buf *out, const struct schedule *s)
{
    struct buf token = {0};
    schedule_format(s, &token);
    buf_puts(out, ",\"schedule\":");
    buf_json(out, token.data, token.len);
    buf_fini(&token);
}

/* How it ended, as far as its fields say it. */
static void add_end(struct buf *out, const char *bytes, size_t n, uint64_t total, int exit_status,
                    int signal)
{
    buf_puts(out, "{\"stdout\":");
    buf_json(out, bytes, n);
    if (total > n)
        buf_printf(out, ",\"stdout_bytes\":%llu", (unsigned long long)total);
    number_or_null(out, "exit", exit_status >= 0, exit_status);
    number_or_null(out, "signal", signal != 0, signal);
}

static void add_outcome(struct buf *out, const struct runs *r, const struct runs_outcome *o)
{
    static const char *const judgements[] = {
        [RUNS_UNKNOWN] = "null", [RUNS_EXPLORED] = "true", [RUNS_UNEXPLAINED] = "false"};
    static const char *const limits[] = {[FREE_TIME] = "time",
                                         [FREE_OUTPUT] = "output",
                                         [FREE_THREADS] = "threads",
                                         [FREE_MEMORY] = "memory"};
    add_end(out, o->out, o->nout, o->out_total, o->exit_status, o->signal);
    buf_printf(out, ",\"runs\":%llu", (unsigned long long)o->runs);
    if (o->hang)
        buf_puts(out, ",\"hang\":true");
    if (o->livelock)
        buf_puts(out, ",\"livelock\":true");
    if (o->cut)
        buf_printf(out, ",\"cut\":true,\"limit\":\"%s\"", limits[o->cut]);
    buf_printf(out, ",\"explored\":%s", judgements[o->judgement]);
    if (r->explored)
        buf_printf(out, ",\"executions\":%llu", (unsigned long long)o->executions);
    if (r->interleaved)
        buf_printf(out, ",\"interleavings\":%llu", (unsigned long long)o->interleavings);
    if (o->schedule) {
        buf_printf(out, ",\"switches\":%u", o->switches);
        add_schedule(out, o->schedule);
    }
    buf_puts(out, "}");
}

static void add_explored_outcome(struct buf *out, const struct explore_outcome *x)
{
    uint64_t total = x->nout_total > x->nout ? x->nout_total : x->nout;
    int ends = !x->deadlock && !x->livelock && !x->cut;
    add_end(out, x->out, x->nout, total, ends ? x->exit_status : -1, ends ? x->signal : 0);
    if (x->deadlock)
        buf_puts(out, ",\"deadlock\":true");
    if (x->livelock)
        buf_puts(out, ",\"livelock\":true");
    if (x->cut)
        buf_puts(out, ",\"cut\":true");
    buf_printf(out, ",\"executions\":%llu,\"switches\":%u", (unsigned long long)x->executions,
               x->switches);
    add_schedule(out, &x->schedule);
    buf_puts(out, "}");
}

static void add_finding(struct buf *out, const struct explore_finding *f)
{
    buf_printf(out, "{\"kind\":\"%s\",\"message\":", finding_word((unsigned)f->kind));
    buf_json(out, f->message, strlen(f->message));
    buf_puts(out, ",\"file\":");
    buf_json(out, f->file, strlen(f->file));
    buf_printf(out, ",\"line\":%d,\"switches\":%u", f->line, f->switches);
    add_schedule(out, &f->schedule);
    buf_puts(out, "}");
}

static void add_search(struct buf *out, const struct runs *r)
{
    const struct explore_result *x = r->explored;
    buf_printf(out, "{\"complete\":%s", x->complete ? "true" : "false");
    if (!x->complete) {
        buf_puts(out, ",\"why_not\":");
        buf_json(out, x->why_not, strlen(x->why_not));
    }
    buf_printf(out, ",\"executions\":%llu", (unsigned long long)x->executions);
    if (r->interleaved)
        buf_printf(out, ",\"interleavings\":%llu", (unsigned long long)r->interleaved->executions);
    buf_printf(out, ",\"seconds\":%.6f,\"outcomes\":[", x->seconds);
    for (size_t i = 0; i < x->noutcomes; i++) {
        buf_puts(out, i ? "," : "");
        add_explored_outcome(out, &x->outcomes[i]);
    }
    buf_puts(out, "],\"findings\":[");
    for (size_t i = 0; i < x->nfindings; i++) {
        buf_puts(out, i ? "," : "");
        add_finding(out, &x->findings[i]);
    }
    buf_puts(out, "]}");
}

void runs_json(const struct runs *r, const struct program *p, const char *why, struct buf *out)
{
    buf_puts(out, "{\"schema\":\"lockstep.live/1\",\"program\":");
    buf_json(out, p->name, strlen(p->name));
    buf_printf(out, ",\"runs\":%llu,\"wanted\":%llu,\"seconds\":%.6f,\"outcomes\":[",
               (unsigned long long)r->done, (unsigned long long)r->wanted, r->seconds);
    for (size_t i = 0; i < r->noutcomes; i++) {
        buf_puts(out, i ? "," : "");
        add_outcome(out, r, &r->outcomes[i]);
    }
    buf_puts(out, "]");
    if (r->other)
        buf_printf(out, ",\"other\":%llu", (unsigned long long)r->other);
    buf_puts(out, ",\"explored\":");
    if (r->explored) {
        add_search(out, r);
    } else {
        buf_puts(out, "null,\"why_not_explored\":");
        buf_json(out, why, strlen(why));
    }
    buf_puts(out, "}");
}
