/* Any text: it parses or gives an error; what parses formats to a token that parses to the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schedule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xcalloc(size + 1, 1);
    memcpy(text, data, size);
    struct schedule s, again;
    struct err e = {0};
    schedule_init(&s);
    schedule_init(&again);
    if (schedule_parse(&s, text, &e) < 0) {
        check(e.code != 0 && strlen(e.message) > 10);
        check(s.n == 0 && s.choices == NULL);
    } else if (s.n < 100000) {
        struct buf token = {0}, token_again = {0};
        schedule_format(&s, &token);
        check(schedule_parse(&again, token.data, &e) == 0);
        check(again.n == s.n && again.nshared == s.nshared);
        check(!s.n || !memcmp(again.choices, s.choices, s.n * sizeof *s.choices));
        schedule_format(&again, &token_again);
        check(!strcmp(token.data, token_again.data));
        buf_fini(&token);
        buf_fini(&token_again);
    }
    schedule_fini(&s);
    schedule_fini(&again);
    free(text);
    return 0;
}
