/* Plain mode: the list of lessons. */
#include "plain_lesson.h"

#include "config.h"
#include "locked.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The context of the commands of the list. */
struct home {
    struct reading r;
    const struct catalogue *catalogue;
    struct err *e;
    int result; /* of what was opened: 0, 1 leave lockstep, -ERR_* */
};

static enum store_status status_of(struct store *s, const struct lesson *l)
{
    struct store_lesson *row = NULL;
    enum store_status status =
        store_place_get(s, l->id, &row, NULL) > 0 ? (enum store_status)row->status : STORE_NEW;
    free(row);
    return status;
}

/* Where to go on: the lesson visited last or, when that is done, the next one that is not. */
static const struct lesson *next_lesson(const struct catalogue *c, struct store *s)
{
    struct store_lesson *row = NULL;
    size_t at = 0;
    if (store_place_last(s, &row, NULL) > 0)
        for (size_t i = 0; i < c->nlessons; i++)
            if (strcmp(c->lessons[i]->id, row->lesson) == 0)
                at = i;
    free(row);
    for (size_t i = 0; i < c->nlessons; i++) {
        const struct lesson *l = c->lessons[(at + i) % c->nlessons];
        enum store_status status = status_of(s, l);
        if (status != STORE_DONE && status != STORE_SKIPPED)
            return l;
    }
    return c->nlessons ? c->lessons[at] : NULL;
}

static void say_lesson(struct store *s, const struct catalogue *c, size_t i)
{
    const struct lesson *l = c->lessons[i];
    plain_say(_("  %zu. %s, %s, %d minutes (%s)"), i + 1, l->title,
              _(store_status_word(status_of(s, l))), l->minutes, l->id);
}

/* The units whose title or name has the words; "": all. How many lessons. */
static int list_lessons(const struct catalogue *c, struct store *s, const char *words)
{
    int n = 0;
    for (size_t u = 0; u < c->nunits; u++) {
        const struct lesson_unit *unit = &c->units[u];
        if (!plain_has_words(unit->title, words) && strcasecmp(unit->name, words) != 0)
            continue;
        plain_say(_("Unit %s:"), unit->title);
        for (size_t i = unit->first; i < unit->first + unit->n; i++, n++)
            say_lesson(s, c, i);
    }
    return n;
}

/* By number, id or name; NULL and it was said. */
static const struct lesson *pick_lesson(const struct catalogue *c, const char *answer)
{
    char *end;
    unsigned long number = strtoul(answer, &end, 10);
    const struct lesson *l = NULL;
    if (isdigit((unsigned char)*answer) && !*end)
        l = number >= 1 && number <= c->nlessons ? c->lessons[number - 1] : NULL;
    else if (*answer)
        l = catalogue_find(c, answer);
    if (!l && *answer)
        plain_say(_("'%s' is no lesson; l lists them with their numbers."), answer);
    else if (!l)
        plain_say(_("Which lesson? Say its number after the command."));
    return l;
}

/* -------- commands -------- */

enum talk_answer talk_home_list(void *ctx, const char *rest)
{
    struct home *h = ctx;
    if (!list_lessons(h->catalogue, h->r.store, rest))
        plain_say(*rest ? _("No unit is called '%s'; l alone lists all.")
                        : _("There are no lessons.%s"),
                  rest);
    return ANSWER_STAY;
}

static int lesson_has(const struct lesson *l, const char *words)
{
    struct buf text = {0};
    buf_printf(&text, "%s %s %s %s ", l->id, l->title, l->summary, l->python);
    for (size_t i = 0; i < l->nsections; i++)
        plain_section_words(&l->sections[i], &text);
    int found = plain_has_words(text.data, words);
    buf_fini(&text);
    return found;
}

enum talk_answer talk_home_find(void *ctx, const char *rest)
{
    struct home *h = ctx;
    const struct catalogue *c = h->catalogue;
    int n = 0;
    if (!*rest) {
        plain_say(_("find takes words, such as find mutex."));
        return ANSWER_STAY;
    }
    for (size_t i = 0; i < c->nlessons; i++)
        if (lesson_has(c->lessons[i], rest) && ++n)
            say_lesson(h->r.store, c, i);
    if (n == 0)
        plain_say(_("No lesson has '%s'."), rest);
    return ANSWER_STAY;
}

enum talk_answer talk_home_skip(void *ctx, const char *rest)
{
    struct home *h = ctx;
    const struct lesson *l = pick_lesson(h->catalogue, rest);
    struct err e = {0};
    if (!l)
        return ANSWER_STAY;
    int back = status_of(h->r.store, l) == STORE_SKIPPED;
    int r = store_lesson_set(h->r.store, l->id, back ? STORE_BEGUN : STORE_SKIPPED, &e);
    reading_saved(r, &e);
    if (r == 0)
        plain_say(back ? _("'%s' is no longer skipped.") : _("'%s' is skipped."), l->title);
    return ANSWER_STAY;
}

enum talk_answer talk_home_reset(void *ctx, const char *rest)
{
    struct home *h = ctx;
    const struct lesson *l = pick_lesson(h->catalogue, rest);
    struct err e = {0};
    if (!l)
        return ANSWER_STAY;
    plain_say(_("This forgets what you answered and tried in '%s'."), l->title);
    const char *line = reading_ask(&h->r, _("yes forgets it, Enter keeps it; ? or q > "));
    if (!line)
        return ANSWER_EXIT;
    if (strcasecmp(line, "yes") != 0) {
        plain_say(_("It is kept."));
        return ANSWER_STAY;
    }
    int r = store_lesson_reset(h->r.store, l->id, &e);
    reading_saved(r, &e);
    if (r == 0)
        plain_say(_("'%s' is new again."), l->title);
    return ANSWER_STAY;
}

enum talk_answer talk_home_progress(void *ctx, const char *rest)
{
    struct home *h = ctx;
    const struct catalogue *c = h->catalogue;
    size_t of[STORE_NSTATUS] = {0};
    int minutes = 0;
    (void)rest;
    for (size_t i = 0; i < c->nlessons; i++) {
        enum store_status status = status_of(h->r.store, c->lessons[i]);
        of[status]++;
        minutes += status == STORE_NEW || status == STORE_BEGUN ? c->lessons[i]->minutes : 0;
    }
    plain_say(
        _("%s: %zu lessons done, %zu begun, %zu new, %zu skipped; about %d minutes are left."),
        store_learner(h->r.store), of[STORE_DONE], of[STORE_BEGUN], of[STORE_NEW],
        of[STORE_SKIPPED], minutes);
    for (size_t u = 0; u < c->nunits; u++) {
        size_t done = 0;
        for (size_t i = 0; i < c->units[u].n; i++)
            done += status_of(h->r.store, c->lessons[c->units[u].first + i]) == STORE_DONE;
        plain_say(_("  %s: %zu of %zu done"), c->units[u].title, done, c->units[u].n);
    }
    plain_say(_("lockstep progress tells more, and exports it."));
    return ANSWER_STAY;
}

enum talk_answer talk_home_notebook(void *ctx, const char *rest)
{
    struct home *h = ctx;
    int n = 0;
    (void)rest;
    for (size_t i = 0; i < h->catalogue->nlessons; i++)
        n += plain_notebook(h->r.store, h->catalogue->lessons[i]);
    if (n == 0)
        plain_say(_("Nothing was answered or tried yet."));
    return ANSWER_STAY;
}

static enum talk_answer opened(struct home *h, int result)
{
    h->result = result;
    if (result < 0 && result != -ERR_INTERRUPTED && result != -ERR_WRITE) {
        plain_say("%s", h->e->message);
        h->result = 0;
        return ANSWER_STAY;
    }
    return result ? ANSWER_EXIT : ANSWER_STAY;
}

enum talk_answer talk_home_run(void *ctx, const char *rest)
{
    struct home *h = ctx;
    char *end, *path = NULL;
    long number = strtol(rest, &end, 10);
    if (!*rest) {
        if (plain_recent_say(h->r.store))
            plain_say(_("run and a number steps one of these again."));
        plain_say(_("run takes the name of a C program, such as run counter.c."));
        return ANSWER_STAY;
    }
    if (!*end)
        path = plain_recent_at(h->r.store, number);
    int result = plain_step_file(path ? path : rest, NULL, h->r.store, h->e);
    if (result >= 0)
        plain_recent_note(h->r.store, path ? path : rest);
    free(path);
    return opened(h, result);
}

enum talk_answer talk_home_explore(void *ctx, const char *rest)
{
    (void)ctx;
    if (*rest)
        return plain_explore(rest);
    plain_say(_("explore takes the name of a C program, such as explore counter.c."));
    return ANSWER_STAY;
}

enum talk_answer talk_home_live(void *ctx, const char *rest)
{
    (void)ctx;
    if (*rest)
        return plain_live(rest);
    plain_say(_("live takes the name of a C program, such as live counter.c."));
    return ANSWER_STAY;
}

enum talk_answer talk_home_recordings(void *ctx, const char *rest)
{
    struct home *h = ctx;
    struct store_recording *list = NULL;
    struct err e = {0};
    int n = store_recordings(h->r.store, &list, &e);
    char *end;
    unsigned long number = strtoul(rest, &end, 10);
    enum talk_answer answer = ANSWER_STAY;
    for (int i = 0; i < n && *rest; i++)
        if (strcmp(list[i].name, rest) == 0 || (!*end && number == (unsigned long)i + 1)) {
            if (*list[i].token)
                answer =
                    opened(h, plain_step_file(list[i].program, list[i].token, h->r.store, h->e));
            else
                plain_say(_("This one is a file; step it with: lockstep replay %s"), list[i].path);
            free(list);
            return answer;
        }
    if (n < 0)
        plain_say("%s", e.message);
    else if (n == 0)
        plain_say(_("No run was saved yet; while stepping, save NAME keeps one."));
    else if (*rest)
        plain_say(_("No run is called '%s'; these there are:"), rest);
    for (int i = 0; i < n; i++)
        plain_say(_("  %d. %s, of %s"), i + 1, list[i].name, list[i].program);
    free(list);
    return answer;
}

static void list_learners(struct store *s)
{
    struct store_learner *list = NULL;
    int n = store_learners(s, &list, NULL);
    for (int i = 0; i < n; i++)
        plain_say(list[i].selected ? _("  %s, who learns now") : "  %s", list[i].name);
    free(list);
}

enum talk_answer talk_home_learners(void *ctx, const char *rest)
{
    struct home *h = ctx;
    struct err e = {0};
    if (!*rest) {
        list_learners(h->r.store);
        return ANSWER_STAY;
    }
    int r = store_learner_select(h->r.store, rest, &e);
    if (r == -ERR_NOT_FOUND) {
        r = store_learner_create(h->r.store, rest, &e);
        if (r == 0)
            r = store_learner_select(h->r.store, rest, &e);
    }
    if (r < 0)
        plain_say("%s", e.message);
    else
        plain_say(_("%s learns now."), store_learner(h->r.store));
    return ANSWER_STAY;
}

static void list_settings(void)
{
    for (int i = 0; i < CONFIG_COUNT; i++) {
        const struct config_row *row = config_row((enum config_id)i);
        const char *value = config_value((enum config_id)i);
        plain_say("  %s = %s: %s. %s", row->key, *value ? value : _("nothing"), _(row->title),
                  _(row->help));
    }
    plain_say(_("They stand in %s."), config_path());
}

enum talk_answer talk_home_settings(void *ctx, const char *rest)
{
    size_t n = strcspn(rest, " =\t");
    const char *value = rest + n + strspn(rest + n, " =\t");
    struct err e = {0};
    (void)ctx;
    for (int i = 0; *rest && i < CONFIG_COUNT; i++) {
        const struct config_row *row = config_row((enum config_id)i);
        if (strlen(row->key) != n || strncmp(row->key, rest, n) != 0)
            continue;
        if (*value && config_set((enum config_id)i, value, &e) < 0)
            plain_say("%s", e.message);
        plain_say("%s = %s", row->key, config_value((enum config_id)i));
        return ANSWER_STAY;
    }
    if (*rest)
        plain_say(_("'%.*s' is no setting; these there are:"), (int)n, rest);
    list_settings();
    return ANSWER_STAY;
}

/* -------- the list -------- */

/* A teacher has locked it: say so. */
static int is_locked(struct home *h, const struct lesson *l)
{
    struct buf why = {0};
    int locked = locked_why(h->r.store, l, &why);
    if (locked)
        plain_say("%s: %s", l->title, why.data);
    buf_fini(&why);
    return locked;
}

/* An answer that is no command: a lesson. */
static enum talk_answer open_lesson(struct home *h, const char *answer)
{
    const struct lesson *l =
        *answer ? pick_lesson(h->catalogue, answer) : next_lesson(h->catalogue, h->r.store);
    if (!l || is_locked(h, l))
        return ANSWER_STAY;
    puts("");
    enum talk_answer x = opened(h, plain_lesson(l, h->r.store, 1, h->e));
    puts("");
    return x;
}

static enum talk_answer answer_to(struct home *h, const char *line)
{
    if (!*line || isdigit((unsigned char)*line) || catalogue_find(h->catalogue, line))
        return open_lesson(h, line);
    return talk_run(TALK_HOME, h, line);
}

int plain_home(const struct catalogue *c, struct store *s, int interactive, struct err *e)
{
    struct home h = {.r = {.store = s, .interactive = interactive}, .catalogue = c, .e = e};
    enum talk_answer answer = ANSWER_STAY;
    list_lessons(c, s, "");
    while (interactive && answer == ANSWER_STAY) {
        const struct lesson *next = next_lesson(c, s);
        char *prompt =
            next ? xasprintf(_("Enter opens '%s', a number another; ? or q > "), next->title)
                 : xstrdup(_("There are no lessons; ? or q > "));
        const char *line = reading_ask(&h.r, prompt);
        free(prompt);
        answer = line ? answer_to(&h, line) : ANSWER_EXIT;
    }
    free(h.r.line);
    if (signal_caught())
        return err_set(e, ERR_INTERRUPTED, _("interrupted"));
    return h.result < 0 ? h.result : 0;
}
