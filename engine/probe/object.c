/* Objects: what the program synchronises with, keyed by address. Nothing is ever written into the
 * program's own pthread_mutex_t and the like; a state left by an earlier execution is recognised
 * by its stamp. */
#include "probe.h"

static uint32_t hash_address(uint64_t addr)
{
    return (uint32_t)(addr >> 2 ^ (addr >> 28) * 0x9e3779b1u);
}

static struct object **slot_of(uint64_t addr)
{
    uint32_t i = hash_address(addr) % (OBJECTS * 2);
    while (S->object_table[i] && S->object_table[i]->addr != addr)
        i = (i + 1) % (OBJECTS * 2);
    return &S->object_table[i];
}

/* As the object is before anything happened to it. */
void object_fresh(struct object *o, unsigned class)
{
    o->class = (uint8_t) class;
    o->type = o->initialised = o->destroyed = 0;
    o->owner = NO_TASK;
    o->depth = 0;
    o->robust = o->protocol = o->ceiling = o->broken = 0;
    o->partner = 0;
    o->count = o->arrived = 0;
    o->nreaders = 0;
    o->waiters = o->readers = (struct taskset){0};
    o->nvc = o->nread_vc = 0;
}

/* The object at p in this execution; begins as a zero-initialised one of that class. */
struct object *object_get(const void *p, unsigned class)
{
    return object_at(place_of((uint64_t)(uintptr_t)p), class);
}

struct object *object_at(uint64_t addr, unsigned class)
{
    struct object **slot = slot_of(addr);
    struct object *o = *slot;
    if (UNLIKELY(!o)) {
        if (S->nobjects >= OBJECTS - 1)
            probe_panic("too many objects");
        o = &S->objects[S->nobjects++];
        o->addr = addr;
        *slot = o;
    }
    if (o->stamp != S->stamp) {
        o->stamp = S->stamp;
        object_fresh(o, class);
    } else if (UNLIKELY(o->class != class)) {
        object_fresh(o, class);
    }
    return o;
}

/* The object at p if this execution has used it. */
struct object *object_find(const void *p)
{
    return object_known(place_of((uint64_t)(uintptr_t)p));
}

struct object *object_known(uint64_t addr)
{
    struct object *o = *slot_of(addr);
    return o && o->stamp == S->stamp ? o : NULL;
}

/* The memory of any objects there is gone. */
void object_forget(uint64_t addr, uint64_t size)
{
    if (size <= 4096) {
        for (uint64_t a = addr & ~3ull; a < addr + size; a += 4) {
            struct object *o = object_known(a);
            if (o)
                object_fresh(o, C_NONE);
        }
        return;
    }
    for (uint32_t i = 0; i < S->nobjects; i++)
        if (S->objects[i].addr - addr < size)
            object_fresh(&S->objects[i], C_NONE);
}

static uint16_t copied_id(unsigned id, const struct task *parent, const struct task *child)
{
    return (uint16_t)(id == task_id(parent) ? task_id(child) : id);
}

/* Locked is locked: by the thread that forked, which the child has, or by one that it has not and
 * that will never unlock it. Nobody waits in the copy. */
static void copy_object(const struct object *from, uint64_t place, const struct task *parent,
                        const struct task *child)
{
    struct object *o = object_at(place, from->class);
    unsigned p = task_id(parent), c = task_id(child);
    memcpy(&o->type, &from->type, offsetof(struct object, waiters) - offsetof(struct object, type));
    o->owner = copied_id(from->owner, parent, child);
    o->readers = from->readers;
    memcpy(o->read_depth, from->read_depth, S->ntasks);
    if (set_has(&from->readers, p)) {
        set_del(&o->readers, p);
        set_add(&o->readers, c);
        o->read_depth[c] = from->read_depth[p];
    }
    o->nvc = from->nvc;
    memcpy(o->vc, from->vc, from->nvc * sizeof *o->vc);
    o->nread_vc = from->nread_vc;
    memcpy(o->read_vc, from->read_vc, from->nread_vc * sizeof *o->read_vc);
}

void objects_copy(const struct task *parent, const struct task *child)
{
    for (uint32_t i = 0, n = S->nobjects; i < n; i++) {
        const struct object *o = &S->objects[i];
        uint64_t addr = place_address(o->addr);
        if (o->stamp != S->stamp || addr < 4096 || o->addr >> TAG_SHIFT != parent->process ||
            o->class == C_NONE || map_is_shared(o->addr))
            continue;
        copy_object(o, addr | (uint64_t)child->process << TAG_SHIFT, parent, child);
    }
}
