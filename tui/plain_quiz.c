/* Plain mode: questions. */
#include "plain_lesson.h"

#include "check.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void tell_question(const struct lesson_question *q)
{
    plain_text(&q->ask, _("Question: "), 0);
    for (size_t i = 0; i < q->nchoices; i++) {
        char lead[32];
        snprintf(lead, sizeof lead, "  %zu. ", i + 1);
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
        if (!isdigit((unsigned char)*s) || n < 1 || n > q->nchoices)
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
        plain_say(_("Taken from the lesson, as the engine cannot compute it here: %s"), e.message);
        for (size_t i = 0; i < q->nchoices; i++)
            right[i] = q->choices[i].right;
    }
}

static void list_picks(const int *flags, size_t n, const char *between, struct buf *out)
{
    for (size_t i = 0; i < n; i++)
        if (flags[i])
            buf_printf(out, "%s%zu", out->len ? between : "", i + 1);
}

static void tell_right(const struct lesson_question *q, const int *right)
{
    struct buf truth = {0};
    list_picks(right, q->nchoices, _(" and "), &truth);
    plain_say(_("The right answer is %s."), truth.data ? truth.data : _("none of them"));
    buf_fini(&truth);
}

static void judge(struct reading *r, const struct lesson_question *q, const int *picked)
{
    int right[9] = {0};
    struct buf mine = {0};
    struct err e = {0};
    right_choices(r, q, right);
    int ok = memcmp(right, picked, q->nchoices * sizeof *picked) == 0;
    list_picks(picked, q->nchoices, ",", &mine);
    plain_say(ok ? _("Right.") : _("Not so."));
    if (!ok)
        tell_right(q, right);
    plain_text(&q->explain, NULL, 0);
    reading_saved(store_answer_save(r->store, r->lesson->id, q->id, mine.data, ok, &e), &e);
    buf_fini(&mine);
}

/* -------- commands -------- */

enum talk_answer talk_question_repeat(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    tell_question(s->question);
    return ANSWER_STAY;
}

enum talk_answer talk_question_reveal(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    int right[9] = {0};
    (void)rest;
    right_choices(s->r, s->question, right);
    tell_right(s->question, right);
    plain_text(&s->question->explain, NULL, 0);
    return ANSWER_STAY;
}

enum talk_answer talk_question_program(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    return reading_whole_program(s->r, s->question->file);
}

static enum talk_answer run_demo(struct spot *s, struct demo *d)
{
    if (!*d->file) {
        plain_say(_("No program goes with this."));
        return ANSWER_STAY;
    }
    return plain_demo(s->r, d) == READ_LEAVE ? ANSWER_EXIT : ANSWER_STAY;
}

enum talk_answer talk_question_step(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    return run_demo(s, &(struct demo){.file = s->question->file});
}

enum talk_answer talk_answered_show(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    return run_demo(s, &(struct demo){.file = s->question->file, .path = &s->question->path});
}

enum talk_answer talk_answered_again(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    s->done = 1;
    return ANSWER_ON;
}

/* -------- asking -------- */

/* After the answer. READ_ON, READ_BACK, READ_LEAVE; READ_FAILED: once more from the question. */
static int after_answer(struct spot *s)
{
    if (!s->question->path.nlegs || !*s->question->file)
        return READ_ON;
    for (s->done = 0; !s->done;) {
        const char *line =
            reading_ask(s->r, _("Enter goes on, s shows it step by step; ? or q > "));
        if (!line)
            return READ_LEAVE;
        if (!*line)
            return READ_ON;
        enum talk_answer answer = talk_run(TALK_ANSWERED, s, line);
        if (answer == ANSWER_BACK || answer == ANSWER_EXIT)
            return reading_end(answer);
        if (answer == ANSWER_NONE)
            plain_say(_("'%s' is no answer here; ? lists what is."), line);
    }
    return READ_FAILED;
}

static void ask_answer(const struct lesson_question *q, struct buf *out)
{
    if (q->nright > 1)
        buf_printf(out, _("All that are right of 1 to %zu, such as 1 2; Enter skips; ? or q > "),
                   q->nchoices);
    else
        buf_printf(out, _("Answer 1 to %zu, Enter skips; ? or q > "), q->nchoices);
}

/* Take one answer. As after_answer. */
static int ask_once(struct spot *s)
{
    int picked[9];
    struct buf prompt = {0};
    for (;;) {
        ask_answer(s->question, &prompt);
        const char *line = reading_ask(s->r, prompt.data);
        buf_fini(&prompt);
        if (!line)
            return READ_LEAVE;
        if (!*line)
            return READ_ON;
        if (isdigit((unsigned char)*line)) {
            if (parse_picks(line, s->question, picked) > 0) {
                judge(s->r, s->question, picked);
                return after_answer(s);
            }
            plain_say(_("'%s' is none of the choices; r reads them again."), line);
            continue;
        }
        enum talk_answer answer = talk_run(TALK_QUESTION, s, line);
        if (answer == ANSWER_BACK || answer == ANSWER_EXIT)
            return reading_end(answer);
    }
}

int plain_question(struct reading *r, const struct lesson_question *q)
{
    struct spot s = {.r = r, .question = q};
    int result;
    do {
        tell_question(q);
        result = r->interactive ? ask_once(&s) : READ_ON;
    } while (result == READ_FAILED);
    return result;
}
