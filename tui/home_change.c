/* The home screen: skipping a lesson, forgetting that it was begun, beginning anew; and undoing it.
 * Before each change all that is stored of the learner is kept aside, and merged back by undo. */
#include "home_internal.h"

#include <stdlib.h>
#include <string.h>

void home_undo_fini(struct home *h)
{
    buf_fini(&h->undo.before);
    free(h->undo.lesson);
    memset(&h->undo, 0, sizeof h->undo);
}

/* Before a change: 0, or why nothing may be changed. */
static int keep(struct home *h, struct err *e)
{
    if (!h->ui->store)
        return err_set(e, ERR_WRITE, _("nothing is kept here, so there is nothing to change"));
    home_undo_fini(h);
    return store_export_json(h->ui->store, STORE_ONE_LEARNER, &h->undo.before, e);
}

static void keep_status(struct home *h, int lesson)
{
    h->undo.lesson = xstrdup(h->lessons->lessons[lesson]->id);
    h->undo.status = h->status[lesson];
}

/* Answers and attempts of a lesson: there is something to lose. */
static int count_work(struct store *s, const char *id)
{
    struct store_answer *answers = NULL;
    struct store_attempt *attempts = NULL;
    int n = store_answers(s, id, &answers, NULL), m = store_attempts(s, id, NULL, &attempts, NULL);
    free(answers);
    free(attempts);
    return (n > 0 ? n : 0) + (m > 0 ? m : 0);
}

static int has_place(struct store *s, const char *id)
{
    struct store_section *sections = NULL;
    int n = store_sections(s, id, &sections, NULL);
    free(sections);
    return n > 0;
}

/* -------- skip -------- */

static int set_status(struct home *h, int lesson, struct err *e)
{
    const char *id = h->lessons->lessons[lesson]->id;
    struct store *s = h->ui->store;
    if (h->status[lesson] != STORE_SKIPPED)
        return store_lesson_set(s, id, STORE_SKIPPED, e);
    return store_lesson_set(s, id, has_place(s, id) || count_work(s, id) ? STORE_BEGUN : STORE_NEW,
                            e);
}

void home_skip(struct home *h)
{
    struct err e = {0};
    int lesson = home_lesson(h);
    if (lesson < 0)
        return;
    const char *title = h->lessons->lessons[lesson]->title;
    if (h->status[lesson] == STORE_DONE) {
        home_say(h, ROLE_NOTE, _("\"%s\" is done already."), title);
        return;
    }
    int rc = keep(h, &e);
    if (rc == 0) {
        keep_status(h, lesson);
        rc = set_status(h, lesson, &e);
    }
    home_load(h);
    if (rc < 0)
        home_say(h, ROLE_BAD, "%s", e.message);
}

/* -------- forget -------- */

void home_forget(struct home *h)
{
    struct err e = {0};
    int lesson = home_lesson(h), rc;
    if (lesson < 0)
        return;
    const struct lesson *l = h->lessons->lessons[lesson];
    if (h->status[lesson] != STORE_BEGUN) {
        home_say(h, ROLE_NOTE, _("\"%s\" is not begun, so there is nothing to forget."), l->title);
        return;
    }
    rc = keep(h, &e);
    int work = rc == 0 ? count_work(h->ui->store, l->id) : 0;
    if (work) {
        home_say(h, ROLE_NOTE,
                 ngettext("%d answer or attempt is kept of it; %s forgets it, too.",
                          "%d answers and attempts are kept of it; %s forgets them, too.",
                          (unsigned long)work),
                 work, keys_first(ACT_home_reset));
        home_undo_fini(h);
        return;
    }
    if (rc == 0)
        rc = store_lesson_reset(h->ui->store, l->id, &e);
    home_load(h);
    if (rc < 0)
        home_say(h, ROLE_BAD, "%s", e.message);
    else
        home_say(h, ROLE_NOTE, _("\"%s\" is new again. %s takes that back."), l->title,
                 keys_first(ACT_home_undo));
}

/* -------- begin anew -------- */

static int unit_of(const struct home *h, int lesson)
{
    for (size_t u = 0; u < h->lessons->nunits; u++)
        if ((size_t)lesson < h->lessons->units[u].first + h->lessons->units[u].n)
            return (int)u;
    return 0;
}

static void range(const struct home *h, enum home_reset what, size_t *first, size_t *n)
{
    const struct lesson_unit *unit = &h->lessons->units[unit_of(h, home_lesson(h))];
    *first = what == RESET_LESSON ? (size_t)home_lesson(h) : what == RESET_UNIT ? unit->first : 0;
    *n = what == RESET_LESSON ? 1 : what == RESET_UNIT ? unit->n : h->lessons->nlessons;
}

static int count_not_new(const struct home *h, enum home_reset what)
{
    size_t first, n;
    int sum = 0;
    range(h, what, &first, &n);
    for (size_t i = first; i < first + n; i++)
        sum += h->status[i] != STORE_NEW;
    return sum;
}

static void add(struct home *h, int digit, enum home_reset what, const char *text)
{
    list_add(&h->list, digit, what, text);
}

void home_ask_reset(struct home *h)
{
    char text[LIST_TEXT];
    if (home_lesson(h) < 0)
        return;
    if (!h->ui->store) {
        home_say(h, ROLE_BAD, _("nothing is kept here, so there is nothing to change"));
        return;
    }
    const struct lesson *l = h->lessons->lessons[home_lesson(h)];
    const struct lesson_unit *unit = &h->lessons->units[unit_of(h, home_lesson(h))];
    list_clear(&h->list, _("Begin anew: forget answers, attempts and places of"));
    add(h, 0, RESET_NOTHING, _("nothing: back"));
    snprintf(text, sizeof text, _("this lesson: %s"), l->title);
    add(h, 1, RESET_LESSON, text);
    snprintf(text, sizeof text, _("this unit: %s (%d not new)"), unit->title,
             count_not_new(h, RESET_UNIT));
    add(h, 2, RESET_UNIT, text);
    snprintf(text, sizeof text, _("all lessons (%d not new)"), count_not_new(h, RESET_ALL));
    add(h, 3, RESET_ALL, text);
    h->list.at = 1;
    h->asking = ASK_RESET;
}

static void reset(struct home *h, enum home_reset what)
{
    struct err e = {0};
    size_t first, n;
    int rc = keep(h, &e), count = count_not_new(h, what);
    range(h, what, &first, &n);
    for (size_t i = first; i < first + n && rc == 0; i++)
        if (h->status[i] != STORE_NEW || n == 1)
            rc = store_lesson_reset(h->ui->store, h->lessons->lessons[i]->id, &e);
    home_load(h);
    if (rc < 0)
        home_say(h, ROLE_BAD, "%s", e.message);
    else
        home_say(h, ROLE_NOTE,
                 ngettext("%d lesson is new again. %s takes that back.",
                          "%d lessons are new again. %s takes that back.", (unsigned long)count),
                 count, keys_first(ACT_home_undo));
}

void home_reset_taken(struct home *h)
{
    enum home_reset what = (enum home_reset)h->list.rows[h->list.at].value;
    int sure = h->asking == ASK_RESET_ALL;
    h->asking = ASK_NOTHING;
    if (what == RESET_ALL && !sure) {
        char title[LIST_TEXT];
        snprintf(title, sizeof title, _("Really forget all of %s?"), store_learner(h->ui->store));
        list_clear(&h->list, title);
        add(h, 0, RESET_NOTHING, _("no, keep it"));
        add(h, 1, RESET_ALL, _("yes, begin all lessons anew"));
        h->asking = ASK_RESET_ALL;
    } else if (what != RESET_NOTHING) {
        reset(h, what);
    }
}

/* -------- undo -------- */

void home_undo(struct home *h)
{
    struct err e = {0};
    if (!h->undo.before.data || !h->ui->store) {
        home_say(h, ROLE_NOTE, _("There is nothing to undo."));
        return;
    }
    int rc = store_import_json(h->ui->store, h->undo.before.data, h->undo.before.len, NULL, &e);
    if (rc == 0 && h->undo.lesson)
        rc = store_lesson_set(h->ui->store, h->undo.lesson, (enum store_status)h->undo.status, &e);
    home_undo_fini(h);
    home_load(h);
    if (rc < 0)
        home_say(h, ROLE_BAD, "%s", e.message);
    else
        home_say(h, ROLE_NOTE, _("It is as it was before."));
}
