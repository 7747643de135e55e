/* The lesson screen: from a block of the text to the step screen. */
#include "find_screen.h"
#include "fix_screen.h"
#include "lesson_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a block asks to be stepped. */
struct wanted {
    const char *file;
    const struct lesson_path *path;
    const struct lesson_text *text, *goal;
    const struct lesson_challenge *challenge;
    int at_end; /* stand where the path ends, not where it begins */
};

static struct wanted wanted_of(struct lesson_view *v, size_t block)
{
    const struct lesson_section *s = lesson_section_at(v);
    struct wanted w = {0};
    const struct lesson_block *b = block < s->nblocks ? &s->blocks[block] : NULL;
    if (b && b->kind == LESSON_STEP) {
        w.file = b->program->file;
        w.path = &b->program->path;
        w.text = &b->program->text;
        w.goal = &b->program->goal;
        w.at_end = 1;
    } else if (b && b->kind == LESSON_QUESTION) {
        w.file = b->question->file;
        w.path = &b->question->path;
        w.text = &b->question->ask;
    } else if (b && b->kind == LESSON_CHALLENGE) {
        w.file = b->challenge->file;
        w.challenge = b->challenge->kind == CHALLENGE_BREAK ? b->challenge : NULL;
    }
    if (!w.file || !*w.file) {
        const struct lesson_program *p =
            lesson_program_at(v->lesson, v->section, block < s->nblocks ? block : 0);
        w.file = p ? p->file : NULL;
    }
    return w;
}

static void reached(void *ctx, struct ui *ui, int passed, const char *token, const char *message)
{
    struct lesson_view *v = ctx;
    const struct lesson_section *s = lesson_section_at(v);
    const struct lesson_challenge *ch = s->blocks[v->open_block].challenge;
    struct err e = {0};
    if (passed) {
        lesson_quiz(v, &s->blocks[v->open_block])->passed = 1;
        lesson_tell_broken(v, ui, ch, message);
    }
    if (!ui->store)
        return;
    struct store_attempt a = {
        .lesson = v->lesson->id,
        .challenge = ch->id,
        .kind = STORE_BREAK,
        .tried = token,
        .passed = passed,
        .verdict = passed && ch->goal_finding >= 0 ? finding_word((unsigned)ch->goal_finding) : "",
        .message = message};
    if (store_attempt_save(ui->store, &a, &e) < 0)
        lesson_say(v, ROLE_BAD, _("not saved: %s"), e.message);
}

static void moved(void *ctx, const char *token, uint32_t step)
{
    lesson_save_place(ctx, token, step);
}

static char *words_of(const struct wanted *w)
{
    const char *text = w->text && w->text->text ? w->text->text : "";
    const char *goal = w->goal && w->goal->text ? w->goal->text : "";
    if (!*text && !*goal)
        return NULL;
    return xasprintf("%s%s%s", text, *text && *goal ? "\n\n" : "", goal);
}

void lesson_close_step(struct lesson_view *v)
{
    if (v->program)
        program_free(v->program);
    v->program = NULL;
    free(v->step_text);
    v->step_text = NULL;
    v->open_block = SIZE_MAX;
}

const char *lesson_file_of(struct lesson_view *v, size_t block)
{
    return wanted_of(v, block).file;
}

void lesson_open_step(struct lesson_view *v, size_t block, const struct schedule *start,
                      uint32_t cursor)
{
    const char *file = lesson_file_of(v, block);
    if (file)
        lesson_build(v, file, 0, block, start, cursor);
    else
        lesson_say(v, ROLE_NOTE, "%s", _("this part has no program to step"));
}

void lesson_step_program(struct lesson_view *v, size_t block, const struct schedule *start,
                         uint32_t cursor)
{
    struct wanted w = wanted_of(v, block);
    struct err e = {0};
    struct port port;
    struct session_options options = {.main_exit_wait = v->ui->options->main_exit_wait,
                                      .stuck_ms = v->ui->options->stuck_ms};
    if (port_open(&port, v->program, &options, &e) < 0) {
        lesson_say(v, ROLE_BAD, "%s", e.message);
        lesson_close_step(v);
        return;
    }
    v->open_block = block;
    v->step_text = words_of(&w);
    struct step_setup setup = {.title = v->lesson->id,
                               .program = w.file,
                               .lesson = v->lesson->id,
                               .text = v->step_text,
                               .challenge = w.challenge,
                               .start = start,
                               .path = w.path,
                               .cursor = start      ? cursor
                                         : w.at_end ? UINT32_MAX
                                                    : 0,
                               .reached = reached,
                               .moved = moved,
                               .ctx = v};
    step_push(v->ui, port, &setup);
}

static void solved(void *ctx)
{
    struct lesson_view *v = ctx;
    lesson_quiz(v, &lesson_section_at(v)->blocks[v->open_block])->passed = 1;
}

void lesson_open_challenge(struct lesson_view *v, size_t block)
{
    const struct lesson_block *b = &lesson_section_at(v)->blocks[block];
    int *hints = &lesson_quiz(v, b)->hints;
    struct err e = {0};
    lesson_close_step(v);
    v->open_block = block;
    if (b->challenge->kind == CHALLENGE_FIND)
        find_push(v->ui, v->lesson, b->challenge, hints, solved, v);
    else if (fix_push(v->ui, v->lesson, b->challenge, hints, solved, v, &e) < 0)
        lesson_say(v, ROLE_BAD, "%s", e.message);
}
