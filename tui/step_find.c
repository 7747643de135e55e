/* The step screen: searching schedules for a failing one, and searching the steps for a word. */
#include "step_internal.h"

#include "explain.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Called some ten times a second by the search: keep the screen alive, listen for Esc. */
static int on_progress(void *ctx, uint64_t executions, uint64_t blocked, double seconds)
{
    struct step *s = ctx;
    s->search_executions = executions;
    s->search_blocked = blocked;
    s->search_seconds = seconds;
    return ui_pump(s->ui) || s->search_stop;
}

static int search(struct step *s)
{
    struct err e = {0};
    s->mode = MODE_EXPLORING;
    s->playing = 0;
    s->search_stop = 0;
    s->search_executions = s->search_blocked = 0;
    s->search_seconds = 0;
    ui_pump(s->ui);
    int rc = s->port.ops->find(s->port.ctx, on_progress, s, &s->found, &e);
    s->mode = MODE_NORMAL;
    if (rc < 0) {
        step_say(s, ROLE_BAD, "%s", e.message);
        return rc;
    }
    s->has_found = 1;
    s->at_finding = -1;
    return 0;
}

static void say_nothing_found(struct step *s)
{
    const struct explore_result *r = &s->found;
    unsigned long long n = r->executions;
    const char *why = s->search_stop ? _("you stopped it") : r->why_not ? r->why_not : "";
    if (r->complete)
        step_say(s, ROLE_GOOD,
                 ngettext("nothing wrong in any schedule: the only one was tried",
                          "nothing wrong in any schedule: all %llu were tried", n),
                 n);
    else
        step_say(s, ROLE_NOTE,
                 ngettext("nothing found in %llu schedule, but not all were tried (%s)",
                          "nothing found in %llu schedules, but not all were tried (%s)", n),
                 n, why);
    /* Not a result to come back to: f searches again. */
    if (!r->complete) {
        explore_result_fini(&s->found);
        s->has_found = 0;
    }
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

static void say_found(struct step *s, int i, const struct explore_outcome *odd)
{
    const struct explore_result *r = &s->found;
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
static const struct explore_outcome *worth_seeing(const struct step *s, int i)
{
    const struct explore_outcome *usual = plainest(&s->found, NULL);
    if (s->found.findings[i].kind != FIND_DATA_RACE || !usual)
        return NULL;
    return plainest(&s->found, usual);
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

static void open_finding(struct step *s, int i)
{
    const struct explore_finding *f = &s->found.findings[i];
    const struct explore_outcome *odd = worth_seeing(s, i);
    struct err e = {0};
    schedule_fini(&s->undo);
    schedule_init(&s->undo);
    schedule_copy(&s->undo, s->port.ops->schedule(s->port.ctx));
    s->undo_cursor = s->cursor;
    s->can_undo = 1;
    int rc = 0;
    if (odd && (open_schedule(s, &odd->schedule, &e) < 0 || !has_finding(s, f->kind)))
        odd = NULL;
    if (!odd)
        rc = open_schedule(s, &f->schedule, &e);
    step_seek(s, step_decisive(s, f->kind));
    if (rc < 0) {
        step_say(s, ROLE_BAD, "%s", e.message);
        return;
    }
    say_found(s, i, odd);
    if (s->layout.single && s->main_view == PANEL_COUNT) /* the one panel that tells of it */
        s->focus = PANEL_WHY;
    step_check_goal(s);
}

/* A free run was recorded: its program is searched on a screen of its own. */
static void find_under_control(struct step *s)
{
    struct port port;
    struct err e = {0};
    step_say(s, ROLE_NOTE, _("building the program for running it under control …"));
    ui_show(s->ui);
    if (s->port.ops->control(s->port.ctx, &port, &e) < 0) {
        step_say(s, ROLE_BAD, "%s", e.message);
        return;
    }
    s->message[0] = 0;
    const struct step_setup setup = {.title = s->setup.title, .lesson = "", .cursor = 0};
    step_find_next(step_push(s->ui, port, &setup));
}

void step_find_next(struct step *s)
{
    if (s->port.ops->control) {
        find_under_control(s);
        return;
    }
    if (!s->has_found && search(s) < 0)
        return;
    if (s->ui->leaving)
        return;
    if (!s->found.nfindings) {
        say_nothing_found(s);
        return;
    }
    s->at_finding = (s->at_finding + 1) % (int)s->found.nfindings;
    open_finding(s, s->at_finding);
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

static int step_matches(struct step *s, uint32_t n)
{
    const struct names *names = s->port.ops->names(s->port.ctx);
    const struct event *e = trace_step(s->trace, n);
    char text[256];
    explain_operation(e, s->trace, names, text, sizeof text);
    if (contains(text, strlen(text), s->needle))
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
            contains(finding_word((unsigned)x->a), strlen(finding_word((unsigned)x->a)), s->needle))
            return 1;
    }
    return 0;
}

/* The next step that matches, going round; 0 none, or it was stopped. A long search keeps the
 * screen alive; keys other than Esc do nothing meanwhile. */
static uint32_t search_steps(struct step *s, int by)
{
    int64_t last = s->trace->nsteps, n = s->cursor;
    uint32_t found = 0;
    s->search_stop = 0;
    for (int64_t i = 0; i < last && !found && !s->search_stop; i++) {
        n += by;
        n = n > last ? 1 : n < 1 ? last : n;
        if (step_matches(s, (uint32_t)n))
            found = (uint32_t)n;
        if (i % 32768 != 32767)
            continue;
        s->search_step = (uint32_t)n;
        s->mode = MODE_EXPLORING;
        s->search_stop |= ui_pump(s->ui);
    }
    s->search_step = 0;
    s->mode = MODE_NORMAL;
    return found;
}

void step_search_from(struct step *s, int by)
{
    if (!s->needle[0]) {
        step_say(s, ROLE_NOTE, _("nothing was searched yet: / begins"));
        return;
    }
    uint32_t before = s->cursor, n = search_steps(s, by);
    if (s->search_stop) {
        step_say(s, ROLE_NOTE, _("the search was stopped"));
    } else if (n) {
        int wrapped = by > 0 ? n <= before : n >= before;
        step_seek(s, n);
        step_say(s, ROLE_NOTE,
                 wrapped ? _("\"%s\": from the other end   n next, N previous")
                         : _("\"%s\"   n next, N previous"),
                 s->needle);
    } else
        step_say(s, ROLE_NOTE, _("no step of this run has \"%s\""), s->needle);
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
