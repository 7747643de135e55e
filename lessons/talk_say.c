/* The slides of a talk as plain text. */
#include "talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *words(const struct lesson_text *t)
{
    return t && t->text ? t->text : "";
}

static void paragraph(struct buf *out, const char *text)
{
    if (*text)
        buf_printf(out, "%s%s\n", out->len ? "\n" : "", text);
}

void talk_line(const struct slide *s, struct buf *out)
{
    switch (s->kind) {
    case SLIDE_QUESTION:
        buf_printf(out, _("question: %s"), words(&s->question->ask));
        break;
    case SLIDE_CHALLENGE:
        buf_printf(out, _("challenge: %s"), words(&s->challenge->title));
        break;
    case SLIDE_STEP:
        buf_printf(out, _("step %s"),
                   strrchr(s->program, '/') ? strrchr(s->program, '/') + 1 : s->program);
        break;
    case SLIDE_LIVE:
        buf_printf(out, _("live run of %s"), s->title);
        break;
    default:
        buf_puts(out, s->title);
    }
}

static void say_recap(const struct lesson_recap *r, struct buf *out)
{
    for (size_t i = 0; i < r->nsentences; i++)
        buf_printf(out, "- %s\n", words(&r->sentences[i]));
    if (*words(&r->calls))
        buf_printf(out, _("C: %s\n"), words(&r->calls));
    if (*words(&r->python))
        buf_printf(out, _("Python: %s\n"), words(&r->python));
    if (*words(&r->read))
        buf_printf(out, _("Read on: %s\n"), words(&r->read));
}

static void say_block(const struct lesson_block *b, struct buf *out)
{
    switch (b->kind) {
    case LESSON_ITEM:
        if (b->number)
            buf_printf(out, "%d. %s\n", b->number, words(&b->text));
        else
            buf_printf(out, "- %s\n", words(&b->text));
        break;
    case LESSON_CODE:
        buf_printf(out, "%s%s", out->len ? "\n" : "", b->code);
        break;
    case LESSON_RECAP:
        say_recap(b->recap, out);
        break;
    default:
        paragraph(out, words(&b->text));
    }
}

static void say_right(const struct lesson_question *q, struct buf *out)
{
    for (size_t i = 0; i < q->nchoices; i++)
        if (q->choices[i].right)
            buf_printf(out, _("So it is: %zu %s\n"), i + 1, words(&q->choices[i].text));
    if (*words(&q->explain))
        buf_printf(out, "%s\n", words(&q->explain));
}

static void say_question(const struct lesson_question *q, int shown, struct buf *out)
{
    paragraph(out, words(&q->ask));
    for (size_t i = 0; i < q->nchoices; i++)
        buf_printf(out, "  %zu  %s\n", i + 1, words(&q->choices[i].text));
    if (shown)
        say_right(q, out);
}

static void say_hints(const struct slide *s, int from, int hints, struct buf *out)
{
    const struct lesson_challenge *ch = s->challenge;
    for (int i = from; i < hints && i < CHALLENGE_HINTS; i++)
        buf_printf(out, _("Hint %d: %s\n"), i + 1, words(&ch->hints[i]));
    if (hints <= CHALLENGE_HINTS)
        return;
    if (ch->kind == CHALLENGE_FIND)
        buf_printf(out, _("It is decided by the last step of: %s\n%s\n"), ch->decided.text,
                   words(&ch->explain));
    else if (ch->path.nlegs)
        buf_printf(out, _("One solution: %s\n"), ch->path.text);
    if (*s->solution)
        buf_printf(out, _("One solution is in %s\n"), s->solution);
}

static void say_challenge(const struct slide *s, int hints, struct buf *out)
{
    const struct lesson_challenge *ch = s->challenge;
    paragraph(out, words(&ch->title));
    paragraph(out, words(&ch->text));
    if (ch->kind == CHALLENGE_BREAK && ch->least_switches >= 0)
        buf_printf(out, _("Fewest switches needed: %ld.\n"), ch->least_switches);
    say_hints(s, 0, hints, out);
}

void talk_problems(const struct talk *t, struct buf *out)
{
    for (size_t i = 0; i < t->plan->nproblems; i++)
        buf_printf(out, "%s:%d: %s\n", t->plan->file, t->plan->problems[i].line,
                   t->plan->problems[i].message);
}

void talk_text(const struct slide *s, int shown, int hints, struct buf *out)
{
    size_t before = out->len;
    switch (s->kind) {
    case SLIDE_TEXT:
        for (size_t i = 0; i < s->nblocks; i++)
            say_block(s->blocks[i], out);
        for (size_t i = 0; !s->nblocks && i < s->entry->nsay; i++)
            paragraph(out, words(&s->entry->say[i]));
        break;
    case SLIDE_QUESTION:
        say_question(s->question, shown, out);
        break;
    case SLIDE_CHALLENGE:
        say_challenge(s, hints, out);
        break;
    case SLIDE_STEP:
    case SLIDE_LIVE:
        paragraph(out, words(s->text));
        paragraph(out, words(s->goal));
        break;
    default:
        break;
    }
    if (out->len == before)
        paragraph(out, s->title);
}

void talk_answer(const struct slide *s, struct buf *out)
{
    if (s->kind == SLIDE_QUESTION)
        say_right(s->question, out);
    else if (s->kind == SLIDE_CHALLENGE)
        say_hints(s, 0, CHALLENGE_HINTS + 1, out);
}
