/* The fenced blocks that are more than text: one table of keys for each. */
#include "claim.h"
#include "reader.h"
#include "check.h"

#include <string.h>

#define NELEMS(a) (sizeof(a) / sizeof(a)[0])

/* A key's setter for a member that a value_* function fills. */
#define SETTER(name, type, call)                                                                   \
    static int name(struct reader *r, void *block, const struct field *f)                          \
    {                                                                                              \
        struct type *b = block;                                                                    \
        return call;                                                                               \
    }

/* -------- program and step -------- */

static int set_lines(struct reader *r, void *block, const struct field *f)
{
    struct lesson_program *b = block;
    const char *dash = strchr(f->value, '-');
    size_t n = dash ? (size_t)(dash - f->value) : strlen(f->value);
    struct field first = {f->key, pool_strndup(r->mem, f->value, n), f->line};
    struct field last = {f->key, dash ? dash + 1 : f->value, f->line};
    long from = 0, to = 0;
    if (value_number(r, &first, 1, 100000, &from) || value_number(r, &last, 1, 100000, &to))
        return -ERR_DATA;
    b->first = (int)from;
    b->last = (int)to;
    return to < from ? reader_fail(r, f->line, "\"lines\" ends before it begins") : 0;
}

SETTER(program_text, lesson_program, value_text(r, f, &b->text))
SETTER(program_path, lesson_program, value_path(r, f, &b->path))
SETTER(program_goal, lesson_program, value_text(r, f, &b->goal))

static const struct field_rule program_rules[] = {
    {"lines", 0, 1, set_lines},
    {"text", 0, 1, program_text},
    {"path", 0, 1, program_path},
    {"goal", 0, 1, program_goal},
};

/* -------- question -------- */

static int question_choice(struct reader *r, void *block, const struct field *f)
{
    struct lesson_question *b = block;
    struct lesson_choice *c = pool_push(r->mem, &b->choices, &b->nchoices, sizeof *c);
    return value_text(r, f, &c->text);
}

static int question_outcome(struct reader *r, void *block, const struct field *f)
{
    struct lesson_question *b = block;
    struct lesson_choice *c = pool_push(r->mem, &b->choices, &b->nchoices, sizeof *c);
    if (value_string(r, f, &c->outcome) != 0)
        return -ERR_DATA;
    b->is_outcomes = 1;
    size_t n = strlen(f->value);
    c->text.text = pool_strdup(r->mem, f->value);
    struct lesson_run *run = pool_push(r->mem, &c->text.runs, &c->text.nruns, sizeof *run);
    *run = (struct lesson_run){.n = n, .style = STYLE_CODE};
    return 0;
}

static int question_right(struct reader *r, void *block, const struct field *f)
{
    struct lesson_question *b = block;
    for (const char *s = f->value; *s; s += strspn(s, " ")) {
        size_t n = strcspn(s, " ");
        struct field one = {f->key, pool_strndup(r->mem, s, n), f->line};
        long choice = 0;
        if (value_number(r, &one, 1, (long)b->nchoices, &choice) != 0)
            return -ERR_DATA;
        struct lesson_choice *c = &b->choices[choice - 1];
        if (c->right)
            return reader_fail(r, f->line, "\"right\" names choice %ld twice", choice);
        c->right = 1;
        b->nright++;
        s += n;
    }
    return b->nright ? 0 : reader_fail(r, f->line, "\"right\" needs the number of a choice");
}

static int question_claim(struct reader *r, void *block, const struct field *f)
{
    struct lesson_question *b = block;
    struct claim *c = pool_push(r->mem, &b->claims, &b->nclaims, sizeof *c);
    return value_claim(r, f, b->file, c);
}

SETTER(question_ask, lesson_question, value_text(r, f, &b->ask))
SETTER(question_explain, lesson_question, value_text(r, f, &b->explain))
SETTER(question_path, lesson_question, value_path(r, f, &b->path))

static int question_id(struct reader *r, void *block, const struct field *f)
{
    struct lesson_question *b = block;
    b->id = pool_strdup(r->mem, f->value);
    return *f->value ? 0 : reader_fail(r, f->line, "\"id\" needs a word");
}

static const struct field_rule question_rules[] = {
    {"id", 0, 1, question_id},         {"ask", 1, 1, question_ask},
    {"choice", 0, 9, question_choice}, {"outcome", 0, 9, question_outcome},
    {"right", 1, 1, question_right},   {"explain", 1, 1, question_explain},
    {"path", 0, 1, question_path},     {"claim", 0, 9, question_claim},
};

static int question_finish(struct reader *r, struct lesson_question *q)
{
    size_t noutcomes = 0;
    for (size_t i = 0; i < q->nchoices; i++)
        noutcomes += q->choices[i].outcome.bytes != NULL;
    if (q->nchoices < 2 || q->nchoices > 9)
        return reader_fail(r, q->line, "a question needs 2 to 9 choices; it has %zu", q->nchoices);
    if (noutcomes && noutcomes != q->nchoices)
        return reader_fail(r, q->line,
                           "a question has either \"choice\" or \"outcome\" keys, not both");
    if ((noutcomes || q->path.nlegs) && !*q->file)
        return reader_fail(r, q->line, "this question needs a program: ```question counter.c");
    return 0;
}

/* -------- challenge -------- */

static int challenge_goal(struct reader *r, void *block, const struct field *f)
{
    struct lesson_challenge *b = block;
    const char *s = f->value;
    size_t n = strcspn(s, " ");
    struct field rest = {f->key, s + n + strspn(s + n, " "), f->line};
    if (n == 7 && !memcmp(s, "outcome", n))
        return value_string(r, &rest, &b->goal_outcome);
    if (n == 7 && !memcmp(s, "finding", n))
        b->goal_finding = finding_parse(rest.value);
    return b->goal_finding >= 0
               ? 0
               : reader_fail(r, f->line,
                             "a goal is `outcome \"1\\n\"` or `finding data-race` (a kind "
                             "of engine/finding.def), not \"%.40s\"",
                             f->value);
}

static int challenge_hint(struct reader *r, void *block, const struct field *f)
{
    struct lesson_challenge *b = block;
    size_t i = 0;
    while (i < CHALLENGE_HINTS - 1 && b->hints[i].text)
        i++;
    return value_text(r, f, &b->hints[i]);
}

static int challenge_require(struct reader *r, void *block, const struct field *f)
{
    struct lesson_challenge *b = block;
    struct claim *c = pool_push(r->mem, &b->require, &b->nrequire, sizeof *c);
    return value_claim(r, f, b->file, c);
}

static int challenge_concurrent(struct reader *r, void *block, const struct field *f)
{
    struct lesson_challenge *b = block;
    const char *s = f->value;
    for (size_t n; (n = strcspn(s, " ")) > 0; s += n, s += strspn(s, " ")) {
        const char **name = pool_push(r->mem, &b->concurrent, &b->nconcurrent, sizeof *name);
        *name = pool_strndup(r->mem, s, n);
    }
    return b->nconcurrent ? 0 : reader_fail(r, f->line, "\"concurrent\" names start routines");
}

static int challenge_work(struct reader *r, void *block, const struct field *f)
{
    struct lesson_challenge *b = block;
    size_t n = strcspn(f->value, " ");
    const char *object = f->value + n + strspn(f->value + n, " ");
    if (!n || !*object || strchr(object, ' '))
        return reader_fail(r, f->line, "write `work: ROUTINE VARIABLE`, like `work: inc counter`");
    struct lesson_work *w = pool_push(r->mem, &b->work, &b->nwork, sizeof *w);
    *w = (struct lesson_work){.routine = pool_strndup(r->mem, f->value, n),
                              .object = pool_strdup(r->mem, object),
                              .line = f->line};
    return 0;
}

static int challenge_wrong(struct reader *r, void *block, const struct field *f)
{
    struct lesson_challenge *b = block;
    size_t n = strcspn(f->value, " ");
    struct field file = {f->key, pool_strndup(r->mem, f->value, n), f->line};
    struct lesson_wrong_fix *w = pool_push(r->mem, &b->wrong, &b->nwrong, sizeof *w);
    w->line = f->line;
    const char *word = f->value + n + strspn(f->value + n, " ");
    w->refusal = refusal_parse(word);
    if (w->refusal <= REFUSAL_NONE)
        return reader_fail(r, f->line,
                           "write `wrong: FILE REASON`; \"%.40s\" is no reason of "
                           "lessons/refusal.def",
                           word);
    return value_file(r, &file, &w->file);
}

static int challenge_id(struct reader *r, void *block, const struct field *f)
{
    struct lesson_challenge *b = block;
    b->id = pool_strdup(r->mem, f->value);
    return *f->value ? 0 : reader_fail(r, f->line, "\"id\" needs a word");
}

SETTER(challenge_title, lesson_challenge, value_text(r, f, &b->title))
SETTER(challenge_text, lesson_challenge, value_text(r, f, &b->text))
SETTER(challenge_switches, lesson_challenge, value_number(r, f, 0, 1000, &b->least_switches))
SETTER(challenge_path, lesson_challenge, value_path(r, f, &b->path))
SETTER(challenge_solution, lesson_challenge, value_file(r, f, &b->solution))
SETTER(challenge_executions, lesson_challenge,
       value_number(r, f, 1, 1000000000, &b->bound_executions))
SETTER(challenge_seconds, lesson_challenge, value_number(r, f, 1, 3600, &b->bound_seconds))

static const struct field_rule break_rules[] = {
    {"id", 0, 1, challenge_id},
    {"title", 1, 1, challenge_title},
    {"text", 1, 1, challenge_text},
    {"goal", 1, 1, challenge_goal},
    {"switches", 0, 1, challenge_switches},
    {"path", 0, 1, challenge_path},
    {"hint", CHALLENGE_HINTS, CHALLENGE_HINTS, challenge_hint},
};

SETTER(challenge_decided, lesson_challenge, value_path(r, f, &b->decided))
SETTER(challenge_explain, lesson_challenge, value_text(r, f, &b->explain))

static const struct field_rule find_rules[] = {
    {"id", 0, 1, challenge_id},
    {"title", 1, 1, challenge_title},
    {"text", 1, 1, challenge_text},
    {"path", 1, 1, challenge_path},
    {"goal", 1, 1, challenge_goal},
    {"decided", 1, 1, challenge_decided},
    {"switches", 1, 1, challenge_switches},
    {"explain", 1, 1, challenge_explain},
    {"hint", CHALLENGE_HINTS, CHALLENGE_HINTS, challenge_hint},
};

static const struct field_rule fix_rules[] = {
    {"id", 0, 1, challenge_id},
    {"title", 1, 1, challenge_title},
    {"text", 1, 1, challenge_text},
    {"solution", 1, 1, challenge_solution},
    {"require", 1, 9, challenge_require},
    {"concurrent", 0, 1, challenge_concurrent},
    {"work", 0, 9, challenge_work},
    {"executions", 0, 1, challenge_executions},
    {"seconds", 0, 1, challenge_seconds},
    {"wrong", 0, 20, challenge_wrong},
    {"hint", CHALLENGE_HINTS, CHALLENGE_HINTS, challenge_hint},
};

/* -------- recap -------- */

static int recap_say(struct reader *r, void *block, const struct field *f)
{
    struct lesson_recap *b = block;
    struct lesson_text *t = pool_push(r->mem, &b->sentences, &b->nsentences, sizeof *t);
    return value_text(r, f, t);
}

SETTER(recap_calls, lesson_recap, value_text(r, f, &b->calls))
SETTER(recap_python, lesson_recap, value_text(r, f, &b->python))
SETTER(recap_read, lesson_recap, value_text(r, f, &b->read))

static const struct field_rule recap_rules[] = {
    {"say", 1, 5, recap_say},
    {"calls", 0, 1, recap_calls},
    {"python", 0, 1, recap_python},
    {"read", 0, 1, recap_read},
};

/* -------- the blocks -------- */

struct fence {
    const char *word, *argument;
    const struct field *fields;
    size_t nfields;
    int line;
};

static const struct lesson_text no_text = {.text = ""};

/* The argument as a program; "" when it is empty and may be. */
static int argument_file(struct reader *r, const struct fence *x, const char *s, const char **out)
{
    *out = "";
    return *s ? value_file(r, &(struct field){x->word, s, x->line}, out) : 0;
}

static int need_file(struct reader *r, const struct fence *x, const char *file)
{
    return *file ? 0
                 : reader_fail(r, x->line, "```%s needs a program: ```%s counter.c", x->word,
                               x->word);
}

static int program_block(struct reader *r, const struct fence *x, struct lesson_block *out)
{
    struct lesson_program *p = pool_alloc(r->mem, sizeof *p);
    p->text = p->goal = no_text;
    p->path.text = "";
    out->kind = !strcmp(x->word, "step") ? LESSON_STEP : LESSON_PROGRAM;
    out->program = p;
    if (argument_file(r, x, x->argument, &p->file) || need_file(r, x, p->file))
        return -ERR_DATA;
    return fields_apply(r, p, x->word, x->line, program_rules, NELEMS(program_rules), x->fields,
                        x->nfields);
}

static int question_block(struct reader *r, const struct fence *x, struct lesson_block *out)
{
    struct lesson_question *q = pool_alloc(r->mem, sizeof *q);
    q->line = x->line;
    q->id = "";
    q->path.text = "";
    out->kind = LESSON_QUESTION;
    out->question = q;
    if (argument_file(r, x, x->argument, &q->file) != 0)
        return -ERR_DATA;
    int rc = fields_apply(r, q, x->word, x->line, question_rules, NELEMS(question_rules), x->fields,
                          x->nfields);
    return rc ? rc : question_finish(r, q);
}

static void challenge_defaults(struct lesson_challenge *c)
{
    c->goal_finding = -1;
    c->least_switches = -1;
    c->title = c->text = c->explain = no_text;
    c->path.text = c->decided.text = "";
    c->solution = "";
}

static const struct {
    const char *word, *name;
    enum challenge_kind kind;
    const struct field_rule *rules;
    size_t nrules;
} challenges[] = {
    {"break", "a break challenge", CHALLENGE_BREAK, break_rules, NELEMS(break_rules)},
    {"find", "a find challenge", CHALLENGE_FIND, find_rules, NELEMS(find_rules)},
    {"fix", "a fix challenge", CHALLENGE_FIX, fix_rules, NELEMS(fix_rules)},
};

static int challenge_block(struct reader *r, const struct fence *x, struct lesson_block *out)
{
    struct lesson_challenge *c = pool_alloc(r->mem, sizeof *c);
    size_t n = strcspn(x->argument, " "), i = 0;
    out->kind = LESSON_CHALLENGE;
    out->challenge = c;
    challenge_defaults(c);
    c->line = x->line;
    c->id = pool_strndup(r->mem, x->argument, n);
    while (i < NELEMS(challenges) && strcmp(challenges[i].word, c->id) != 0)
        i++;
    if (i == NELEMS(challenges))
        return reader_fail(r, x->line,
                           "a challenge is ```challenge break FILE, ```challenge find FILE or "
                           "```challenge fix FILE");
    c->kind = challenges[i].kind;
    const char *file = x->argument + n + strspn(x->argument + n, " ");
    if (argument_file(r, x, file, &c->file) || need_file(r, x, c->file))
        return -ERR_DATA;
    return fields_apply(r, c, challenges[i].name, x->line, challenges[i].rules,
                        challenges[i].nrules, x->fields, x->nfields);
}

static int recap_block(struct reader *r, const struct fence *x, struct lesson_block *out)
{
    struct lesson_recap *c = pool_alloc(r->mem, sizeof *c);
    c->calls = c->python = c->read = no_text;
    out->kind = LESSON_RECAP;
    out->recap = c;
    if (*x->argument)
        return reader_fail(r, x->line, "```recap takes nothing after it");
    return fields_apply(r, c, x->word, x->line, recap_rules, NELEMS(recap_rules), x->fields,
                        x->nfields);
}

/* A claim's key is its word, so the line is put together again. */
static int claims_block(struct reader *r, const struct fence *x, struct lesson_block *out)
{
    const char *file;
    out->kind = LESSON_CLAIMS;
    if (argument_file(r, x, x->argument, &file) || need_file(r, x, file))
        return -ERR_DATA;
    const char *adversity = NULL; /* of the claims that follow it */
    for (size_t i = 0; i < x->nfields; i++) {
        struct field f = x->fields[i];
        struct buf whole = {0};
        if (!strcmp(f.key, "adversity")) {
            adversity = pool_strdup(r->mem, f.value);
            continue;
        }
        buf_printf(&whole, *f.value ? "%s: %s" : "%s", f.key, f.value);
        f.value = pool_strdup(r->mem, whole.data);
        buf_fini(&whole);
        struct claim *c = pool_push(r->mem, &out->claims, &out->nclaims, sizeof *c);
        if (value_claim(r, &f, file, c) != 0)
            return -ERR_DATA;
        c->adversity = adversity;
    }
    return out->nclaims ? 0 : reader_fail(r, x->line, "```claims without a claim");
}

static const struct {
    const char *word;
    int (*parse)(struct reader *r, const struct fence *x, struct lesson_block *out);
} fences[] = {
    {"program", program_block},     {"step", program_block}, {"question", question_block},
    {"challenge", challenge_block}, {"recap", recap_block},  {"claims", claims_block},
};

int fence_parse(struct reader *r, const char *word, const char *argument, const char *body,
                size_t n, int line, struct lesson_block *out)
{
    for (size_t i = 0; i < NELEMS(fences); i++)
        if (!strcmp(fences[i].word, word)) {
            struct field *fields;
            struct fence x = {.word = word, .argument = argument, .line = line};
            if (fields_split(r, body, n, line + 1, &fields, &x.nfields) != 0)
                return -ERR_DATA;
            x.fields = fields;
            return fences[i].parse(r, &x, out);
        }
    return 1;
}
