/* Stepping in plain mode: searching the schedules, and where that leads. */
#include "plain_talk.h"

#include "schedule_tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { TELL_EVERY_S = 15 };

/* A line now and then, so that silence means nothing else. */
static int on_progress(void *ctx, uint64_t executions, uint64_t blocked, double seconds)
{
    double *next = ctx;
    (void)blocked;
    if (seconds >= *next) {
        plain_say(_("Still searching: %llu executions in %.0f seconds. Ctrl-C stops."),
                  (unsigned long long)executions, seconds);
        out_flush();
        *next += TELL_EVERY_S;
    }
    return signal_caught();
}

int talk_by_hand(const struct talk *t)
{
    if (!t->setup->challenge)
        return 0;
    plain_say(_("In a challenge you are the one who finds it; h gives a hint, and q goes back to "
                "where a solution can be shown."));
    return 1;
}

/* Fills t->found. 0, or -1 and it was said. */
static int search(struct talk *t, int first)
{
    double next = TELL_EVERY_S;
    struct err e = {0};
    struct explore_options o = {.first = first,
                                .main_exit_wait = t->p->main_exit_wait,
                                .keep = !first,
                                .progress = on_progress,
                                .ctx = &next};
    if (t->has_found)
        explore_result_fini(&t->found);
    t->found = (struct explore_result){0};
    t->has_found = 0;
    if (explore_run(t->p->program, &o, &t->found, &e) < 0) {
        plain_say("%s", e.message);
        talk_stopped();
        return -1;
    }
    t->has_found = 1;
    talk_stopped();
    return 0;
}

static void say_covered(const struct explore_result *r)
{
    if (r->complete)
        plain_say(_("Every schedule was covered, in %llu executions."),
                  (unsigned long long)r->executions);
    else
        plain_say(_("This is not all: %s. %llu executions were searched."), explore_why(r),
                  (unsigned long long)r->executions);
}

/* Take a schedule over and tell the way it goes. */
static enum talk_answer go_along(struct talk *t, const struct schedule *s, int to_finding)
{
    talk_keep_before(t);
    if (talk_replay(t, s) < 0)
        return ANSWER_ON;
    const struct event *f = trace_find_back(talk_trace(t), talk_trace(t)->nsteps, EV_FINDING);
    if (to_finding && f && f->step)
        talk_stand(t, f->step);
    talk_tell(t, 1, t->at);
    if (t->at < talk_trace(t)->nsteps)
        plain_say(_("Here it shows. Enter goes on; undo brings the run before back."));
    return ANSWER_ON;
}

static enum talk_answer show_finding(struct talk *t, size_t index)
{
    const struct explore_finding *f = &t->found.findings[index];
    plain_say(ngettext("Found, %zu of %zu: %s, with %u switch.",
                       "Found, %zu of %zu: %s, with %u switches.", f->switches),
              index + 1, t->found.nfindings, finding_name((unsigned)f->kind), f->switches);
    plain_say("%s", f->message);
    plain_say(_("The way there, from the beginning:"));
    return go_along(t, &f->schedule, 1);
}

enum talk_answer talk_step_find(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    (void)rest;
    if (talk_by_hand(t))
        return ANSWER_STAY;
    int more = t->finding > 0; /* the first is quick to find, the others need them all */
    if ((!more || t->finding >= t->found.nfindings) && search(t, !more) < 0)
        return ANSWER_STAY;
    if (t->found.nfindings == 0) {
        plain_say(_("Nothing was found."));
        say_covered(&t->found);
        return ANSWER_STAY;
    }
    if (t->finding >= t->found.nfindings) {
        plain_say(_("Nothing else was found."));
        say_covered(&t->found);
        t->finding = 0;
        return ANSWER_STAY;
    }
    return show_finding(t, t->finding++);
}

/* -------- outcomes -------- */

enum { OUTCOME_LINES = 40, TREE_LINES = 60, TREE_LEVELS = 3 };

static void say_outcomes(struct talk *t, struct outcome_map *m)
{
    struct buf out = {0};
    outcome_map_text(m, &t->found, OUTCOME_LINES, &out);
    if (out.len && out.data[out.len - 1] == '\n')
        out.data[--out.len] = '\0';
    if (out.len)
        plain_words(out.data, NULL, 0);
    buf_fini(&out);
    if (m->n)
        plain_say(_("outcomes 1 goes to the first, and so on."));
}

/* A search of everything, unless the last one was. */
static int search_all(struct talk *t, int anew)
{
    return !anew && t->has_found && t->found.kept_every ? 0 : search(t, 0);
}

enum talk_answer talk_step_outcomes(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    long n = *rest ? talk_number(rest) : 0;
    struct outcome_map m = {0};
    enum talk_answer answer = ANSWER_STAY;
    if (talk_by_hand(t) || search_all(t, !*rest) < 0)
        return answer;
    outcome_map_update(&m, &t->found, 0, &t->seen);
    if (*rest && n >= 1 && (size_t)n <= m.n) {
        answer = go_along(t, &t->found.outcomes[m.rows[n - 1].outcome].schedule, 0);
    } else {
        if (*rest)
            plain_say(_("There is no outcome %s; these there are:"), rest);
        say_outcomes(t, &m);
    }
    outcome_map_fini(&m);
    return answer;
}

enum talk_answer talk_step_tree(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct schedule_tree tree = {0};
    const struct schedule *now = session_schedule(t->p->session);
    struct buf out = {0};
    (void)rest;
    if (talk_by_hand(t) || search_all(t, 0) < 0)
        return ANSWER_STAY;
    schedule_tree_update(&tree, &t->found);
    schedule_tree_unfold(&tree, TREE_LEVELS);
    schedule_tree_follow(&tree, &t->found, now->choices, now->n);
    schedule_tree_text(&tree, &t->found, TREE_LINES, &out);
    if (out.len && out.data[out.len - 1] == '\n')
        out.data[--out.len] = '\0';
    if (out.len)
        plain_words(out.data, NULL, 0);
    buf_fini(&out);
    schedule_tree_fini(&tree);
    return ANSWER_STAY;
}
