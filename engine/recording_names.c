/* Recordings of free runs: the names of what they tell of. */
#include "recording_format.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 160 };

/* ---- learning ---- */
static void add(struct recording *r, size_t *cap, struct recorded_name name)
{
    if (r->nnames == *cap) {
        *cap = *cap ? 2 * *cap : 64;
        r->names = xrealloc(r->names, *cap, sizeof *r->names);
    }
    r->names[r->nnames++] = name;
}

static int in_order(const void *a, const void *b)
{
    const struct recorded_name *x = a, *y = b;
    if (x->is_place != y->is_place)
        return x->is_place - y->is_place;
    return x->addr < y->addr ? -1 : x->addr > y->addr;
}

/* Each once. */
static void sort(struct recording *r)
{
    size_t n = 0;
    if (r->nnames)
        qsort(r->names, r->nnames, sizeof *r->names, in_order);
    for (size_t i = 0; i < r->nnames; i++)
        if (n == 0 || in_order(&r->names[n - 1], &r->names[i]) != 0)
            r->names[n++] = r->names[i];
    r->nnames = n;
}

static void list(struct recording *r)
{
    size_t cap = 0;
    for (size_t i = 0; i < r->trace.nevents; i++) {
        const struct event *e = &r->trace.events[i];
        int starts = e->kind == EV_CREATE || e->kind == EV_START;
        uint64_t start = e->kind == EV_CREATE ? e->addr : e->pc;
        if (e->addr && !starts)
            add(r, &cap, (struct recorded_name){.addr = e->addr});
        if (e->addr2)
            add(r, &cap, (struct recorded_name){.addr = e->addr2});
        if (e->pc)
            add(r, &cap, (struct recorded_name){.addr = e->pc - 1, .is_place = 1});
        if (starts && start)
            add(r, &cap, (struct recorded_name){.addr = start, .is_place = 1});
    }
    sort(r);
}

static void learn_object(struct recorded_name *name, const struct names *names)
{
    char text[NAME_BYTES] = "";
    uint64_t addr = name->addr & PLACE_ADDRESS;
    names->object(names->ctx, addr, 0, text, sizeof text);
    name->text = xstrdup(text);
    name->is_private = names->is_private && names->is_private(names->ctx, addr);
}

static void learn_place(struct recorded_name *name, const struct names *names)
{
    struct place p = {.file = "", .function = "", .line = 0};
    names->place(names->ctx, name->addr, &p);
    name->text = xstrdup(p.file ? p.file : "");
    name->function = xstrdup(p.function ? p.function : "");
    name->line = p.line > 0 ? p.line : 0;
}

void recording_learn(struct recording *r, const struct names *names)
{
    list(r);
    for (size_t i = 0; i < r->nnames; i++)
        if (r->names[i].is_place)
            learn_place(&r->names[i], names);
        else
            learn_object(&r->names[i], names);
}

/* ---- spelling ---- */
static const struct recorded_name *find(const struct recording *r, uint64_t addr, int is_place)
{
    const struct recorded_name key = {.addr = addr, .is_place = is_place};
    return r->nnames ? bsearch(&key, r->names, r->nnames, sizeof key, in_order) : NULL;
}

static void spell_object(void *ctx, uint64_t addr, uint32_t size, char *out, size_t n)
{
    const struct recorded_name *name = find(ctx, addr, 0);
    (void)size;
    if (name && name->text[0])
        snprintf(out, n, "%s", name->text);
    else
        snprintf(out, n, "0x%" PRIx64, (uint64_t)(addr & PLACE_ADDRESS));
}

static void spell_place(void *ctx, uint64_t pc, struct place *out)
{
    const struct recorded_name *name = find(ctx, pc, 1);
    *out = (struct place){.file = "", .function = "", .line = 0};
    if (name)
        *out = (struct place){.file = name->text, .function = name->function, .line = name->line};
}

static void spell_value(void *ctx, uint64_t addr, uint32_t size, uint64_t value, char *out,
                        size_t n)
{
    (void)ctx;
    (void)addr;
    (void)size;
    (void)value;
    snprintf(out, n, "?");
}

static int is_private(void *ctx, uint64_t addr)
{
    const struct recorded_name *name = find(ctx, addr, 0);
    return name && name->is_private;
}

struct names recording_names(const struct recording *r)
{
    /* only read through it */
    return (struct names){.ctx = (void *)(uintptr_t)r,
                          .object = spell_object,
                          .place = spell_place,
                          .value = spell_value,
                          .is_private = is_private};
}
