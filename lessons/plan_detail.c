/* Plans: the details of an entry, a row each, and their values. */
#include "plan_parser.h"

#include "path.h"
#include "schedule.h"
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* -------- values: each 0, or -1 having complained -------- */

int plan_get_text(struct parser *p, const char *value, struct lesson_text *out)
{
    const char *what = "";
    if (text_inline(p->plan->memory, value, strlen(value), out, &what) == 0)
        return 0;
    plan_parser_complain(p, _("this text holds %s"), what);
    return -1;
}

int plan_get_number(struct parser *p, const char *value, long least, long most, long *out)
{
    char *end;
    errno = 0;
    *out = strtol(value, &end, 10);
    if (end != value && !*end && !errno && *out >= least && *out <= most)
        return 0;
    plan_parser_complain(p, _("a number from %ld to %ld is wanted here, not \"%.40s\""), least,
                         most, value);
    return -1;
}

static int get_path(struct parser *p, const char *value, struct lesson_path *out)
{
    struct err e = {0};
    if (path_parse(p->plan->memory, out, value, &e) == 0)
        return 0;
    *out = (struct lesson_path){.text = ""};
    plan_parser_complain(p, "%s", e.message);
    return -1;
}

static int set_minutes(struct parser *p, const char *value)
{
    long n;
    if (plan_get_number(p, value, 1, PLAN_MAX_MINUTES, &n) != 0)
        return -1;
    p->entry->minutes = (int)n;
    return 0;
}

static int set_path(struct parser *p, const char *value)
{
    return get_path(p, value, &p->entry->path);
}

static int set_then(struct parser *p, const char *value)
{
    return get_path(p, value, &p->entry->then);
}

static int set_schedule(struct parser *p, const char *value)
{
    struct schedule s;
    struct err e = {0};
    schedule_init(&s);
    int rc = schedule_parse(&s, value, &e);
    schedule_fini(&s);
    if (rc < 0)
        plan_parser_complain(p, "%s", e.message);
    else
        p->entry->schedule = pool_strdup(p->plan->memory, value);
    return rc;
}

static int set_at(struct parser *p, const char *value)
{
    long n = 0;
    if (!strcmp(value, "end"))
        p->entry->at = PLAN_AT_END;
    else if (!strcmp(value, "finding"))
        p->entry->at = PLAN_AT_FINDING;
    else if (isdigit((unsigned char)*value)) {
        if (plan_get_number(p, value, 0, 1000000, &n) != 0)
            return -1;
        p->entry->at = PLAN_AT_STEP;
        p->entry->at_step = (uint32_t)n;
    } else {
        plan_parser_complain(
            p, _("\"at\" wants the number of a step, \"end\" or \"finding\", not \"%.40s\""),
            value);
        return -1;
    }
    return 0;
}

static int set_panel(struct parser *p, const char *value)
{
    static const char *const words[] = {"source", "threads", "objects", "output", "why", "text"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(words[i], value)) {
            p->entry->panel = words[i];
            return 0;
        }
    plan_parser_complain(
        p,
        _("there is no panel \"%.40s\"; the panels are source, threads, objects, output, "
          "why and text"),
        value);
    return -1;
}

static int set_text(struct parser *p, const char *value)
{
    return plan_get_text(p, value, &p->entry->text);
}

static int set_say(struct parser *p, const char *value)
{
    struct lesson_text *t = pool_push(p->plan->memory, &p->entry->say, &p->entry->nsay, sizeof *t);
    t->text = "";
    return plan_get_text(p, value, t);
}

static int set_choice(struct parser *p, const char *value)
{
    struct lesson_question *q = p->entry->ask;
    if (q->nchoices == 9) {
        plan_parser_complain(p, _("a question has at most 9 choices"));
        return -1;
    }
    struct lesson_choice *c = pool_push(p->plan->memory, &q->choices, &q->nchoices, sizeof *c);
    c->text.text = "";
    c->outcome.bytes = "";
    return plan_get_text(p, value, &c->text);
}

static int set_right(struct parser *p, const char *value)
{
    struct lesson_question *q = p->entry->ask;
    for (const char *s = value; *s; s++) {
        if (*s == ' ' || *s == ',')
            continue;
        size_t i = (size_t)(*s - '1');
        if (*s < '1' || *s > '9' || i >= q->nchoices || isdigit((unsigned char)s[1])) {
            plan_parser_complain(
                p, _("\"right\" wants numbers of the choices above it, not \"%.40s\""), value);
            return -1;
        }
        q->nright += !q->choices[i].right;
        q->choices[i].right = 1;
    }
    return 0;
}

static int set_explain(struct parser *p, const char *value)
{
    return plan_get_text(p, value, &p->entry->ask->explain);
}

/* -------- details: a row each, and for which entries -------- */

#define OF(kind) (1U << PLAN_##kind)
static const struct plan_detail details[] = {
    {"minutes", ~0U, set_minutes},
    {"path", OF(STEP), set_path},
    {"then", OF(STEP), set_then},
    {"schedule", OF(STEP), set_schedule},
    {"at", OF(STEP), set_at},
    {"panel", OF(STEP), set_panel},
    {"text", OF(STEP) | OF(LIVE), set_text},
    {"say", OF(TEXT), set_say},
    {"choice", OF(ASK), set_choice},
    {"right", OF(ASK), set_right},
    {"explain", OF(ASK), set_explain},
};
enum { NDETAILS = sizeof details / sizeof *details };

const struct plan_detail *plan_detail_find(const char *key)
{
    for (size_t i = 0; i < NDETAILS; i++)
        if (!strcmp(details[i].key, key))
            return &details[i];
    return NULL;
}
