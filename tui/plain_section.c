/* Plain mode: from section to section of a lesson, and what can be asked between them. */
#include "locked.h"
#include "plain_lesson.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int plain_has_words(const char *text, const char *words)
{
    while (*(words += strspn(words, " \t"))) {
        char word[100];
        size_t n = strcspn(words, " \t");
        snprintf(word, sizeof word, "%.*s", (int)(n < 90 ? n : 90), words);
        if (!strcasestr(text, word))
            return 0;
        words += n;
    }
    return 1;
}

static const struct lesson_section *section_of(const struct reading *r)
{
    return &r->lesson->sections[r->section];
}

/* -------- commands -------- */

enum talk_answer talk_section_back(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    if (s->r->section == 0) {
        plain_say(_("This is the first section; q goes back to where you came from."));
        return ANSWER_STAY;
    }
    s->r->section--;
    s->done = 1;
    return ANSWER_ON;
}

enum talk_answer talk_section_repeat(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    s->r->told = NULL;
    s->done = 1;
    return ANSWER_ON;
}

static int status_of_section(const struct store_section *list, int n, size_t section)
{
    for (int i = 0; i < n; i++)
        if (list[i].section == (int)section)
            return list[i].status;
    return STORE_NEW;
}

enum talk_answer talk_section_list(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    const struct lesson *l = s->r->lesson;
    struct store_section *list = NULL;
    int n = store_sections(s->r->store, l->id, &list, NULL);
    (void)rest;
    for (size_t i = 0; i < l->nsections; i++) {
        const char *word = _(store_status_word((enum store_status)status_of_section(list, n, i)));
        plain_say(i == s->r->section ? _("  %zu. %s, %s; you are here") : "  %zu. %s, %s", i + 1,
                  l->sections[i].title, word);
    }
    free(list);
    return ANSWER_STAY;
}

static void add_block(const struct lesson_block *b, struct buf *out)
{
    buf_puts(out, " ");
    plain_spell_text(&b->text, out);
    buf_puts(out, b->code ? b->code : "");
    if (b->program)
        plain_spell_text(&b->program->text, out);
    if (b->question)
        plain_spell_text(&b->question->ask, out);
    if (b->challenge) {
        plain_spell_text(&b->challenge->title, out);
        buf_puts(out, " ");
        plain_spell_text(&b->challenge->text, out);
    }
    for (size_t i = 0; b->recap && i < b->recap->nsentences; i++)
        plain_spell_text(&b->recap->sentences[i], out);
}

/* All that a learner reads of a section. */
void plain_section_words(const struct lesson_section *section, struct buf *out)
{
    buf_puts(out, section->title);
    for (size_t i = 0; i < section->nblocks; i++)
        add_block(&section->blocks[i], out);
}

enum talk_answer talk_section_find(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    const struct lesson *l = s->r->lesson;
    int n = 0;
    for (size_t i = 0; *rest && i < l->nsections; i++) {
        struct buf words = {0};
        plain_section_words(&l->sections[i], &words);
        if (plain_has_words(words.data, rest) && ++n)
            plain_say("  %zu. %s", i + 1, l->sections[i].title);
        buf_fini(&words);
    }
    if (!*rest)
        plain_say(_("find takes words, such as find mutex."));
    else if (n == 0)
        plain_say(_("No section has '%s'."), rest);
    return ANSWER_STAY;
}

/* The file that is named or, for "", the one of this section; NULL and it was said. */
static const char *file_of(struct spot *s, const char *name)
{
    const struct lesson_section *section = section_of(s->r);
    const struct lesson_program *p = NULL;
    if (*name && !strchr(name, '/'))
        return name;
    if (*name)
        plain_say(_("'%s' is no file of this lesson."), name);
    else if (section->nblocks)
        p = lesson_program_at(s->r->lesson, s->r->section, section->nblocks - 1);
    if (!*name && !p)
        plain_say(_("No program goes with this section."));
    return p ? p->file : NULL;
}

enum talk_answer talk_section_program(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    const char *file = file_of(s, rest);
    if (file)
        reading_program(s->r, file, 0, 0);
    return ANSWER_STAY;
}

enum talk_answer talk_section_step(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    struct demo d = {.file = file_of(s, rest)};
    if (d.file && plain_demo(s->r, &d) == READ_LEAVE)
        return ANSWER_EXIT;
    return ANSWER_STAY;
}

enum talk_answer talk_section_live(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    const char *file = file_of(s, rest);
    if (!file)
        return ANSWER_STAY;
    char *path = lesson_file(s->r->lesson, file);
    enum talk_answer answer = plain_live(path);
    free(path);
    return answer;
}

enum talk_answer talk_section_notebook(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    if (!plain_notebook(s->r->store, s->r->lesson))
        plain_say(_("Nothing was answered or tried in this lesson yet."));
    return ANSWER_STAY;
}

enum talk_answer talk_section_skip(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    (void)rest;
    if (s->r->section + 1 == s->r->lesson->nsections) {
        plain_say(_("This is the last section; Enter ends the lesson."));
        return ANSWER_STAY;
    }
    s->r->section++;
    s->done = 1;
    return ANSWER_ON;
}

/* -------- what there is to do -------- */

static int is_to_do(const struct lesson_block *b)
{
    return b->kind == LESSON_STEP || b->kind == LESSON_QUESTION || b->kind == LESSON_CHALLENGE;
}

static void say_to_do(int number, const struct lesson_block *b)
{
    struct buf what = {0};
    if (b->kind == LESSON_STEP)
        buf_puts(&what, b->program->file);
    else
        plain_spell_text(b->question ? &b->question->ask : &b->challenge->title, &what);
    plain_say(b->kind == LESSON_STEP       ? _("  %d. step %s")
              : b->kind == LESSON_QUESTION ? _("  %d. question: %s")
                                           : _("  %d. challenge: %s"),
              number, what.data);
    buf_fini(&what);
}

enum talk_answer talk_section_do(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    const struct lesson_section *section = section_of(s->r);
    long wanted = isdigit((unsigned char)*rest) ? strtol(rest, NULL, 10) : 0;
    int number = 0;
    for (size_t i = 0; i < section->nblocks; i++) {
        const struct lesson_block *b = &section->blocks[i];
        if (!is_to_do(b) || (++number != wanted && *rest))
            continue;
        if (!*rest) {
            say_to_do(number, b);
            continue;
        }
        int result = b->kind == LESSON_STEP       ? plain_offer(s->r, b->program)
                     : b->kind == LESSON_QUESTION ? plain_question(s->r, b->question)
                                                  : plain_challenge(s->r, b->challenge);
        return result == READ_LEAVE ? ANSWER_EXIT : ANSWER_STAY;
    }
    if (number == 0)
        plain_say(_("There is nothing to do in this section but to read."));
    else if (*rest)
        plain_say(_("There is no '%s' to do in this section; do alone lists what there is."), rest);
    return ANSWER_STAY;
}

/* -------- from section to section -------- */

static void section_done(struct reading *r)
{
    struct err e = {0};
    reading_saved(store_section_set(r->store, r->lesson->id, (int)r->section, STORE_DONE, &e), &e);
}

static void ask_where(const struct reading *r, struct buf *out)
{
    size_t n = r->lesson->nsections, at = r->section + 1;
    if (at < n)
        buf_printf(out, _("Section %zu of %zu. Enter goes on, b goes back; ? or q > "), at, n);
    else
        buf_printf(out, _("Section %zu of %zu. Enter ends the lesson, b goes back; ? or q > "), at,
                   n);
}

/* A number: that section. 1 if it was one. */
static int go_to_section(struct reading *r, const char *line)
{
    char *end;
    unsigned long number = strtoul(line, &end, 10);
    if (*end || number < 1 || number > r->lesson->nsections) {
        plain_say(_("'%s' is no section; there are %zu."), line, r->lesson->nsections);
        return 0;
    }
    r->section = number - 1;
    return 1;
}

/* After a section: where next? r->section is set; nsections is past the end. */
static int turn_page(struct reading *r)
{
    struct spot s = {.r = r};
    if (!r->interactive) {
        r->section++;
        return READ_ON;
    }
    while (!s.done) {
        struct buf prompt = {0};
        ask_where(r, &prompt);
        const char *line = reading_ask(r, prompt.data);
        buf_fini(&prompt);
        if (!line)
            return READ_LEAVE;
        if (!*line) {
            section_done(r);
            r->section++;
            break;
        }
        enum talk_answer answer = talk_run(TALK_SECTION, &s, line);
        if (answer == ANSWER_BACK || answer == ANSWER_EXIT)
            return reading_end(answer);
        if (answer == ANSWER_NONE && go_to_section(r, line))
            break;
    }
    puts("");
    return READ_ON;
}

/* -------- the lesson -------- */

static void where_left(struct reading *r)
{
    struct store_lesson *row = NULL;
    if (r->interactive && store_place_get(r->store, r->lesson->id, &row, NULL) > 0 &&
        row->section > 0 && (size_t)row->section < r->lesson->nsections) {
        r->section = (size_t)row->section;
        plain_say(_("You left off in section %zu; after it, 1 goes to the beginning."),
                  r->section + 1);
        puts("");
    }
    free(row);
}

static void lesson_done(struct reading *r)
{
    struct err e = {0};
    if (!r->interactive)
        return;
    reading_saved(store_lesson_set(r->store, r->lesson->id, STORE_DONE, &e), &e);
    r->section = 0;
    reading_saved(store_place_save(r->store, r->lesson->id, 0, NULL, &e), &e);
    plain_say(_("The lesson '%s' is done."), r->lesson->title);
}

static void lesson_head(const struct lesson *l)
{
    plain_say(_("Lesson: %s. %s, level %s, about %d minutes."), l->title, l->id,
              _(lesson_level_word(l->level)), l->minutes);
    if (l->summary && *l->summary)
        plain_words(l->summary, NULL, 0);
    for (size_t i = 0; i < l->nneeds; i++)
        plain_say(_("Best after: %s"), l->needs[i]);
    puts("");
}

int plain_lesson(const struct lesson *l, struct store *s, int interactive, struct err *e)
{
    struct reading r = {.lesson = l, .store = s, .interactive = interactive};
    struct buf locked = {0};
    int result = READ_ON;
    if (locked_why(s, l, &locked)) {
        puts(locked.data);
        buf_fini(&locked);
        return 0;
    }
    lesson_head(l);
    where_left(&r);
    while (r.section < l->nsections && (result == READ_ON || result == READ_FAILED)) {
        result = reading_section(&r);
        if (result == READ_ON || result == READ_BACK)
            result = turn_page(&r);
    }
    if (result == READ_ON)
        lesson_done(&r);
    free(r.line);
    if (signal_caught())
        return err_set(e, ERR_INTERRUPTED, _("interrupted"));
    return result == READ_LEAVE;
}
