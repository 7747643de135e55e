/* The step screen: searching schedules for a failing one, opening what was found, and searching the
 * steps for a word. */
#include "step_internal.h"

#include "explain.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say_nothing_found(struct step *s, const struct explore_result *r)
{
    unsigned long long n = r->executions;
    const char *why = finder_was_stopped(s->finder) ? _("you stopped it") : explore_why(r);
    if (r->complete)
        step_say(s, ROLE_GOOD,
                 ngettext("nothing wrong in any schedule: the only one was tried; F: how it ends",
                          "nothing wrong in any schedule: all %llu were tried; F: how they end", n),
                 n);
    else
        step_say(s, ROLE_NOTE,
                 ngettext("nothing found in %llu schedule, but not all were tried (%s)",
                          "nothing found in %llu schedules, but not all were tried (%s)", n),
                 n, why);
}

static int same_end(const struct explore_outcome *a, const struct explore_outcome *b)
{
    return a->nout_total == b->nout_total && a->nout == b->nout &&
           !memcmp(a->nout ? a->out : "", b->nout ? b->out : "", a->nout) &&
           a->exit_status == b->exit_status && a->signal == b->signal;
}

/* The outcome with the fewest switches: what the program does when nobody interferes. With `not`,
 * the one with the fewest that ends otherwise. NULL if there is none. */
static const struct explore_outcome *plainest(const struct explore_result *r,
                                              const struct explore_outcome * not )
{
    const struct explore_outcome *best = NULL;
    for (size_t i = 0; i < r->noutcomes; i++) {
        const struct explore_outcome *o = &r->outcomes[i];
        if (o->deadlock || o->livelock || o->cut || (not &&same_end(o, not )))
            continue;
        if (!best || o->switches < best->switches)
            best = o;
    }
    return best;
}

/* What was printed, short enough for the line at the foot; 0 if it is not. */
static int spell_output(const struct explore_outcome *o, char *out, size_t n)
{
    struct buf b = {0};
    size_t len = o->nout;
    while (len && o->out[len - 1] == '\n')
        len--;
    buf_visible(&b, len ? o->out : "", len);
    int fits = o->nout == o->nout_total && b.len && b.len <= 12;
    snprintf(out, n, "%s", fits ? b.data : "");
    buf_fini(&b);
    return fits;
}

static const char *const finding_names[FIND_COUNT] = {
    [FIND_DATA_RACE] = N_("a data race"),
    [FIND_DEADLOCK] = N_("a deadlock"),
    [FIND_LOST_WAKEUP] = N_("a lost wake-up"),
    [FIND_LIVELOCK] = N_("a livelock"),
    [FIND_STARVATION] = N_("starvation"),
    [FIND_ASSERTION] = N_("a failed assertion"),
    [FIND_CRASH] = N_("a crash"),
    [FIND_EXIT_STATUS] = N_("a failure status"),
    [FIND_MISUSE] = N_("misuse of a call"),
    [FIND_LOCK_LEAK] = N_("a lock never given back"),
};

static void say_found(struct step *s, const struct explore_result *r, int i,
                      const struct explore_outcome *odd)
{
    unsigned kind = (unsigned)r->findings[i].kind;
    const char *name =
        kind < FIND_COUNT && finding_names[kind] ? finding_names[kind] : N_("a finding");
    const struct explore_outcome *usual = plainest(r, NULL);
    unsigned long long n = r->executions;
    char begin[64], here[64], usually[64];
    snprintf(begin, sizeof begin, "%s", _("found"));
    if (r->nfindings > 1)
        snprintf(begin, sizeof begin, _("found (%d of %zu, f: next)"), i + 1, r->nfindings);
    if (odd && usual && spell_output(odd, here, sizeof here) &&
        spell_output(usual, usually, sizeof usually))
        step_say(s, ROLE_BAD, _("%s: %s; prints %s, not %s. This step decides it"), begin, _(name),
                 here, usually);
    else
        step_say(s, ROLE_BAD,
                 ngettext("%s: %s (%llu schedule tried). This step decides it",
                          "%s: %s (%llu schedules tried). This step decides it", n),
                 begin, _(name), n);
}

/* A race can be found in a run whose result is right. Where the program can also end otherwise,
 * that is the run to look at: it shows what the race does. */
static const struct explore_outcome *worth_seeing(const struct explore_result *r, int i)
{
    const struct explore_outcome *usual = plainest(r, NULL);
    if (r->findings[i].kind != FIND_DATA_RACE || !usual)
        return NULL;
    return plainest(r, usual);
}

static int has_finding(const struct step *s, int kind)
{
    for (size_t i = 0; i < s->marks.n; i++)
        if (s->marks.list[i].kind == EV_FINDING &&
            s->trace->events[s->marks.list[i].event].a == (uint64_t)kind)
            return 1;
    return 0;
}

static int open_schedule(struct step *s, const struct schedule *schedule, struct err *e)
{
    int rc = s->port.ops->replay(s->port.ctx, schedule, e);
    step_refresh(s, 0);
    return rc;
}

/* The run before can be had back. */
static void keep_run(struct step *s)
{
    step_keep_undo(s);
    s->playing = 0;
}

/* It was found, not made: it does not count among what the learner's runs have reached. */
static void check_goal_of_found(struct step *s)
{
    s->found_run = 1;
    step_check_goal(s);
    s->found_run = 0;
}

static void open_finding(struct step *s, const struct explore_result *r, int i)
{
    const struct explore_finding *f = &r->findings[i];
    const struct explore_outcome *odd = worth_seeing(r, i);
    struct err e = {0};
    int rc = 0;
    keep_run(s);
    if (odd && (open_schedule(s, &odd->schedule, &e) < 0 || !has_finding(s, f->kind)))
        odd = NULL;
    if (!odd)
        rc = open_schedule(s, &f->schedule, &e);
    step_seek(s, step_decisive(s, f->kind));
    if (rc < 0) {
        step_say(s, ROLE_BAD, "%s", e.message);
        return;
    }
    say_found(s, r, i, odd);
    if (s->layout.single &&
        s->main_view == PANEL_COUNT) /* one panel at a time: the one that tells what was found */
        s->focus = PANEL_WHY;
    check_goal_of_found(s);
}

void step_open_found(struct step *s, const struct schedule *schedule, int kind, uint32_t at)
{
    struct err e = {0};
    s->message[0] = 0;
    keep_run(s);
    int rc = open_schedule(s, schedule, &e);
    if (at != UINT32_MAX)
        step_seek(s, at);
    else
        step_seek(s, step_decisive(s, kind));
    if (rc < 0)
        step_say(s, ROLE_BAD, "%s", e.message);
    else
        check_goal_of_found(s);
}

/* -------- the search, beside the loop -------- */

static struct finder *finder_of(struct step *s)
{
    if (!s->finder)
        s->finder = finder_new(s);
    return s->finder;
}

/* What the last search found is gone through; one that found nothing and did not try everything is
 * no result to come back to. */
static const struct explore_result *to_go_through(struct step *s)
{
    const char *why;
    const struct explore_result *r = s->finder ? finder_result(s->finder, &why) : NULL;
    return r && (r->nfindings || r->complete) ? r : NULL;
}

static void show_found(struct step *s)
{
    const char *why;
    const struct explore_result *r = finder_result(s->finder, &why);
    if (!r) {
        step_say(s, ROLE_BAD, "%s", why);
    } else if (!r->nfindings) {
        say_nothing_found(s, r);
    } else {
        s->at_finding = (s->at_finding + 1) % (int)r->nfindings;
        open_finding(s, r, s->at_finding);
    }
}

/* A challenge is for the learner to solve; once it is, everything may be searched. */
static int is_theirs_to_find(struct step *s)
{
    const struct lesson_challenge *ch = s->setup.challenge;
    if (!ch || ch->kind != CHALLENGE_BREAK || s->reached)
        return 0;
    step_say(s, ROLE_NOTE, _("in a challenge you are the one who finds it; i: a hint"));
    return 1;
}

static void find_in(struct step *s, int view)
{
    (void)view;
    step_find_next(s);
}

void step_find_next(struct step *s)
{
    if (is_theirs_to_find(s))
        return;
    if (s->port.ops->control) {
        step_under_control(s, find_in, 0);
        return;
    }
    if (to_go_through(s)) {
        show_found(s);
        return;
    }
    s->playing = 0;
    s->at_finding = -1;
    if (finder_begin(finder_of(s), 1) < 0)
        show_found(s);
    else
        s->mode = MODE_EXPLORING;
}

void step_find_tick(struct step *s)
{
    if (!finder_tick(s->finder))
        return;
    s->mode = MODE_NORMAL;
    show_found(s);
}

void step_explore(struct step *s, int view)
{
    if (is_theirs_to_find(s))
        return;
    if (s->port.ops->control) {
        step_under_control(s, step_explore, view);
        return;
    }
    s->playing = 0;
    s->at_finding = -1;
    finder_push(finder_of(s), s->ui, view);
}

/* -------- words in steps -------- */

/* needle in haystack, ASCII letters alike whatever their case. */
static int contains(const char *haystack, size_t n, const char *needle)
{
    size_t len = strlen(needle);
    for (size_t i = 0; i + len <= n; i++) {
        size_t j = 0;
        while (j < len &&
               tolower((unsigned char)haystack[i + j]) == tolower((unsigned char)needle[j]))
            j++;
        if (j == len)
            return 1;
    }
    return 0;
}

/* In the words of the screen, and in those of the contract, which are the same in every language.
 */
static int word_matches(const char *word, const char *name, const char *needle)
{
    return contains(word, strlen(word), needle) || contains(name, strlen(name), needle);
}

static int step_matches(struct step *s, uint32_t n)
{
    const struct names *names = s->port.ops->names(s->port.ctx);
    const struct event *e = trace_step(s->trace, n);
    char text[256];
    explain_operation(e, s->trace, names, text, sizeof text);
    if (word_matches(event_word(e->kind), text, s->needle))
        return 1;
    struct place place = {"", "", 0};
    names->place(names->ctx, e->pc ? e->pc - 1 : 0, &place);
    snprintf(text, sizeof text, "%s %s:%d P%u.T%u", place.function, place.file, place.line,
             e->process, e->task);
    if (contains(text, strlen(text), s->needle))
        return 1;
    for (size_t i = s->trace->step_start[n]; i < trace_step_end(s->trace, n); i++) {
        const struct event *x = &s->trace->events[i];
        if (x->ntext && contains(trace_text(s->trace, x), x->ntext, s->needle))
            return 1;
        if (x->kind == EV_FINDING &&
            word_matches(finding_word((unsigned)x->a), finding_name((unsigned)x->a), s->needle))
            return 1;
    }
    return 0;
}

/* Called when it is over. */
static void say_match(struct step *s, uint32_t n)
{
    uint32_t before = s->cursor;
    int by = s->words_by, wrapped = by > 0 ? n <= before : n >= before;
    if (!n) {
        step_say(s, ROLE_NOTE, _("no step of this run has \"%s\""), s->needle);
        return;
    }
    step_seek(s, n);
    step_say(s, ROLE_NOTE,
             wrapped ? _("\"%s\": from the other end   n next, N previous")
                     : _("\"%s\"   n next, N previous"),
             s->needle);
}

/* A slice of the steps, going round. Where a run is long the rest follows with the next tick, so
 * that keys are answered meanwhile. */
void step_words_slice(struct step *s)
{
    enum { SLICE = 8192 };
    int64_t last = s->trace->nsteps, n = s->words_at;
    uint32_t found = 0;
    for (int i = 0; i < SLICE && s->words_left && !found; i++, s->words_left--) {
        n += s->words_by;
        n = n > last ? 1 : n < 1 ? last : n;
        if (step_matches(s, (uint32_t)n))
            found = (uint32_t)n;
    }
    s->words_at = (uint32_t)n;
    int more = !found && s->words_left;
    s->mode = more ? MODE_EXPLORING : MODE_NORMAL;
    if (more)
        return;
    s->words_left = 0;
    say_match(s, found);
}

void step_search_from(struct step *s, int by)
{
    if (!s->needle[0]) {
        step_say(s, ROLE_NOTE, _("nothing was searched yet: / begins"));
        return;
    }
    s->words_by = by;
    s->words_at = s->cursor;
    s->words_left = s->trace->nsteps;
    step_words_slice(s);
}

void step_stop_searching(struct step *s)
{
    if (!s->words_left) {
        finder_stop(s->finder);
        return;
    }
    s->words_left = 0;
    s->mode = MODE_NORMAL;
    step_say(s, ROLE_NOTE, _("the search was stopped"));
}
/* -------- actions -------- */

void act_step_find(struct step *s, const struct input *in)
{
    (void)in;
    step_find_next(s);
}

void act_step_search(struct step *s, const struct input *in)
{
    (void)in;
    step_open_mode(s, MODE_SEARCH);
}

void act_step_search_next(struct step *s, const struct input *in)
{
    (void)in;
    step_search_from(s, 1);
}

void act_step_search_prev(struct step *s, const struct input *in)
{
    (void)in;
    step_search_from(s, -1);
}

void step_search_take(struct step *s)
{
    if (s->edit.n)
        memcpy(s->needle, s->edit.text, sizeof s->needle);
    step_search_from(s, 1);
}

void act_step_explore(struct step *s, const struct input *in)
{
    (void)in;
    step_explore(s, -1);
}
