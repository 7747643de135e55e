#include "pool.h"

#include "base.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 8192, ALIGN = alignof(max_align_t) };

struct pool_block {
    struct pool_block *next;
    size_t used, cap;
    alignas(max_align_t) char bytes[];
};

void *pool_alloc(struct pool *a, size_t n)
{
    n = (n + ALIGN - 1) / ALIGN * ALIGN;
    struct pool_block *b = a->blocks;
    if (!b || b->cap - b->used < n) {
        size_t cap = n > BLOCK_BYTES ? n : (size_t)BLOCK_BYTES;
        b = xcalloc(1, sizeof *b + cap);
        b->cap = cap;
        b->next = a->blocks;
        a->blocks = b;
    }
    void *p = b->bytes + b->used;
    b->used += n;
    return p;
}

char *pool_strndup(struct pool *a, const char *s, size_t n)
{
    char *p = pool_alloc(a, n + 1);
    if (n)
        memcpy(p, s, n);
    return p;
}

char *pool_strdup(struct pool *a, const char *s)
{
    return pool_strndup(a, s, strlen(s));
}

void *pool_push(struct pool *a, void *array, size_t *n, size_t size)
{
    void *old;
    memcpy(&old, array, sizeof old); /* array is the address of a pointer to any type */
    /* the capacity is the next power of two, so it need not be stored */
    if ((*n & (*n - 1)) == 0) {
        void *grown = pool_alloc(a, (*n ? 2 * *n : 1) * size);
        if (*n)
            memcpy(grown, old, *n * size);
        memcpy(array, &grown, sizeof grown);
        old = grown;
    }
    return (char *)old + (*n)++ * size;
}

void pool_fini(struct pool *a)
{
    while (a->blocks) {
        struct pool_block *next = a->blocks->next;
        free(a->blocks);
        a->blocks = next;
    }
}
