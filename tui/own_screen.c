/* Programs of one's own and recordings: the list and its actions. */
#include "own_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the recent ones are kept in the store: a path a line. */
static const char setting[] = "programs.recent";

void own_say(struct own *o, unsigned style, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(o->message, sizeof o->message, format, ap);
    va_end(ap);
    o->style = style;
}

/* -------- the lists -------- */

int own_rows(const struct own *o)
{
    return o->nrecent + o->nrecordings;
}

const char *own_path_at(const struct own *o, int row)
{
    return row >= 0 && row < o->nrecent ? o->recent[row] : NULL;
}

struct store_recording *own_recording_at(const struct own *o, int row)
{
    return row >= o->nrecent && row < own_rows(o) ? &o->recordings[row - o->nrecent] : NULL;
}

static void forget_lists(struct own *o)
{
    for (int i = 0; i < o->nrecent; i++)
        free(o->recent[i]);
    free(o->recordings);
    o->recordings = NULL;
    o->nrecent = o->nrecordings = 0;
}

void own_load(struct own *o)
{
    char *paths = NULL;
    struct err e = {0};
    forget_lists(o);
    if (!o->ui->store)
        return;
    if (store_setting_get(o->ui->store, setting, &paths, NULL) > 0)
        for (char *s = paths, *next; *s && o->nrecent < OWN_RECENT; s = next) {
            next = s + strcspn(s, "\n");
            if (*next)
                *next++ = 0;
            if (*s)
                o->recent[o->nrecent++] = xstrdup(s);
        }
    free(paths);
    o->nrecordings = store_recordings(o->ui->store, &o->recordings, &e);
    if (o->nrecordings < 0) {
        own_say(o, ROLE_BAD, "%s", e.message);
        o->nrecordings = 0;
    }
    if (o->at >= own_rows(o))
        o->at = own_rows(o) ? own_rows(o) - 1 : 0;
}

void own_note(struct own *o, const char *path, int remember)
{
    struct buf text = {0};
    struct err e = {0};
    char *own_copy = xstrdup(path);
    if (remember)
        buf_puts(&text, own_copy);
    for (int i = 0, n = remember; i < o->nrecent && n < OWN_RECENT; i++)
        if (strcmp(o->recent[i], own_copy) != 0) {
            buf_printf(&text, "%s%s", text.len ? "\n" : "", o->recent[i]);
            n++;
        }
    if (o->ui->store && !strchr(own_copy, '\n') &&
        store_setting_set(o->ui->store, setting, text.len ? text.data : NULL, &e) < 0)
        own_say(o, ROLE_BAD, "%s", e.message);
    free(own_copy);
    buf_fini(&text);
    own_load(o);
}

/* -------- removing and renaming -------- */

static void forget_removed(struct own *o)
{
    free(o->removed_path);
    free(o->removed);
    o->removed_path = NULL;
    o->removed = NULL;
}

static void remove_recording(struct own *o, const char *name)
{
    struct err e = {0};
    int rc = store_recording_get(o->ui->store, name, &o->removed, &e);
    if (rc >= 0)
        rc = store_recording_remove(o->ui->store, name, &e);
    if (rc < 0)
        own_say(o, ROLE_BAD, "%s", e.message);
    else
        own_say(o, ROLE_NOTE, _("Taken off the list; the file stays. %s puts it back."),
                keys_first(ACT_own_undo));
    own_load(o);
}

static void rename_recording(struct own *o, const char *to)
{
    struct err e = {0};
    const struct store_recording *r = own_recording_at(o, o->at);
    if (!r || !*to || !strcmp(to, r->name))
        return;
    if (store_recording_rename(o->ui->store, r->name, to, &e) < 0)
        own_say(o, ROLE_BAD, "%s", e.message);
    own_load(o);
}

/* -------- typing -------- */

static void begin_typing(struct own *o, enum own_typing what, const char *text)
{
    edit_clear(&o->edit);
    for (; *text && o->edit.n + 1 < sizeof o->edit.text; text++)
        o->edit.text[o->edit.n++] = *text;
    o->edit.text[o->edit.n] = 0;
    o->typing = what;
}

static void typed_line(struct own *o)
{
    enum own_typing what = o->typing;
    o->typing = TYPE_NOTHING;
    if (what == TYPE_NAME)
        rename_recording(o, o->edit.text);
    else if (o->edit.n)
        own_open_path(o, o->edit.text, OWN_STEP);
}

static void complete(struct own *o)
{
    struct buf choices = {0};
    int n = path_complete(&o->edit, &choices);
    if (!n)
        own_say(o, ROLE_NOTE, _("nothing begins like this"));
    else if (n > 1)
        own_say(o, ROLE_NOTE, "%s", choices.data);
    buf_fini(&choices);
}

/* -------- actions -------- */

static void open_at(struct own *o, enum own_how how)
{
    const struct store_recording *r = own_recording_at(o, o->at);
    if (own_path_at(o, o->at))
        own_open_path(o, own_path_at(o, o->at), how);
    else if (r && how == OWN_STEP)
        own_open_recording(o, r);
    else if (r)
        own_say(o, ROLE_NOTE, _("A recording is looked at; a program can run free."));
    else
        begin_typing(o, TYPE_PATH, "");
}

static void move(struct own *o, int by)
{
    int at = o->at + by, n = own_rows(o);
    o->at = at < 0 || n == 0 ? 0 : at >= n ? n - 1 : at;
}

static void act_own_down(struct own *o, const struct input *in)
{
    (void)in;
    move(o, 1);
}

static void act_own_up(struct own *o, const struct input *in)
{
    (void)in;
    move(o, -1);
}

static void act_own_page_down(struct own *o, const struct input *in)
{
    (void)in;
    move(o, o->page);
}

static void act_own_page_up(struct own *o, const struct input *in)
{
    (void)in;
    move(o, -o->page);
}

static void act_own_open(struct own *o, const struct input *in)
{
    (void)in;
    open_at(o, OWN_STEP);
}

static void act_own_path(struct own *o, const struct input *in)
{
    (void)in;
    begin_typing(o, TYPE_PATH, "");
}

static void act_own_live(struct own *o, const struct input *in)
{
    (void)in;
    open_at(o, OWN_LIVE);
}

static void act_own_rename(struct own *o, const struct input *in)
{
    (void)in;
    const struct store_recording *r = own_recording_at(o, o->at);
    if (r)
        begin_typing(o, TYPE_NAME, r->name);
    else
        own_say(o, ROLE_NOTE, _("Recordings have names of their own; programs are their files."));
}

static void act_own_remove(struct own *o, const struct input *in)
{
    (void)in;
    forget_removed(o);
    const struct store_recording *r = own_recording_at(o, o->at);
    if (r) {
        remove_recording(o, r->name);
    } else if (own_path_at(o, o->at)) {
        o->removed_path = xstrdup(own_path_at(o, o->at));
        own_say(o, ROLE_NOTE, _("Taken off the list; the file stays. %s puts it back."),
                keys_first(ACT_own_undo));
        own_note(o, o->removed_path, 0);
    } else {
        own_say(o, ROLE_NOTE, _("There is nothing to take off."));
    }
}

static void act_own_undo(struct own *o, const struct input *in)
{
    struct err e = {0};
    (void)in;
    if (o->removed && store_recording_save(o->ui->store, o->removed, &e) < 0)
        own_say(o, ROLE_BAD, "%s", e.message);
    else if (!o->removed && !o->removed_path)
        own_say(o, ROLE_NOTE, _("There is nothing to undo."));
    if (o->removed_path)
        own_note(o, o->removed_path, 1);
    forget_removed(o);
    own_load(o);
}

/* The row on a line of the list; -1 none. */
static int row_on(const struct own *o, int line)
{
    int second = o->nrecent ? o->nrecent + 2 : 3; /* the heading of the recordings */
    int row = line > second ? line - second - 1 + o->nrecent : line - 1;
    return row >= 0 && row < own_rows(o) && (line > second || row < o->nrecent) ? row : -1;
}

static void act_own_mouse(struct own *o, const struct input *in)
{
    int row = row_on(o, in->y - o->rect.y + o->top);
    if (in->wheel)
        move(o, in->wheel);
    else if (in->y >= o->rect.y && in->y < o->rect.y + o->rect.h && row >= 0) {
        if (row == o->at)
            open_at(o, OWN_STEP);
        o->at = row;
    }
}

static void act_own_redraw(struct own *o, const struct input *in)
{
    (void)o;
    (void)in;
    term_redraw();
}

static void act_own_help(struct own *o, const struct input *in)
{
    (void)in;
    help_push(o->ui, SCREEN_OWN);
}

static void act_own_escape(struct own *o, const struct input *in)
{
    (void)in;
    ui_pop(o->ui);
}

static void act_path_take(struct own *o, const struct input *in)
{
    (void)in;
    typed_line(o);
}

static void act_path_complete(struct own *o, const struct input *in)
{
    (void)in;
    complete(o);
}

static void act_path_close(struct own *o, const struct input *in)
{
    (void)in;
    o->typing = TYPE_NOTHING;
}

static void act_path_rub(struct own *o, const struct input *in)
{
    (void)in;
    edit_rub(&o->edit);
}

static void act_path_clear(struct own *o, const struct input *in)
{
    (void)in;
    edit_clear(&o->edit);
}

static void (*const handlers[ACT_COUNT])(struct own *, const struct input *) = {
#define KEY(id, keys, footer, rank, help) [ACT_##id] = act_##id,
#include "keys_own.def"
#undef KEY
    [ACT_path_take] = act_path_take,      [ACT_path_complete] = act_path_complete,
    [ACT_path_close] = act_path_close,    [ACT_path_rub] = act_path_rub,
    [ACT_path_clear] = act_path_clear,    [ACT_path_redraw] = act_own_redraw,
    [ACT_prompt_take] = act_path_take,    [ACT_prompt_close] = act_path_close,
    [ACT_prompt_rub] = act_path_rub,      [ACT_prompt_clear] = act_path_clear,
    [ACT_prompt_redraw] = act_own_redraw,
};

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    struct own *o = state;
    o->ui = ui;
    if (!o->job)
        o->message[0] = 0;
    if (handlers[action])
        handlers[action](o, in);
}

static void typed(void *state, struct ui *ui, const struct input *in)
{
    struct own *o = state;
    (void)ui;
    if (o->typing) {
        o->message[0] = 0;
        edit_type(&o->edit, in->key);
    }
}

static enum screen_id keys(void *state)
{
    const struct own *o = state;
    return o->typing == TYPE_PATH ? SCREEN_PATH : o->typing ? SCREEN_PROMPT : SCREEN_OWN;
}

static int wait(void *state, int64_t now, int *fd)
{
    const struct own *o = state;
    (void)now;
    if (o->job)
        *fd = job_fd(o->job);
    return -1;
}

static void tick(void *state, struct ui *ui)
{
    struct own *o = state;
    o->ui = ui;
    if (o->job && job_done(o->job))
        own_opened(o);
    else
        ui->quiet = 1;
}

static void back(void *state, struct ui *ui)
{
    struct own *o = state;
    if (ui->leaving) /* the screen above is gone, ours follows */
        return;
    o->ui = ui;
    own_close(o);
    own_load(o);
}

static void free_own(void *state)
{
    struct own *o = state;
    job_free(o->job);
    o->job = NULL;
    own_close(o);
    forget_lists(o);
    forget_removed(o);
    free(o);
}

static const struct screen_ops ops = {.draw = own_draw,
                                      .keys = keys,
                                      .act = act,
                                      .typed = typed,
                                      .wait = wait,
                                      .tick = tick,
                                      .back = back,
                                      .free = free_own};

void own_push(struct ui *ui)
{
    struct own *o = xcalloc(1, sizeof *o);
    o->ui = ui;
    own_load(o);
    ui_push(ui, &ops, o);
}
