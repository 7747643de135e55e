/* What a search found, copied out of its arena; also while the search goes on. */
#include "explore_private.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 100 }; /* to copy a thing that is being written */

/* 0 while something is being written. */
static uint32_t quiet(const struct arena *a)
{
    uint32_t now = __atomic_load_n(&a->changes, __ATOMIC_SEQ_CST);
    return now & 1 ? 0 : now + 1;
}

static int unchanged(const struct arena *a, uint32_t since)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return since && quiet(a) == since;
}

static int is_stored(uint64_t offset, uint64_t nbytes)
{
    return offset <= ARENA_STORED && nbytes <= ARENA_STORED - offset;
}

static void take_schedule(const struct arena *a, uint64_t offset, uint32_t n,
                          const struct program *p, struct schedule *s)
{
    schedule_fini(s);
    schedule_init(s);
    memcpy(s->hash, p->hash, sizeof s->hash);
    s->main_exit_wait = a->main_exit_wait;
    const uint16_t *choices = (const void *)(a->stored + offset);
    const uint8_t *checks = (const uint8_t *)a->stored + offset + n * 2ull;
    for (uint32_t i = 0; i < n; i++)
        schedule_add(s, choices[i], checks[i]);
    uint32_t nshared = a->nshared < ARENA_SHARED ? a->nshared : ARENA_SHARED;
    s->nshared = nshared;
    s->shared = xcalloc(nshared, sizeof *s->shared);
    for (uint32_t i = 0; i < nshared; i++)
        s->shared[i] =
            (struct shared_range){a->shared[i].task, a->shared[i].offset, a->shared[i].size};
}

/* ---- outcomes ---- */
static int take_outcome(const struct arena *a, uint32_t i, const struct program *p,
                        struct explore_outcome *o)
{
    const struct arena_outcome from = a->outcomes[i];
    if (!is_stored(from.out_offset, from.nout) ||
        !is_stored(from.choices_offset, from.nchoices * 3ull))
        return 0;
    free(o->out);
    o->out = xcalloc(from.nout + 1u, 1);
    memcpy(o->out, a->stored + from.out_offset, from.nout);
    o->nout = from.nout;
    o->nout_total = from.nout_total;
    o->exit_status = from.exit_status;
    o->signal = from.signal;
    o->deadlock = from.deadlock;
    o->livelock = from.livelock;
    o->cut = from.cut;
    o->executions = from.executions;
    o->switches = from.switches;
    take_schedule(a, from.choices_offset, from.nchoices, p, &o->schedule);
    return 1;
}

static int outcome_again(const struct arena *a, uint32_t i, const struct program *p,
                         struct explore_outcome *o)
{
    for (int tries = 0; tries < TRIES; tries++) {
        uint32_t since = quiet(a);
        if (take_outcome(a, i, p, o) && unchanged(a, since))
            return 1;
        sched_yield(); /* the one who writes may wait for this processor */
    }
    return 0;
}

static void outcome_fini(struct explore_outcome *o)
{
    free(o->out);
    schedule_fini(&o->schedule);
}

static void take_outcomes(const struct arena *a, const struct program *p, struct explore_result *r)
{
    uint32_t n = a->noutcomes < ARENA_OUTCOMES ? a->noutcomes : ARENA_OUTCOMES;
    for (uint32_t i = 0; i < r->noutcomes && i < n; i++) {
        struct explore_outcome *o = &r->outcomes[i];
        o->executions = a->outcomes[i].executions;
        if (a->outcomes[i].switches != o->switches && !outcome_again(a, i, p, o))
            o->switches = UINT32_MAX; /* torn: taken again at the next look */
    }
    if (n > r->noutcomes)
        r->outcomes = xrealloc(r->outcomes, n, sizeof *r->outcomes);
    for (size_t i = r->noutcomes; i < n; i++) {
        struct explore_outcome o = {0};
        if (!outcome_again(a, (uint32_t)i, p, &o)) {
            outcome_fini(&o);
            return;
        }
        r->outcomes[r->noutcomes++] = o;
    }
}

/* ---- findings ---- */
static int take_finding(const struct arena *a, uint32_t i, const struct program *p,
                        struct explore_finding *f)
{
    const struct arena_finding from = a->findings[i];
    if (!is_stored(from.choices_offset, from.nchoices * 3ull) || from.ntasks > 8 ||
        from.kind >= FIND_COUNT)
        return 0;
    f->kind = from.kind;
    f->pc = from.pc;
    f->ntasks = from.ntasks;
    memcpy(f->tasks, from.tasks, sizeof f->tasks);
    f->switches = from.switches;
    f->steps = from.steps;
    take_schedule(a, from.choices_offset, from.nchoices, p, &f->schedule);
    return 1;
}

static int finding_again(const struct arena *a, uint32_t i, const struct program *p,
                         struct explore_finding *f)
{
    for (int tries = 0; tries < TRIES; tries++) {
        uint32_t since = quiet(a);
        if (take_finding(a, i, p, f) && unchanged(a, since))
            return 1;
        sched_yield();
    }
    return 0;
}

void finding_fini(struct explore_finding *f)
{
    free(f->message);
    free(f->file);
    schedule_fini(&f->schedule);
}

static void take_findings(const struct arena *a, const struct program *p, struct explore_result *r)
{
    uint32_t n = a->nfindings < ARENA_FINDINGS ? a->nfindings : ARENA_FINDINGS;
    for (uint32_t i = 0; i < r->nfindings && i < n; i++) {
        struct explore_finding *f = &r->findings[i];
        if (a->findings[i].switches != f->switches && !finding_again(a, i, p, f))
            f->switches = UINT32_MAX;
    }
    if (n > r->nfindings)
        r->findings = xrealloc(r->findings, n, sizeof *r->findings);
    for (size_t i = r->nfindings; i < n; i++) {
        struct explore_finding f = {0};
        if (!finding_again(a, (uint32_t)i, p, &f)) {
            finding_fini(&f);
            return;
        }
        f.message = xstrdup("");
        f.file = xstrdup("");
        r->findings[r->nfindings++] = f;
    }
}

void place_finding(struct explore_finding *f, const struct names *names)
{
    struct place place = {"", "", 0};
    if (f->pc)
        names->place(names->ctx, f->pc - 1, &place);
    const char *slash = strrchr(place.file, '/');
    free(f->file);
    f->file = xstrdup(slash ? slash + 1 : place.file);
    f->line = place.line;
}

void place_findings(const struct arena *a, const struct program *p, struct symbols **symbols,
                    struct explore_result *r)
{
    for (size_t i = 0; i < r->nfindings; i++) {
        struct explore_finding *f = &r->findings[i];
        if (*f->message)
            continue;
        free(f->message);
        f->message = xstrdup(finding_text((unsigned)f->kind));
        if (!*symbols && symbols_open(symbols, p->binary, a->exe_bias, NULL))
            *symbols = NULL;
        if (*symbols)
            place_finding(f, symbols_names(*symbols));
    }
}

/* ---- kept schedules ---- */
static int take_kept(const struct arena *a, uint32_t i, struct explore_kept *k)
{
    const struct arena_kept from = a->kept[i];
    if (from.at > ARENA_KEPT_CHOICES || from.n > ARENA_KEPT_CHOICES - from.at)
        return 0;
    free(k->choices);
    free(k->options);
    k->n = from.n;
    k->outcome = from.outcome < ARENA_OUTCOMES ? from.outcome : UINT32_MAX;
    k->choices = xcalloc(from.n + 1u, sizeof *k->choices);
    k->options = xcalloc(from.n + 1u, 1);
    memcpy(k->choices, a->kept_choices + from.at, from.n * sizeof *k->choices);
    memcpy(k->options, a->kept_options + from.at, from.n);
    return 1;
}

static void forget_kept(struct explore_result *r)
{
    for (size_t i = 0; i < r->nkept; i++) {
        free(r->kept[i].choices);
        free(r->kept[i].options);
    }
    free(r->kept);
    r->kept = NULL;
    r->nkept = 0;
}

static void take_all_kept(const struct arena *a, struct explore_result *r)
{
    uint32_t n = a->nkept < ARENA_KEPT ? a->nkept : ARENA_KEPT;
    if (a->kept_every != r->kept_every || n < r->nkept) /* half of them went */
        forget_kept(r);
    r->kept_every = a->kept_every;
    if (n > r->nkept)
        r->kept = xrealloc(r->kept, n, sizeof *r->kept);
    while (r->nkept < n) {
        struct explore_kept k = {0};
        int ok = 0;
        for (int tries = 0; tries < TRIES && !ok && a->kept_every == r->kept_every; tries++) {
            uint32_t since = quiet(a);
            ok = take_kept(a, (uint32_t)r->nkept, &k) && unchanged(a, since);
        }
        if (!ok) {
            free(k.choices);
            free(k.options);
            return;
        }
        r->kept[r->nkept++] = k;
    }
}

/* ---- all of it ---- */
static void forget(struct explore_result *r)
{
    for (size_t i = 0; i < r->noutcomes; i++)
        outcome_fini(&r->outcomes[i]);
    for (size_t i = 0; i < r->nfindings; i++)
        finding_fini(&r->findings[i]);
    free(r->outcomes);
    free(r->findings);
    r->outcomes = NULL;
    r->findings = NULL;
    r->noutcomes = r->nfindings = 0;
    forget_kept(r);
}

void take_results(const struct arena *a, const struct program *p, struct explore_result *r)
{
    if (a->starts != r->starts) /* it began anew: what was found until then is found again */
        forget(r);
    r->starts = a->starts;
    r->executions = a->executions;
    r->blocked = a->blocked;
    r->abandoned = a->abandoned;
    r->steps = a->steps;
    take_outcomes(a, p, r);
    take_findings(a, p, r);
    take_all_kept(a, r);
}

const char *explore_why(const struct explore_result *r)
{
    return r->why_said ? r->why_said : r->why_not ? r->why_not : "";
}

void explore_result_fini(struct explore_result *r)
{
    forget(r);
    free(r->notes);
    free(r->why_text);
    free(r->why_said);
    *r = (struct explore_result){.why_not = ""};
}
