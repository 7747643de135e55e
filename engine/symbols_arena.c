#include <stdlib.h>
#include <string.h>

#include "symbols_internal.h"

enum { CHUNK = 16384, MAX_NAME = 4096 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t used, size;
    _Alignas(16) unsigned char bytes[];
};

void *sym_arena_get(struct arena *a, size_t n)
{
    n = (n + 15) & ~(size_t)15;
    struct arena_chunk *c = a->chunks;
    if (!c || c->size - c->used < n) {
        size_t size = n > CHUNK ? n : CHUNK;
        c = xcalloc(1, sizeof *c + size);
        c->size = size;
        c->next = a->chunks;
        a->chunks = c;
    }
    void *p = c->bytes + c->used;
    c->used += n;
    return p;
}

void sym_arena_fini(struct arena *a)
{
    while (a->chunks) {
        struct arena_chunk *c = a->chunks;
        a->chunks = c->next;
        free(c);
    }
}

const char *sym_arena_name(struct arena *a, const char *s)
{
    if (!s)
        return NULL;
    size_t n = strnlen(s, MAX_NAME);
    char *copy = sym_arena_get(a, n + 1);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        copy[i] = c < 0x20 || c == 0x7f ? '?' : s[i];
    }
    return copy;
}

void *sym_grow(void *array, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return array;
    *cap = *cap ? *cap * 2 : 64;
    return xrealloc(array, *cap, size);
}
