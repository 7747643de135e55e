/* What one thread did over time, in bounded memory: exact waits and times of events for the recent
 * past, and what took the time in buckets of some 4 ms, 16 ms, 64 ms ... for all of it. A bucket
 * that is full is added to the one above it, so a look costs the same however long the run is. */
#include "live_inside.h"

#include <stdlib.h>
#include <string.h>

/* By so much the kernel's account of who runs may be late. */
#define TICK_NS 8e6f

void history_init(struct history *h)
{
    memset(h, 0, sizeof *h);
}

void history_fini(struct history *h)
{
    for (int l = 0; l < HISTORY_LEVELS; l++)
        free(h->levels[l].ring);
    free(h->bins);
    free(h->waits);
    free(h->marks);
    memset(h, 0, sizeof *h);
}

static uint64_t wait_word(uint64_t addr, unsigned wait_kind, unsigned kind)
{
    return (addr & PLACE_ADDRESS) | (uint64_t)(wait_kind & 0xff) << 48 | (uint64_t)kind << 56;
}

/* Add `share` of *p to *sum; the operations are counted apart, they come in whole numbers. */
static void add_piece(struct piece *sum, const struct piece *p, float share)
{
    uint64_t last = p->wait >> 56 ? p->wait >> 56 : sum->wait >> 56;
    uint64_t wait = sum->wait;
    sum->running += share * p->running;
    sum->ready += share * p->ready;
    sum->blocked += share * p->blocked;
    sum->sleeping += share * p->sleeping;
    sum->stopped += share * p->stopped;
    sum->other += share * p->other;
    if (share * p->longest > sum->longest) {
        sum->longest = share * p->longest;
        sum->by = p->by;
        wait = p->wait;
    }
    sum->wait = (wait & ~(0xffull << 56)) | last << 56;
}

static int is_empty(const struct piece *p)
{
    return p->running + p->ready + p->blocked + p->sleeping + p->stopped + p->other <= 0;
}

/* ---- the pyramid ---- */
static void grow_level(struct level *v)
{
    uint32_t cap = v->cap ? 2 * v->cap : 16;
    struct piece *ring = xcalloc(cap, sizeof *ring);
    for (uint64_t i = v->first; i < v->next; i++)
        ring[i & (cap - 1)] = v->ring[i & (v->cap - 1)];
    free(v->ring);
    v->ring = ring;
    v->cap = cap;
}

static void keep_bucket(struct level *v, const struct piece *p)
{
    if (v->next - v->first == v->cap && v->cap < HISTORY_BUCKETS)
        grow_level(v);
    if (v->next - v->first == v->cap)
        v->first++;
    v->ring[v->next++ & (v->cap - 1)] = *p;
}

/* Bucket `index` of level l is filled from now on; the one before goes to the level above. */
static void advance(struct history *h, unsigned l, uint64_t index)
{
    static const struct piece nothing;
    struct level *v = &h->levels[l];
    if (index <= v->next)
        return;
    struct piece full = v->open;
    uint64_t at = v->next;
    v->open = nothing;
    if (!is_empty(&full))
        keep_bucket(v, &full);
    if (index - v->next > HISTORY_BUCKETS)
        v->first = v->next = index;
    while (v->next < index)
        keep_bucket(v, &nothing);
    if (l + 1 == HISTORY_LEVELS || is_empty(&full))
        return;
    advance(h, l + 1, at / 4);
    add_piece(&h->levels[l + 1].open, &full, 1);
    h->levels[l + 1].open.operations += full.operations;
}

/* ---- a look ---- */
/* The level whose buckets are as wide as the bins. */
static unsigned bin_level(const struct history *h)
{
    unsigned l = 0;
    while (history_width(l) < h->bin_ns)
        l++;
    return l;
}

void history_begin(struct history *h, uint64_t from, uint64_t to)
{
    unsigned l = 0;
    while (l + 1 < HISTORY_LEVELS && (to - from) / history_width(l) + 2 > HISTORY_BINS)
        l++;
    h->from = from > h->fed ? from : h->fed;
    h->to = to;
    h->bin_ns = history_width(l);
    h->bin_shift = HISTORY_SHIFT + 2 * l;
    h->bins_from = h->from & ~(h->bin_ns - 1);
    if (!h->bins)
        h->bins = xcalloc(HISTORY_BINS, sizeof *h->bins);
    memset(h->bins, 0, HISTORY_BINS * sizeof *h->bins);
    h->running = h->ready = 0;
    h->spent = 0;
}

/* The bin of a moment of this look; those outside are put at its ends. */
static struct piece *bin_at(struct history *h, uint64_t time)
{
    uint64_t i = time < h->bins_from ? 0 : (time - h->bins_from) >> h->bin_shift;
    return &h->bins[i < HISTORY_BINS ? i : HISTORY_BINS - 1];
}

static void wait_in_bin(struct piece *p, const struct waited *w, float ns)
{
    if (w->state == TASK_SLEEPING)
        p->sleeping += ns;
    else
        p->blocked += ns;
    if (ns <= p->longest)
        return;
    p->longest = ns;
    p->by = w->by;
    p->wait = (p->wait & 0xffull << 56) | wait_word(w->addr, w->kind, 0);
}

static void wait_in_bins(struct history *h, const struct waited *w)
{
    uint64_t at = w->from > h->from ? w->from : h->from, end = w->to < h->to ? w->to : h->to;
    while (h->bins && at < end) {
        uint64_t next = (at | (h->bin_ns - 1)) + 1;
        next = next < end ? next : end;
        wait_in_bin(bin_at(h, at), w, (float)(next - at));
        at = next;
    }
}

static void *grow_ring(const void *ring, size_t size, uint32_t *cap, uint64_t n)
{
    uint32_t grown = *cap ? 2 * *cap : 16;
    char *bigger = xcalloc(grown, size);
    for (uint64_t i = n - *cap; i < n; i++)
        memcpy(bigger + (i & (grown - 1)) * size, (const char *)ring + (i & (*cap - 1)) * size,
               size);
    *cap = grown;
    return bigger;
}

void history_wait(struct history *h, const struct waited *w)
{
    if (h->nwaits == h->cap_waits && h->cap_waits < HISTORY_WAITS) {
        struct waited *old = h->waits;
        h->waits = grow_ring(old, sizeof *old, &h->cap_waits, h->nwaits);
        free(old);
    }
    struct waited *slot = &h->waits[h->nwaits++ & (h->cap_waits - 1)];
    if (h->nwaits > h->cap_waits)
        h->waits_from = slot->to;
    *slot = h->usual = *w;
    wait_in_bins(h, w);
}

void history_mark(struct history *h, uint64_t time, unsigned kind)
{
    if (h->nmarks == h->cap_marks && h->cap_marks < HISTORY_MARKS) {
        uint64_t *old = h->marks;
        h->marks = grow_ring(old, sizeof *old, &h->cap_marks, h->nmarks);
        free(old);
    }
    uint64_t *slot = &h->marks[h->nmarks++ & (h->cap_marks - 1)];
    if (h->nmarks > h->cap_marks)
        h->marks_from = (*slot >> 8) + 1;
    *slot = time << 8 | (kind & 0xff);
    if (!h->bins)
        return;
    struct piece *p = bin_at(h, time);
    p->operations++;
    p->wait = (p->wait & ~(0xffull << 56)) | (uint64_t)(kind & 0xff) << 56;
}

void history_gap(struct history *h, uint64_t from, uint64_t to, uint64_t operations)
{
    struct stretch *last = h->ngaps ? &h->gaps[(h->ngaps - 1) % HISTORY_GAPS] : NULL;
    if (last && from <= last->to) {
        last->to = to > last->to ? to : last->to;
    } else {
        struct stretch *slot = &h->gaps[h->ngaps++ % HISTORY_GAPS];
        if (h->ngaps > HISTORY_GAPS && h->waits_from < slot->to)
            h->waits_from = slot->to; /* what is before is unknown as a whole */
        *slot = (struct stretch){from, to};
    }
    if (h->bins)
        bin_at(h, to)->operations += (uint32_t)(operations < UINT32_MAX ? operations : UINT32_MAX);
}

/* Waits that nobody told of, in one bin. */
static void wait_untold(struct piece *p, const struct waited *like, float ns)
{
    struct piece told = *p;
    wait_in_bin(p, like, ns);
    if (told.longest > 0) { /* what it waited for is known of those that were told */
        p->longest = told.longest;
        p->by = told.by;
        p->wait = told.wait;
    } else {
        p->by = LIVE_NONE;
    }
}

/* Divide what is no wait in a bin of `length` ns. */
static void divide(struct piece *p, float length, float running, float ready, enum task_state idle)
{
    float waits = p->blocked + p->sleeping;
    if (waits > length) {
        p->blocked *= length / waits;
        p->sleeping *= length / waits;
        p->longest = p->longest < length ? p->longest : length;
        waits = length;
    }
    float left = length - waits;
    p->running = running * left;
    p->ready = ready * left;
    left -= p->running + p->ready;
    if (idle == TASK_STOPPED)
        p->stopped = left;
    else if (idle == TASK_RUNNING)
        p->running += left;
    else if (idle == TASK_READY)
        p->ready += left;
    else if (idle == TASK_BLOCKED)
        p->blocked += left;
    else
        p->other = left;
}

static float length_of(const struct history *h, unsigned bin, uint64_t to)
{
    uint64_t a = h->bins_from + bin * h->bin_ns, b = a + h->bin_ns;
    a = a > h->from ? a : h->from;
    b = b < to ? b : to;
    return b > a ? (float)(b - a) : 0;
}

/* How much of the look was no wait. */
static float free_time(const struct history *h, unsigned n, uint64_t to)
{
    float sum = 0;
    for (unsigned i = 0; i < n; i++) {
        float left = length_of(h, i, to) - h->bins[i].blocked - h->bins[i].sleeping;
        sum += left > 0 ? left : 0;
    }
    return sum;
}

/* Spread what it waited without telling over the look. */
static void add_untold(struct history *h, unsigned n, uint64_t to, uint64_t waited)
{
    float told = 0, left = 0, untold, share;
    for (unsigned i = 0; i < n; i++)
        told += h->bins[i].blocked + h->bins[i].sleeping;
    untold = (float)waited - told;
    left = free_time(h, n, to);
    if (!h->usual.to || untold <= 0 || left <= 0)
        return;
    share = untold < left ? untold / left : 1;
    for (unsigned i = 0; i < n; i++) {
        struct piece *p = &h->bins[i];
        float free_ns = length_of(h, i, to) - p->blocked - p->sleeping;
        if (free_ns > 0)
            wait_untold(p, &h->usual, share * free_ns);
    }
}

void history_end(struct history *h, uint64_t to, const struct waited *open, uint64_t waited,
                 enum task_state idle)
{
    if (!h->bins || to <= h->from)
        return;
    if (open) {
        wait_in_bins(h, open);
        h->usual = *open;
    }
    unsigned n = (unsigned)((to - 1 - h->bins_from) >> h->bin_shift) + 1, level = bin_level(h);
    n = n < HISTORY_BINS ? n : HISTORY_BINS;
    add_untold(h, n, to, waited);
    float left = free_time(h, n, to), spent = (float)(h->running + h->ready);
    float running = 0, ready = 0; /* of the time that is no wait */
    if (h->spent && spent > 0) {
        float all = spent > left ? spent : left;
        running = (float)h->running / all;
        ready = (float)h->ready / all;
    }
    if (h->spent && (idle == TASK_RUNNING || idle == TASK_READY) && left - spent > TICK_NS)
        idle = TASK_SLEEPING;
    for (unsigned i = 0; i < n; i++) {
        struct piece *p = &h->bins[i];
        divide(p, length_of(h, i, to), running, ready, idle);
        advance(h, level, (h->bins_from >> h->bin_shift) + i);
        add_piece(&h->levels[level].open, p, 1);
        h->levels[level].open.operations += p->operations;
    }
    for (unsigned l = 0; l < level; l++) /* finer ones know nothing of it */
        advance(h, l, history_bucket(l, to));
    h->fed = to;
}
