#include "plain_lesson.h"

#include "path.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { STEP_MS = 5000 };

const char *reading_ask(struct reading *r, const char *prompt)
{
    if (!r->interactive || !plain_ask(prompt, &r->line, &r->cap))
        return NULL;
    char *s = r->line + strspn(r->line, " \t");
    size_t n = strlen(s);
    while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
        s[--n] = '\0';
    return s;
}

void reading_saved(int result, const struct err *e)
{
    if (result < 0)
        printf(_("(This could not be saved: %s)\n"), e->message);
}

/* -------- programs -------- */

static void print_source(const struct lesson *l, const struct lesson_program *program)
{
    char *path = lesson_file(l, program->file);
    FILE *f = fopen(path, "re");
    if (!f) {
        printf("  %s: %s\n", path, strerror(errno));
        free(path);
        return;
    }
    printf(_("  Program %s\n"), program->file);
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    for (int number = 1; (n = getline(&line, &cap, f)) >= 0; number++) {
        if (program->first && (number < program->first || number > program->last))
            continue;
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
            line[--n] = '\0';
        printf("  %3d  %s\n", number, line);
    }
    free(line);
    fclose(f);
    free(path);
}

static int walk(struct plain *p, const struct lesson_path *path, int show,
                int (*reached)(void *ctx, struct plain *p), void *ctx, struct err *e)
{
    int r = path && path->nlegs ? path_follow(p->session, path, STEP_MS, e) : 0;
    plain_tell(p);
    if (r < 0)
        return r;
    if (!show)
        return plain_converse(p, reached, ctx, e);
    r = plain_finish(p, e);
    if (r == 0)
        plain_summary(p);
    return r;
}

int plain_demo(struct reading *r, const char *file, const struct lesson_path *path, int show,
               int (*reached)(void *ctx, struct plain *p), void *ctx)
{
    struct given g;
    struct plain p = {0};
    struct program *program = NULL;
    struct err e = {0};
    char *name = lesson_file(r->lesson, file);
    int result = given_open(&g, &name, 1, NULL, 0, &e);
    if (result == 0)
        result = given_build(&g, &program, &e);
    if (result == 0)
        result = plain_open(&p, &g, program, 0, PLAIN_LINES, &e);
    p.by_hand = reached != NULL;
    if (result == 0)
        result = walk(&p, path, show, reached, ctx, &e);
    if (result < 0 && !signal_caught())
        printf("%s\n", e.message);
    plain_close(&p);
    if (program)
        program_free(program);
    given_fini(&g);
    free(name);
    if (signal_caught() || pipe_broken())
        return READ_LEAVE;
    return result < 0 ? READ_FAILED : READ_ON;
}

static int read_step(struct reading *r, const struct lesson_program *program)
{
    char *path = lesson_file(r->lesson, program->file);
    plain_text(&program->text, NULL, 2);
    printf(_("  Step it: lockstep run %s\n"), path);
    free(path);
    const char *answer = reading_ask(r, "Enter steps it here, n goes on, q leaves > ");
    if (!answer)
        return r->interactive ? READ_LEAVE : READ_ON;
    if (answer[0] == 'q')
        return READ_LEAVE;
    if (answer[0] == 'n')
        return READ_ON;
    int result = plain_demo(r, program->file, &program->path, 0, NULL, NULL);
    if (result == READ_ON)
        plain_text(&program->goal, NULL, 2);
    return result;
}

/* -------- blocks -------- */

static void read_item(const struct lesson_block *b)
{
    char lead[40];
    int indent = 2 * (b->depth > 0 && b->depth < 8 ? b->depth : 1) + 2;
    if (b->number)
        snprintf(lead, sizeof lead, "%*s%d. ", indent - 4, "", b->number);
    else
        snprintf(lead, sizeof lead, "%*s- ", indent - 2, "");
    plain_text(&b->text, lead, indent);
}

static void read_code(const char *code)
{
    while (*code) {
        size_t n = strcspn(code, "\n");
        printf("    %.*s\n", (int)n, code);
        code += n + (code[n] == '\n');
    }
}

static void read_recap(const struct lesson_recap *recap)
{
    puts(_("In short:"));
    for (size_t i = 0; i < recap->nsentences; i++)
        plain_text(&recap->sentences[i], "- ", 2);
    plain_text(&recap->calls, _("C calls: "), 2);
    plain_text(&recap->python, _("In Python: "), 2);
    plain_text(&recap->read, _("Read on: "), 2);
}

static int read_block(struct reading *r, const struct lesson_block *b)
{
    switch (b->kind) {
    case LESSON_PARAGRAPH:
    case LESSON_HEADING:
        plain_text(&b->text, NULL, 0);
        break;
    case LESSON_ITEM:
        read_item(b);
        return READ_ON; /* no empty line between the items of a list */
    case LESSON_CODE:
        read_code(b->code);
        break;
    case LESSON_PROGRAM:
        plain_text(&b->program->text, NULL, 0);
        print_source(r->lesson, b->program);
        break;
    case LESSON_RECAP:
        read_recap(b->recap);
        break;
    case LESSON_CLAIMS:
        return READ_ON;
    case LESSON_STEP:
    case LESSON_QUESTION:
    case LESSON_CHALLENGE: {
        int result = b->kind == LESSON_STEP       ? read_step(r, b->program)
                     : b->kind == LESSON_QUESTION ? plain_question(r, b->question)
                                                  : plain_challenge(r, b->challenge);
        puts("");
        return result == READ_LEAVE ? READ_LEAVE : READ_ON;
    }
    }
    puts("");
    return READ_ON;
}

static int read_section(struct reading *r, size_t index)
{
    const struct lesson_section *section = &r->lesson->sections[index];
    struct err e = {0};
    if (r->interactive)
        reading_saved(store_place_save(r->store, r->lesson->id, (int)index, NULL, &e), &e);
    printf(_("Section %zu of %zu: %s\n\n"), index + 1, r->lesson->nsections, section->title);
    int result = READ_ON;
    for (size_t i = 0; i < section->nblocks && result == READ_ON; i++) {
        const struct lesson_block *b = &section->blocks[i];
        if (i > 0 && b[-1].kind == LESSON_ITEM && b->kind != LESSON_ITEM)
            puts(""); /* after a list */
        result = out_flush() < 0 || signal_caught() ? READ_LEAVE : read_block(r, b);
    }
    return result;
}

/* -------- the lesson -------- */

static void section_done(struct reading *r, size_t index)
{
    struct err e = {0};
    reading_saved(store_section_set(r->store, r->lesson->id, (int)index, STORE_DONE, &e), &e);
}

/* After a section: where next? Sets *index; nsections is past the end. */
static int turn_page(struct reading *r, size_t *index)
{
    size_t n = r->lesson->nsections;
    if (!r->interactive) {
        ++*index;
        return READ_ON;
    }
    for (;;) {
        const char *answer = reading_ask(
            r, *index + 1 < n ? "Enter: next section; b: back; a number: that section; q: leave > "
                              : "Enter: the lesson is done; b: back; a number: that section; q: "
                                "leave > ");
        if (!answer || answer[0] == 'q')
            return READ_LEAVE;
        char *end;
        unsigned long number = strtoul(answer, &end, 10);
        if (!*answer) {
            section_done(r, *index);
            ++*index;
            return READ_ON;
        }
        if (answer[0] == 'b' && !answer[1]) {
            *index -= *index > 0;
            return READ_ON;
        }
        if (end != answer && !*end && number >= 1 && number <= n) {
            *index = number - 1;
            return READ_ON;
        }
        printf(_("'%s' is none of these.\n"), answer);
    }
}

static size_t where_left(struct reading *r)
{
    struct store_lesson *row = NULL;
    size_t index = 0;
    if (r->interactive && store_place_get(r->store, r->lesson->id, &row, NULL) > 0 &&
        row->section > 0 && (size_t)row->section < r->lesson->nsections) {
        index = (size_t)row->section;
        printf(_("You left off in section %zu; b goes back, 1 to the beginning.\n"), index + 1);
    }
    free(row);
    return index;
}

static void lesson_done(struct reading *r)
{
    struct err e = {0};
    if (!r->interactive)
        return;
    reading_saved(store_lesson_set(r->store, r->lesson->id, STORE_DONE, &e), &e);
    printf(_("Lesson %s is done.\n"), r->lesson->id);
}

static void lesson_head(const struct lesson *l)
{
    printf(_("%s: %s (%s, about %d minutes)\n"), l->id, l->title, lesson_level_word(l->level),
           l->minutes);
    if (l->summary && *l->summary)
        plain_words(l->summary, NULL, 0);
    for (size_t i = 0; i < l->nneeds; i++)
        printf(_("Best after: %s\n"), l->needs[i]);
    puts("");
}

int plain_lesson(const struct lesson *l, struct store *s, int interactive, struct err *e)
{
    struct reading r = {.lesson = l, .store = s, .interactive = interactive};
    lesson_head(l);
    int result = READ_ON;
    for (size_t index = where_left(&r); index < l->nsections && result == READ_ON;) {
        result = read_section(&r, index);
        if (result == READ_ON)
            result = turn_page(&r, &index);
    }
    if (result == READ_ON)
        lesson_done(&r);
    free(r.line);
    return signal_caught() ? err_set(e, ERR_INTERRUPTED, "interrupted") : 0;
}

/* -------- the list of lessons -------- */

static enum store_status status_of(struct store *s, const struct lesson *l)
{
    struct store_lesson *row = NULL;
    enum store_status status =
        store_place_get(s, l->id, &row, NULL) > 0 ? (enum store_status)row->status : STORE_NEW;
    free(row);
    return status;
}

/* Where to go on: the lesson visited last or, when that is done, the next one that is not. */
static const struct lesson *next_lesson(const struct catalogue *c, struct store *s)
{
    struct store_lesson *row = NULL;
    size_t at = 0;
    if (store_place_last(s, &row, NULL) > 0)
        for (size_t i = 0; i < c->nlessons; i++)
            if (strcmp(c->lessons[i]->id, row->lesson) == 0)
                at = i;
    free(row);
    for (size_t i = 0; i < c->nlessons; i++) {
        const struct lesson *l = c->lessons[(at + i) % c->nlessons];
        enum store_status status = status_of(s, l);
        if (status != STORE_DONE && status != STORE_SKIPPED)
            return l;
    }
    return c->nlessons ? c->lessons[at] : NULL;
}

static void list_lessons(const struct catalogue *c, struct store *s)
{
    for (size_t u = 0; u < c->nunits; u++) {
        const struct lesson_unit *unit = &c->units[u];
        printf("%s\n", unit->title);
        for (size_t i = unit->first; i < unit->first + unit->n; i++) {
            const struct lesson *l = c->lessons[i];
            printf("  %2zu  %s, %s (%s)\n", i + 1, l->title, store_status_word(status_of(s, l)),
                   l->id);
        }
    }
}

static const struct lesson *pick_lesson(const struct catalogue *c, struct store *s,
                                        const char *answer)
{
    char *end;
    unsigned long number = strtoul(answer, &end, 10);
    if (!*answer)
        return next_lesson(c, s);
    if (end != answer && !*end)
        return number >= 1 && number <= c->nlessons ? c->lessons[number - 1] : NULL;
    return catalogue_find(c, answer);
}

int plain_home(const struct catalogue *c, struct store *s, int interactive, struct err *e)
{
    struct reading r = {.store = s, .interactive = interactive};
    int result = 0;
    while (result == 0) {
        list_lessons(c, s);
        const struct lesson *next = next_lesson(c, s);
        if (!interactive || !next)
            break;
        printf(_("Enter: %s; a number: that lesson; q: leave\n"), next->id);
        const char *answer = reading_ask(&r, "> ");
        if (!answer || strcmp(answer, "q") == 0)
            break;
        const struct lesson *l = pick_lesson(c, s, answer);
        if (l)
            result = plain_lesson(l, s, interactive, e);
        else
            printf(_("'%s' is no lesson.\n"), answer);
    }
    free(r.line);
    if (signal_caught())
        return err_set(e, ERR_INTERRUPTED, "interrupted");
    return result;
}
