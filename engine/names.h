/* How addresses and code places are spelled. The sentences, screens and exports take this
 * interface, so that they can be tested without a binary; engine/symbols.h provides the real one.
 */
#ifndef LOCKSTEP_NAMES_H
#define LOCKSTEP_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* Addresses of memory that belongs to one process carry its index above these bits; those of the
 * first process and of what processes share carry 0. */
#define PLACE_BITS    48
#define PLACE_ADDRESS ((1ull << PLACE_BITS) - 1)

struct place {
    const char *file;     /* as given to the compiler; "" if unknown; lives as long as the names */
    const char *function; /* "" if unknown */
    int line;             /* from 1; 0 if unknown */
};

struct names {
    void *ctx;
    /* Spell the variable at addr of `size` bytes (0 unknown) into out: "counter", "buf[3]",
     * "q.head", "heap#2+8", "0x7fff..." as the last resort. Always NUL-terminates. */
    void (*object)(void *ctx, uint64_t addr, uint32_t size, char *out, size_t n);
    /* The place of a code address (the exact instruction; callers pass return address - 1). */
    void (*place)(void *ctx, uint64_t pc, struct place *out);
    /* Spell a value of `size` bytes (1..8, in the low bytes of value) stored at addr by the type of
     * the variable there: "-1", "'a'", "0x0", "RED". Falls back to a signed decimal. */
    void (*value)(void *ctx, uint64_t addr, uint32_t size, uint64_t value, char *out, size_t n);
    /* Whether an address that carries no process is memory of the first one alone (a global, a
     * stack, a heap block): 0 for what processes share. NULL: never. */
    int (*is_private)(void *ctx, uint64_t addr);
};

#endif
