/* The step screen: bookmarks, kept in the store when there is one. */
#include "step_internal.h"

#include "compare.h"
#include "explain.h"
#include "store.h"

#include <stdio.h>
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

static void insert(struct step *s, uint32_t step, int64_t id, const char *note)
{
    int i = lower(s, step);
    if (s->nbookmarks == MAX_BOOKMARKS || (i < s->nbookmarks && s->bookmarks[i] == step))
        return;
    size_t after = (size_t)(s->nbookmarks - i);
    memmove(&s->bookmarks[i + 1], &s->bookmarks[i], after * sizeof *s->bookmarks);
    memmove(&s->bookmark_ids[i + 1], &s->bookmark_ids[i], after * sizeof *s->bookmark_ids);
    memmove(&s->bookmark_notes[i + 1], &s->bookmark_notes[i], after * sizeof *s->bookmark_notes);
    s->bookmarks[i] = step;
    s->bookmark_ids[i] = id;
    s->bookmark_notes[i] = xstrdup(note);
    s->nbookmarks++;
}

static void drop(struct step *s, int i)
{
    size_t after = (size_t)(s->nbookmarks - i - 1);
    free(s->bookmark_notes[i]);
    memmove(&s->bookmark_notes[i], &s->bookmark_notes[i + 1], after * sizeof *s->bookmark_notes);
    memmove(&s->bookmarks[i], &s->bookmarks[i + 1], after * sizeof *s->bookmarks);
    memmove(&s->bookmark_ids[i], &s->bookmark_ids[i + 1], after * sizeof *s->bookmark_ids);
    s->nbookmarks--;
}

/* The bookmark was set in a run that went the same way up to its step. */
static int same_way(const struct step *s, const struct store_bookmark *b)
{
    return compare_same_way(s->port.ops->schedule(s->port.ctx), b->token, b->step);
}

void step_bookmarks_load(struct step *s)
{
    struct store_bookmark *list = NULL;
    if (!s->ui->store || !s->setup.program)
        return;
    while (s->nbookmarks) /* those of the run before */
        drop(s, s->nbookmarks - 1);
    int n = store_bookmarks(s->ui->store, s->setup.lesson, s->setup.program, &list, NULL);
    for (int i = 0; i < n; i++)
        if (list[i].step >= 0 && list[i].step <= s->trace->nsteps && same_way(s, &list[i]))
            insert(s, (uint32_t)list[i].step, list[i].id, list[i].note ? list[i].note : "");
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

static void remove_one(struct step *s, int i)
{
    if (s->ui->store && s->bookmark_ids[i])
        store_bookmark_remove(s->ui->store, s->bookmark_ids[i], NULL);
    drop(s, i);
}

void step_bookmark_toggle(struct step *s)
{
    int i = lower(s, s->cursor);
    if (i < s->nbookmarks && s->bookmarks[i] == s->cursor) {
        remove_one(s, i);
        step_say(s, ROLE_NOTE, _("bookmark removed"));
        return;
    }
    step_say(s, ROLE_NOTE,
             _("bookmark at step %u; [ and ] go to marks, B lists them and takes notes"),
             s->cursor);
    insert(s, s->cursor, s->ui->store ? save(s) : 0, "");
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

/* -------- the list -------- */

/* A bookmark of another run of this program: its schedule is replayed to go there. */
struct step_shelf {
    struct store_bookmark *others; /* in memory of the store's, freed as one */
    int n;
    int marked; /* row whose note is being written */
};
enum { OTHER_RUN = 0x10000 }; /* in the value of a row: an index of `others` */

void step_bookmarks_free(struct step *s)
{
    while (s->nbookmarks)
        drop(s, s->nbookmarks - 1);
    if (s->shelf)
        free(s->shelf->others);
    free(s->shelf);
    s->shelf = NULL;
}

static void row_here(struct step *s, int i, char *out, size_t n)
{
    const struct event *e = trace_step(s->trace, s->bookmarks[i]);
    const char *note = s->bookmark_notes[i];
    char what[64], who[16];
    if (e) {
        task_number(s, e->task, who, sizeof who);
        explain_operation(e, s->trace, s->port.ops->names(s->port.ctx), what, sizeof what);
        snprintf(out, n, _("step %u, %s %s"), s->bookmarks[i], who, what);
    } else
        snprintf(out, n, _("the beginning"));
    size_t len = strlen(out);
    if (*note && len < n)
        snprintf(out + len, n - len, ": %s", note);
}

static void list_others(struct step *s)
{
    struct step_shelf *x = s->shelf;
    char row[LIST_TEXT];
    free(x->others);
    x->others = NULL;
    x->n = 0;
    if (!s->ui->store || !s->setup.program)
        return;
    x->n = store_bookmarks(s->ui->store, s->setup.lesson, s->setup.program, &x->others, NULL);
    for (int i = 0; i < x->n; i++) {
        const struct store_bookmark *b = &x->others[i];
        if (same_way(s, b))
            continue;
        if (b->note && *b->note)
            snprintf(row, sizeof row, _("step %lld of another run: %s"), (long long)b->step,
                     b->note);
        else
            snprintf(row, sizeof row, _("step %lld of another run"), (long long)b->step);
        list_add(&s->list, -1, OTHER_RUN | i, row);
    }
}

static void list_them(struct step *s)
{
    int at = s->list.at;
    char row[LIST_TEXT];
    if (!s->shelf)
        s->shelf = xcalloc(1, sizeof *s->shelf);
    list_clear(&s->list, _("Bookmarks"));
    for (int i = 0; i < s->nbookmarks; i++) {
        row_here(s, i, row, sizeof row);
        list_add(&s->list, i + 1 < 10 ? i + 1 : -1, i, row);
    }
    list_others(s);
    s->list.at = at < s->list.n ? at : s->list.n ? s->list.n - 1 : 0;
    s->mode = s->list.n ? MODE_BOOKMARKS : MODE_NORMAL;
    if (!s->list.n)
        step_say(s, ROLE_NOTE, _("no bookmarks yet: b sets one at this step"));
}

void act_step_bookmarks(struct step *s, const struct input *in)
{
    (void)in;
    step_bookmarks_load(s);
    s->list.at = 0;
    list_them(s);
}

static void open_other(struct step *s, const struct store_bookmark *b)
{
    struct schedule then;
    struct err e = {0};
    schedule_init(&then);
    int rc = schedule_parse(&then, b->token, &e);
    if (rc == 0) {
        step_keep_undo(s);
        rc = s->port.ops->replay(s->port.ctx, &then, &e);
        step_refresh(s, 0);
        if (rc < 0)
            step_undo_quietly(s);
    }
    schedule_fini(&then);
    if (rc < 0) {
        step_say(s, ROLE_BAD, "%s", e.message);
        return;
    }
    step_seek(s, b->step);
    step_bookmarks_load(s);
    step_say(s, ROLE_NOTE, _("the run of that bookmark; u brings the run before back"));
}

static void go_there(struct step *s)
{
    long value = s->list.rows[s->list.at].value;
    s->mode = MODE_NORMAL;
    if (value & OTHER_RUN)
        open_other(s, &s->shelf->others[value & 0xffff]);
    else
        step_seek(s, s->bookmarks[value]);
}

static void begin_note(struct step *s)
{
    long value = s->list.rows[s->list.at].value;
    const char *note =
        value & OTHER_RUN ? s->shelf->others[value & 0xffff].note : s->bookmark_notes[value];
    s->shelf->marked = s->list.at;
    step_open_mode(s, MODE_NOTE);
    s->edit.n = (size_t)snprintf(s->edit.text, sizeof s->edit.text, "%s", note ? note : "");
    if (s->edit.n >= sizeof s->edit.text)
        s->edit.n = sizeof s->edit.text - 1;
}

void step_note_take(struct step *s)
{
    long value = s->list.rows[s->shelf->marked].value;
    struct err e = {0};
    int64_t id = value & OTHER_RUN ? s->shelf->others[value & 0xffff].id : s->bookmark_ids[value];
    int rc = s->ui->store && id ? store_bookmark_note(s->ui->store, id, s->edit.text, &e) : 0;
    if (!(value & OTHER_RUN)) {
        free(s->bookmark_notes[value]);
        s->bookmark_notes[value] = xstrdup(s->edit.text);
    }
    list_them(s);
    if (rc < 0) {
        s->mode = MODE_NORMAL;
        step_say(s, ROLE_BAD, _("the note is here only, not on the disk: %s"), e.message);
    }
}

void step_note_close(struct step *s)
{
    list_them(s);
}

static void remove_row(struct step *s)
{
    long value = s->list.rows[s->list.at].value;
    if (value & OTHER_RUN)
        store_bookmark_remove(s->ui->store, s->shelf->others[value & 0xffff].id, NULL);
    else
        remove_one(s, (int)value);
    list_them(s);
}

int step_bookmarks_act(struct step *s, enum action action, const struct input *in)
{
    static const struct {
        enum action here, list;
    } moves[] = {{ACT_bookmarks_down, ACT_list_down},   {ACT_bookmarks_up, ACT_list_up},
                 {ACT_bookmarks_digit, ACT_list_digit}, {ACT_bookmarks_mouse, ACT_list_mouse},
                 {ACT_bookmarks_take, ACT_list_take},   {ACT_bookmarks_close, ACT_list_close}};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        if (moves[i].here != action)
            continue;
        int took = list_act(&s->list, moves[i].list, in);
        if (took > 0)
            go_there(s);
        else if (took < 0)
            s->mode = MODE_NORMAL;
        return 1;
    }
    if (action == ACT_bookmarks_note)
        begin_note(s);
    else if (action == ACT_bookmarks_remove)
        remove_row(s);
    else
        return 0;
    return 1;
}
