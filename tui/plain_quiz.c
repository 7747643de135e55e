/* Questions and challenges in plain mode. */
#include "plain_lesson.h"

#include "check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* -------- questions -------- */

static void tell_question(const struct lesson_question *q)
{
    plain_text(&q->ask, _("Question: "), 2);
    for (size_t i = 0; i < q->nchoices; i++) {
        char lead[32];
        snprintf(lead, sizeof lead, "  %zu  ", i + 1);
        plain_text(&q->choices[i].text, lead, 5);
    }
}

/* "1 3" or "1,3" into flags. How many, or -1 when it is none. */
static int parse_picks(const char *s, const struct lesson_question *q, int *picked)
{
    int count = 0;
    memset(picked, 0, q->nchoices * sizeof *picked);
    while (*s) {
        char *end;
        unsigned long n = strtoul(s, &end, 10);
        if (*s < '0' || *s > '9' || n < 1 || n > q->nchoices)
            return -1;
        count += !picked[n - 1];
        picked[n - 1] = 1;
        s = end + strspn(end, " ,");
    }
    return count;
}

/* Which choices are right: for outputs the engine computes it, else the lesson says it. */
static void right_choices(const struct reading *r, const struct lesson_question *q, int *right)
{
    struct err e = {0};
    for (size_t i = 0; i < q->nchoices; i++)
        right[i] = q->choices[i].right;
    if (q->is_outcomes && check_answer(r->lesson, q, NULL, right, &e) < 0) {
        printf(_("(Taken from the lesson, as the engine cannot compute it here: %s)\n"), e.message);
        for (size_t i = 0; i < q->nchoices; i++)
            right[i] = q->choices[i].right;
    }
}

static void list_picks(const int *flags, size_t n, struct buf *out)
{
    for (size_t i = 0; i < n; i++)
        if (flags[i])
            buf_printf(out, "%s%zu", out->len ? "," : "", i + 1);
}

static void judge(struct reading *r, const struct lesson_question *q, const int *picked)
{
    int right[9] = {0};
    struct buf mine = {0}, truth = {0};
    struct err e = {0};
    right_choices(r, q, right);
    int ok = memcmp(right, picked, q->nchoices * sizeof *picked) == 0;
    list_picks(picked, q->nchoices, &mine);
    list_picks(right, q->nchoices, &truth);
    printf(ok ? "Right.\n" : "Not so; the right answer is %s.\n", truth.data ? truth.data : "none");
    plain_text(&q->explain, NULL, 2);
    reading_saved(store_answer_save(r->store, r->lesson->id, q->id, mine.data, ok, &e), &e);
    buf_fini(&mine);
    buf_fini(&truth);
}

static int show_answer(struct reading *r, const struct lesson_question *q)
{
    if (!q->path.nlegs || !q->file[0])
        return READ_ON;
    const char *answer = reading_ask(r, "Enter goes on, s shows it step by step, q leaves > ");
    if (!answer || answer[0] == 'q')
        return READ_LEAVE;
    return answer[0] == 's' ? plain_demo(r, q->file, &q->path, 1, NULL, NULL) : READ_ON;
}

int plain_question(struct reading *r, const struct lesson_question *q)
{
    int picked[9];
    tell_question(q);
    while (r->interactive) {
        const char *answer =
            reading_ask(r, q->nright > 1 ? "Your answer, all that are right (Enter skips) > "
                                         : "Your answer (Enter skips) > ");
        if (!answer || strcmp(answer, "q") == 0)
            return READ_LEAVE;
        if (!*answer)
            return READ_ON;
        if (parse_picks(answer, q, picked) > 0) {
            judge(r, q, picked);
            return show_answer(r, q);
        }
        printf(_("'%s' is none of the choices.\n"), answer);
    }
    return READ_ON;
}

/* -------- break it -------- */

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

static long switches_of(const struct trace *t)
{
    long n = 0;
    for (uint32_t s = 1; s <= t->nsteps; s++)
        n += (trace_step(t, s)->flags & EVF_SWITCH) != 0;
    return n;
}

/* An attempt at breaking: watched after every step. */
struct breaking {
    struct reading *reading;
    const struct lesson_challenge *challenge;
    int solved;
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

static int watch(void *ctx, struct plain *p)
{
    struct breaking *b = ctx;
    if (goal_reached(b->challenge, p)) {
        long used = switches_of(session_trace(p->session)), least = b->challenge->least_switches;
        b->solved = 1;
        printf(_("Solved, with %ld switch%s."), used, used == 1 ? "" : "es");
        if (least >= 0 && used > least)
            printf(_(" It can be done with %ld."), least);
        puts("");
        plain_summary(p);
    } else if (!session_finished(p->session)) {
        return 0;
    }
    save_break(b, p);
    return b->solved;
}

/* -------- fix it -------- */

static void save_fix(struct reading *r, const struct lesson_challenge *c, const char *path,
                     enum refusal refusal)
{
    struct buf text = {0};
    struct err e = {0};
    FILE *f = fopen(path, "re");
    char block[8192];
    for (size_t n;
         f && (n = fread(block, 1, sizeof block, f)) > 0 && text.len < STORE_TEXT_MAX / 2;)
        buf_add(&text, block, n);
    if (f)
        fclose(f);
    struct store_attempt attempt = {.lesson = r->lesson->id,
                                    .challenge = c->id,
                                    .kind = STORE_FIX,
                                    .tried = text.data,
                                    .passed = refusal == REFUSAL_NONE,
                                    .verdict = refusal_word((int)refusal),
                                    .message = ""};
    reading_saved(store_attempt_save(r->store, &attempt, &e), &e);
    buf_fini(&text);
}

static int try_fix(struct reading *r, const struct lesson_challenge *c, const char *path)
{
    struct check_report report = {0};
    enum refusal refusal = REFUSAL_NONE;
    struct err e = {0};
    if (check_solution(r->lesson, c->id, path, NULL, &report, &refusal, &e) < 0) {
        printf("%s\n", e.message);
        check_report_fini(&report);
        return 0;
    }
    for (size_t i = 0; i < report.n; i++) {
        const struct check_result *x = &report.results[i];
        printf("%s  %s\n", x->ok ? "ok  " : "FAIL", x->claim);
        if (!x->ok && x->message && *x->message)
            plain_words(x->message, NULL, 6);
    }
    if (refusal == REFUSAL_NONE)
        puts(_("It passes."));
    else
        printf(_("It does not pass yet: %s\n"), refusal_word((int)refusal));
    save_fix(r, c, path, refusal);
    check_report_fini(&report);
    return refusal == REFUSAL_NONE;
}

static void tell_fix(struct reading *r, const struct lesson_challenge *c)
{
    char *path = lesson_file(r->lesson, c->file);
    struct buf out = {0};
    buf_puts(&out, _("  Copy it, edit the copy, have it judged:\n    cp "));
    shell_quote(&out, path);
    buf_printf(&out, _(" mine.c\n    lockstep check %s --solution mine.c\n"), r->lesson->id);
    out_buf(&out);
    buf_fini(&out);
    free(path);
}

/* -------- a challenge -------- */

static void tell_hint(const struct lesson_challenge *c, int *given)
{
    if (*given < CHALLENGE_HINTS && c->hints[*given].nruns)
        plain_text(&c->hints[(*given)++], _("Hint: "), 6);
    else
        puts(_("There are no more hints."));
}

static int tell_solution(struct reading *r, const struct lesson_challenge *c)
{
    if (c->kind == CHALLENGE_BREAK)
        return plain_demo(r, c->file, &c->path, 1, NULL, NULL);
    char *path = lesson_file(r->lesson, c->solution);
    printf(_("A right answer is in %s\n"), path);
    free(path);
    return READ_ON;
}

/* One answer to the prompt of a challenge. 1: the challenge goes on. */
static int challenge_answer(struct reading *r, const struct lesson_challenge *c, const char *answer,
                            int *hints, int *result)
{
    struct breaking b = {.reading = r, .challenge = c};
    if (strcmp(answer, "h") == 0) {
        tell_hint(c, hints);
        return 1;
    }
    if (strcmp(answer, "s") == 0) {
        *result = tell_solution(r, c);
        return *result != READ_LEAVE;
    }
    if (c->kind == CHALLENGE_FIX && *answer)
        return !try_fix(r, c, answer);
    if (c->kind == CHALLENGE_BREAK && !*answer) {
        *result = plain_demo(r, c->file, NULL, 0, watch, &b);
        return *result != READ_LEAVE && !b.solved;
    }
    puts(_("That is none of these."));
    return 1;
}

int plain_challenge(struct reading *r, const struct lesson_challenge *c)
{
    int hints = 0, result = READ_ON;
    plain_text(&c->title,
               c->kind == CHALLENGE_BREAK ? "Challenge, break it: " : "Challenge, fix it: ", 2);
    plain_text(&c->text, NULL, 2);
    if (c->kind == CHALLENGE_FIX)
        tell_fix(r, c);
    for (;;) {
        const char *answer = reading_ask(
            r,
            c->kind == CHALLENGE_BREAK
                ? "Enter begins, h gives a hint, s shows a solution, n goes on, q leaves > "
                : "A file judges it, h gives a hint, s shows a solution, n goes on, q leaves > ");
        if (!answer)
            return r->interactive ? READ_LEAVE : READ_ON;
        if (strcmp(answer, "q") == 0)
            return READ_LEAVE;
        if (strcmp(answer, "n") == 0 || (!*answer && c->kind == CHALLENGE_FIX))
            return READ_ON;
        if (!challenge_answer(r, c, answer, &hints, &result))
            return result;
    }
}
