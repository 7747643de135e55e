#include "path.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *skip(const char *s)
{
    return s + strspn(s, " \t");
}

static int fail(struct err *e, const char *text, const char *at)
{
    return err_set(
        e, ERR_DATA,
        "a path cannot be read at column %d: %.20s; its legs are `T1 2` (steps), `T1 @9` "
        "(to line 9), `T1 *` (until blocked) or `=1` (whom to wake), with commas between",
        (int)(at - text) + 1, *at ? at : "the end");
}

/* A number from `least` on; *s moves past it. -1 if there is none. */
static long number(const char **s, long least, long most)
{
    char *end;
    if (!isdigit((unsigned char)**s))
        return -1;
    errno = 0;
    long n = strtol(*s, &end, 10);
    if (errno || n < least || n > most)
        return -1;
    *s = end;
    return n;
}

/* One leg at *s; on success *s stands behind it. Returns 0 or -1. */
static int leg_parse(struct path_leg *leg, const char **s)
{
    if (**s == '=') {
        ++*s;
        leg->until = PATH_PICK;
        leg->n = number(s, 0, MAX_TASKS);
        return leg->n < 0 ? -1 : 0;
    }
    if (*(*s)++ != 'T')
        return -1;
    long task = number(s, 0, MAX_TASKS - 1);
    if (task < 0 || (**s != ' ' && **s != '\t'))
        return -1;
    leg->task = (unsigned)task;
    *s = skip(*s);
    if (**s == '*') {
        ++*s;
        leg->until = PATH_BLOCK;
        return 0;
    }
    leg->until = **s == '@' ? PATH_LINE : PATH_STEPS;
    *s += **s == '@';
    leg->n = number(s, 1, 1000000);
    return leg->n < 0 ? -1 : 0;
}

int path_parse(struct pool *mem, struct lesson_path *p, const char *text, struct err *e)
{
    *p = (struct lesson_path){.text = pool_strdup(mem, text)};
    const char *s = skip(text);
    if (!*s)
        return fail(e, text, s);
    for (;;) {
        struct path_leg leg = {0};
        const char *at = s;
        if (leg_parse(&leg, &s) != 0)
            return fail(e, text, at);
        *(struct path_leg *)pool_push(mem, &p->legs, &p->nlegs, sizeof leg) = leg;
        s = skip(s);
        if (!*s)
            return 0;
        if (*s != ',')
            return fail(e, text, s);
        s = skip(s + 1);
    }
}
