/* Stepping in plain mode: the views of the step screen, as sentences. */
#include "plain_talk.h"

#include "compare.h"
#include "happens_before.h"
#include "minimise.h"
#include "switches.h"
#include "wait_for.h"

#include <stdlib.h>
#include <string.h>

/* Lines of a view, in ASCII where it draws an arrow, broken to the width. */
static void put_lines(const struct buf *text)
{
    static const char arrow[] = " → ";
    struct buf lines = {0};
    for (const char *s = text->data ? text->data : ""; *s;) {
        const char *at = strstr(s, arrow);
        buf_add(&lines, s, at ? (size_t)(at - s) : strlen(s));
        if (at)
            buf_puts(&lines, ", ");
        s = at ? at + strlen(arrow) : "";
    }
    if (lines.len && lines.data[lines.len - 1] == '\n')
        lines.data[--lines.len] = '\0';
    if (lines.len)
        plain_words(lines.data, NULL, 0);
    buf_fini(&lines);
}

enum talk_answer talk_step_waits(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct wait_graph *g = xcalloc(1, sizeof *g);
    const struct wait_words words = {talk_world(t), talk_trace(t), talk_names(t)};
    struct buf out = {0};
    (void)rest;
    wait_for(g, words.w);
    wait_text(&words, g, &out);
    put_lines(&out);
    buf_fini(&out);
    free(g);
    return ANSWER_STAY;
}

/* -------- what orders two steps -------- */

static void say_chain(struct talk *t, uint32_t first, uint32_t second)
{
    struct order_link link[ORDER_LINKS];
    int ordered = 0;
    unsigned n = order_chain(talk_trace(t), first, second, link, ORDER_LINKS, &ordered);
    if (!ordered) {
        plain_say(_("Nothing orders step %u and step %u."), first, second);
        return;
    }
    plain_say(_("Step %u happens before step %u."), first, second);
    if (n == 0)
        plain_say(_("Both are steps of one task."));
    for (unsigned i = 0; i < n && i < ORDER_LINKS; i++) {
        char words[400];
        order_link_words(talk_trace(t), t->p->view, talk_names(t), &link[i], words, sizeof words);
        plain_say("  %s.", words);
    }
}

enum talk_answer talk_step_order(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    uint32_t first = 0, second = 0, last = talk_trace(t)->nsteps;
    struct order_pair pair;
    struct buf out = {0};
    if (!*rest) {
        order_pair(&pair, talk_trace(t), t->p->view, t->at);
        order_text(talk_trace(t), t->p->view, talk_names(t), &pair, &out);
        put_lines(&out);
        buf_fini(&out);
    } else if (talk_range(rest, &first, &second) == 0 && first >= 1 && first < second &&
               second <= last) {
        say_chain(t, first, second);
    } else {
        plain_say(_("order takes the numbers of two steps of this run, the earlier one first, such "
                    "as order 3 9."));
    }
    return ANSWER_STAY;
}

/* -------- switches -------- */

static void say_switch(struct talk *t, const struct a_switch *s, const char *matters)
{
    struct buf line = {0};
    buf_printf(&line, _("Step %u: from T%u, which could have gone on, to T%u."), s->step, s->from,
               s->to);
    if (matters)
        buf_printf(&line, " %s ", matters);
    if (matters)
        minimise_say(talk_trace(t), t->p->view, s->step, talk_names(t), &line);
    plain_words(line.data, NULL, 0);
    buf_fini(&line);
}

enum talk_answer talk_step_switches(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct switches all;
    (void)rest;
    switches_of(talk_trace(t), &all);
    plain_say(ngettext("%zu switch in this run.", "%zu switches in this run.", all.n), all.n);
    for (size_t i = 0; i < all.n; i++)
        say_switch(t, &all.list[i], NULL);
    if (all.n && !t->setup->challenge)
        plain_say(_("minimise tells which of them are necessary."));
    switches_fini(&all);
    return ANSWER_STAY;
}

static int on_progress(void *ctx, uint64_t replays, size_t switches)
{
    (void)ctx, (void)replays, (void)switches;
    return signal_caught();
}

static void say_goal(struct talk *t, const struct minimise_goal *goal)
{
    struct buf words = {0};
    minimise_say_goal(goal, talk_names(t), &words);
    plain_say(_("What this run shows: %s."), words.data ? words.data : "");
    buf_fini(&words);
}

static void say_necessary(struct talk *t, const struct minimise_result *r)
{
    if (r->given.n == 0)
        plain_say(_("It takes no switch at all."));
    for (size_t i = 0; i < r->given.n; i++)
        say_switch(t, &r->given.list[i],
                   r->necessary[i] ? _("It is necessary.") : _("It does not matter."));
}

/* The run that shows the same with the fewest switches: go along it. */
static enum talk_answer go_along(struct talk *t, const struct minimise_result *r)
{
    if (r->given.n == 0)
        return ANSWER_STAY;
    if (r->switches.n >= r->given.n) {
        plain_say(r->fewest ? _("No run with fewer switches shows it.")
                            : _("None of them can be left out."));
        return ANSWER_STAY;
    }
    plain_say(ngettext("%zu switch is enough. That run, from the beginning; undo brings the run "
                       "before back:",
                       "%zu switches are enough. That run, from the beginning; undo brings the "
                       "run before back:",
                       r->switches.n),
              r->switches.n);
    talk_keep_before(t);
    if (talk_replay(t, &r->schedule) == 0)
        talk_tell(t, 1, t->at);
    return ANSWER_ON;
}

enum talk_answer talk_step_minimise(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct minimise_options o = {.session.main_exit_wait = t->p->main_exit_wait,
                                 .progress = on_progress};
    struct minimise_result r;
    struct err e = {0};
    enum talk_answer answer = ANSWER_STAY;
    (void)rest;
    if (talk_by_hand(t))
        return answer;
    int rc = minimise_run(t->p->program, session_schedule(t->p->session), NULL, &o, &r, &e);
    int stopped = talk_stopped();
    if (rc == -ERR_NOT_FOUND) {
        plain_say(_("This run shows nothing that is worth it: nothing was found in it, and it ends "
                    "as the run in which nobody interferes."));
    } else if (rc < 0) {
        plain_say("%s", e.message);
    } else if (!stopped) {
        say_goal(t, &r.goal);
        say_necessary(t, &r);
        answer = go_along(t, &r);
    }
    minimise_fini(&r);
    return answer;
}

/* -------- the run before -------- */

/* A step of one of the two runs: "Before, step 7: …". */
static void say_side(const char *which, const struct trace *trace, struct world_view *v,
                     const struct names *names, uint32_t step)
{
    struct buf line = {0};
    buf_printf(&line, _("%s, step %u: "), which, step);
    if (step <= trace->nsteps)
        explain_step(trace, v, step, names, &line);
    else
        buf_puts(&line, _("it has no such step."));
    plain_words(line.data, NULL, 0);
    buf_fini(&line);
}

enum talk_answer talk_step_compare(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct compare c;
    struct buf out = {0};
    (void)rest;
    if (!t->has_before) {
        plain_say(_("There is no run before this one; take another turn first."));
        return ANSWER_STAY;
    }
    struct world_view *before = world_view_new(&t->before);
    compare_runs(t->p->view, before, &c);
    if (!c.first) {
        plain_say(_("Both runs are the same, step by step."));
    } else {
        if (c.common)
            plain_say(_("Steps 1 to %u are the same."), c.common);
        say_side(_("The run before"), &t->before, before, talk_names(t), c.first);
        say_side(_("This run"), talk_trace(t), t->p->view, talk_names(t), c.first);
        compare_say(&c, talk_trace(t), &t->before, talk_names(t), &out);
        put_lines(&out);
    }
    buf_fini(&out);
    compare_fini(&c);
    world_view_free(before);
    return ANSWER_STAY;
}
