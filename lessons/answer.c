/* What learners ask of the engine: is my fix right, which of these answers can occur. */
#include "check.h"

#include "judge.h"
#include "report.h"
#include "search.h"
#include "verify.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct lesson_challenge *fix_challenge(const struct lesson *l, const char *id)
{
    const struct lesson_challenge *c;
    for (size_t i = 0; (c = lesson_challenge_at(l, i)); i++)
        if (c->kind == CHALLENGE_FIX && (!id || !strcmp(id, c->id)))
            return c;
    return NULL;
}

int check_solution(const struct lesson *l, const char *challenge, const char *path,
                   const struct check_options *o, struct check_report *r, enum refusal *refusal,
                   struct err *e)
{
    const struct lesson_challenge *c = fix_challenge(l, challenge);
    *refusal = REFUSAL_NONE;
    if (!c)
        return challenge
                   ? err_set(e, ERR_NOT_FOUND,
                             _("%s has no challenge to fix a program by the name %s"), l->id,
                             challenge)
                   : err_set(e, ERR_NOT_FOUND, _("%s has no challenge to fix a program"), l->id);
    if (access(path, R_OK) != 0)
        return err_set(e, ERR_OPEN, _("%s cannot be read; name the C file with your fix"), path);
    struct check_options bound = o ? *o : (struct check_options){0};
    if (!bound.executions)
        bound.executions = (uint64_t)c->bound_executions;
    if (bound.seconds <= 0)
        bound.seconds = (double)c->bound_seconds;
    struct searches all;
    searches_init(&all, &bound);
    struct verdict v;
    int rc = judge_fix(&all, l, c, path, &v, e);
    if (rc == 0) {
        *refusal = v.refusal;
        report_move(r, &v.rows);
        verdict_fini(&v);
    }
    searches_fini(&all);
    return rc;
}

int check_answer(const struct lesson *l, const struct lesson_question *q,
                 const struct check_options *o, int *right, struct err *e)
{
    struct searches all;
    struct err mine = {0};
    char *path = lesson_file(l, q->file);
    searches_init(&all, o);
    struct search *s = search_program(&all, path);
    const struct explore_result *r = search_result(&all, s, STRATEGY_DPOR, &mine);
    int rc = r ? 0 : -mine.code;
    if (r && !r->complete)
        rc = err_set(&mine, ERR_LIMIT, _("%s: not every schedule was covered: %s"), q->file,
                     r->why_not);
    for (size_t i = 0; !rc && i < q->nchoices; i++)
        right[i] = result_outcome(r, &q->choices[i].outcome) != NULL;
    if (rc && e)
        *e = mine;
    searches_fini(&all);
    free(path);
    return rc;
}
