/* Stepping in plain mode: what is kept of a run, and what a challenge says to it. */
#include "plain_talk.h"

#include "compare.h"

#include <stdlib.h>
#include <string.h>

static const char *lesson_of(const struct talk *t)
{
    return t->setup->lesson ? t->setup->lesson : "";
}

static int has_store(const struct talk *t)
{
    if (t->setup->store)
        return 1;
    plain_say(_("Nothing can be kept here."));
    return 0;
}

static int said(int r, const struct err *e)
{
    if (r < 0)
        plain_say(_("This could not be saved: %s"), e->message);
    return r < 0;
}

/* -------- bookmarks -------- */

/* The bookmark was set in a run that went the same way up to its step. */
static int same_way(const struct talk *t, const struct store_bookmark *b)
{
    return compare_same_way(session_schedule(t->p->session), b->token, b->step);
}

static int bookmarks(struct talk *t, struct store_bookmark **list)
{
    struct err e = {0};
    int n = store_bookmarks(t->setup->store, lesson_of(t), t->p->program->name, list, &e);
    if (n < 0)
        plain_say("%s", e.message);
    return n;
}

/* Forget the bookmark at this step of this run. 1 if there was one. */
static int forget_here(struct talk *t)
{
    struct store_bookmark *list = NULL;
    struct err e = {0};
    int n = bookmarks(t, &list), gone = 0;
    for (int i = 0; i < n && !gone; i++)
        if (list[i].step == t->at && same_way(t, &list[i])) {
            gone = 1;
            if (!said(store_bookmark_remove(t->setup->store, list[i].id, &e), &e))
                plain_say(_("The bookmark at step %u is forgotten."), t->at);
        }
    free(list);
    return gone;
}

enum talk_answer talk_step_bookmark(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct buf token = {0};
    struct err e = {0};
    if (!has_store(t) || (!*rest && forget_here(t)))
        return ANSWER_STAY;
    schedule_format(session_schedule(t->p->session), &token);
    struct store_bookmark b = {.lesson = lesson_of(t),
                               .program = t->p->program->name,
                               .token = token.data ? token.data : "",
                               .step = t->at,
                               .note = rest};
    if (!said(store_bookmark_save(t->setup->store, &b, NULL, &e), &e))
        plain_say(_("Bookmark at step %u; bookmarks lists them."), t->at);
    buf_fini(&token);
    return ANSWER_STAY;
}

static enum talk_answer go_to_bookmark(struct talk *t, const struct store_bookmark *b)
{
    uint32_t step = b->step > 0 && b->step <= UINT32_MAX ? (uint32_t)b->step : 0;
    struct schedule s;
    struct err e = {0};
    schedule_init(&s);
    int r = same_way(t, b) ? 0 : schedule_parse(&s, b->token, &e);
    if (r < 0) {
        plain_say("%s", e.message);
    } else if (s.n) {
        talk_keep_before(t);
        r = talk_replay(t, &s);
    }
    schedule_fini(&s);
    talk_stand(t, step);
    return r < 0 ? ANSWER_STAY : talk_step_repeat(t, "");
}

enum talk_answer talk_step_bookmarks(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct store_bookmark *list = NULL;
    enum talk_answer answer = ANSWER_STAY;
    if (!has_store(t))
        return answer;
    int n = bookmarks(t, &list);
    long which = *rest ? talk_number(rest) : 0;
    if (which >= 1 && which <= n) {
        answer = go_to_bookmark(t, &list[which - 1]);
    } else {
        if (*rest && n > 0)
            plain_say(_("There is no bookmark %s; these there are:"), rest);
        if (n == 0)
            plain_say(_("There are no bookmarks of this program; bookmark sets one."));
        for (int i = 0; i < n; i++)
            plain_say(same_way(t, &list[i]) ? _("  %d. step %lld of this run%s%s")
                                            : _("  %d. step %lld of another run%s%s"),
                      i + 1, (long long)list[i].step, *list[i].note ? ": " : "", list[i].note);
    }
    free(list);
    return answer;
}

/* -------- runs -------- */

enum talk_answer talk_step_save(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct buf token = {0};
    struct err e = {0};
    if (!*rest || strlen(rest) > STORE_ID_MAX) {
        plain_say(_("save takes a short name for this run, such as save lost update."));
        return ANSWER_STAY;
    }
    if (!has_store(t))
        return ANSWER_STAY;
    char *path = realpath(t->p->given->files[0], NULL);
    schedule_format(session_schedule(t->p->session), &token);
    struct store_recording r = {.name = rest,
                                .program = path ? path : t->p->program->name,
                                .token = token.data ? token.data : ""};
    if (!said(store_recording_save(t->setup->store, &r, &e), &e))
        plain_say(_("Kept as '%s'; recordings in the list of lessons opens it."), rest);
    buf_fini(&token);
    free(path);
    return ANSWER_STAY;
}

enum talk_answer talk_step_token(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct buf out = {0};
    (void)rest;
    given_replay_line(&out, t->p->given, session_schedule(t->p->session));
    buf_puts(&out, "\n");
    talk_put(&out);
    return ANSWER_STAY;
}

/* -------- running free -------- */

enum talk_answer talk_step_live(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    (void)rest;
    return plain_live(t->p->given->files[0]);
}

/* -------- in a challenge -------- */

enum talk_answer talk_step_goal(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    (void)rest;
    if (t->setup->challenge)
        plain_goal(t->setup->challenge);
    else
        plain_say(_("This is no challenge; step as you like."));
    return ANSWER_STAY;
}

enum talk_answer talk_step_hint(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    (void)rest;
    if (t->setup->challenge)
        plain_hint(t->setup->challenge, t->setup->hints);
    else
        plain_say(_("Hints are for challenges; f finds a failing schedule, ? lists the commands."));
    return ANSWER_STAY;
}
