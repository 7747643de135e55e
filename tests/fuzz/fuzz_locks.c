/* Files of locks: whatever the bytes are, each row names something and can be said, and what is
 * wrong has a message. */
#include "locks.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int done(void *ctx, const char *id)
{
    (void)ctx;
    return id[0] == 'd';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct locks l = {0};
    locks_parse(&l, "locks", (const char *)data, size);
    if (l.problem.code && !*l.problem.message)
        abort();
    for (size_t i = 0; i < l.n; i++) {
        const struct lock *row = &l.rows[i];
        struct buf said = {0};
        locks_say(row, &said);
        if (!*row->what || !said.len || row->line < 1)
            abort();
        buf_fini(&said);
        locks_find(&l, row->what, row->what, "2026-11-21", done, NULL);
    }
    locks_fini(&l);
    return 0;
}
