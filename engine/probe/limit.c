/* Limits on what a program may do to the memory it runs in. */
#include "probe.h"

#include <sys/mman.h>

/* Between here the program's own mappings lie; elsewhere its code, and what is lockstep's. */
#define MAPPINGS_LOW  0x600000000000ull
#define MAPPINGS_HIGH 0x700000000000ull

static bool meets(uint64_t low, uint64_t n, uint64_t from, uint64_t to)
{
    return low < to && low + n > from;
}

static bool is_arena(uint64_t low, uint64_t n)
{
    return meets(low, n, ARENA_ADDRESS, ARENA_ADDRESS + ARENA_BYTES);
}

/* May the program map something at a place of its choice, or unmap it? */
bool mapping_allowed(uint64_t low, uint64_t n)
{
    if (low + n < low)
        return false;
    if (low >= MAPPINGS_LOW && low + n <= MAPPINGS_HIGH)
        return true;
    for (unsigned i = 0; i < S->nmaps; i++)
        if (low >= S->maps[i].low && low + n <= S->maps[i].high)
            return true;
    return !is_arena(low, n) && !meets(low, n, S->text_low, S->text_high) &&
           !meets(low, n, MAPPINGS_HIGH, 1ull << 47) &&
           !meets(low, n, 0x300000000000ull, MAPPINGS_LOW);
}

/* Without its code and its libraries no program gets on. */
bool unmapping_crashes(uint64_t low, uint64_t n)
{
    return low + n > low &&
           (meets(low, n, S->text_low, S->text_high) || meets(low, n, MAPPINGS_HIGH, 1ull << 47));
}

/* For the program there is nothing where the arena lies. */
EXPORT int mprotect(void *p, size_t n, int protection)
{
    if (controlled && is_arena((uint64_t)(uintptr_t)p, n)) {
        errno = ENOMEM;
        return -1;
    }
    int result = REAL(mprotect)(p, n, protection);
    if (controlled && result == 0)
        maps_protected((uint64_t)(uintptr_t)p, n, protection);
    return result;
}
