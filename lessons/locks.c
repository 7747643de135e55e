#include "locks.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void problem(struct locks *l, const char *file, int line, const char *text)
{
    if (!l->problem.code && line)
        err_set(&l->problem, ERR_DATA, "%s:%d: %s", file, line, text);
    else if (!l->problem.code)
        err_set(&l->problem, ERR_OPEN, "%s: %s", file, text);
}

/* The next word of *s; it ends with NUL afterwards. "" at the end. */
static char *word(char **s)
{
    char *at = *s + strspn(*s, " \t\r");
    size_t n = strcspn(at, " \t\r");
    *s = at + n + (at[n] != 0);
    at[n] = 0;
    return at;
}

static int is_date(const char *s)
{
    static const char shape[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof shape; i++)
        if (shape[i] == 'd' ? !isdigit((unsigned char)s[i]) : s[i] != shape[i])
            return 0;
    int month = atoi(s + 5), day = atoi(s + 8);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static void trim_end(char *s)
{
    size_t n = strlen(s);
    while (n && strchr(" \t\r", s[n - 1]))
        s[--n] = 0;
}

/* What follows `lock WHAT`; NULL, or what is wrong. */
static const char *read_rest(struct lock *row, char *rest)
{
    char *next = word(&rest);
    if (!strcmp(next, "until")) {
        char *until = word(&rest);
        row->is_date = is_date(until);
        if (!*until || (!row->is_date && !isalpha((unsigned char)*until)))
            return _("until what? a date (2026-12-01) or a lesson");
        row->until = xstrdup(until);
        next = word(&rest);
    }
    if (!strcmp(next, "because")) {
        rest += strspn(rest, " \t");
        trim_end(rest);
        row->because = xstrdup(rest);
    } else if (*next) {
        return _("after the lesson come \"until\" and \"because\" only");
    }
    return NULL;
}

static void free_row(struct lock *row)
{
    free(row->what);
    free(row->until);
    free(row->because);
    free(row->file);
}

static void take_line(struct locks *l, const char *file, int line, char *text)
{
    char *rest = text, *first = word(&rest);
    struct lock row = {.line = line};
    const char *wrong = NULL;
    if (!*first || *first == '#')
        return;
    char *what = word(&rest);
    if (strcmp(first, "lock") != 0 || !*what)
        wrong = _("a line is \"lock LESSON\", or begins with #");
    else
        wrong = read_rest(&row, rest);
    if (wrong || l->n == LOCKS_MAX) {
        problem(l, file, line, wrong ? wrong : _("too many lines"));
        free_row(&row);
        return;
    }
    row.what = xstrdup(what);
    row.file = xstrdup(file);
    row.until = row.until ? row.until : xstrdup("");
    row.because = row.because ? row.because : xstrdup("");
    l->rows = xrealloc(l->rows, l->n + 1, sizeof *l->rows);
    l->rows[l->n++] = row;
}

void locks_parse(struct locks *l, const char *file, const char *text, size_t nbytes)
{
    int number = 1;
    if (nbytes > LOCKS_BYTES_MAX || (nbytes && memchr(text, 0, nbytes))) {
        problem(l, file, 0, _("it is no text of a sensible size; nothing of it was taken"));
        return;
    }
    for (size_t i = 0; i < nbytes; number++) {
        const char *newline = memchr(text + i, '\n', nbytes - i);
        size_t n = newline ? (size_t)(newline - (text + i)) : nbytes - i;
        char *line = xasprintf("%.*s", (int)n, text + i);
        take_line(l, file, number, line);
        free(line);
        i += n + 1;
    }
}

void locks_read(struct locks *l, const char *path)
{
    struct buf text = {0};
    char block[4096];
    FILE *f = fopen(path, "re");
    if (!f) {
        if (errno != ENOENT && errno != ENOTDIR)
            problem(l, path, 0, strerror(errno));
        return;
    }
    for (size_t n; text.len <= LOCKS_BYTES_MAX && (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(&text, block, n);
    if (ferror(f))
        problem(l, path, 0, strerror(errno));
    else
        locks_parse(l, path, text.data ? text.data : "", text.len);
    fclose(f);
    buf_fini(&text);
}

void locks_fini(struct locks *l)
{
    for (size_t i = 0; i < l->n; i++)
        free_row(&l->rows[i]);
    free(l->rows);
    *l = (struct locks){0};
}

static int is_known(const struct catalogue *c, const char *name, int units_too)
{
    for (size_t i = 0; i < c->nlessons; i++)
        if (!strcmp(c->lessons[i]->id, name) || (units_too && !strcmp(c->lessons[i]->unit, name)))
            return 1;
    return units_too && !strcmp(name, "all");
}

void locks_check(struct locks *l, const struct catalogue *c)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct lock *row = &l->rows[i];
        int is_what = !is_known(c, row->what, 1);
        if (!is_what && (!*row->until || row->is_date || is_known(c, row->until, 0)))
            continue;
        char *text = xasprintf(_("there is no lesson \"%s\"; lockstep lessons lists them"),
                               is_what ? row->what : row->until);
        problem(l, row->file, row->line, text);
        free(text);
    }
}

const struct lock *locks_find(const struct locks *l, const char *id, const char *unit,
                              const char *today, int (*done)(void *ctx, const char *id), void *ctx)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct lock *row = &l->rows[i];
        if (strcmp(row->what, id) != 0 && strcmp(row->what, unit) != 0 &&
            strcmp(row->what, "all") != 0)
            continue;
        int over = row->is_date ? strcmp(today, row->until) >= 0
                                : *row->until && (done(ctx, row->until) || !strcmp(row->until, id));
        if (!over)
            return row;
    }
    return NULL;
}

void locks_say(const struct lock *lock, struct buf *out)
{
    if (lock->is_date)
        buf_printf(out, _("Your teacher has locked it until %s."), lock->until);
    else if (*lock->until)
        buf_printf(out, _("Your teacher has locked it until the lesson %s is done."), lock->until);
    else
        buf_puts(out, _("Your teacher has locked it."));
    if (*lock->because)
        buf_printf(out, " \"%s\"", lock->because);
    buf_printf(out, _(" (%s, line %d)"), lock->file, lock->line);
}
