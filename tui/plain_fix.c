/* Plain mode: the challenge to mend a program. */
#include "plain_lesson.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

/* 1: it passes. */
static int judge_file(struct reading *r, const struct lesson_challenge *c, const char *path)
{
    struct check_report report = {0};
    enum refusal refusal = REFUSAL_NONE;
    struct err e = {0};
    if (check_solution(r->lesson, c->id, path, NULL, &report, &refusal, &e) < 0) {
        plain_say("%s", e.message);
        check_report_fini(&report);
        return 0;
    }
    for (size_t i = 0; i < report.n; i++) {
        const struct check_result *x = &report.results[i];
        plain_say(x->ok ? _("ok: %s") : _("not ok: %s"), x->claim);
        if (!x->ok && x->message && *x->message)
            plain_words(x->message, NULL, 2);
    }
    if (refusal == REFUSAL_NONE)
        plain_say(_("It passes."));
    else
        plain_say(_("It does not pass yet: %s"), refusal_word((int)refusal));
    save_fix(r, c, path, refusal);
    check_report_fini(&report);
    return refusal == REFUSAL_NONE;
}

static void tell_fix(const struct spot *s)
{
    char *path = lesson_file(s->r->lesson, s->challenge->file);
    plain_text(&s->challenge->text, NULL, 0);
    plain_say(_("Copy the program, change the copy, and have it judged: check mine.c. It is in %s"),
              path);
    free(path);
}

enum talk_answer talk_fix_repeat(void *ctx, const char *rest)
{
    (void)rest;
    tell_fix(ctx);
    return ANSWER_STAY;
}

enum talk_answer talk_fix_program(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    return reading_whole_program(s->r, s->challenge->file);
}

enum talk_answer talk_fix_check(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    if (*rest)
        s->done = judge_file(s->r, s->challenge, rest);
    else
        plain_say(_("check takes the name of a file, such as check mine.c."));
    return ANSWER_STAY;
}

enum talk_answer talk_fix_hint(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    plain_hint(s->challenge, &s->hints);
    return ANSWER_STAY;
}

enum talk_answer talk_fix_solution(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    return reading_whole_program(s->r, s->challenge->solution);
}

enum talk_answer talk_fix_next(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    s->done = 1;
    return ANSWER_STAY;
}

static int ask_fix(struct spot *s)
{
    while (!s->done) {
        const char *line =
            reading_ask(s->r, _("check FILE judges it, h gives a hint, n goes on; ? or q > "));
        if (!line)
            return READ_LEAVE;
        enum talk_answer answer = talk_run(TALK_FIX, s, line);
        if (answer == ANSWER_BACK || answer == ANSWER_EXIT)
            return reading_end(answer);
        if (answer == ANSWER_NONE)
            plain_say(_("'%s' is no answer here; ? lists what is."), line);
    }
    return READ_ON;
}

int plain_fix(struct reading *r, const struct lesson_challenge *c)
{
    struct spot s = {.r = r, .challenge = c};
    plain_text(&c->title, _("Challenge, fix it: "), 0);
    tell_fix(&s);
    return r->interactive ? ask_fix(&s) : READ_ON;
}
