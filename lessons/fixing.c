/* One attempt at a fix after the other; what the compiler said; what a right answer rests on. */
#include "check.h"

#include "judge.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct fixing {
    const struct lesson *l;
    const struct lesson_challenge *c;
    struct searches all;
};

struct fixing *fixing_new(const struct lesson *l, const struct lesson_challenge *c)
{
    struct fixing *f = xcalloc(1, sizeof *f);
    f->l = l;
    f->c = c;
    searches_init(&f->all, NULL);
    return f;
}

void fixing_free(struct fixing *f)
{
    if (f)
        searches_fini(&f->all);
    free(f);
}

/* What nobody means to have compiled; told before a compiler is. */
static int is_source(const char *path, struct err *e)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return err_set(e, ERR_OPEN, _("%s cannot be read: %s"), path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_DATA, _("%s is no file; save your program there"), path);
    if (st.st_size == 0)
        return err_set(e, ERR_DATA, _("the file is empty; save your program, or start over"));
    if (st.st_size > LESSON_MAX_BYTES)
        return err_set(e, ERR_DATA,
                       _("the file has %lld bytes; a program of a lesson is a few pages, 1 MiB at "
                         "most"),
                       (long long)st.st_size);
    return 0;
}

int fixing_try(struct fixing *f, const char *path, const struct check_options *o, struct verdict *v,
               struct err *e)
{
    struct err mine = {0};
    int rc = is_source(path, e ? e : &mine);
    if (rc)
        return rc;
    struct check_options bound = o ? *o : (struct check_options){0};
    if (!bound.executions)
        bound.executions = (uint64_t)f->c->bound_executions;
    if (bound.seconds <= 0)
        bound.seconds = (double)f->c->bound_seconds;
    searches_bound(&f->all, &bound);
    rc = judge_fix(&f->all, f->l, f->c, path, v, e ? e : &mine);
    struct program *p = searches_take(&f->all, path);
    if (!rc)
        v->program = p;
    else if (p)
        program_free(p);
    searches_bound(&f->all, NULL); /* what was borrowed goes */
    return rc;
}

void verdict_fini(struct verdict *v)
{
    free(v->reason);
    free(v->why_not);
    schedule_fini(&v->schedule);
    check_report_fini(&v->rows);
    if (v->program)
        program_free(v->program);
    *v = (struct verdict){.finding = -1};
}

void verdict_bound(const struct verdict *v, struct buf *out)
{
    if (v->complete)
        buf_printf(out,
                   ngettext("All its schedules were searched: %" PRIu64
                            " execution stands for all of them.",
                            "All its schedules were searched: %" PRIu64
                            " executions stand for all of them.",
                            (unsigned long)v->executions),
                   v->executions);
    else
        buf_printf(
            out,
            ngettext("This rests on %" PRIu64 " execution, which are not all there are (%s).",
                     "This rests on %" PRIu64 " executions, which are not all there are (%s).",
                     (unsigned long)v->executions),
            v->executions, v->why_not);
}

/* -------- the compiler's messages -------- */

static const char *last_name(const char *path, size_t n)
{
    const char *slash = memrchr(path, '/', n);
    return slash ? slash + 1 : path;
}

/* "FILE:LINE:COLUMN: kind: TEXT" in s[0..n); the column may be missing. */
static int note_parse(const char *s, size_t n, const char *file, struct compiler_note *out)
{
    const char *colon = memchr(s, ':', n), *end = s + n;
    const char *name = colon ? last_name(s, (size_t)(colon - s)) : NULL;
    const char *wanted = last_name(file, strlen(file));
    char *rest;
    if (!colon || strlen(wanted) != (size_t)(colon - name) ||
        memcmp(wanted, name, (size_t)(colon - name)) != 0)
        return 0;
    long line = strtol(colon + 1, &rest, 10), column = 0;
    if (rest == colon + 1 || rest >= end || *rest != ':' || line < 1 || line > 10000000)
        return 0;
    const char *after = rest + 1;
    column = strtol(after, &rest, 10);
    if (rest != after && rest < end && *rest == ':')
        after = rest + 1;
    else
        column = 0;
    while (after < end && *after == ' ')
        after++;
    size_t left = (size_t)(end - after);
    int is_error = (left > 7 && !memcmp(after, "error: ", 7)) ||
                   (left > 13 && !memcmp(after, "fatal error: ", 13));
    if (!is_error && !(left > 9 && !memcmp(after, "warning: ", 9)))
        return 0;
    const char *text = (const char *)memchr(after, ':', left) + 2;
    size_t ntext = (size_t)(end - text);
    if (ntext >= sizeof out->text)
        ntext = sizeof out->text - 1;
    *out = (struct compiler_note){.line = (int)line, .column = (int)column, .is_error = is_error};
    memcpy(out->text, text, ntext);
    return 1;
}

int compiler_notes(const char *said, const char *file, struct compiler_note *out, int max)
{
    int found = 0;
    for (const char *s = said; *s && found < max;) {
        size_t n = strcspn(s, "\n");
        found += note_parse(s, n, file, &out[found]);
        s += n + (s[n] == '\n');
    }
    return found;
}
