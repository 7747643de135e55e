/* Progress as rows: units, challenges, what to repeat. */
#include "progress.h"

#include <stdlib.h>
#include <string.h>

static int find_lesson(const struct progress_lesson *lessons, int n, const char *id)
{
    for (int i = 0; i < n; i++)
        if (strcmp(lessons[i].id, id) == 0)
            return i;
    return -1;
}

static int status_of(const struct progress *p, int nkept, const char *id)
{
    for (int i = 0; i < nkept; i++)
        if (strcmp(p->kept_lessons[i].lesson, id) == 0)
            return p->kept_lessons[i].status;
    return STORE_NEW;
}

static void add_repeat(struct progress *p, enum progress_why why, const char *lesson,
                       const char *what, int64_t at_ms)
{
    p->repeats = xrealloc(p->repeats, (size_t)p->nrepeats + 1, sizeof *p->repeats);
    p->repeats[p->nrepeats++] = (struct progress_repeat){why, lesson, what, at_ms};
}

static int by_why(const void *a, const void *b)
{
    const struct progress_repeat *x = a, *y = b;
    if (x->why != y->why)
        return x->why < y->why ? -1 : 1;
    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    int lesson = strcmp(x->lesson, y->lesson);
    return lesson ? lesson : strcmp(x->what, y->what);
}

static void add_lesson(struct progress *p, const struct progress_lesson *l, int index, int status)
{
    int over = status == STORE_DONE || status == STORE_SKIPPED;
    struct progress_unit *u = p->nunits ? &p->units[p->nunits - 1] : NULL;
    if (!u || strcmp(u->unit, l->unit) != 0) {
        p->units = xrealloc(p->units, (size_t)p->nunits + 1, sizeof *p->units);
        u = &p->units[p->nunits++];
        *u = (struct progress_unit){.unit = l->unit, .first = index};
    }
    u->n++;
    u->count[status]++;
    u->minutes += l->minutes;
    u->minutes_over += over ? l->minutes : 0;
    p->count[status]++;
    p->minutes += l->minutes;
    p->minutes_over += over ? l->minutes : 0;
}

static void take_answer(struct progress *p, const struct store_answer *a)
{
    p->answered++;
    p->right_first += a->first_right;
    p->right_later += !a->first_right && a->right;
    p->wrong += !a->right;
    if (!a->right)
        add_repeat(p, REPEAT_STILL_WRONG, a->lesson, a->question, a->at_ms);
    else if (!a->first_right)
        add_repeat(p, REPEAT_WRONG_FIRST, a->lesson, a->question, a->at_ms);
}

static struct progress_challenge *challenge_of(struct progress *p, const struct store_attempt *a)
{
    for (int i = 0; i < p->nchallenges; i++)
        if (!strcmp(p->challenges[i].lesson, a->lesson) &&
            !strcmp(p->challenges[i].challenge, a->challenge))
            return &p->challenges[i];
    p->challenges = xrealloc(p->challenges, (size_t)p->nchallenges + 1, sizeof *p->challenges);
    struct progress_challenge *c = &p->challenges[p->nchallenges++];
    *c = (struct progress_challenge){.lesson = a->lesson,
                                     .challenge = a->challenge,
                                     .kind = a->kind,
                                     .verdict = a->verdict,
                                     .at_ms = a->at_ms};
    return c;
}

/* The newest come first: the first one met says how the last attempt went. */
static void take_attempt(struct progress *p, const struct store_attempt *a)
{
    struct progress_challenge *c = challenge_of(p, a);
    c->tries++;
    p->attempts++;
    p->passed += a->passed && !c->passed;
    c->passed |= a->passed;
}

static void find_repeats(struct progress *p, int nkept, int64_t now_ms,
                         const struct progress_lesson *lessons, int nlessons)
{
    const int64_t long_ms = (int64_t)PROGRESS_LONG_DAYS * 24 * 3600 * 1000;
    for (int i = 0; i < p->nchallenges; i++)
        if (!p->challenges[i].passed)
            add_repeat(p, REPEAT_NOT_PASSED, p->challenges[i].lesson, p->challenges[i].challenge,
                       p->challenges[i].at_ms);
    for (int i = 0; i < nkept; i++) {
        const struct store_lesson *l = &p->kept_lessons[i];
        if (l->status == STORE_DONE && now_ms - l->updated_ms >= long_ms &&
            find_lesson(lessons, nlessons, l->lesson) >= 0)
            add_repeat(p, REPEAT_LONG_AGO, l->lesson, "", l->updated_ms);
    }
    if (p->nrepeats)
        qsort(p->repeats, (size_t)p->nrepeats, sizeof *p->repeats, by_why);
}

static void sort_challenges(struct progress *p, const struct progress_lesson *lessons, int n)
{
    for (int i = 1; i < p->nchallenges; i++) /* few, and stable */
        for (int k = i; k > 0; k--) {
            struct progress_challenge *a = &p->challenges[k - 1], *b = &p->challenges[k], swap;
            int x = find_lesson(lessons, n, a->lesson), y = find_lesson(lessons, n, b->lesson);
            if (x < y || (x == y && strcmp(a->challenge, b->challenge) <= 0))
                break;
            swap = *a;
            *a = *b;
            *b = swap;
        }
}

int progress_read(struct progress *p, struct store *s, const struct progress_lesson *lessons,
                  int nlessons, int64_t now_ms, struct err *e)
{
    memset(p, 0, sizeof *p);
    int nkept = store_lessons(s, &p->kept_lessons, e);
    int nanswers = nkept < 0 ? nkept : store_answers(s, NULL, &p->kept_answers, e);
    int nattempts = nanswers < 0 ? nanswers : store_attempts(s, NULL, NULL, &p->kept_attempts, e);
    if (nattempts < 0)
        return nattempts;
    for (int i = 0; i < nlessons; i++)
        add_lesson(p, &lessons[i], i, status_of(p, nkept, lessons[i].id));
    for (int i = 0; i < nanswers; i++)
        if (find_lesson(lessons, nlessons, p->kept_answers[i].lesson) >= 0)
            take_answer(p, &p->kept_answers[i]);
    for (int i = 0; i < nattempts; i++)
        if (find_lesson(lessons, nlessons, p->kept_attempts[i].lesson) >= 0)
            take_attempt(p, &p->kept_attempts[i]);
    sort_challenges(p, lessons, nlessons);
    find_repeats(p, nkept, now_ms, lessons, nlessons);
    return 0;
}

void progress_fini(struct progress *p)
{
    free(p->units);
    free(p->challenges);
    free(p->repeats);
    free(p->kept_lessons);
    free(p->kept_answers);
    free(p->kept_attempts);
    memset(p, 0, sizeof *p);
}
