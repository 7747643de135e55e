/* Any text: a litmus test or an error with a message; what is read can be made into C, spelled, and
 * its condition asked and read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "litmus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

/* The condition as it is spelled means the same, in the same file. */
static void read_again(const struct litmus *l, const char *text, size_t size)
{
    struct buf spelled = {0}, again = {0}, whole = {0};
    struct litmus *other = NULL;
    int64_t v[LITMUS_SEEN] = {0};
    litmus_spell_prop(l, l->prop, &spelled);
    const char *clause = NULL;
    for (size_t i = 0; i + 6 < size; i++) /* the last one */
        if (memcmp(text + i, "exists", 6) == 0 || memcmp(text + i, "forall", 6) == 0)
            clause = text + i;
    if (clause && l->quantifier != LITMUS_NONE) {
        buf_add(&whole, text, (size_t)(clause - text) + 6);
        buf_printf(&whole, "(%s)", spelled.data);
        if (litmus_read(&other, whole.data, whole.len, "again", NULL) == 0 &&
            other->nseen == l->nseen) {
            litmus_spell_prop(other, other->prop, &again);
            check(strcmp(spelled.data, again.data) == 0);
            check(litmus_holds(other->prop, v) == litmus_holds(l->prop, v));
        }
    }
    litmus_free(other);
    buf_fini(&spelled);
    buf_fini(&again);
    buf_fini(&whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct litmus *l = NULL;
    struct err e = {0};
    const char *text = (const char *)data;
    int64_t v[LITMUS_SEEN] = {0};
    if (litmus_read(&l, text, size, "test", &e)) {
        check(!l && e.code && strlen(e.message) > 10);
        return 0;
    }
    check(l->nthreads > 0 && l->nseen > 0 && l->prop != NULL);
    for (int kind = LITMUS_FREE; kind <= LITMUS_BUFFERED; kind++) {
        struct buf source = {0};
        litmus_make(l, (enum litmus_program)kind, &source);
        check(strlen(source.data) == source.len);
        buf_fini(&source);
    }
    struct buf spelled = {0};
    litmus_spell_state(l, v, &spelled);
    buf_fini(&spelled);
    read_again(l, text, size);
    litmus_free(l);
    return 0;
}
