/* The lane of a task: what its history says of each column. */
#include "live_inside.h"

#include <string.h>

/* What is known of a column. */
struct sum {
    struct piece p;
    double operations;
};

struct reader {
    const struct history *h;
    float scale;    /* thousandths of a column a ns */
    unsigned level; /* its buckets are not wider than a column, if there are such */
    uint64_t wait;  /* numbers of the next wait and mark to be looked at */
    uint64_t mark;
    int exact; /* columns are narrow: take exact waits where they are known */
};

static int is_empty(const struct piece *p)
{
    return p->running + p->ready + p->blocked + p->sleeping + p->stopped + p->other <= 0;
}

/* The bucket of a level that holds `at`, from *begin to *end; NULL if it has none. */
static const struct piece *bucket_of(const struct history *h, unsigned level, uint64_t at,
                                     uint64_t *begin, uint64_t *end)
{
    const struct level *v = &h->levels[level];
    uint64_t i = history_bucket(level, at);
    if (i < v->first || i > v->next)
        return NULL;
    const struct piece *p = i == v->next ? &v->open : &v->ring[i & (v->cap - 1)];
    *begin = i * history_width(level);
    *end = *begin + history_width(level);
    if (i == v->next && h->fed < *end)
        *end = h->fed;
    return *end > at && !is_empty(p) ? p : NULL;
}

/* The bucket to take for `at`: of the reader's level; the end of that is still in the levels below,
 * and what it no longer has, or never had, in those above. */
static const struct piece *find(const struct reader *r, uint64_t at, uint64_t *begin, uint64_t *end)
{
    const struct history *h = r->h;
    const struct piece *p = NULL;
    for (unsigned l = r->level; !p; l--) {
        int closed = l == 0 || history_bucket(l, at) != h->levels[l].next;
        p = closed ? bucket_of(h, l, at, begin, end) : NULL;
        if (l == 0)
            break;
    }
    for (unsigned l = 0; !p && l < HISTORY_LEVELS; l++)
        p = bucket_of(h, l, at, begin, end);
    return p;
}

/* Where nothing is known at `at`: how far that goes at least. */
static uint64_t skip(const struct reader *r, uint64_t at)
{
    uint64_t width = history_width(r->level);
    return at >= r->h->fed ? UINT64_MAX : at - at % width + width;
}

static void add_share(struct sum *s, const struct piece *p, double share)
{
    float f = (float)share;
    uint64_t last = p->wait >> 56 ? p->wait >> 56 : s->p.wait >> 56;
    s->p.running += f * p->running;
    s->p.ready += f * p->ready;
    s->p.blocked += f * p->blocked;
    s->p.sleeping += f * p->sleeping;
    s->p.stopped += f * p->stopped;
    s->p.other += f * p->other;
    s->operations += share * p->operations;
    if (f * p->longest > s->p.longest) {
        s->p.longest = f * p->longest;
        s->p.by = p->by;
        s->p.wait = p->wait;
    }
    s->p.wait = (s->p.wait & ~(0xffull << 56)) | last << 56;
}

static void from_buckets(const struct reader *r, uint64_t from, uint64_t to, struct sum *s)
{
    while (from < to) {
        uint64_t begin, end;
        const struct piece *p = find(r, from, &begin, &end);
        uint64_t until = p ? end : skip(r, from);
        until = until < to ? until : to;
        if (p)
            add_share(s, p, (double)(until - from) / (double)(end - begin));
        from = until;
    }
}

/* ---- exact ---- */
static const struct waited *wait_at(const struct history *h, uint64_t i)
{
    return &h->waits[i & (h->cap_waits - 1)];
}

/* The first of n..`count` for which ends(i) > at; they come in order. */
static uint64_t first_wait(const struct history *h, uint64_t at)
{
    uint64_t lo = h->nwaits - (h->nwaits < h->cap_waits ? h->nwaits : h->cap_waits), hi = h->nwaits;
    while (lo < hi) {
        uint64_t mid = lo + (hi - lo) / 2;
        if (wait_at(h, mid)->to > at)
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}

static uint64_t first_mark(const struct history *h, uint64_t at)
{
    uint64_t lo = h->nmarks - (h->nmarks < h->cap_marks ? h->nmarks : h->cap_marks), hi = h->nmarks;
    while (lo < hi) {
        uint64_t mid = lo + (hi - lo) / 2;
        if (h->marks[mid & (h->cap_marks - 1)] >> 8 >= at)
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}

/* How much of it lies where events were lost. */
static uint64_t lost_in(const struct history *h, uint64_t from, uint64_t to)
{
    uint64_t sum = 0, n = h->ngaps < HISTORY_GAPS ? h->ngaps : HISTORY_GAPS;
    for (uint64_t i = 0; i < n; i++) {
        uint64_t a = h->gaps[i].from > from ? h->gaps[i].from : from;
        uint64_t b = h->gaps[i].to < to ? h->gaps[i].to : to;
        sum += b > a ? b - a : 0;
    }
    return sum;
}

static void add_wait(struct sum *s, const struct waited *w, uint64_t from, uint64_t to)
{
    uint64_t a = w->from > from ? w->from : from, b = w->to < to ? w->to : to;
    if (b <= a)
        return;
    float ns = (float)(b - a);
    if (w->state == TASK_SLEEPING)
        s->p.sleeping += ns;
    else
        s->p.blocked += ns;
    if (ns <= s->p.longest)
        return;
    s->p.longest = ns;
    s->p.by = w->by;
    s->p.wait = (w->addr & PLACE_ADDRESS) | (uint64_t)w->kind << 48;
}

/* The waits as they were; the rest is divided as it was in the bucket around. */
static void from_waits(struct reader *r, uint64_t from, uint64_t to, const struct waited *open,
                       struct sum *s)
{
    const struct history *h = r->h;
    uint64_t begin, end;
    while (r->wait < h->nwaits && wait_at(h, r->wait)->to <= from)
        r->wait++;
    for (uint64_t i = r->wait; i < h->nwaits && wait_at(h, i)->from < to; i++)
        add_wait(s, wait_at(h, i), from, to);
    if (open)
        add_wait(s, open, from, to);
    float left = (float)(to - from) - s->p.blocked - s->p.sleeping;
    const struct piece *p = left > 0 ? find(r, from, &begin, &end) : NULL;
    if (!p)
        return;
    float all = p->running + p->ready + p->stopped + p->other;
    if (all <= 0) {
        s->p.running += left;
        return;
    }
    s->p.running += left * p->running / all;
    s->p.ready += left * p->ready / all;
    s->p.stopped += left * p->stopped / all;
    s->p.other += left * p->other / all;
}

static void count_marks(struct reader *r, uint64_t from, uint64_t to, struct sum *s)
{
    const struct history *h = r->h;
    uint64_t last = 0;
    s->operations = 0;
    for (; r->mark < h->nmarks; r->mark++) {
        uint64_t mark = h->marks[r->mark & (h->cap_marks - 1)];
        if (mark >> 8 >= to)
            break;
        if (mark >> 8 < from)
            continue;
        s->operations++;
        last = mark & 0xff;
    }
    s->p.wait = (s->p.wait & ~(0xffull << 56)) | last << 56;
}

/* ---- a column ---- */
static uint32_t thousandths(float part, float scale)
{
    float v = part * scale + 0.5f;
    return v < 0 ? 0 : v > 1000 ? 1000 : (uint32_t)v;
}

static void fill(struct live_column *c, const struct sum *s, float scale)
{
    const struct piece *p = &s->p;
    const struct {
        float ns;
        enum task_state state;
    } parts[] = {{p->running, TASK_RUNNING},
                 {p->ready, TASK_READY},
                 {p->blocked, TASK_BLOCKED},
                 {p->sleeping + p->other, TASK_SLEEPING},
                 {p->stopped, TASK_STOPPED}};
    float all = 0, most = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        all += parts[i].ns;
        if (parts[i].ns <= most)
            continue;
        most = parts[i].ns;
        c->state = (uint8_t)parts[i].state;
    }
    c->known = all > 0;
    c->mixed = most < 0.75f * all;
    c->running = thousandths(p->running, scale);
    c->ready = thousandths(p->ready, scale);
    c->waiting = thousandths(p->blocked + p->sleeping + p->other + p->stopped, scale);
    c->operations = (uint32_t)(s->operations + 0.5);
    c->kind = (uint8_t)(p->wait >> 56);
    if (p->longest <= 0 || (c->state != TASK_BLOCKED && c->state != TASK_SLEEPING))
        return;
    c->wait_kind = (uint8_t)(p->wait >> 48);
    c->addr = p->wait & PLACE_ADDRESS;
    c->by = p->by;
}

static void column(struct reader *r, uint64_t from, uint64_t to, const struct waited *open,
                   struct live_column *c)
{
    struct sum s = {.p.by = LIVE_NONE};
    int exact = r->exact && from >= r->h->waits_from;
    if (exact && 2 * lost_in(r->h, from, to) >= to - from)
        return;
    if (exact)
        from_waits(r, from, to, open, &s);
    else
        from_buckets(r, from, to, &s);
    if (exact && from < r->h->marks_from) {
        struct sum rough = {0};
        from_buckets(r, from, to, &rough);
        s.operations = rough.operations;
        s.p.wait |= rough.p.wait & 0xffull << 56;
    } else if (exact) {
        count_marks(r, from, to, &s);
    }
    fill(c, &s, r->scale);
}

static unsigned level_for(uint64_t step)
{
    unsigned l = 0;
    while (l + 1 < HISTORY_LEVELS && history_width(l + 1) <= step)
        l++;
    return l;
}

void live_columns(const struct live_model *m, uint32_t task, uint64_t from, uint64_t step, int n,
                  struct live_column *out)
{
    for (int i = 0; i < n; i++)
        out[i] = (struct live_column){.by = LIVE_NONE};
    if (task >= m->ntasks || step == 0)
        return;
    const struct live_task *t = &m->tasks[task];
    const struct task_inside *k = &m->inside->tasks[task];
    struct reader r = {.h = &k->history,
                       .scale = 1000.0f / (float)step,
                       .level = level_for(step),
                       .exact = t->noted && step < history_width(1),
                       .wait = first_wait(&k->history, from),
                       .mark = first_mark(&k->history, from)};
    uint64_t end = k->history.fed;
    for (int i = 0; i < n && from < end; i++) {
        uint64_t to = step < end - from ? from + step : end;
        uint64_t a = from < t->began ? t->began : from;
        if (a < to)
            column(&r, a, to, k->open.to ? &k->open : NULL, &out[i]);
        if (out[i].by != LIVE_NONE)
            out[i].by = live_task_number(m, out[i].by);
        out[i].begins = t->began >= from && t->began < to;
        out[i].ends = t->ended > from && t->ended <= to;
        from = to;
    }
}
