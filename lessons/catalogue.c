#include "lesson.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* -------- folders -------- */

struct names_list {
    char **v;
    size_t n;
};

static int by_string(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_free(struct names_list *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->v[i]);
    free(l->v);
}

/* The folders in `dir`, sorted; hidden ones are left out. -1 with errno when it cannot be read. */
static int list_folders(const char *dir, struct names_list *out)
{
    *out = (struct names_list){0};
    DIR *d = opendir(dir);
    if (!d)
        return -1;
    for (struct dirent *ent; (ent = readdir(d));) {
        struct stat st;
        if (ent->d_name[0] == '.' || fstatat(dirfd(d), ent->d_name, &st, 0) != 0 ||
            !S_ISDIR(st.st_mode))
            continue;
        out->v = xrealloc(out->v, out->n + 1, sizeof *out->v);
        out->v[out->n++] = xstrdup(ent->d_name);
    }
    closedir(d);
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, by_string);
    return 0;
}

/* -------- reading -------- */

static void problem_add(struct catalogue *c, const char *file, const char *message)
{
    c->problems = xrealloc(c->problems, c->nproblems + 1, sizeof *c->problems);
    c->problems[c->nproblems++] =
        (struct lesson_problem){.file = xstrdup(file), .message = xstrdup(message)};
}

/* A bad translation is told, and the original stands in for it. */
static int read_one(struct catalogue *c, struct lesson **l, const char *dir, const char *md,
                    const char *locale)
{
    struct err e = {0};
    if (lesson_read(l, dir, locale, &e) == 0)
        return 0;
    problem_add(c, md, e.message);
    return locale ? lesson_read(l, dir, NULL, NULL) : -e.code;
}

static void lesson_add(struct catalogue *c, const char *dir, const char *locale)
{
    struct lesson *l;
    char *md = xasprintf("%s/lesson.md", dir);
    if (access(md, F_OK) != 0 && errno == ENOENT) {
        ; /* a folder that is no lesson, such as one for headers */
    } else if (read_one(c, &l, dir, md, locale) == 0) {
        c->lessons = xrealloc(c->lessons, c->nlessons + 1, sizeof *c->lessons);
        c->lessons[c->nlessons++] = l;
    }
    free(md);
}

static int by_order(const void *a, const void *b)
{
    const struct lesson *x = *(struct lesson *const *)a, *y = *(struct lesson *const *)b;
    return x->order != y->order ? (x->order > y->order) - (x->order < y->order)
                                : strcmp(x->id, y->id);
}

static void unit_add(struct catalogue *c, const char *dir, const char *name, const char *title,
                     const char *locale)
{
    char *folder = xasprintf("%s/%s", dir, name);
    struct names_list lessons;
    size_t first = c->nlessons;
    if (list_folders(folder, &lessons) != 0)
        problem_add(c, folder, strerror(errno));
    for (size_t i = 0; i < lessons.n; i++) {
        char *path = xasprintf("%s/%s", folder, lessons.v[i]);
        lesson_add(c, path, locale);
        free(path);
    }
    if (c->nlessons > first) {
        qsort(c->lessons + first, c->nlessons - first, sizeof c->lessons[0], by_order);
        c->units = xrealloc(c->units, c->nunits + 1, sizeof *c->units);
        c->units[c->nunits++] = (struct lesson_unit){.name = xstrdup(name),
                                                     .title = xstrdup(title),
                                                     .first = first,
                                                     .n = c->nlessons - first};
    }
    list_free(&lessons);
    free(folder);
}

/* -------- the order of units: DIR/units, a line `name Title` each -------- */

/* The title of unit `name` in the text of DIR/units, to be freed; NULL if it is not there. */
static char *unit_title(const char *units, const char *name)
{
    size_t n = strlen(name);
    for (const char *s = units; *s; s += strcspn(s, "\n"), s += *s == '\n') {
        if (strncmp(s, name, n) != 0 || s[n] != ' ')
            continue;
        const char *title = s + n + strspn(s + n, " ");
        char *copy = xstrdup(title);
        copy[strcspn(copy, "\n")] = 0;
        return copy;
    }
    return NULL;
}

/* DIR/units as far as it fits; empty when it is missing, which is no error. */
static void units_read(const char *dir, char *out, size_t n)
{
    char *path = xasprintf("%s/units", dir);
    FILE *f = fopen(path, "re");
    size_t got = f ? fread(out, 1, n - 1, f) : 0;
    out[got] = 0;
    if (f)
        fclose(f);
    free(path);
}

static size_t folder_index(const struct names_list *folders, const char *s, size_t n)
{
    size_t i = 0;
    while (i < folders->n && (strlen(folders->v[i]) != n || memcmp(folders->v[i], s, n) != 0))
        i++;
    return i;
}

int catalogue_read(struct catalogue *c, const char *dir, const char *locale, struct err *e)
{
    char units[8192];
    struct names_list folders;
    *c = (struct catalogue){0};
    if (list_folders(dir, &folders) != 0)
        return err_set(e, ERR_OPEN, "%s: %s; lessons cannot be read from there", dir,
                       strerror(errno));
    units_read(dir, units, sizeof units);
    char *done = xcalloc(folders.n + 1, 1);
    for (const char *s = units; *s; s += strcspn(s, "\n"), s += *s == '\n') {
        size_t i = folder_index(&folders, s, strcspn(s, " \n"));
        if (i == folders.n || done[i])
            continue;
        char *title = unit_title(units, folders.v[i]);
        done[i] = 1;
        unit_add(c, dir, folders.v[i], title ? title : folders.v[i], locale);
        free(title);
    }
    for (size_t i = 0; i < folders.n; i++)
        if (!done[i])
            unit_add(c, dir, folders.v[i], folders.v[i], locale);
    free(done);
    list_free(&folders);
    return 0;
}

void catalogue_fini(struct catalogue *c)
{
    for (size_t i = 0; i < c->nlessons; i++)
        lesson_free(c->lessons[i]);
    for (size_t i = 0; i < c->nunits; i++) {
        free(c->units[i].name);
        free(c->units[i].title);
    }
    for (size_t i = 0; i < c->nproblems; i++) {
        free(c->problems[i].file);
        free(c->problems[i].message);
    }
    free(c->lessons);
    free(c->units);
    free(c->problems);
    *c = (struct catalogue){0};
}

struct lesson *catalogue_find(const struct catalogue *c, const char *id)
{
    struct lesson *by_name = NULL;
    size_t named = 0;
    for (size_t i = 0; i < c->nlessons; i++) {
        if (!strcmp(c->lessons[i]->id, id))
            return c->lessons[i];
        if (!strcmp(c->lessons[i]->name, id)) {
            by_name = c->lessons[i];
            named++;
        }
    }
    return named == 1 ? by_name : NULL;
}
