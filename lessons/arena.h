/* Memory that is freed all at once: a lesson is read into one. Zero-initialised is empty. */
#ifndef LOCKSTEP_ARENA_H
#define LOCKSTEP_ARENA_H

#include <stddef.h>

struct arena_block;
struct arena {
    struct arena_block *blocks;
};

/* n zeroed bytes, aligned for any type; never NULL. */
void *arena_alloc(struct arena *a, size_t n);
/* A copy of s[0..n) with a NUL after it. */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strdup(struct arena *a, const char *s);
/* Make room for one more element of `size` bytes in an array that grew by arena_push only:
 * *array has *n of them. Returns the new element, zeroed; *array may move and *n grows. */
void *arena_push(struct arena *a, void *array, size_t *n, size_t size);
void arena_fini(struct arena *a);

#endif
