/* Memory that is freed all at once: a lesson is read into one. Zero-initialised is empty. */
#ifndef LOCKSTEP_POOL_H
#define LOCKSTEP_POOL_H

#include <stddef.h>

struct pool_block;
struct pool {
    struct pool_block *blocks;
};

/* n zeroed bytes, aligned for any type; never NULL. */
void *pool_alloc(struct pool *a, size_t n);
/* A copy of s[0..n) with a NUL after it. */
char *pool_strndup(struct pool *a, const char *s, size_t n);
char *pool_strdup(struct pool *a, const char *s);
/* Make room for one more element of `size` bytes in an array that grew by pool_push only:
 * *array has *n of them. Returns the new element, zeroed; *array may move and *n grows. */
void *pool_push(struct pool *a, void *array, size_t *n, size_t size);
void pool_fini(struct pool *a);

#endif
