/* The locks a thread holds, in the order of acquisition; those beyond RECORDER_HELD are counted. */
#include "inside.h"

void held_add_many(uint64_t addr)
{
    (void)addr;
    me.slot->nheld++;
}

bool held_remove_slowly(uint64_t addr)
{
    struct recorder_thread *s = me.slot;
    uint32_t n = s->nheld, known = n < RECORDER_HELD ? n : RECORDER_HELD;
    for (uint32_t i = known; i-- > 0;) {
        if (s->held[i] != addr)
            continue;
        for (; i + 1 < known; i++)
            s->held[i] = s->held[i + 1];
        if (n > RECORDER_HELD)
            s->held[known - 1] = 0; /* one that is not known took its place */
        s->nheld = n - 1;
        return true;
    }
    if (n > RECORDER_HELD)
        s->nheld = n - 1;
    return n > RECORDER_HELD;
}
