/* Plain mode: the challenge to find, in a run that goes wrong, the step that decides it and the
 * switches that were needed. */
#include "plain_lesson.h"

#include "find.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct finding {
    struct spot spot;
    struct given given;
    struct program *program;
    struct find_facts facts;
    uint32_t step;   /* marked as the deciding one; 0 none */
    uint8_t *marked; /* facts.switches.n flags */
};

/* -------- the run -------- */

static int progress(void *ctx, uint64_t executions)
{
    (void)ctx, (void)executions;
    return signal_caught();
}

static int finding_open(struct finding *x, struct err *e)
{
    struct find_options o = {.progress = progress};
    char *name = lesson_file(x->spot.r->lesson, x->spot.challenge->file);
    int r = given_open(&x->given, &name, 1, NULL, 0, e);
    free(name);
    if (r == 0)
        r = given_build(&x->given, &x->program, e);
    if (r == 0)
        r = find_facts(x->program, x->spot.challenge, &o, &x->facts, e);
    if (r == 0)
        x->marked = xcalloc(x->facts.switches.n + 1, 1);
    return r;
}

static void finding_close(struct finding *x)
{
    find_fini(&x->facts);
    if (x->program)
        program_free(x->program);
    given_fini(&x->given);
    free(x->marked);
}

/* Tell the run or, with `look`, let the learner walk through it. As plain_converse. */
static int tell_run(struct finding *x, int look)
{
    struct plain p;
    struct talk_setup setup = {.store = x->spot.r->store,
                               .lesson = x->spot.r->lesson->id,
                               .challenge = x->spot.challenge,
                               .hints = &x->spot.hints};
    struct err e = {0};
    int r = plain_open(&p, &x->given, x->program, 0, PLAIN_LINES, &e);
    p.muted = 1;
    if (r == 0)
        r = plain_replay(&p, &x->facts.schedule, NULL, &e);
    if (r == 0)
        r = look ? plain_converse(&p, &setup, &e) : plain_show(&p, &e);
    if (r < 0 && !signal_caught())
        plain_say("%s", e.message);
    plain_close(&p);
    return r;
}

/* -------- marks -------- */

static void say_marks(const struct finding *x)
{
    if (x->step)
        plain_say(_("Marked as the deciding step: step %u."), x->step);
    else
        plain_say(_("No step is marked as the deciding one."));
    size_t n = 0;
    for (size_t i = 0; i < x->facts.switches.n; i++)
        if (x->marked[i] && ++n)
            plain_say(_("Marked as needed: the switch at step %u."),
                      x->facts.switches.list[i].step);
    if (n == 0)
        plain_say(_("No switch is marked as needed."));
}

/* The step in what was typed, 1 to the last; 0 and it was said. */
static uint32_t step_in(const char *s)
{
    char *end;
    unsigned long n = isdigit((unsigned char)*s) ? strtoul(s, &end, 10) : 0;
    if (n >= 1 && n <= UINT32_MAX && !*end)
        return (uint32_t)n;
    plain_say(_("'%s' is no number of a step."), s);
    return 0;
}

static void mark_step(struct finding *x, const char *s)
{
    uint32_t step = step_in(s);
    if (!step)
        return;
    x->step = step;
    say_marks(x);
}

static void save_attempt(const struct finding *x, const struct find_verdict *v, const char *said)
{
    struct buf tried = {0};
    struct err e = {0};
    int counts = x->spot.hints <= CHALLENGE_HINTS;
    buf_printf(&tried, "%s %u", "step", x->step); /* as it is stored */
    for (size_t i = 0; i < x->facts.switches.n; i++)
        if (x->marked[i])
            buf_printf(&tried, ", switch %u", x->facts.switches.list[i].step);
    struct store_attempt a = {.lesson = x->spot.r->lesson->id,
                              .challenge = x->spot.challenge->id,
                              .kind = STORE_FIND,
                              .tried = tried.data,
                              .passed = v->passed && counts,
                              .verdict = v->passed ? "solved" : "not-reached",
                              .message = said};
    reading_saved(store_attempt_save(x->spot.r->store, &a, &e), &e);
    buf_fini(&tried);
}

static void judge(struct finding *x)
{
    struct find_verdict v;
    struct buf said = {0};
    find_judge(&x->facts, x->step, x->marked, &v);
    find_say(&x->facts, &v, &said);
    if (said.len)
        plain_say("%s", said.data);
    if (v.passed) {
        plain_say(_("You found it."));
        plain_text(&x->spot.challenge->explain, NULL, 0);
        if (x->spot.hints > CHALLENGE_HINTS)
            plain_say(_("The solution had been shown, so this one does not count."));
    }
    save_attempt(x, &v, said.data ? said.data : "");
    x->spot.done = v.passed;
    buf_fini(&said);
}

/* -------- commands -------- */

enum talk_answer talk_find_step(void *ctx, const char *rest)
{
    mark_step(ctx, rest);
    return ANSWER_STAY;
}

enum talk_answer talk_find_switch(void *ctx, const char *rest)
{
    struct finding *x = ctx;
    uint32_t step = step_in(rest);
    int i = step ? find_switch(&x->facts, step) : -1;
    if (step && i < 0)
        plain_say(_("Step %u is no switch: the task before could not go on, or goes on itself."),
                  step);
    if (i < 0)
        return ANSWER_STAY;
    x->marked[i] = !x->marked[i];
    say_marks(x);
    return ANSWER_STAY;
}

enum talk_answer talk_find_marks(void *ctx, const char *rest)
{
    (void)rest;
    say_marks(ctx);
    return ANSWER_STAY;
}

enum talk_answer talk_find_repeat(void *ctx, const char *rest)
{
    struct finding *x = ctx;
    (void)rest;
    plain_text(&x->spot.challenge->text, NULL, 0);
    tell_run(x, 0);
    return ANSWER_STAY;
}

enum talk_answer talk_find_look(void *ctx, const char *rest)
{
    (void)rest;
    return tell_run(ctx, 1) == 1 || signal_caught() ? ANSWER_EXIT : ANSWER_STAY;
}

enum talk_answer talk_find_program(void *ctx, const char *rest)
{
    struct finding *x = ctx;
    (void)rest;
    return reading_whole_program(x->spot.r, x->spot.challenge->file);
}

enum talk_answer talk_find_hint(void *ctx, const char *rest)
{
    struct finding *x = ctx;
    (void)rest;
    plain_hint(x->spot.challenge, &x->spot.hints);
    return ANSWER_STAY;
}

enum talk_answer talk_find_solution(void *ctx, const char *rest)
{
    struct finding *x = ctx;
    (void)rest;
    x->spot.hints = CHALLENGE_HINTS + 1;
    plain_say(_("Step %u decides it."), x->facts.decided);
    for (size_t i = 0; i < x->facts.switches.n; i++)
        if (x->facts.necessary[i])
            plain_say(_("The switch at step %u was needed."), x->facts.switches.list[i].step);
    plain_text(&x->spot.challenge->explain, NULL, 0);
    return ANSWER_STAY;
}

enum talk_answer talk_find_next(void *ctx, const char *rest)
{
    struct finding *x = ctx;
    (void)rest;
    x->spot.done = 1;
    return ANSWER_STAY;
}

/* -------- asking -------- */

static int ask_find(struct finding *x)
{
    while (!x->spot.done) {
        const char *line =
            reading_ask(x->spot.r, _("step N, switch N, Enter judges, n goes on; ? or q > "));
        if (!line)
            return READ_LEAVE;
        if (!*line) {
            judge(x);
            continue;
        }
        if (isdigit((unsigned char)*line)) {
            mark_step(x, line);
            continue;
        }
        enum talk_answer answer = talk_run(TALK_FIND, x, line);
        if (answer == ANSWER_BACK || answer == ANSWER_EXIT)
            return reading_end(answer);
    }
    return READ_ON;
}

int plain_find(struct reading *r, const struct lesson_challenge *c)
{
    struct finding x = {.spot = {.r = r, .challenge = c}};
    struct err e = {0};
    int result = READ_ON;
    plain_text(&c->title, _("Challenge, find it: "), 0);
    plain_text(&c->text, NULL, 0);
    if (!r->interactive)
        return READ_ON;
    plain_say(_("The run is made ready."));
    out_flush();
    if (finding_open(&x, &e) == 0) {
        tell_run(&x, 0);
        result = ask_find(&x);
    } else if (!signal_caught()) {
        plain_say("%s", e.message);
    }
    finding_close(&x);
    return signal_caught() ? READ_LEAVE : result;
}
