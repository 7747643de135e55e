/* Plain mode: challenges, and the one to break a program: the learner is the scheduler. */
#include "plain_lesson.h"

#include "switches.h"

#include <stdlib.h>
#include <string.h>

/* -------- the goal -------- */

static void say_goal(const struct lesson_challenge *c)
{
    struct buf text = {0};
    buf_visible(&text, c->goal_outcome.bytes ? c->goal_outcome.bytes : "", c->goal_outcome.n);
    if (c->goal_finding >= 0)
        plain_say(_("Goal: a run in which this is found: %s. It counts as soon as it is found."),
                  finding_name((unsigned)c->goal_finding));
    else if (c->goal_outcome.n)
        plain_say(_("Goal: the program prints \"%s\" and nothing else. It counts when the program "
                    "has ended."),
                  text.data);
    else
        plain_say(_("Goal: a run that is over without having printed anything."));
    buf_fini(&text);
}

void plain_goal(const struct lesson_challenge *c)
{
    if (c->kind != CHALLENGE_BREAK)
        return;
    say_goal(c);
    if (c->least_switches >= 0)
        plain_say(ngettext("The best run needs %ld switch.", "The best run needs %ld switches.",
                           (unsigned long)c->least_switches),
                  c->least_switches);
    plain_say(_("undo takes the last other turn back; h gives a hint."));
}

void plain_hint(const struct lesson_challenge *c, int *given)
{
    if (*given >= CHALLENGE_HINTS || !c->hints[*given].nruns) {
        plain_say(_("There are no more hints; q goes back to where a solution can be shown."));
        return;
    }
    char *lead = xasprintf(_("Hint %d of %d: "), *given + 1, CHALLENGE_HINTS);
    plain_text(&c->hints[(*given)++], lead, 0);
    free(lead);
}

static int goal_reached(const struct lesson_challenge *c, const struct plain *p)
{
    const struct trace *t = session_trace(p->session);
    if (c->goal_finding >= 0) {
        for (size_t i = 0; i < t->nevents; i++)
            if (t->events[i].kind == EV_FINDING && t->events[i].a == (uint64_t)c->goal_finding)
                return 1;
        return 0;
    }
    if (!session_finished(p->session))
        return 0;
    struct buf out = {0};
    world_output(t, t->nsteps, 1, &out);
    int same = out.len == c->goal_outcome.n &&
               (out.len == 0 || memcmp(out.data, c->goal_outcome.bytes, out.len) == 0);
    buf_fini(&out);
    return same;
}

/* -------- an attempt -------- */

static long switches_in(const struct plain *p)
{
    struct switches all;
    switches_of(session_trace(p->session), &all);
    long n = (long)all.n;
    switches_fini(&all);
    return n;
}

/* An attempt at breaking: watched after every step. */
struct breaking {
    struct reading *reading;
    const struct lesson_challenge *challenge;
    int solved;
    uint32_t told; /* the end at this step was judged; 0 none */
};

static void save_break(struct breaking *b, struct plain *p)
{
    struct buf token = {0};
    struct err e = {0};
    schedule_format(session_schedule(p->session), &token);
    struct store_attempt attempt = {.lesson = b->reading->lesson->id,
                                    .challenge = b->challenge->id,
                                    .kind = STORE_BREAK,
                                    .tried = token.data,
                                    .passed = b->solved,
                                    .verdict = b->solved ? "solved" : "not-reached",
                                    .message = ""};
    reading_saved(store_attempt_save(b->reading->store, &attempt, &e), &e);
    buf_fini(&token);
}

static void say_solved(const struct breaking *b, struct plain *p)
{
    long used = switches_in(p), least = b->challenge->least_switches;
    plain_say(ngettext("You did it, with %ld switch.", "You did it, with %ld switches.",
                       (unsigned long)used),
              used);
    if (least >= 0 && used > least)
        plain_say(
            ngettext("It can be done with %ld.", "It can be done with %ld.", (unsigned long)least),
            least);
    else if (least >= 0)
        plain_say(_("Fewer are not possible."));
}

static int watch(void *ctx, struct plain *p)
{
    struct breaking *b = ctx;
    const struct trace *t = session_trace(p->session);
    int finished = session_finished(p->session);
    b->solved = goal_reached(b->challenge, p);
    if (b->solved)
        say_solved(b, p);
    if (!b->solved && (!finished || b->told == t->nsteps)) {
        b->told = finished ? b->told : 0;
        return 0;
    }
    b->told = t->nsteps;
    save_break(b, p);
    if (!b->solved)
        plain_say(_("This run does not reach the goal. Go back and take another turn."));
    return b->solved;
}

/* -------- commands -------- */

enum talk_answer talk_break_repeat(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    plain_text(&s->challenge->text, NULL, 0);
    plain_goal(s->challenge);
    return ANSWER_STAY;
}

enum talk_answer talk_break_program(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    return reading_whole_program(s->r, s->challenge->file);
}

enum talk_answer talk_break_hint(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    plain_hint(s->challenge, &s->hints);
    return ANSWER_STAY;
}

enum talk_answer talk_break_solution(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    struct demo d = {.file = s->challenge->file, .path = &s->challenge->path, .show = 1};
    (void)rest;
    if (!d.path->nlegs) {
        plain_say(_("This lesson shows no solution."));
        return ANSWER_STAY;
    }
    return plain_demo(s->r, &d) == READ_LEAVE ? ANSWER_EXIT : ANSWER_STAY;
}

enum talk_answer talk_break_next(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    s->done = 1;
    return ANSWER_STAY;
}

/* -------- asking -------- */

static int begin_breaking(struct spot *s)
{
    struct breaking b = {.reading = s->r, .challenge = s->challenge};
    struct demo d = {
        .file = s->challenge->file,
        .talk = {.reached = watch, .ctx = &b, .challenge = s->challenge, .hints = &s->hints}};
    int result = plain_demo(s->r, &d);
    s->done = b.solved;
    return result;
}

static int ask_break(struct spot *s)
{
    while (!s->done) {
        const char *line =
            reading_ask(s->r, _("Enter begins, h gives a hint, n goes on; ? or q > "));
        if (!line)
            return READ_LEAVE;
        if (!*line) {
            if (begin_breaking(s) == READ_LEAVE)
                return READ_LEAVE;
            continue;
        }
        enum talk_answer answer = talk_run(TALK_BREAK, s, line);
        if (answer == ANSWER_BACK || answer == ANSWER_EXIT)
            return reading_end(answer);
        if (answer == ANSWER_NONE)
            plain_say(_("'%s' is no answer here; ? lists what is."), line);
    }
    return READ_ON;
}

int plain_challenge(struct reading *r, const struct lesson_challenge *c)
{
    struct spot s = {.r = r, .challenge = c};
    if (c->kind == CHALLENGE_FIND)
        return plain_find(r, c);
    if (c->kind != CHALLENGE_BREAK)
        return plain_fix(r, c);
    plain_text(&c->title, _("Challenge, break it: "), 0);
    plain_text(&c->text, NULL, 0);
    plain_goal(c);
    return r->interactive ? ask_break(&s) : READ_ON;
}
