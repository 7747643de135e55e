/* Any bytes as what a presentation says, in pieces, and as what notes ask. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "present_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

static void check_state(const struct wire_state *s)
{
    struct wire_state again;
    struct buf b = {0};
#define WIRE_TEXT(field, word) check(s->field != NULL);
#include "present_wire.def"
    wire_init(&again);
    wire_write(s, &b);
    check(b.len <= WIRE_MOST && wire_read(&b, &again, NULL) == 1);
    check(again.slide == s->slide && b.len == 0);
    if (strlen(s->now) < 1000)
        check(!strcmp(again.now, s->now));
    wire_fini(&again);
    buf_fini(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wire_state s;
    struct buf in = {0};
    struct err e = {0};
    int rc = 0;
    wire_init(&s);
    for (size_t at = 0; at < size && rc >= 0;) {
        size_t n = 1 + data[at] % 61;
        n = n > size - at ? size - at : n;
        buf_add(&in, data + at, n);
        at += n;
        while ((rc = wire_read(&in, &s, &e)) > 0)
            check_state(&s);
    }
    check(rc >= 0 || e.message[0]);
    wire_fini(&s);
    buf_fini(&in);
    char *line = malloc(size + !size); /* of the exact size, so that reading past it is seen */
    check(line != NULL);
    memcpy(line, data, size);
    int key = wire_request(line, size);
    check(!key || (wire_word(key) != NULL && key != 'q'));
    free(line);
    return 0;
}
