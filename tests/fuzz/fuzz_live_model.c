/* Any sequence of what a look may bring: tasks and processes that come, wait, end, come again with
 * old pids, events of all kinds at any time, looks of any length. Whatever was brought, everything
 * the model tells can be asked for, and a trace of it folds. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "live_model.h"
#include "trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *at, *end;
};

static uint64_t take(struct input *in, unsigned bytes)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < bytes && in->at < in->end; i++)
        v = v << 8 | *in->at++;
    return v;
}

static void check(int ok)
{
    if (!ok)
        abort();
}

static uint64_t address(struct input *in)
{
    uint8_t b = (uint8_t)take(in, 1);
    return b < 240 ? 0x404000 + 64u * (b % 16u) : take(in, 8);
}

static void bring_task(struct live_model *m, struct input *in)
{
    struct live_task *t = live_task_of(m, (uint32_t)take(in, 1) * ((uint32_t)take(in, 1) % 8 + 1));
    uint8_t what = (uint8_t)take(in, 1);
    t->process = (uint32_t)take(in, 1) % 4;
    t->noted = what & 1;
    t->kernel = "RSDTtZX"[what / 2 % 7];
    t->began = m->now > 1000 ? m->now - take(in, 2) % 1000 : 0;
    t->wait_since = what & 64 ? m->now / 2 + take(in, 2) : 0;
    t->wait_kind = (uint8_t)take(in, 1);
    t->wait_addr = address(in);
    t->nheld = (uint32_t)take(in, 1) % 20;
    for (unsigned i = 0; i < 16 && i < t->nheld; i++)
        t->held[i] = address(in);
    if (what & 128)
        t->ended = m->now + take(in, 1) - 100;
    t->joined = what & 2;
}

static void bring_process(struct live_model *m, struct input *in)
{
    struct live_process *p = live_process_of(m, (int32_t)take(in, 1) % 9);
    uint8_t what = (uint8_t)take(in, 1);
    p->kernel = "RSTZX"[what % 5];
    p->parent = (uint32_t)take(in, 1) % 5;
    p->parent_pid = (int32_t)take(in, 1);
    p->ended = what & 16 ? m->now : 0;
    p->has_status = what & 32;
    p->status = (int)take(in, 2);
    p->orphaned = what & 64;
    p->reaped = what & 128;
}

static void bring_event(struct live_model *m, struct input *in)
{
    struct live_event e = {.task = (uint32_t)take(in, 1),
                           .kind = (uint8_t)take(in, 1),
                           .begins = take(in, 1) & 1,
                           .stamped = take(in, 1) & 1,
                           .time = m->now - take(in, 2),
                           .waited = take(in, 2),
                           .addr = address(in)};
    uint8_t what = (uint8_t)take(in, 1);
    e.result = what & 1 ? (uint8_t)take(in, 1) : 0;
    e.more = what & 2 ? take(in, 8) : what & 4 ? address(in) : 0;
    e.extra = what & 8 ? (uint16_t)take(in, 2) : 0;
    live_event_add(m, &e);
}

static void ask_words(const struct live_model *m)
{
    struct buf b = {0};
    size_t n;
    const struct live_event *e = live_events(m, &n);
    for (uint32_t i = 0; i < m->ntasks; i++)
        live_say_task(m, NULL, i, &b);
    for (uint32_t i = 0; i < m->nprocesses; i++)
        live_say_process(m, i, &b);
    for (uint32_t i = 0; i < m->nobjects && i < 200; i++)
        live_say_object(m, NULL, i, &b);
    for (size_t i = 0; i < n; i++) {
        live_say_event(m, NULL, &e[i], &b);
        check(i == 0 || e[i - 1].time <= e[i].time);
    }
    live_say_hang(m, NULL, &b);
    buf_fini(&b);
}

static void ask_columns(const struct live_model *m, uint64_t from, uint64_t step)
{
    struct live_column c[50];
    for (uint32_t i = 0; i < m->ntasks; i++) {
        live_columns(m, i, from, step, 50, c);
        for (int j = 0; j < 50; j++) {
            check(c[j].running <= 1000 && c[j].ready <= 1000 && c[j].waiting <= 1000);
            check(c[j].by == LIVE_NONE || c[j].by < m->ntasks);
        }
    }
}

static void ask(const struct live_model *m, struct input *in)
{
    struct trace t;
    struct buf notes = {0};
    uint32_t who[4];
    uint64_t from = take(in, 1) & 1 ? 0 : m->now / 2;
    trace_init(&t);
    live_trace(m, from, take(in, 1) & 1 ? UINT64_MAX : m->now - m->now / 4, &t, &notes);
    struct world_view *v = world_view_new(&t);
    world_at(v, t.nsteps / 2);
    world_view_free(v);
    trace_fini(&t);
    buf_fini(&notes);
    ask_words(m);
    ask_columns(m, from, take(in, 4) + 1);
    for (uint32_t i = 0; i < m->nobjects; i++) {
        check(m->objects[i].owner == LIVE_NONE || m->objects[i].owner < m->ntasks);
        live_waiting(m, i, who, 4);
        live_holding(m, i, who, 4);
    }
    live_hangs(m, take(in, 2));
    live_circle(m, who, 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, data + size};
    struct live_model m;
    uint64_t now = 0;
    live_model_init(&m);
    live_look_begin(&m, 0);
    while (in.at < in.end) {
        switch (take(&in, 1) % 12) {
        case 0:
            live_look_end(&m);
            now += take(&in, (unsigned)take(&in, 1) % 6);
            live_look_begin(&m, now);
            break;
        case 1:
            bring_process(&m, &in);
            break;
        case 2:
            live_lost(&m, (uint32_t)take(&in, 1), take(&in, 2));
            break;
        case 3:
            live_spent(&m, (uint32_t)take(&in, 1), take(&in, 4), take(&in, 4));
            break;
        case 4:
            live_shared(&m, (uint32_t)take(&in, 1) % 5, address(&in), address(&in));
            break;
        case 5:
        case 6:
            bring_task(&m, &in);
            break;
        default:
            bring_event(&m, &in);
        }
    }
    live_look_end(&m);
    ask(&m, &in);
    live_model_fini(&m);
    return 0;
}
