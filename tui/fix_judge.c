/* The screen of a fix challenge: judging beside the loop, and what the store keeps of it. */
#include "fix_internal.h"

#include "copy.h"
#include "success.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STUCK_MS = 500 };
static const double SEARCH_SECONDS = 3; /* the answer comes within five */

/* -------- what is known before -------- */

size_t fix_own_schedules(struct store *s, const struct lesson *l, const struct lesson_challenge *c,
                         struct schedule out[FIX_OWN])
{
    struct store_attempt *list = NULL;
    size_t found = 0;
    int n = s ? store_attempts(s, l->id, NULL, &list, NULL) : 0;
    for (int i = 0; i < n && found < FIX_OWN; i++) {
        const struct lesson_challenge *of = lesson_challenge_find(l, list[i].challenge);
        if (!list[i].passed || list[i].kind != STORE_BREAK || !of || strcmp(of->file, c->file) != 0)
            continue;
        schedule_init(&out[found]);
        if (schedule_parse(&out[found], list[i].tried, NULL) == 0)
            found++;
        else
            schedule_fini(&out[found]);
    }
    free(list);
    return found;
}

/* -------- the work -------- */

static int progress(void *ctx, enum check_phase phase, uint64_t executions, double seconds)
{
    struct fix_job *w = ctx;
    job_lock(w->job);
    w->phase = phase;
    w->executions = executions;
    w->seconds = seconds;
    job_unlock(w->job);
    job_look(w->job);
    return job_cancelled(w->job);
}

static void work(struct job *j, void *ctx)
{
    struct fix_job *w = ctx;
    struct check_options o = {.seconds = SEARCH_SECONDS,
                              .stuck_ms = STUCK_MS,
                              .own = w->own,
                              .nown = w->nown,
                              .progress = progress,
                              .ctx = w};
    w->job = j;
    w->rc = fixing_try(w->fixing, w->path, &o, &w->v, &w->e);
}

static void forget_verdict(struct fix_view *v)
{
    if (v->has_verdict)
        verdict_fini(&v->v);
    v->has_verdict = 0;
    v->problem[0] = 0;
    v->nnotes = 0;
    free(v->before);
    v->before = NULL;
}

static void work_fini(struct fix_view *v)
{
    job_free(v->job);
    v->job = NULL;
    for (size_t i = 0; i < v->work.nown; i++)
        schedule_fini(&v->work.own[i]);
    v->work.nown = 0;
}

void fix_begin(struct fix_view *v)
{
    if (v->job) {
        v->again = 1;
        job_cancel(v->job);
        return;
    }
    v->again = 0;
    forget_verdict(v);
    fix_reread(v);
    free(v->judged);
    v->judged = xstrdup(v->source.text ? v->source.text : "");
    v->work = (struct fix_job){.fixing = v->fixing, .path = v->path};
    v->work.nown = fix_own_schedules(v->ui->store, v->lesson, v->challenge, v->work.own);
    v->job = job_start(work, &v->work);
    if (!v->job) {
        work_fini(v);
        fix_say(v, ROLE_BAD, "%s", _("there is no room for one more thread"));
    }
}

void fix_cancel(struct fix_view *v)
{
    v->again = 0;
    if (v->job)
        job_cancel(v->job);
    else
        fix_say(v, ROLE_NOTE, "%s", _("nothing is being checked"));
}

void fix_drop(struct fix_view *v)
{
    int running = v->job != NULL;
    work_fini(v);
    if (running && v->work.rc == 0)
        verdict_fini(&v->work.v);
}

/* -------- the answer -------- */

static void save_attempt(struct fix_view *v, int counts)
{
    struct err e = {0};
    if (!v->ui->store)
        return;
    struct store_attempt a = {.lesson = v->lesson->id,
                              .challenge = v->challenge->id,
                              .kind = STORE_FIX,
                              .tried = v->judged,
                              .passed = v->v.refusal == REFUSAL_NONE && counts,
                              .verdict = refusal_word((int)v->v.refusal),
                              .message = v->v.reason};
    if (store_attempt_save(v->ui->store, &a, &e) < 0)
        fix_say(v, ROLE_BAD, _("not saved: %s"), e.message);
}

static void tell_success(struct fix_view *v, int counts)
{
    struct buf text = {0};
    buf_printf(&text, _("%s: your program keeps what was asked."), v->challenge->title.text);
    buf_puts(&text, "\n\n");
    verdict_bound(&v->v, &text);
    for (size_t i = 0; i < v->v.rows.n; i++)
        if (i > 1) /* what was checked after the search */
            buf_printf(&text, "\n● %s", v->v.rows.results[i].claim);
    buf_puts(&text, "\n\n");
    buf_printf(&text, _("It took %.1f s to find out. Your program stays in %s"), v->v.seconds,
               v->path);
    if (!counts) {
        buf_puts(&text, "\n\n");
        buf_puts(&text, _("The solution had been shown, so this one does not count; start over "
                          "another day."));
    }
    success_push(v->ui, _("Mended"), text.data,
                 _("Next: Enter, then Esc goes back to the lesson, and → on in it."));
    buf_fini(&text);
}

static void take_verdict(struct fix_view *v)
{
    int counts = *v->hints <= CHALLENGE_HINTS;
    v->v = v->work.v;
    v->has_verdict = 1;
    v->scroll[FIX_ANSWER] = 0;
    save_attempt(v, counts);
    if (v->v.refusal == REFUSAL_COMPILE)
        v->nnotes = compiler_notes(v->v.reason, v->path, v->notes, FIX_NOTES);
    v->to_line = v->nnotes ? v->notes[0].line : v->v.line;
    if (v->v.refusal != REFUSAL_NONE)
        return;
    if (counts && !v->passed && v->solved)
        v->solved(v->ctx);
    v->passed |= counts;
    tell_success(v, counts);
}

int fix_take(struct fix_view *v)
{
    if (!v->job || !job_done(v->job))
        return v->job != NULL; /* its progress */
    int again = v->again;
    work_fini(v);
    if (v->work.rc == 0 && again)
        verdict_fini(&v->work.v);
    else if (v->work.rc == 0)
        take_verdict(v);
    else if (v->work.rc == -ERR_INTERRUPTED && !again)
        snprintf(v->problem, sizeof v->problem, "%s", _("Cancelled; c checks it."));
    else if (!again)
        snprintf(v->problem, sizeof v->problem, "%.500s", v->work.e.message);
    if (again)
        fix_begin(v);
    return 1;
}
