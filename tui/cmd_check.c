/* lockstep check: are the claims of lessons true, is a learner's fix right. */
#include "cmd.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int print_report(const struct check_report *r)
{
    struct buf out = {0};
    for (size_t i = 0; i < r->n; i++) {
        const struct check_result *c = &r->results[i];
        buf_printf(&out, "%s  %s", c->ok ? "ok  " : "FAIL", c->file ? c->file : "");
        if (c->line)
            buf_printf(&out, ":%d", c->line);
        buf_printf(&out, "  %s\n", c->claim);
        if (c->message && *c->message && !c->ok)
            buf_printf(&out, "      %s\n", c->message);
    }
    int status = out_buf(&out);
    buf_fini(&out);
    return status;
}

static int check_claims(const struct lesson *l, size_t *total, size_t *failed, struct err *e)
{
    struct check_report report = {0};
    printf("%s\n", l->id);
    int r = check_lesson(l, NULL, &report, e);
    if (print_report(&report) < 0 && r == 0)
        r = err_set(e, ERR_WRITE, "standard output cannot be written");
    if (r == 0 && signal_caught())
        r = err_set(e, ERR_INTERRUPTED, "interrupted");
    *total += report.n;
    *failed += report.nfailed;
    check_report_fini(&report);
    return r;
}

static int is_lesson_dir(const char *path)
{
    char *file = xasprintf("%s/lesson.md", path);
    int yes = access(file, F_OK) == 0;
    free(file);
    return yes;
}

static int is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* What was named: one lesson (*one, owned), or a catalogue with the lessons to check. */
static int find_lessons(const char *what, struct lesson **one, struct catalogue *c, struct err *e)
{
    if (is_dir(what) && is_lesson_dir(what))
        return lesson_read(one, what, NULL, e);
    if (is_dir(what) && strcmp(what, "all") != 0) {
        int r = open_catalogue(c, what, e);
        if (r == 0 && c->nlessons + c->nproblems == 0)
            return err_set(e, ERR_NOT_FOUND, "%s: no lesson.md is in this folder or below it",
                           what);
        return r;
    }
    return open_catalogue(c, NULL, e);
}

static int check_solution_of(const struct lesson *l, const char *path, size_t *total,
                             size_t *failed, struct err *e)
{
    struct check_report report = {0};
    enum refusal refusal = REFUSAL_NONE;
    int r = check_solution(l, NULL, path, NULL, &report, &refusal, e);
    if (r == 0) {
        print_report(&report);
        if (refusal == REFUSAL_NONE)
            printf(_("%s passes.\n"), path);
        else
            printf(_("%s does not pass: %s\n"), path, refusal_word((int)refusal));
    }
    *total += report.n;
    *failed += report.nfailed + (r == 0 && report.nfailed == 0 && refusal != REFUSAL_NONE);
    check_report_fini(&report);
    return r;
}

static int check_one(const struct options *o, const struct lesson *l, size_t *total, size_t *failed,
                     struct err *e)
{
    return o->solution ? check_solution_of(l, o->solution, total, failed, e)
                       : check_claims(l, total, failed, e);
}

static int check_catalogue(const struct options *o, const struct catalogue *c, size_t *total,
                           size_t *failed, struct err *e)
{
    const char *what = o->operands[0];
    int several = strcmp(what, "all") == 0 || is_dir(what);
    if (several && o->solution)
        return err_set(e, ERR_USAGE, "--solution needs one lesson, not %s", what);
    if (!several) {
        struct lesson *l = catalogue_find(c, what);
        if (!l)
            return err_set(e, ERR_NOT_FOUND,
                           "there is no lesson '%s', nor a folder of that name; 'lockstep lessons' "
                           "lists them",
                           what);
        return check_one(o, l, total, failed, e);
    }
    *failed += c->nproblems; /* named by open_catalogue */
    *total += c->nproblems;
    int r = 0;
    for (size_t i = 0; i < c->nlessons && r == 0; i++)
        r = check_one(o, c->lessons[i], total, failed, e);
    return r;
}

int cmd_check(const struct options *o)
{
    struct lesson *one = NULL;
    struct catalogue c = {0};
    struct err e = {0};
    size_t total = 0, failed = 0;
    int r = find_lessons(o->operands[0], &one, &c, &e);
    if (r == 0 && one)
        r = check_one(o, one, &total, &failed, &e);
    else if (r == 0)
        r = check_catalogue(o, &c, &total, &failed, &e);
    if (r == 0 && !o->solution)
        printf(_("%zu checked, %zu failed\n"), total, failed);
    if (one)
        lesson_free(one);
    catalogue_fini(&c);
    return r < 0 ? cmd_fail(o, &e) : failed > 0;
}
