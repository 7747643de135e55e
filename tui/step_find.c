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
    if (r->complete)
        step_say(s, ROLE_GOOD, "nothing wrong in any schedule: all %llu were tried", n);
    else
        step_say(s, ROLE_NOTE, "nothing found in %llu schedules, but not all were tried (%s)", n,
                 s->search_stop ? "you stopped it"
                 : r->why_not   ? r->why_not
                                : "");
    /* Not a result to come back to: f searches again. */
    if (!r->complete) {
        explore_result_fini(&s->found);
        s->has_found = 0;
    }
}

static void open_finding(struct step *s, int i)
{
    const struct explore_finding *f = &s->found.findings[i];
    struct err e = {0};
    schedule_fini(&s->undo);
    schedule_init(&s->undo);
    schedule_copy(&s->undo, s->port.ops->schedule(s->port.ctx));
    s->undo_cursor = s->cursor;
    s->can_undo = 1;
    int rc = s->port.ops->replay(s->port.ctx, &f->schedule, &e);
    step_refresh(s, 0);
    step_seek(s, step_decisive(s, f->kind));
    if (rc < 0) {
        step_say(s, ROLE_BAD, "%s", e.message);
        return;
    }
    char more[64] = "";
    if (s->found.nfindings > 1)
        snprintf(more, sizeof more, " (%d of %zu; f: the next)", i + 1, s->found.nfindings);
    step_say(s, ROLE_BAD, "found: %s%s in %llu schedules. This is the step that decides it",
             finding_word((unsigned)f->kind), more, (unsigned long long)s->found.executions);
    step_check_goal(s);
}

void step_find_next(struct step *s)
{
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
    snprintf(text, sizeof text, "%s %s:%d T%u", place.function, place.file, place.line, e->task);
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
        step_say(s, ROLE_NOTE, "nothing was searched yet: / begins");
        return;
    }
    uint32_t before = s->cursor, n = search_steps(s, by);
    if (s->search_stop) {
        step_say(s, ROLE_NOTE, "the search was stopped");
    } else if (n) {
        int wrapped = by > 0 ? n <= before : n >= before;
        step_seek(s, n);
        step_say(s, ROLE_NOTE, "\"%s\"%s   n next, N previous", s->needle,
                 wrapped ? ": from the other end" : "");
    } else
        step_say(s, ROLE_NOTE, "no step of this run has \"%s\"", s->needle);
}
