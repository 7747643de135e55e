/* lockstep progress: where the learner stands; export, import, reset, learners. */
#include "cmd.h"

#include "lesson.h"
#include "progress.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int terminal_width(void)
{
    struct winsize w;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col ? w.ws_col : 80;
}

static int is_ascii(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

static int show(const struct options *o, struct store *s, struct err *e)
{
    struct catalogue c = {0};
    struct err missing = {0};
    if (open_catalogue(&c, NULL, &missing) < 0)
        fprintf(stderr, "lockstep: %s\n", missing.message);
    struct progress_lesson *rows = xcalloc(c.nlessons, sizeof *rows);
    for (size_t i = 0; i < c.nlessons; i++) {
        const struct lesson *l = c.lessons[i];
        rows[i] = (struct progress_lesson){l->id, l->title, l->unit, lesson_level_word(l->level),
                                           l->minutes};
    }
    enum progress_format f = o->json ? PROGRESS_JSON : o->csv ? PROGRESS_CSV : PROGRESS_TEXT;
    struct buf out = {0};
    int r = progress_render(s, rows, (int)c.nlessons, f, terminal_width(), is_ascii(), &out, e);
    if (r == 0) {
        if (out.len && out.data[out.len - 1] != '\n')
            buf_puts(&out, "\n");
        out_buf(&out);
    }
    buf_fini(&out);
    free(rows);
    catalogue_fini(&c);
    return r;
}

static int write_file(const char *path, const struct buf *b, struct err *e)
{
    FILE *f = fopen(path, "we");
    if (!f)
        return err_set(e, ERR_CREATE, "%s: %s", path, strerror(errno));
    size_t written = b->len ? fwrite(b->data, 1, b->len, f) : 0;
    int bad = written != b->len;
    bad |= fclose(f) != 0;
    return bad ? err_set(e, ERR_WRITE, "%s: %s", path, strerror(errno)) : 0;
}

static int export_progress(const struct options *o, struct store *s, struct err *e)
{
    struct buf out = {0};
    int r = o->csv ? store_export_csv(s, STORE_ONE_LEARNER, &out, e)
                   : store_export_json(s, STORE_ONE_LEARNER, &out, e);
    const char *path = o->noperands > 1 ? o->operands[1] : "-";
    if (r == 0 && !o->csv && out.len && out.data[out.len - 1] != '\n')
        buf_puts(&out, "\n");
    if (r == 0 && strcmp(path, "-") == 0)
        out_buf(&out);
    else if (r == 0)
        r = write_file(path, &out, e);
    buf_fini(&out);
    return r;
}

static int read_all(const char *path, struct buf *out, struct err *e)
{
    int is_stdin = strcmp(path, "-") == 0;
    FILE *f = is_stdin ? stdin : fopen(path, "re");
    if (!f)
        return err_set(e, ERR_OPEN, "%s: %s", path, strerror(errno));
    char block[16384];
    errno = 0;
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(out, block, n);
    int bad = ferror(f), why = errno;
    if (!is_stdin)
        fclose(f);
    return bad ? err_set(e, ERR_OPEN, "%s: %s", path, strerror(why)) : 0;
}

static int import_progress(const struct options *o, struct store *s, struct err *e)
{
    struct buf text = {0};
    struct store_imported done = {0};
    const char *path = o->operands[1];
    struct err inner = {0};
    int r = read_all(path, &text, e);
    if (r == 0) {
        r = store_import_json(s, text.data ? text.data : "", text.len, &done, &inner);
        if (r < 0)
            err_set(e, (enum err_code) - r, "%.400s: %.1500s", path, inner.message);
    }
    if (r == 0)
        printf(
            ngettext("%d learner, %d entries read, %d of them new or newer than what was here\n",
                     "%d learners, %d entries read, %d of them new or newer than what was here\n",
                     (unsigned long)done.learners),
            done.learners, done.rows, done.changed);
    buf_fini(&text);
    return r;
}

static int reset_all(struct store *s, struct err *e)
{
    struct store_lesson *list = NULL;
    int n = store_lessons(s, &list, e), r = n < 0 ? n : 0;
    for (int i = 0; i < n && r == 0; i++)
        r = store_lesson_reset(s, list[i].lesson, e);
    free(list);
    if (r == 0)
        printf(ngettext("The progress in %d lesson was forgotten.\n",
                        "The progress in %d lessons was forgotten.\n", (unsigned long)n),
               n);
    return r;
}

static int reset(const struct options *o, struct store *s, struct err *e)
{
    const char *id = o->operands[1];
    struct store_lesson *row = NULL;
    if (strcmp(id, "all") == 0)
        return reset_all(s, e);
    int found = store_place_get(s, id, &row, e);
    free(row);
    if (found < 0)
        return found;
    if (!found)
        return err_set(e, ERR_NOT_FOUND,
                       _("there is no progress in '%s'; 'lockstep progress' lists what there is"),
                       id);
    int r = store_lesson_reset(s, id, e);
    if (r == 0)
        printf(_("The progress in %s was forgotten.\n"), id);
    return r;
}

static int list_learners(struct store *s, struct err *e)
{
    struct store_learner *list = NULL;
    int n = store_learners(s, &list, e);
    for (int i = 0; i < n; i++)
        printf("%c %s\n", list[i].selected ? '*' : ' ', list[i].name);
    free(list);
    return n < 0 ? n : 0;
}

static int learners(const struct options *o, struct store *s, struct err *e)
{
    if (o->noperands == 1)
        return list_learners(s, e);
    const char *what = o->operands[1];
    if (o->noperands == 2)
        return err_set(e, ERR_USAGE, _("learners %s: whose name? as in 'learners add NAME'"), what);
    if (strcmp(what, "rename") == 0 && o->noperands == 4)
        return store_learner_rename(s, o->operands[2], o->operands[3], e);
    if (strcmp(what, "rename") == 0)
        return err_set(e, ERR_USAGE, _("learners rename: two names, as in 'rename NAME NEW'"));
    if (o->noperands > 3)
        return err_set(e, ERR_USAGE, _("learners: '%s' is one argument too many"), o->operands[3]);
    if (strcmp(what, "add") == 0)
        return store_learner_create(s, o->operands[2], e);
    if (strcmp(what, "use") == 0)
        return store_learner_select(s, o->operands[2], e);
    return err_set(e, ERR_USAGE, _("learners: '%s' is neither add nor use nor rename"), what);
}

static const struct action {
    const char *name;
    int min, max; /* arguments after the name */
    int (*run)(const struct options *o, struct store *s, struct err *e);
} actions[] = {
    {"export", 0, 1, export_progress},
    {"import", 1, 1, import_progress},
    {"reset", 1, 1, reset},
    {"learners", 0, 3, learners},
};
enum { NACTIONS = sizeof actions / sizeof actions[0] };

static int find_action(const struct options *o, const struct action **out, struct err *e)
{
    const char *names[NACTIONS];
    for (int i = 0; i < NACTIONS; i++) {
        names[i] = actions[i].name;
        if (strcmp(o->operands[0], actions[i].name) != 0)
            continue;
        int n = o->noperands - 1;
        *out = &actions[i];
        if (n < actions[i].min)
            return err_set(e, ERR_USAGE, _("%s needs an argument"), actions[i].name);
        if (n > actions[i].max)
            return err_set(e, ERR_USAGE, _("%s: '%s' is one argument too many"), actions[i].name,
                           o->operands[actions[i].max + 1]);
        return 0;
    }
    const char *near = nearest_word(o->operands[0], names, NACTIONS);
    if (!near)
        return err_set(e, ERR_USAGE, _("'%s' is no action"), o->operands[0]);
    return err_set(e, ERR_USAGE, _("'%s' is no action; did you mean '%s'?"), o->operands[0], near);
}

int cmd_progress(const struct options *o)
{
    const struct action *action = NULL;
    struct err e = {0};
    int r = 0;
    if (o->json && o->csv)
        r = err_set(&e, ERR_USAGE, _("--json and --csv exclude each other"));
    if (r == 0 && o->noperands)
        r = find_action(o, &action, &e);
    if (r < 0)
        return cmd_fail(o, &e);
    struct store *s; /* without one there is nothing to show, and nothing may seem to be saved */
    if (store_open(&s, NULL, &e) < 0)
        return cmd_fail(o, &e);
    if (store_notice(s)[0])
        fprintf(stderr, "lockstep: %s\n", store_notice(s));
    r = action ? action->run(o, s, &e) : show(o, s, &e);
    store_close(s);
    return r < 0 ? cmd_fail(o, &e) : 0;
}
