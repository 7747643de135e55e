/* Plain mode: reading a lesson, block by block. */
#include "plain_lesson.h"

#include "path.h"

#include <errno.h>
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

int reading_end(enum talk_answer answer)
{
    return answer == ANSWER_EXIT ? READ_LEAVE : READ_BACK;
}

void reading_saved(int result, const struct err *e)
{
    if (result < 0)
        plain_say(_("This could not be saved: %s"), e->message);
}

/* -------- programs -------- */

static void print_lines(FILE *f, int first, int last)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    for (int number = 1; (n = getline(&line, &cap, f)) >= 0; number++) {
        if (first && (number < first || number > last))
            continue;
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
            line[--n] = '\0';
        printf(n ? "%d  %s\n" : "%d\n", number, line);
    }
    free(line);
}

void reading_file(const char *path, const char *name, int first, int last)
{
    FILE *f = fopen(path, "re");
    if (!f) {
        plain_say("%s: %s", path, strerror(errno));
        return;
    }
    if (first)
        plain_say(_("Program %s, lines %d to %d:"), name, first, last);
    else
        plain_say(_("Program %s:"), name);
    print_lines(f, first, last);
    plain_say(_("End of program."));
    fclose(f);
}

void reading_program(struct reading *r, const char *file, int first, int last)
{
    char *path = lesson_file(r->lesson, file);
    reading_file(path, file, first, last);
    free(path);
}

enum talk_answer reading_whole_program(struct reading *r, const char *file)
{
    if (*file)
        reading_program(r, file, 0, 0);
    else
        plain_say(_("No program goes with this."));
    return ANSWER_STAY;
}

/* These lines were read out already, in this section or the ones before. */
static int was_told(const struct reading *r, const struct lesson_program *p)
{
    const struct lesson_program *t = r->told;
    return t && r->interactive && strcmp(t->file, p->file) == 0 &&
           (!t->first || (p->first && t->first <= p->first && p->last <= t->last));
}

static void read_program(struct reading *r, const struct lesson_program *p)
{
    plain_text(&p->text, NULL, 0);
    if (!was_told(r, p)) {
        reading_program(r, p->file, p->first, p->last);
        r->told = p;
    } else if (p->first) {
        plain_say(_("Program %s, lines %d to %d, which you have read; p at the prompt reads it."),
                  p->file, p->first, p->last);
    } else {
        plain_say(_("Program %s, which you have read; p at the prompt reads it again."), p->file);
    }
}

/* -------- demos -------- */

static int walk(struct plain *p, struct demo *d, struct err *e)
{
    int r = d->path && d->path->nlegs ? path_follow(p->session, d->path, STEP_MS, e) : 0;
    if (r < 0)
        return r;
    if (session_trace(p->session)->nsteps)
        plain_say(d->show ? _("The way there, from the beginning:")
                          : _("These steps are made already:"));
    return d->show ? plain_show(p, e) : plain_converse(p, &d->talk, e);
}

int plain_demo(struct reading *r, struct demo *d)
{
    struct given g;
    struct plain p = {0};
    struct program *program = NULL;
    struct err e = {0};
    char *name = lesson_file(r->lesson, d->file);
    d->talk.store = r->store;
    d->talk.lesson = r->lesson->id;
    int result = given_open(&g, &name, 1, NULL, 0, &e);
    if (result == 0)
        result = given_build(&g, &program, &e);
    if (result == 0)
        result = plain_open(&p, &g, program, 0, PLAIN_LINES, &e);
    if (result == 0)
        result = walk(&p, d, &e);
    if (result < 0 && !signal_caught())
        plain_say("%s", e.message);
    plain_close(&p);
    if (program)
        program_free(program);
    given_fini(&g);
    free(name);
    if (signal_caught() || pipe_broken() || result > 0)
        return READ_LEAVE;
    return result < 0 ? READ_FAILED : READ_ON;
}

enum talk_answer talk_offer_next(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    s->done = 1;
    return ANSWER_STAY;
}

enum talk_answer talk_offer_program(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    return reading_whole_program(s->r, s->program->file);
}

int plain_offer(struct reading *r, const struct lesson_program *program)
{
    struct spot s = {.r = r, .program = program};
    plain_say(_("To do: step %s."), program->file);
    plain_text(&program->text, NULL, 2);
    if (!r->interactive) {
        char *path = lesson_file(r->lesson, program->file);
        plain_say(_("Step it with: lockstep run %s"), path);
        free(path);
    }
    while (!s.done) {
        const char *line = reading_ask(r, _("Enter steps it here, n goes on; ? or q > "));
        if (!line)
            return r->interactive ? READ_LEAVE : READ_ON;
        if (*line) {
            enum talk_answer answer = talk_run(TALK_OFFER, &s, line);
            if (answer == ANSWER_BACK || answer == ANSWER_EXIT)
                return reading_end(answer);
            if (answer == ANSWER_NONE)
                plain_say(_("'%s' is no answer here; ? lists what is."), line);
            continue;
        }
        struct demo d = {.file = program->file, .path = &program->path};
        int result = plain_demo(r, &d);
        if (result == READ_LEAVE)
            return result;
        puts("");
        if (result == READ_ON)
            plain_text(&program->goal, NULL, 0);
        return READ_ON;
    }
    return READ_ON;
}

/* -------- blocks -------- */

static void read_item(const struct lesson_block *b)
{
    char lead[40];
    int blanks = 2 * (b->depth > 0 && b->depth < 8 ? b->depth - 1 : 0);
    int n = b->number ? snprintf(lead, sizeof lead, "%*s%d. ", blanks, "", b->number)
                      : snprintf(lead, sizeof lead, "%*s- ", blanks, "");
    plain_text(&b->text, lead, n);
}

static void read_code(const struct lesson_block *b)
{
    plain_say(*b->language == 'c' ? _("Code:") : _("Lines:"));
    for (const char *code = b->code; *code;) {
        size_t n = strcspn(code, "\n");
        printf("%.*s\n", (int)n, code);
        code += n + (code[n] == '\n');
    }
    plain_say(*b->language == 'c' ? _("End of code.") : _("End of lines."));
}

static void read_recap(const struct lesson_recap *recap)
{
    plain_say(_("In short:"));
    for (size_t i = 0; i < recap->nsentences; i++)
        plain_text(&recap->sentences[i], "- ", 2);
    plain_text(&recap->calls, _("C calls: "), 2);
    plain_text(&recap->python, _("In Python: "), 2);
    plain_text(&recap->read, _("Manual pages: "), 2);
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
        read_code(b);
        break;
    case LESSON_PROGRAM:
        read_program(r, b->program);
        break;
    case LESSON_RECAP:
        read_recap(b->recap);
        break;
    case LESSON_CLAIMS:
        return READ_ON;
    case LESSON_STEP:
    case LESSON_QUESTION:
    case LESSON_CHALLENGE: {
        int result = b->kind == LESSON_STEP       ? plain_offer(r, b->program)
                     : b->kind == LESSON_QUESTION ? plain_question(r, b->question)
                                                  : plain_challenge(r, b->challenge);
        puts("");
        return result == READ_FAILED ? READ_ON : result;
    }
    }
    puts("");
    return READ_ON;
}

int reading_section(struct reading *r)
{
    const struct lesson_section *section = &r->lesson->sections[r->section];
    struct err e = {0};
    if (r->interactive)
        reading_saved(store_place_save(r->store, r->lesson->id, (int)r->section, NULL, &e), &e);
    plain_say(_("Section %zu of %zu: %s"), r->section + 1, r->lesson->nsections, section->title);
    puts("");
    int result = READ_ON;
    for (size_t i = 0; i < section->nblocks && result == READ_ON; i++) {
        const struct lesson_block *b = &section->blocks[i];
        if (i > 0 && b[-1].kind == LESSON_ITEM && b->kind != LESSON_ITEM)
            puts(""); /* after a list */
        result = out_flush() < 0 || signal_caught() ? READ_LEAVE : read_block(r, b);
    }
    if (section->nblocks && section->blocks[section->nblocks - 1].kind == LESSON_ITEM)
        puts("");
    return result;
}
