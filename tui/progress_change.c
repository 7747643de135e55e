/* The progress screen: writing a file, and who learns here. */
#include "progress_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Rows of the list of learners that are none. */
enum { ROW_ADD = -1, ROW_RENAME = -2 };

static void put_text(struct line_edit *l, const char *text)
{
    edit_clear(l);
    for (; *text && l->n + 1 < sizeof l->text; text++)
        l->text[l->n++] = *text;
    l->text[l->n] = 0;
}

/* -------- export -------- */

void progress_ask_export(struct progress_view *v)
{
    if (!v->ui->store) {
        progress_say(v, ROLE_NOTE, "%s", _("Nothing is kept here, so there is nothing to write."));
        return;
    }
    list_clear(&v->list, _("Write the progress as"));
    list_add(&v->list, 1, EXPORT_TEXT, _("a table to read (text)"));
    list_add(&v->list, 2, EXPORT_CSV, _("a table for a spreadsheet (CSV)"));
    list_add(&v->list, 3, EXPORT_JSON, _("the same for a program (JSON)"));
    list_add(&v->list, 4, EXPORT_ALL, _("all that is stored, for 'lockstep progress import'"));
    v->asking = ASKING_FORMAT;
}

static int render(struct progress_view *v, struct buf *out, struct err *e)
{
    static const enum progress_format formats[] = {
        [EXPORT_TEXT] = PROGRESS_TEXT, [EXPORT_CSV] = PROGRESS_CSV, [EXPORT_JSON] = PROGRESS_JSON};
    if (v->format == EXPORT_ALL)
        return store_export_json(v->ui->store, STORE_ONE_LEARNER, out, e);
    return progress_render(v->ui->store, v->lessons, (int)v->ui->lessons->nlessons,
                           formats[v->format], 80, v->ui->options->ascii, out, e);
}

/* flags: O_EXCL to keep what is there. */
static int write_file(const char *path, int flags, const struct buf *text, struct err *e)
{
    int fd =
        open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags, 0666);
    if (fd < 0)
        return err_set(e, errno == EEXIST ? ERR_BUSY : ERR_CREATE, "%s: %s", path, strerror(errno));
    int bad = 0;
    for (size_t at = 0; at < text->len && !bad;) {
        ssize_t n = write(fd, text->data + at, text->len - at);
        bad = n < 0 && errno != EINTR;
        at += n > 0 ? (size_t)n : 0;
    }
    if (bad)
        err_set(e, ERR_WRITE, "%s: %s", path, strerror(errno));
    bad |= close(fd) != 0;
    return bad ? err_set(e, ERR_WRITE, "%s: %s", path, strerror(errno)) : 0;
}

static void ask_overwrite(struct progress_view *v, const char *path)
{
    char title[LIST_TEXT];
    snprintf(title, sizeof title, _("There is a file %s."), path);
    list_clear(&v->list, title);
    list_add(&v->list, 0, 0, _("leave it as it is"));
    list_add(&v->list, 1, 1, _("write over it"));
    v->asking = ASKING_OVERWRITE;
}

static void export(struct progress_view *v, int over)
{
    char *path = path_typed(v->edit.text);
    struct buf text = {0};
    struct err e = {0};
    int rc = render(v, &text, &e);
    if (rc == 0)
        rc = write_file(path, over ? 0 : O_EXCL, &text, &e);
    if (rc == -ERR_BUSY)
        ask_overwrite(v, path);
    else if (rc < 0)
        progress_say(v, ROLE_BAD, "%s", e.message);
    else
        progress_say(v, ROLE_NOTE, _("Written: %s"), path);
    free(path);
    buf_fini(&text);
}

/* -------- learners -------- */

void progress_ask_learner(struct progress_view *v)
{
    struct store_learner *list = NULL;
    struct err e = {0};
    char text[LIST_TEXT];
    int n = v->ui->store ? store_learners(v->ui->store, &list, &e) : 0;
    if (n < 0)
        progress_say(v, ROLE_BAD, "%s", e.message);
    if (!v->ui->store)
        progress_say(v, ROLE_NOTE, "%s", _("Nothing is kept here, so there are no learners."));
    if (n < 0 || !v->ui->store)
        return;
    list_clear(&v->list, _("Who learns?"));
    for (int i = 0; i < n && i < LIST_ROWS - 2; i++) {
        snprintf(text, sizeof text, "%s %s", list[i].name, list[i].selected ? "●" : "");
        list_add(&v->list, i < 9 ? i + 1 : -1, i, text);
        if (list[i].selected)
            v->list.at = i;
    }
    list_add(&v->list, -1, ROW_ADD, _("somebody new …"));
    snprintf(text, sizeof text, _("another name for %s …"), store_learner(v->ui->store));
    list_add(&v->list, -1, ROW_RENAME, text);
    free(list);
    v->asking = ASKING_LEARNER;
}

static void select_learner(struct progress_view *v, int index)
{
    struct store_learner *list = NULL;
    struct err e = {0};
    int n = store_learners(v->ui->store, &list, &e), rc = n;
    if (index < n)
        rc = store_learner_select(v->ui->store, list[index].name, &e);
    if (rc < 0)
        progress_say(v, ROLE_BAD, "%s", e.message);
    else
        progress_say(v, ROLE_NOTE, _("%s learns now."), store_learner(v->ui->store));
    free(list);
    progress_load(v);
}

static void new_learner(struct progress_view *v, const char *name)
{
    struct err e = {0};
    int rc = store_learner_create(v->ui->store, name, &e);
    if (rc == 0)
        rc = store_learner_select(v->ui->store, name, &e);
    if (rc < 0)
        progress_say(v, ROLE_BAD, "%s", e.message);
    else
        progress_say(v, ROLE_NOTE, _("%s learns now."), name);
    progress_load(v);
}

static void rename_learner(struct progress_view *v, const char *name)
{
    struct err e = {0};
    if (store_learner_rename(v->ui->store, store_learner(v->ui->store), name, &e) < 0)
        progress_say(v, ROLE_BAD, "%s", e.message);
    progress_load(v);
}

/* -------- what was chosen and typed -------- */

static void take_learner(struct progress_view *v, long row)
{
    if (row == ROW_ADD) {
        put_text(&v->edit, "");
        v->typing = TYPING_LEARNER;
    } else if (row == ROW_RENAME) {
        put_text(&v->edit, store_learner(v->ui->store));
        v->typing = TYPING_NEW_NAME;
    } else {
        select_learner(v, (int)row);
    }
}

void progress_taken(struct progress_view *v)
{
    static const char *const names[] = {[EXPORT_TEXT] = "progress.txt",
                                        [EXPORT_CSV] = "progress.csv",
                                        [EXPORT_JSON] = "progress.json",
                                        [EXPORT_ALL] = "lockstep-progress.json"};
    enum progress_asking asked = v->asking;
    long value = v->list.rows[v->list.at].value;
    v->asking = ASKING_NOTHING;
    if (asked == ASKING_FORMAT) {
        v->format = (enum progress_export)value;
        put_text(&v->edit, names[value]);
        v->typing = TYPING_PATH;
    } else if (asked == ASKING_OVERWRITE && value) {
        export(v, 1);
    } else if (asked == ASKING_LEARNER) {
        take_learner(v, value);
    }
}

void progress_typed(struct progress_view *v)
{
    enum progress_typing what = v->typing;
    v->typing = TYPING_NOTHING;
    if (!v->edit.n)
        return;
    if (what == TYPING_PATH)
        export(v, 0);
    else if (what == TYPING_LEARNER)
        new_learner(v, v->edit.text);
    else
        rename_learner(v, v->edit.text);
}
