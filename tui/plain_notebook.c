/* Plain mode: what a learner did in a lesson. */
#include "plain_lesson.h"

#include <stdlib.h>
#include <string.h>

static void say_answer(const struct lesson *l, const struct store_answer *a)
{
    struct buf ask = {0};
    for (size_t i = 0;; i++) {
        const struct lesson_question *q = lesson_question_at(l, i);
        if (!q)
            break;
        if (strcmp(q->id, a->question) == 0)
            plain_spell_text(&q->ask, &ask);
    }
    plain_say(_("  Question: %s"), ask.data ? ask.data : a->question);
    buf_fini(&ask);
    if (a->tries > 1)
        plain_say(a->right ? _("    Your last answer, %s, is right; it took %d tries.")
                           : _("    Your last answer, %s, is not right, after %d tries."),
                  a->answer, a->tries);
    else
        plain_say(a->right ? _("    Your answer, %s, is right.")
                           : _("    Your answer, %s, is not right."),
                  a->answer);
}

/* The attempts at the challenge of list[i], if it is the newest of them. */
static void say_attempts(const struct lesson *l, const struct store_attempt *list, int n, int at)
{
    int tries = 0, passed = 0;
    for (int i = 0; i < n; i++) {
        if (strcmp(list[i].challenge, list[at].challenge) != 0)
            continue;
        if (i < at)
            return;
        tries++;
        passed += list[i].passed;
    }
    const struct lesson_challenge *c = lesson_challenge_find(l, list[at].challenge);
    struct buf title = {0};
    if (c)
        plain_spell_text(&c->title, &title);
    plain_say(_("  Challenge: %s"), title.data ? title.data : list[at].challenge);
    plain_say(ngettext("    %d attempt, %s.", "    %d attempts, %s.", (unsigned)tries), tries,
              passed ? _("solved") : _("not solved yet"));
    buf_fini(&title);
}

int plain_notebook(struct store *s, const struct lesson *l)
{
    struct store_answer *answers = NULL;
    struct store_attempt *attempts = NULL;
    int na = store_answers(s, l->id, &answers, NULL);
    int nt = store_attempts(s, l->id, NULL, &attempts, NULL);
    if (na > 0 || nt > 0)
        plain_say(_("Lesson %s:"), l->title);
    for (int i = 0; i < na; i++)
        say_answer(l, &answers[i]);
    for (int i = 0; i < nt; i++)
        say_attempts(l, attempts, nt, i);
    free(answers);
    free(attempts);
    return na > 0 || nt > 0;
}
