/* The step screen: bookmarks, kept in the store when there is one. */
#include "step_internal.h"

#include "store.h"

#include <stdlib.h>
#include <string.h>

/* Index of the first bookmark at or after step. */
static int lower(const struct step *s, uint32_t step)
{
    int i = 0;
    while (i < s->nbookmarks && s->bookmarks[i] < step)
        i++;
    return i;
}

static void insert(struct step *s, uint32_t step, int64_t id)
{
    int i = lower(s, step);
    if (s->nbookmarks == MAX_BOOKMARKS || (i < s->nbookmarks && s->bookmarks[i] == step))
        return;
    size_t after = (size_t)(s->nbookmarks - i);
    memmove(&s->bookmarks[i + 1], &s->bookmarks[i], after * sizeof *s->bookmarks);
    memmove(&s->bookmark_ids[i + 1], &s->bookmark_ids[i], after * sizeof *s->bookmark_ids);
    s->bookmarks[i] = step;
    s->bookmark_ids[i] = id;
    s->nbookmarks++;
}

static void drop(struct step *s, int i)
{
    size_t after = (size_t)(s->nbookmarks - i - 1);
    memmove(&s->bookmarks[i], &s->bookmarks[i + 1], after * sizeof *s->bookmarks);
    memmove(&s->bookmark_ids[i], &s->bookmark_ids[i + 1], after * sizeof *s->bookmark_ids);
    s->nbookmarks--;
}

/* The bookmark was set in a run that went the same way up to its step. */
static int same_way(const struct step *s, const struct store_bookmark *b)
{
    const struct schedule *now = s->port.ops->schedule(s->port.ctx);
    struct schedule then;
    schedule_init(&then);
    int same = schedule_parse(&then, b->token, NULL) == 0;
    int64_t steps = 0;
    for (size_t i = 0; same && steps < b->step; i++) {
        same = i < now->n && i < then.n && now->choices[i] == then.choices[i];
        steps += same && !(now->choices[i] & CHOICE_ALT);
    }
    schedule_fini(&then);
    return same;
}

void step_bookmarks_load(struct step *s)
{
    struct store_bookmark *list = NULL;
    if (!s->ui->store || !s->setup.program)
        return;
    int n = store_bookmarks(s->ui->store, s->setup.lesson, s->setup.program, &list, NULL);
    for (int i = 0; i < n; i++)
        if (list[i].step >= 0 && list[i].step <= s->trace->nsteps && same_way(s, &list[i]))
            insert(s, (uint32_t)list[i].step, list[i].id);
    free(list);
}

static int64_t save(struct step *s)
{
    struct buf token = {0};
    struct err e = {0};
    int64_t id = 0;
    schedule_format(s->port.ops->schedule(s->port.ctx), &token);
    struct store_bookmark b = {.lesson = s->setup.lesson,
                               .program = s->setup.program,
                               .token = token.data ? token.data : "",
                               .step = s->cursor,
                               .note = ""};
    if (store_bookmark_save(s->ui->store, &b, &id, &e) < 0)
        step_say(s, ROLE_BAD, _("the bookmark is here only, not on the disk: %s"), e.message);
    buf_fini(&token);
    return id;
}

void step_bookmark_toggle(struct step *s)
{
    int i = lower(s, s->cursor);
    if (i < s->nbookmarks && s->bookmarks[i] == s->cursor) {
        if (s->ui->store && s->bookmark_ids[i])
            store_bookmark_remove(s->ui->store, s->bookmark_ids[i], NULL);
        drop(s, i);
        step_say(s, ROLE_NOTE, _("bookmark removed"));
        return;
    }
    step_say(s, ROLE_NOTE, _("bookmark at step %u; [ and ] go from mark to mark"), s->cursor);
    insert(s, s->cursor, s->ui->store ? save(s) : 0);
}

int step_is_bookmarked(const struct step *s, uint32_t step)
{
    int i = lower(s, step);
    return i < s->nbookmarks && s->bookmarks[i] == step;
}

uint32_t step_bookmark_next(const struct step *s, uint32_t step, int by)
{
    int i = by > 0 ? lower(s, step + 1) : lower(s, step) - 1;
    return i >= 0 && i < s->nbookmarks ? s->bookmarks[i] : 0;
}

void act_step_bookmark(struct step *s, const struct input *in)
{
    (void)in;
    step_bookmark_toggle(s);
}
