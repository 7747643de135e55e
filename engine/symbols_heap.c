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

static void add(struct heap *h, struct block made)
{
    if (h->nrecent == MAX_RECENT)
        merge(h);
    if (made.high > made.low)
        h->recent[h->nrecent++] = made;
}

void symbols_add_block(struct symbols *s, uint64_t addr, uint64_t size, unsigned task, uint64_t pc)
{
    struct heap *h = &s->heap;
    (void)task;
    (void)pc;
    add(h, (struct block){.low = addr, .high = addr + (size ? size : 1), .number = ++h->count});
}

/* The next number of that word, and a copy of it that lasts. */
static uint32_t count_word(struct heap *h, const char *word, size_t n, const char **kept)
{
    size_t i = 0;
    if (n >= sizeof h->words[0].word)
        n = sizeof h->words[0].word - 1;
    while (i < h->nwords &&
           (strlen(h->words[i].word) != n || memcmp(h->words[i].word, word, n) != 0))
        i++;
    if (i == sizeof h->words / sizeof *h->words)
        i--; /* more kinds than there are */
    if (i == h->nwords) {
        memcpy(h->words[i].word, word, n);
        h->words[i].word[n] = '\0';
        h->words[h->nwords++].count = 0;
    }
    *kept = h->words[i].word;
    return ++h->words[i].count;
}

void symbols_add_named(struct symbols *s, uint64_t addr, uint64_t size, const char *word, size_t n,
                       int shared)
{
    struct block made = {.low = addr, .high = addr + (size ? size : 1), .is_shared = shared};
    made.number = count_word(&s->heap, word, n, &made.word);
    add(&s->heap, made);
}

static uint64_t tag_of(unsigned process)
{
    return (uint64_t)process << PLACE_BITS;
}

int symbols_has_block(struct symbols *s, uint64_t addr)
{
    return sym_heap_at(&s->heap, addr) != NULL;
}

void symbols_fork_blocks(struct symbols *s, unsigned from, unsigned to)
{
    struct heap *h = &s->heap;
    merge(h);
    for (size_t i = 0, n = h->nsorted; i < n; i++) {
        struct block b = h->sorted[i];
        if (b.is_shared || b.low >> PLACE_BITS != from || from == to)
            continue;
        b.low = (b.low & PLACE_ADDRESS) | tag_of(to);
        b.high = (b.high & PLACE_ADDRESS) | tag_of(to);
        h->sorted = sym_grow(h->sorted, h->nsorted, &h->cap, sizeof *h->sorted);
        h->sorted[h->nsorted++] = b;
    }
    if (h->nsorted)
        qsort(h->sorted, h->nsorted, sizeof *h->sorted, by_low);
}

void symbols_clear_blocks(struct symbols *s)
{
    s->heap.nsorted = s->heap.nrecent = 0;
    s->heap.count = s->heap.nwords = 0;
}

void symbols_set_process(struct symbols *s, unsigned process)
{
    s->tag = tag_of(process);
}

const char *sym_block_word(const struct block *b)
{
    return b->word ? b->word : "heap";
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
