/* Walking through a lesson and checking everything it says. */
#include "check.h"

#include "find.h"
#include "judge.h"
#include "least.h"
#include "path.h"
#include "report.h"
#include "run.h"
#include "search.h"
#include "verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
    const struct lesson *l;
    struct searches all;
    struct check_report *report;
};

static int add(struct check *k, const char *claim, int line, int ok, const char *message)
{
    return report_add(k->report, claim, k->l->file, line, ok, message);
}

/* The named program of the lesson, compiled once; a row about it the first time. */
static struct search *program_of(struct check *k, const char *file, int line)
{
    char *path = lesson_file(k->l, file);
    size_t known = k->all.n;
    struct search *s = search_program(&k->all, path);
    if (k->all.n > known) {
        char *claim = xasprintf(_("%s compiles without warnings"), file);
        const char *said = s->program ? s->program->warnings : s->error.message;
        add(k, claim, line, s->program && !*said, *said ? said : _("it does"));
        free(claim);
    }
    free(path);
    return s;
}

/* -------- claims -------- */

/* CLAIM_STEPS: the length of the run by the plain policy. */
static int verify_steps(const struct claim *c, struct program *p, struct buf *why)
{
    struct session *s;
    struct err e = {0};
    long steps = -1;
    if (session_open(&s, p, NULL, &e) == 0) {
        if (run_to_end(s, &e) == 0)
            steps = session_trace(s)->nsteps;
        session_close(s);
    }
    if (steps < 0)
        buf_puts(why, e.message);
    else
        buf_printf(why, ngettext("%ld step", "%ld steps", (unsigned long)steps), steps);
    return steps == c->numbers[0];
}

/* The fewest switches a search happened to see for what the claim is about; -1: never seen. */
static long fewest_seen(const struct claim *c, const struct explore_result *r)
{
    if (c->nstrings) {
        const struct explore_outcome *o = result_outcome(r, &c->strings[0]);
        return o ? (long)o->switches : -1;
    }
    const struct explore_finding *f = result_finding(r, c->finding, 0);
    return f ? (long)f->switches : -1;
}

/* Whether `switches` reach it; -1 with the reason in *why when that could not be found out. */
static int reaches(struct check *k, struct search *s, const struct claim *c, long switches,
                   struct buf *why)
{
    struct least_result least;
    struct err e = {0};
    int rc = least_reaches(s->program, c, switches, k->all.bound.seconds, &least, &e);
    /* TRANSLATORS: "it is reached with 2 switches (14 executions)" */
    buf_printf(why,
               ngettext("%s with %ld switch (%" PRIu64 " executions)",
                        "%s with %ld switches (%" PRIu64 " executions)", (unsigned long)switches),
               rc              ? e.message
               : least.reached ? _("it is reached")
                               : _("it is not reached"),
               switches, least.executions);
    if (!rc && least.reached) {
        buf_puts(why, ": ");
        replay_line(&least.schedule, s->path, why);
    }
    buf_puts(why, _("; "));
    schedule_fini(&least.schedule);
    return rc ? -1 : least.reached;
}

/* CLAIM_LEAST: so many switches are enough (the search may know that already), fewer are not. */
static int verify_least(struct check *k, struct search *s, const struct claim *c,
                        const struct explore_result *r, struct buf *why)
{
    long n = c->numbers[0], seen = fewest_seen(c, r);
    if (seen < 0) {
        buf_puts(why, _("the search never came upon it"));
        return 0;
    }
    if (seen > n && reaches(k, s, c, n, why) != 1)
        return 0;
    if (n > 0 && reaches(k, s, c, n - 1, why) != 0)
        return 0;
    buf_printf(why, _("%ld are enough and needed"), n);
    return 1;
}

static int verify_claim(struct check *k, struct search *s, const struct claim *c, struct buf *why)
{
    struct err e = {0};
    if (c->kind == CLAIM_STEPS && s->program)
        return verify_steps(c, s->program, why);
    const struct explore_result *r = search_result(&k->all, s, STRATEGY_DPOR, &e);
    if (r)
        return c->kind == CLAIM_LEAST ? verify_least(k, s, c, r, why)
                                      : claim_verify(c, r, s->path, why);
    buf_puts(why, e.message);
    return 0;
}

static void check_claim(struct check *k, const struct claim *c)
{
    struct buf why = {0};
    struct search *s = program_of(k, c->program, c->line);
    if (c->adversity)
        s = search_adverse(&k->all, s->path, c->adversity);
    int ok = verify_claim(k, s, c, &why);
    char *claim = c->adversity ? xasprintf(_("%s: %s where %s"), c->program, c->text, c->adversity)
                               : xasprintf("%s: %s", c->program, c->text);
    report_take(k->report, claim, k->l->file, c->line, ok, &why);
    free(claim);
}

/* -------- paths -------- */

/* A session that has gone along the path; NULL after a row that says why not. */
static struct session *walk(struct check *k, const char *file, const struct lesson_path *path)
{
    struct session *s = NULL;
    struct err e = {0};
    struct search *p = program_of(k, file, path->line);
    int rc = p->program ? session_open(&s, p->program, NULL, &e) : -p->error.code;
    if (!rc)
        rc = path_follow(s, path, RUN_TIMEOUT_MS, &e);
    char *claim = xasprintf(_("%s: path: %s"), file, path->text);
    add(k, claim, path->line, rc == 0,
        rc == 0      ? _("it can be taken")
        : *e.message ? e.message
                     : _("no"));
    free(claim);
    if (rc && s) {
        session_close(s);
        s = NULL;
    }
    return s;
}

static void check_path(struct check *k, const char *file, const struct lesson_path *path)
{
    if (path->nlegs)
        session_close(walk(k, file, path));
}

/* -------- questions -------- */

static void check_outcome_question(struct check *k, const struct lesson_question *q)
{
    struct search *s = program_of(k, q->file, q->line);
    struct err e = {0};
    const struct explore_result *r = search_result(&k->all, s, STRATEGY_DPOR, &e);
    struct buf why = {0};
    int ok = r && r->complete;
    if (!r)
        buf_puts(&why, e.message);
    else if (!ok)
        buf_printf(&why, _("not decided: %s; "), r->why_not);
    for (size_t i = 0; r && i < q->nchoices; i++) {
        int occurs = result_outcome(r, &q->choices[i].outcome) != NULL;
        if (occurs == q->choices[i].right)
            continue;
        ok = 0;
        buf_printf(&why,
                   occurs ? _("choice %zu does occur, the lesson says otherwise; ")
                          : _("choice %zu does not occur, the lesson says otherwise; "),
                   i + 1);
    }
    char *claim = xasprintf(_("question %s: its right choices are those that occur"), q->id);
    if (ok)
        buf_puts(&why, _("they are"));
    report_take(k->report, claim, k->l->file, q->line, ok, &why);
    free(claim);
}

static void check_question(struct check *k, const struct lesson_question *q)
{
    if (*q->file)
        program_of(k, q->file, q->line);
    if (q->is_outcomes)
        check_outcome_question(k, q);
    for (size_t i = 0; i < q->nclaims; i++)
        check_claim(k, &q->claims[i]);
    check_path(k, q->file, &q->path);
}

/* -------- break challenges -------- */

/* The goal as a claim of some kind, so that one code decides both. */
static struct claim goal_claim(const struct lesson_challenge *c, enum claim_kind of_outcome,
                               enum claim_kind of_finding, const char *text)
{
    struct claim goal = {.program = c->file, .text = text, .line = c->line};
    goal.finding = c->goal_finding;
    goal.kind = c->goal_finding < 0 ? of_outcome : of_finding;
    if (c->goal_finding < 0) {
        goal.strings = &c->goal_outcome;
        goal.nstrings = 1;
    }
    return goal;
}

static void check_way_to_goal(struct check *k, const struct lesson_challenge *c)
{
    struct err e = {0};
    struct session *s = walk(k, c->file, &c->path);
    if (!s)
        return;
    int rc = run_to_end(s, &e);
    int ok = rc == 0 && run_reaches(s, c);
    add(k, _("the path of the challenge reaches its goal"), c->path.line, ok,
        rc   ? e.message
        : ok ? _("it does")
             : _("it does not: after the path, going on by the plain policy ends otherwise"));
    session_close(s);
}

static void check_break(struct check *k, const struct lesson_challenge *c)
{
    struct claim goal = goal_claim(c, CLAIM_POSSIBLE, CLAIM_FINDING, _("the goal can be reached"));
    check_claim(k, &goal);
    if (c->least_switches >= 0) {
        long least = c->least_switches;
        char *text = xasprintf(ngettext("%ld switch for the goal, needed and enough",
                                        "%ld switches for the goal, needed and enough",
                                        (unsigned long)least),
                               least);
        goal = goal_claim(c, CLAIM_LEAST, CLAIM_LEAST, text);
        goal.numbers = &least;
        goal.nnumbers = 1;
        check_claim(k, &goal);
        free(text);
    }
    if (c->path.nlegs)
        check_way_to_goal(k, c);
}

/* -------- fix challenges -------- */

/* The start must fail: something that is required of an answer is not true of it. */
static void check_start_fails(struct check *k, const struct lesson_challenge *c)
{
    struct search *s = program_of(k, c->file, c->line);
    struct buf why = {0};
    int fails = 0;
    for (size_t i = 0; i < c->nrequire && s->program && !fails; i++) {
        why.len = 0;
        fails = !verify_claim(k, s, &c->require[i], &why);
    }
    if (!fails) {
        why.len = 0;
        buf_puts(&why, _("everything that is required of an answer is true of it already"));
    }
    char *claim = xasprintf(_("challenge %s: the start %s fails"), c->id, c->file);
    report_take(k->report, claim, k->l->file, c->line, fails, &why);
    free(claim);
}

/* Judge a file of the lesson, which must get `expected`. */
static void check_verdict(struct check *k, const struct lesson_challenge *c, const char *file,
                          int line, enum refusal expected)
{
    struct verdict v;
    struct err e = {0};
    char *path = lesson_file(k->l, file);
    int rc = judge_fix(&k->all, k->l, c, path, &v, &e);
    const char *last = rc ? e.message : v.rows.n ? v.rows.results[v.rows.n - 1].message : "";
    char *claim = expected == REFUSAL_NONE ? xasprintf(_("challenge %s: %s passes"), c->id, file)
                                           : xasprintf(_("challenge %s: %s is refused: %s"), c->id,
                                                       file, refusal_word((int)expected));
    char *message = xasprintf(_("the judge says %s: %s"), refusal_word((int)v.refusal), last);
    add(k, claim, line, rc == 0 && v.refusal == expected, message);
    free(message);
    free(claim);
    free(path);
    verdict_fini(&v);
}

static void check_fix(struct check *k, const struct lesson_challenge *c)
{
    struct check_options asked = k->all.bound;
    if (c->bound_executions)
        k->all.bound.executions = (uint64_t)c->bound_executions;
    if (c->bound_seconds)
        k->all.bound.seconds = (double)c->bound_seconds;
    check_start_fails(k, c);
    program_of(k, c->solution, c->line);
    check_verdict(k, c, c->solution, c->line, REFUSAL_NONE);
    for (size_t i = 0; i < c->nwrong; i++)
        check_verdict(k, c, c->wrong[i].file, c->wrong[i].line, (enum refusal)c->wrong[i].refusal);
    k->all.bound = asked;
}

/* -------- find challenges -------- */

/* The step at the end of the way that the lesson says decides it; 0 when it cannot be gone. */
static uint32_t decided_by_lesson(struct check *k, const struct lesson_challenge *c)
{
    struct session *s = walk(k, c->file, &c->decided);
    uint32_t step = s ? session_trace(s)->nsteps : 0;
    session_close(s);
    return step;
}

static void check_find(struct check *k, const struct lesson_challenge *c)
{
    struct search *s = program_of(k, c->file, c->line);
    struct find_options o = {.seconds = k->all.bound.seconds};
    struct find_facts f = {0};
    struct err e = {0};
    struct buf why = {0};
    uint32_t said = decided_by_lesson(k, c);
    int rc = s->program ? find_facts(s->program, c, &o, &f, &e) : -s->error.code;
    if (rc)
        buf_puts(&why, s->program ? e.message : s->error.message);
    else
        buf_printf(&why, _("step %u decides it, %zu switches were needed (%llu executions); "),
                   f.decided, f.nnecessary, (unsigned long long)f.executions);
    if (!rc)
        replay_line(&f.schedule, s->path, &why);
    char *claim = xasprintf(_("challenge %s: step %u decides the run, %ld switches were needed"),
                            c->id, said, c->least_switches);
    report_take(k->report, claim, k->l->file, c->line,
                !rc && f.decided == said && (long)f.nnecessary == c->least_switches, &why);
    free(claim);
    find_fini(&f);
}

/* -------- the whole lesson -------- */

static int count_lines(const char *path)
{
    FILE *f = fopen(path, "re");
    int n = 0;
    for (int c; f && (c = fgetc(f)) != EOF;)
        n += c == '\n';
    if (f)
        fclose(f);
    return n;
}

static void check_program(struct check *k, const struct lesson_program *p, int line)
{
    struct search *s = program_of(k, p->file, line);
    if (p->last > 0 && p->last > count_lines(s->path)) {
        char *message = xasprintf(_("lines up to %d are to be shown; it has %d"), p->last,
                                  count_lines(s->path));
        add(k, p->file, line, 0, message);
        free(message);
    }
    check_path(k, p->file, &p->path);
}

static void check_block(struct check *k, const struct lesson_block *b)
{
    if (b->program)
        check_program(k, b->program, b->line);
    if (b->question)
        check_question(k, b->question);
    for (size_t i = 0; i < b->nclaims; i++)
        check_claim(k, &b->claims[i]);
    static void (*const checks[])(struct check * k, const struct lesson_challenge *c) = {
        [CHALLENGE_BREAK] = check_break,
        [CHALLENGE_FIX] = check_fix,
        [CHALLENGE_FIND] = check_find,
    };
    if (b->challenge)
        checks[b->challenge->kind](k, b->challenge);
}

int check_lesson(const struct lesson *l, const struct check_options *o, struct check_report *r,
                 struct err *e)
{
    struct check k = {.l = l, .report = r};
    searches_init(&k.all, o);
    for (size_t s = 0; s < l->nsections; s++)
        for (size_t b = 0; b < l->sections[s].nblocks; b++)
            check_block(&k, &l->sections[s].blocks[b]);
    int rc = 0; /* without a compiler every program fails the same way: say it once */
    if (k.all.n && !k.all.v[0]->program && k.all.v[0]->error.code == ERR_COMPILER) {
        if (e)
            *e = k.all.v[0]->error;
        rc = -ERR_COMPILER;
    }
    searches_fini(&k.all);
    return rc;
}
