/* The slides of a plan. */
#include "talk.h"

#include "pool.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* What is being made. */
struct maker {
    struct talk *talk;
    const struct catalogue *lessons;
    const struct plan_entry *entry;
};

static struct slide *add_slide(struct maker *m, enum slide_kind kind, const char *title)
{
    struct talk *t = m->talk;
    struct slide *s = pool_push(t->pool, &t->slides, &t->nslides, sizeof *s);
    *s = (struct slide){.kind = kind, .entry = m->entry, .title = title};
    s->program = s->schedule = s->solution = "";
    return s;
}

static void complain(struct maker *m, const char *format, const char *what)
{
    char message[400];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(message, sizeof message, format, what);
#pragma GCC diagnostic pop
    plan_complain(m->talk->plan, m->entry->line, message);
}

/* -------- slides of a lesson -------- */

static const char *pooled_file(struct maker *m, const struct lesson *l, const char *file)
{
    char *path = lesson_file(l, file);
    const char *kept = pool_strdup(m->talk->pool, path);
    free(path);
    return kept;
}

static void give_program(struct maker *m, struct slide *s, size_t block)
{
    const struct lesson_program *p = lesson_program_at(s->lesson, s->section, block);
    if (!p)
        return;
    s->program = pooled_file(m, s->lesson, p->file);
    s->first = p->first;
    s->last = p->last;
}

static struct slide *lesson_slide(struct maker *m, enum slide_kind kind, const struct lesson *l,
                                  size_t section, size_t block)
{
    struct slide *s = add_slide(m, kind, l->sections[section].title);
    s->lesson = l;
    s->section = section;
    give_program(m, s, block);
    return s;
}

static void add_question(struct maker *m, const struct lesson *l, size_t section, size_t block)
{
    const struct lesson_question *q = l->sections[section].blocks[block].question;
    struct slide *s = lesson_slide(m, SLIDE_QUESTION, l, section, block);
    const char *program = *q->file ? pooled_file(m, l, q->file) : s->program;
    if (strcmp(program, s->program) != 0)
        s->first = s->last = 0;
    s->program = program;
    s->question = q;
    if (!q->path.nlegs || !*program)
        return;
    s = lesson_slide(m, SLIDE_STEP, l, section, block);
    s->program = program;
    s->path = &q->path;
    s->from_start = 1;
    s->text = &q->ask;
}

static void add_step(struct maker *m, const struct lesson *l, size_t section, size_t block)
{
    const struct lesson_program *p = l->sections[section].blocks[block].program;
    struct slide *s = lesson_slide(m, SLIDE_STEP, l, section, block);
    s->program = pooled_file(m, l, p->file);
    s->path = &p->path;
    s->text = &p->text;
    s->goal = &p->goal;
}

static void add_challenge(struct maker *m, const struct lesson *l, size_t section, size_t block)
{
    const struct lesson_challenge *ch = l->sections[section].blocks[block].challenge;
    struct slide *s = lesson_slide(m, SLIDE_CHALLENGE, l, section, block);
    s->challenge = ch;
    s->program = pooled_file(m, l, ch->file);
    s->first = s->last = 0;
    if (ch->kind == CHALLENGE_FIX && *ch->solution)
        s->solution = pooled_file(m, l, ch->solution);
    if (ch->kind == CHALLENGE_FIX)
        return;
    const char *program = s->program;
    s = lesson_slide(m, SLIDE_STEP, l, section, block);
    s->program = program;
    s->text = &ch->text;
    s->from_start = ch->kind == CHALLENGE_FIND; /* the run to be understood */
    s->path = s->from_start ? &ch->path : NULL;
}

static int is_text(const struct lesson_block *b)
{
    return b->kind == LESSON_PARAGRAPH || b->kind == LESSON_HEADING || b->kind == LESSON_ITEM ||
           b->kind == LESSON_CODE || b->kind == LESSON_RECAP;
}

/* Its text is a slide, and each thing to do is one of its own. */
static void add_section(struct maker *m, const struct lesson *l, size_t section)
{
    const struct lesson_section *sec = &l->sections[section];
    struct slide *text = NULL;
    for (size_t i = 0; i < sec->nblocks; i++) {
        const struct lesson_block *b = &sec->blocks[i];
        if (is_text(b)) {
            if (!text)
                text = lesson_slide(m, SLIDE_TEXT, l, section, i);
            const struct lesson_block **to =
                pool_push(m->talk->pool, &text->blocks, &text->nblocks, sizeof(void *));
            *to = b;
            continue;
        }
        if (b->kind != LESSON_CLAIMS)
            text = NULL;
        if (b->kind == LESSON_STEP)
            add_step(m, l, section, i);
        else if (b->kind == LESSON_QUESTION)
            add_question(m, l, section, i);
        else if (b->kind == LESSON_CHALLENGE)
            add_challenge(m, l, section, i);
    }
}

/* -------- finding what the plan names -------- */

static const struct lesson *find_lesson(struct maker *m, const char *id)
{
    const struct lesson *l = m->lessons ? catalogue_find(m->lessons, id) : NULL;
    if (!l)
        complain(m, _("there is no lesson \"%s\"; 'lockstep lessons' lists them"), id);
    return l;
}

/* By number from 1, or by title; SIZE_MAX if there is none. */
static size_t find_section(const struct lesson *l, const char *what)
{
    char *end;
    unsigned long n = strtoul(what, &end, 10);
    if (end != what && !*end)
        return n >= 1 && n <= l->nsections ? n - 1 : SIZE_MAX;
    for (size_t i = 0; i < l->nsections; i++)
        if (!strcasecmp(l->sections[i].title, what))
            return i;
    return SIZE_MAX;
}

static int add_named_question(struct maker *m, const struct lesson *l, const char *id)
{
    for (size_t i = 0; i < l->nsections; i++)
        for (size_t k = 0; k < l->sections[i].nblocks; k++) {
            const struct lesson_block *b = &l->sections[i].blocks[k];
            if (b->kind == LESSON_QUESTION && !strcmp(b->question->id, id)) {
                add_question(m, l, i, k);
                return 1;
            }
        }
    return 0;
}

/* The program of an entry: of a lesson, or a file of one's own. NULL: said. */
static const char *find_program(struct maker *m, const struct lesson **lesson)
{
    const struct plan_entry *e = m->entry;
    const char *path;
    *lesson = NULL;
    if (*e->lesson) {
        *lesson = find_lesson(m, e->lesson);
        if (!*lesson)
            return NULL;
        path = pooled_file(m, *lesson, e->what);
    } else {
        char *own = plan_path(m->talk->plan, e->what);
        path = pool_strdup(m->talk->pool, own);
        free(own);
    }
    if (access(path, R_OK) == 0)
        return path;
    complain(m, _("the file %s cannot be read"), path);
    return NULL;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void add_program(struct maker *m, enum slide_kind kind)
{
    const struct plan_entry *e = m->entry;
    const struct lesson *l;
    const char *path = find_program(m, &l);
    if (!path)
        return;
    struct slide *s = add_slide(m, kind, base_name(path));
    s->lesson = l;
    s->program = path;
    s->path = &e->path;
    s->then = &e->then;
    s->schedule = e->schedule;
    s->at = e->at;
    s->text = *e->text.text ? &e->text : NULL;
}

/* -------- entries -------- */

static void add_entry(struct maker *m)
{
    const struct plan_entry *e = m->entry;
    const struct lesson *l;
    size_t section;
    switch (e->kind) {
    case PLAN_LESSON:
        l = find_lesson(m, e->lesson);
        for (size_t i = 0; l && i < l->nsections; i++)
            add_section(m, l, i);
        break;
    case PLAN_SECTION:
        l = find_lesson(m, e->lesson);
        section = l ? find_section(l, e->what) : SIZE_MAX;
        if (section != SIZE_MAX)
            add_section(m, l, section);
        else if (l)
            complain(m, _("the lesson has no section \"%s\"; give its number or its title"),
                     e->what);
        break;
    case PLAN_QUESTION:
        l = find_lesson(m, e->lesson);
        if (l && !add_named_question(m, l, e->what))
            complain(m, _("the lesson has no question \"%s\"; they are q1, q2 …"), e->what);
        break;
    case PLAN_ASK:
        add_slide(m, SLIDE_QUESTION, _("Question"))->question = e->ask;
        break;
    case PLAN_STEP:
        add_program(m, SLIDE_STEP);
        break;
    case PLAN_LIVE:
        add_program(m, SLIDE_LIVE);
        break;
    default:
        add_slide(m, SLIDE_TEXT, e->what);
    }
}

static int entry_minutes(const struct maker *m, const struct plan_entry *e)
{
    const struct lesson *l =
        *e->lesson && m->lessons ? catalogue_find(m->lessons, e->lesson) : NULL;
    if (e->minutes || !l)
        return e->minutes;
    if (e->kind == PLAN_LESSON)
        return l->minutes;
    int each = (l->minutes + (int)l->nsections / 2) / (int)l->nsections;
    return e->kind != PLAN_SECTION ? 0 : each < 1 ? 1 : each;
}

struct talk *talk_make(struct plan *plan, const struct catalogue *lessons)
{
    struct talk *t = xcalloc(1, sizeof *t);
    t->plan = plan;
    t->pool = xcalloc(1, sizeof *t->pool);
    t->planned = pool_alloc(t->pool, (plan->nentries + 1) * sizeof *t->planned);
    struct maker m = {.talk = t, .lessons = lessons};
    add_slide(&m, SLIDE_COVER, plan->title);
    for (size_t i = 0; i < plan->nentries; i++) {
        size_t before = t->nslides;
        m.entry = &plan->entries[i];
        add_entry(&m);
        if (t->nslides > before) /* what is not shown takes no time */
            t->minutes += t->planned[i] = entry_minutes(&m, m.entry);
    }
    m.entry = NULL;
    add_slide(&m, SLIDE_END, _("The end"));
    if (plan->minutes)
        t->minutes = plan->minutes;
    return t;
}

void talk_free(struct talk *t)
{
    if (!t)
        return;
    plan_free(t->plan);
    pool_fini(t->pool);
    free(t->pool);
    free(t);
}
