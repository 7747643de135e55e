/* Heap blocks as told, found by address. Blocks come one by one and are looked up in between, so
 * new ones wait in a short list and are merged into the sorted table when it is full. */
#include <stdlib.h>
#include <string.h>

#include "symbols_internal.h"

enum { MAX_RECENT = sizeof((struct heap *)0)->recent / sizeof(struct block) };

static int by_low(const void *a, const void *b)
{
    const struct block *x = a, *y = b;
    return x->low < y->low ? -1 : x->low > y->low;
}

static int overlaps(const struct block *a, const struct block *b)
{
    return a->low < b->high && b->low < a->high;
}

/* Newer blocks replace the older ones they overlap: those were freed meanwhile. Sorts the recent
 * list; what was replaced in it is dropped. */
static size_t sort_recent(struct heap *h)
{
    size_t n = 0;
    for (size_t i = h->nrecent; i-- > 0;) {
        int replaced = 0;
        for (size_t j = i + 1; j < h->nrecent && !replaced; j++)
            replaced = h->recent[j].high && overlaps(&h->recent[i], &h->recent[j]);
        if (replaced)
            h->recent[i].high = 0;
    }
    for (size_t i = 0; i < h->nrecent; i++)
        if (h->recent[i].high)
            h->recent[n++] = h->recent[i];
    qsort(h->recent, n, sizeof *h->recent, by_low);
    return n;
}

static void merge(struct heap *h)
{
    size_t nnew = sort_recent(h), kept = 0, j = 0;
    for (size_t i = 0; i < h->nsorted; i++) {
        while (j < nnew && h->recent[j].high <= h->sorted[i].low)
            j++;
        if (j >= nnew || !overlaps(&h->recent[j], &h->sorted[i]))
            h->sorted[kept++] = h->sorted[i];
    }
    size_t total = kept + nnew;
    if (total > h->cap) {
        h->cap = total * 2;
        h->sorted = xrealloc(h->sorted, h->cap, sizeof *h->sorted);
    }
    for (size_t i = kept, k = total, n = nnew; n > 0;) { /* from the end, in place */
        if (i > 0 && h->sorted[i - 1].low > h->recent[n - 1].low)
            h->sorted[--k] = h->sorted[--i];
        else
            h->sorted[--k] = h->recent[--n];
    }
    h->nsorted = total;
    h->nrecent = 0;
}

void symbols_add_block(struct symbols *s, uint64_t addr, uint64_t size, unsigned task, uint64_t pc)
{
    struct heap *h = &s->heap;
    (void)task;
    (void)pc;
    if (h->nrecent == MAX_RECENT)
        merge(h);
    if (size == 0)
        size = 1;
    struct block made = {.low = addr, .high = addr + size, .number = ++h->count};
    if (made.high > addr)
        h->recent[h->nrecent++] = made;
}

void symbols_clear_blocks(struct symbols *s)
{
    s->heap.nsorted = s->heap.nrecent = 0;
    s->heap.count = 0;
}

struct block *sym_heap_at(struct heap *h, uint64_t addr)
{
    for (size_t i = h->nrecent; i-- > 0;)
        if (addr >= h->recent[i].low && addr < h->recent[i].high)
            return &h->recent[i];
    size_t low = 0, high = h->nsorted;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (h->sorted[mid].low <= addr)
            low = mid + 1;
        else
            high = mid;
    }
    return low && addr < h->sorted[low - 1].high ? &h->sorted[low - 1] : NULL;
}

void sym_heap_fini(struct heap *h)
{
    free(h->sorted);
    *h = (struct heap){0};
}
