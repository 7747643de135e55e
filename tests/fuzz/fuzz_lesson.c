/* Any bytes as a lesson.md: a lesson whose texts keep their promises, or an error with a place. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lesson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

static void check_text(const struct lesson_text *t)
{
    size_t end = 0;
    check(t->text != NULL);
    for (size_t i = 0; i < t->nruns; i++) {
        check(t->runs[i].start == end && t->runs[i].n > 0);
        end += t->runs[i].n;
    }
    check(end == strlen(t->text));
    for (const char *p = t->text; *p; p++)
        check((unsigned char)*p >= ' ' || *p == '\n');
}

static void check_block(const struct lesson_block *b)
{
    check(b->line > 0 && b->code && b->language);
    check_text(&b->text);
    if (b->program) {
        check(b->program->file && *b->program->file && b->program->path.text);
        check_text(&b->program->text);
        check_text(&b->program->goal);
    }
    if (b->question) {
        check(b->question->nchoices >= 2 && b->question->nchoices <= 9);
        check(b->question->nright >= 1 && *b->question->id);
        check_text(&b->question->ask);
        check_text(&b->question->explain);
        for (size_t i = 0; i < b->question->nchoices; i++)
            check_text(&b->question->choices[i].text);
    }
    if (b->challenge)
        for (size_t i = 0; i < CHALLENGE_HINTS; i++)
            check_text(&b->challenge->hints[i]);
    if (b->recap)
        for (size_t i = 0; i < b->recap->nsentences; i++)
            check_text(&b->recap->sentences[i]);
    for (size_t i = 0; i < b->nclaims; i++)
        check(b->claims[i].kind < CLAIM_COUNT && *b->claims[i].program && b->claims[i].line > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {0};
    struct lesson *l;
    char *copy = malloc(size + !size); /* of the exact size, so that reading past it is seen */
    memcpy(copy, data, size);
    if (lesson_parse(&l, "x.md", copy, size, &e) != 0) {
        check(l == NULL && e.code == ERR_DATA && !strncmp(e.message, "x.md:", 5));
        check(strtol(e.message + 5, NULL, 10) > 0);
        free(copy);
        return 0;
    }
    memset(copy, 'x', size); /* the lesson may not point into its source */
    free(copy);
    check(l->nsections > 0);
    for (size_t s = 0; s < l->nsections; s++) {
        check(*l->sections[s].title);
        for (size_t b = 0; b < l->sections[s].nblocks; b++) {
            check_block(&l->sections[s].blocks[b]);
            lesson_program_at(l, s, b);
        }
    }
    lesson_free(l);
    return 0;
}
