/* What heap blocks hold, from the types of the pointers to them: breadth first from the globals and
 * the told locals, through structs, arrays and the blocks found on the way. A union is not entered:
 * nothing says which of its members is the true one. */
#include <stdlib.h>
#include <string.h>

#include "symbols_internal.h"

enum { MAX_LOOKS = 20000, MAX_QUEUE = 4096, MAX_ELEMENTS = 256 };

struct learner {
    struct symbols *s;
    const struct memory *m;
    struct {
        struct type *type;
        uint64_t addr, count;
    } queue[MAX_QUEUE];
    size_t head, tail;
    int looks; /* left */
};

static void enqueue(struct learner *l, struct type *type, uint64_t addr, uint64_t count)
{
    if (l->tail == MAX_QUEUE)
        return;
    l->queue[l->tail].type = type;
    l->queue[l->tail].addr = addr;
    l->queue[l->tail++].count = count < MAX_ELEMENTS ? count : MAX_ELEMENTS;
}

/* Only a pointer to the very beginning of a block that has room for what it points at tells. */
static void follow(struct learner *l, struct type *pointer, uint64_t addr)
{
    uint64_t v;
    struct type *to = sym_type_of(l->s, pointer), *plain = sym_type_strip(l->s, to);
    uint64_t size = sym_type_size(l->s, plain);
    if (size == 0 || plain->opaque || sym_type_is_char(l->s, plain) || plain->kind == TYPE_FUNCTION)
        return;
    if (symbols_read(l->s, l->m, addr, &v, sizeof v) != 0)
        return;
    struct block *b = sym_heap_at(&l->s->heap, v | l->s->tag);
    if (!b)
        b = sym_heap_at(&l->s->heap, v);
    if (!b || (b->low & PLACE_ADDRESS) != v || b->type || b->high - b->low < size)
        return;
    b->type = to;
    enqueue(l, to, v, (b->high - b->low) / size);
}

static void scan(struct learner *l, struct type *type, uint64_t addr, int depth)
{
    struct symbols *s = l->s;
    struct type *t = sym_type_strip(s, type);
    if (depth > MAX_CHAIN || l->looks-- <= 0)
        return;
    sym_type_load_members(s, t);
    if (t->opaque)
        return;
    if (t->kind == TYPE_POINTER) {
        follow(l, t, addr);
    } else if (t->kind == TYPE_STRUCT) {
        for (uint32_t i = 0; i < t->nmembers; i++)
            if (!t->members[i].bit_size)
                scan(l, t->members[i].type, addr + t->members[i].offset, depth + 1);
    } else if (t->kind == TYPE_ARRAY) {
        struct type *element = sym_type_of(s, t);
        uint64_t n = t->count_known ? t->count : 0, size = sym_type_size(s, element);
        for (uint64_t i = 0; i < n && i < MAX_ELEMENTS && size; i++)
            scan(l, element, addr + i * size, depth + 1);
    }
}

void symbols_learn_blocks(struct symbols *s, const struct memory *m)
{
    struct learner *l = xcalloc(1, sizeof *l);
    l->s = s;
    l->m = m;
    l->looks = MAX_LOOKS;
    for (size_t i = 0; i < s->nglobals; i++)
        if (s->globals[i].kind == GLOBAL_MEMORY)
            enqueue(l, s->globals[i].type, s->globals[i].addr + s->bias, 1);
    for (size_t i = 0; i < s->stacks.nplaces; i++)
        enqueue(l, s->stacks.places[i].type, s->stacks.places[i].low, 1);
    while (l->head < l->tail) {
        struct type *type = l->queue[l->head].type;
        uint64_t addr = l->queue[l->head].addr, count = l->queue[l->head++].count;
        uint64_t size = sym_type_size(s, type);
        for (uint64_t i = 0; i < count && l->looks > 0; i++)
            scan(l, type, addr + i * size, 0);
    }
    free(l);
}
