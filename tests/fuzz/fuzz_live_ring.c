/* A wild program may write anything into the memory it shares with lockstep. Any bytes as a ring,
 * its head moved by them from look to look: what is read stays within the ring, every entry is
 * read, counted as lost or left out, times never go back and stay within the looks, and the model
 * takes the events. Then /proc's parsers with the same bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "live_ring.h"
#include "proc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIZE = 128 };

static void check(int ok)
{
    if (!ok)
        abort();
}

struct fuzzed {
    struct live_model model;
    int with_model; /* making one is slow, so not each time */
    uint64_t last, now;
};

static void take(void *ctx, const struct live_event *e)
{
    struct fuzzed *f = ctx;
    struct live_event own = *e;
    check(e->time >= f->last && e->time <= f->now && e->waited <= e->time);
    check(e->kind < EV_COUNT && e->addr <= REC_ADDRESS && e->pc <= REC_ADDRESS);
    f->last = e->time;
    own.task = (uint32_t)(e->pc % 3);
    if (f->with_model)
        live_event_add(&f->model, &own);
}

static uint64_t word(const uint8_t *data, size_t size, size_t at)
{
    uint64_t v = 0;
    for (size_t i = 0; i < 8; i++)
        v = v << 8 | (size ? data[(at + i) % size] : 0);
    return v;
}

/* How a head moves: on by a few, by a lap, anywhere. */
static uint64_t move(uint64_t head, uint64_t by)
{
    switch (by & 3) {
    case 0:
        return head + (by >> 2) % SIZE;
    case 1:
        return head + (by >> 2) % (4 * SIZE);
    case 2:
        return by;
    default:
        return head;
    }
}

static void look(struct fuzzed *f, struct ring_state *s, const struct recorder_entry *ring,
                 const uint64_t *head, const struct live_clock *clock, size_t max)
{
    struct recorder_entry *out = xcalloc(SIZE, sizeof *out);
    struct ring_look how = {clock, f->now, f->now + 1000000, take, f};
    uint64_t from = s->next, lost;
    f->now += 1000000;
    if (f->with_model)
        live_look_begin(&f->model, f->now);
    size_t n = ring_copy(ring, SIZE, head, &s->next, out, max, &lost);
    check(n <= max && n <= SIZE && s->next == *head);
    check(from >= *head || from + lost + n == *head);
    check(ring_decode(s, out, n, lost != 0, &how) <= n);
    ring_flush(s, &how);
    if (f->with_model) {
        live_lost(&f->model, 1, lost);
        live_look_end(&f->model);
    }
    free(out);
}

static void fuzz_ring(const uint8_t *data, size_t size)
{
    struct fuzzed f = {0};
    struct ring_state s = {0};
    struct recorder_entry *ring = xcalloc(SIZE, sizeof *ring);
    uint64_t head = 0;
    const struct live_clock clock = {word(data, size, 3) >> 20, 0, 0.4};
    memcpy(ring, data, size < SIZE * sizeof *ring ? size : SIZE * sizeof *ring);
    f.with_model = word(data, size, 0) % 16 == 0;
    if (f.with_model)
        live_model_init(&f.model);
    for (uint32_t i = 0; f.with_model && i < 3; i++)
        live_task_of(&f.model, i);
    for (size_t i = 0; i < 8; i++) {
        head = move(head, word(data, size, 16 * i));
        look(&f, &s, ring, &head, &clock, 1 + (size_t)(word(data, size, i) % SIZE));
    }
    live_model_fini(&f.model);
    free(ring);
}

static void fuzz_proc(const uint8_t *data, size_t size)
{
    char *text = xcalloc(size + 1, 1);
    struct proc_stat s;
    uint64_t a, b;
    if (size)
        memcpy(text, data, size);
    if (proc_parse_stat(text, &s) == 0)
        for (const char *c = s.comm; *c; c++)
            check(*c >= 0x20 && *c < 0x7f);
    proc_parse_schedstat(text, &a, &b);
    proc_parse_switches(text, &a, &b);
    proc_parse_private_pages(text);
    proc_parse_group(text);
    proc_parse_youngest(text);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_ring(data, size);
    fuzz_proc(data, size);
    return 0;
}
