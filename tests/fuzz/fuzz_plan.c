/* Any bytes as a plan: entries and problems that keep their promises, or an error. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {0};
    struct plan *p;
    char *copy = malloc(size + !size); /* of the exact size, so that reading past it is seen */
    check(copy != NULL);
    memcpy(copy, data, size);
    int rc = plan_parse(&p, "fuzz.plan", copy, size, &e);
    free(copy);
    if (rc < 0) {
        check(!p && e.message[0]);
        return 0;
    }
    check(p->nentries > 0 && p->nentries <= PLAN_MAX_ENTRIES && p->title && p->note);
    for (size_t i = 0; i < p->nentries; i++) {
        const struct plan_entry *n = &p->entries[i];
        check(n->line > 0 && n->kind < PLAN_KINDS && n->lesson && n->what && n->note && n->panel);
        check(n->minutes >= 0 && n->schedule && n->text.text && n->path.text && n->then.text);
        check((n->kind == PLAN_ASK) == (n->ask != NULL));
        check(!n->ask || (n->ask->nchoices >= 2 && n->ask->nchoices <= 9 && n->ask->nright > 0));
    }
    for (size_t i = 0; i < p->nproblems; i++)
        check(p->problems[i].line > 0 && *p->problems[i].message);
    struct talk *t = talk_make(p, NULL);
    check(t->nslides >= 2);
    for (size_t i = 0; i < t->nslides; i++) {
        struct buf out = {0};
        talk_line(&t->slides[i], &out);
        talk_text(&t->slides[i], 1, 9, &out);
        talk_answer(&t->slides[i], &out);
        buf_fini(&out);
    }
    struct walk w = {0};
    for (int i = 0; i < 2000 && w.at + 1 < t->nslides; i++)
        walk_on(&w, t, 1, i);
    check(w.at + 1 == t->nslides);
    talk_free(t);
    return 0;
}
