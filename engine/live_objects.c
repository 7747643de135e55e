/* What the tasks of a live run meet at: objects by address and process, who holds them, who waits.
 */
#include "live_inside.h"
#include "recorder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- from a key to a number ---- */
static uint32_t home(const struct slot_map *s, uint64_t key)
{
    return (uint32_t)((key * 0x9e3779b97f4a7c15ull) >> 32) & (s->nslots - 1);
}

static uint32_t slot_of(const struct slot_map *s, uint64_t key)
{
    uint32_t i = home(s, key);
    while (s->values[i] != LIVE_NONE && s->keys[i] != key)
        i = (i + 1) & (s->nslots - 1);
    return i;
}

uint32_t slot_map_find(const struct slot_map *s, uint64_t key)
{
    return s->nslots ? s->values[slot_of(s, key)] : LIVE_NONE;
}

static void rehash(struct slot_map *s)
{
    struct slot_map old = *s;
    s->nslots = old.nslots ? 2 * old.nslots : 64;
    s->keys = xcalloc(s->nslots, sizeof *s->keys);
    s->values = xcalloc(s->nslots, sizeof *s->values);
    memset(s->values, 0xff, s->nslots * sizeof *s->values);
    for (uint32_t i = 0; i < old.nslots; i++) {
        if (old.values[i] == LIVE_NONE)
            continue;
        uint32_t at = slot_of(s, old.keys[i]);
        s->keys[at] = old.keys[i];
        s->values[at] = old.values[i];
    }
    free(old.keys);
    free(old.values);
}

void slot_map_set(struct slot_map *s, uint64_t key, uint32_t value)
{
    if (2 * (s->n + 1) > s->nslots)
        rehash(s);
    uint32_t i = slot_of(s, key);
    s->n += s->values[i] == LIVE_NONE;
    s->keys[i] = key;
    s->values[i] = value;
}

/* What came after it because its place was taken moves up. */
void slot_map_remove(struct slot_map *s, uint64_t key)
{
    uint32_t hole = s->nslots ? slot_of(s, key) : 0, mask = s->nslots - 1;
    if (!s->nslots || s->values[hole] == LIVE_NONE)
        return;
    s->n--;
    for (uint32_t i = (hole + 1) & mask; s->values[i] != LIVE_NONE; i = (i + 1) & mask) {
        if (((i - home(s, s->keys[i])) & mask) < ((i - hole) & mask))
            continue;
        s->keys[hole] = s->keys[i];
        s->values[hole] = s->values[i];
        hole = i;
    }
    s->values[hole] = LIVE_NONE;
}

void slot_map_fini(struct slot_map *s)
{
    free(s->keys);
    free(s->values);
    memset(s, 0, sizeof *s);
}

/* ---- kinds ---- */
static const struct {
    uint8_t class; /* enum object_class */
    uint8_t takes, reads, makes, ends;
} kinds[EV_COUNT] = {
    [EV_MUTEX_INIT] = {.class = OBJ_MUTEX, .makes = 1},
    [EV_MUTEX_DESTROY] = {.class = OBJ_MUTEX, .ends = 1},
    [EV_LOCK] = {.class = OBJ_MUTEX, .takes = 1},
    [EV_TRYLOCK] = {.class = OBJ_MUTEX, .takes = 1},
    [EV_TIMEDLOCK] = {.class = OBJ_MUTEX, .takes = 1},
    [EV_UNLOCK] = {.class = OBJ_MUTEX},
    [EV_SPIN_INIT] = {.class = OBJ_SPIN, .makes = 1},
    [EV_SPIN_DESTROY] = {.class = OBJ_SPIN, .ends = 1},
    [EV_SPIN_LOCK] = {.class = OBJ_SPIN, .takes = 1},
    [EV_SPIN_TRYLOCK] = {.class = OBJ_SPIN, .takes = 1},
    [EV_SPIN_UNLOCK] = {.class = OBJ_SPIN},
    [EV_COND_INIT] = {.class = OBJ_COND, .makes = 1},
    [EV_COND_DESTROY] = {.class = OBJ_COND, .ends = 1},
    [EV_COND_WAIT] = {.class = OBJ_COND},
    [EV_COND_RELOCK] = {.class = OBJ_COND},
    [EV_COND_TIMEOUT] = {.class = OBJ_COND},
    [EV_COND_SPURIOUS] = {.class = OBJ_COND},
    [EV_COND_SIGNAL] = {.class = OBJ_COND},
    [EV_COND_BROADCAST] = {.class = OBJ_COND},
    [EV_SEM_INIT] = {.class = OBJ_SEM, .makes = 1},
    [EV_SEM_DESTROY] = {.class = OBJ_SEM, .ends = 1},
    [EV_SEM_WAIT] = {.class = OBJ_SEM},
    [EV_SEM_TRYWAIT] = {.class = OBJ_SEM},
    [EV_SEM_TIMEDWAIT] = {.class = OBJ_SEM},
    [EV_SEM_POST] = {.class = OBJ_SEM},
    [EV_SEM_GETVALUE] = {.class = OBJ_SEM},
    [EV_FUTEX_WAIT] = {.class = OBJ_PLACE},
    [EV_FUTEX_RISE] = {.class = OBJ_PLACE},
    [EV_FUTEX_WAKE] = {.class = OBJ_PLACE},
    [EV_BARRIER_INIT] = {.class = OBJ_BARRIER, .makes = 1},
    [EV_BARRIER_DESTROY] = {.class = OBJ_BARRIER, .ends = 1},
    [EV_BARRIER_ARRIVE] = {.class = OBJ_BARRIER},
    [EV_BARRIER_LEAVE] = {.class = OBJ_BARRIER},
    [EV_RWLOCK_INIT] = {.class = OBJ_RWLOCK, .makes = 1},
    [EV_RWLOCK_DESTROY] = {.class = OBJ_RWLOCK, .ends = 1},
    [EV_RDLOCK] = {.class = OBJ_RWLOCK, .takes = 1, .reads = 1},
    [EV_TRYRDLOCK] = {.class = OBJ_RWLOCK, .takes = 1, .reads = 1},
    [EV_TIMEDRDLOCK] = {.class = OBJ_RWLOCK, .takes = 1, .reads = 1},
    [EV_WRLOCK] = {.class = OBJ_RWLOCK, .takes = 1},
    [EV_TRYWRLOCK] = {.class = OBJ_RWLOCK, .takes = 1},
    [EV_TIMEDWRLOCK] = {.class = OBJ_RWLOCK, .takes = 1},
    [EV_RWUNLOCK] = {.class = OBJ_RWLOCK},
    [EV_ONCE_BEGIN] = {.class = OBJ_ONCE},
    [EV_ONCE_END] = {.class = OBJ_ONCE},
    [EV_PIPE] = {.class = OBJ_PIPE},
    [EV_FD_READ] = {.class = OBJ_CHANNEL},
    [EV_FD_WRITE] = {.class = OBJ_CHANNEL},
    [EV_FD_CLOSE] = {.class = OBJ_CHANNEL},
    [EV_MQ_SEND] = {.class = OBJ_QUEUE},
    [EV_MQ_RECEIVE] = {.class = OBJ_QUEUE},
};

enum object_class live_class_of(unsigned kind)
{
    return kind < EV_COUNT ? (enum object_class)kinds[kind].class : OBJ_NONE;
}

int live_takes(unsigned kind)
{
    return kind < EV_COUNT && kinds[kind].takes;
}

int live_for_reading(unsigned kind)
{
    return kind < EV_COUNT && kinds[kind].reads;
}

/* ---- finding ---- */
enum { SHARED_KEY = 0xffff };

/* Process indices are below LIVE_PROCESSES, so that they fit beside an address. */
static uint64_t key_of(uint64_t addr, uint32_t process)
{
    uint64_t whose = process < LIVE_PROCESSES ? process + 1
                     : process == SHARED_KEY  ? SHARED_KEY
                                              : 0;
    return (addr & PLACE_ADDRESS) | whose << PLACE_BITS;
}

static uint64_t key_of_object(const struct live_object *o)
{
    return key_of(o->addr, o->shared ? SHARED_KEY : o->process);
}

uint32_t live_object_at(const struct live_model *m, uint32_t process, uint64_t addr)
{
    uint32_t own = slot_map_find(&m->inside->object_of, key_of(addr, process));
    return own != LIVE_NONE ? own : slot_map_find(&m->inside->object_of, key_of(addr, SHARED_KEY));
}

static int is_shared(const struct live_model *m, uint32_t process, uint64_t addr,
                     enum object_class class)
{
    const struct live_inside *in = m->inside;
    uint32_t number = process < m->nprocesses ? m->processes[process].number : LIVE_NONE;
    if (addr & REC_FILE)
        return !(addr & REC_FILE_FD);
    if (class == OBJ_QUEUE)
        return 1;
    for (uint64_t i = 0; i < in->nshared && i < LIVE_SHARED; i++) {
        const struct shared_memory *s = &in->shared[i];
        if (addr >= s->from && addr < s->to && (s->process == LIVE_NONE || s->process == number))
            return 1;
    }
    return 0;
}

static void reset_object(struct live_model *m, uint32_t i, uint64_t addr, uint32_t process,
                         enum object_class class)
{
    m->objects[i] = (struct live_object){.number = m->inside->next_object++,
                                         .addr = addr,
                                         .process = process,
                                         .class = class,
                                         .shared = is_shared(m, process, addr, class),
                                         .owner = LIVE_NONE,
                                         .count = -1,
                                         .limit = -1};
    m->inside->objects[i] = (struct object_inside){.recent = 1, .last_owner = LIVE_NONE};
}

/* A place for a new object: the next one that nobody used since the hand came by, holds or waits
 * for. */
static uint32_t make_room(struct live_model *m)
{
    struct live_inside *in = m->inside;
    if (m->nobjects < LIVE_OBJECTS)
        return m->nobjects++;
    for (uint32_t tries = 0;; tries++) {
        uint32_t i = in->hand++ % LIVE_OBJECTS;
        struct live_object *o = &m->objects[i];
        int busy = o->nholding || o->nwaiting;
        if (tries < 2 * LIVE_OBJECTS && (busy || (in->objects[i].recent && !o->destroyed))) {
            in->objects[i].recent = 0;
            continue;
        }
        slot_map_remove(&in->object_of, key_of_object(o));
        return i;
    }
}

uint32_t live_object_make(struct live_model *m, uint32_t process, uint64_t addr, unsigned kind)
{
    enum object_class class = live_class_of(kind);
    uint32_t i = live_object_at(m, process, addr);
    if (i == LIVE_NONE) {
        i = make_room(m);
        reset_object(m, i, addr, process, class);
        slot_map_set(&m->inside->object_of, key_of_object(&m->objects[i]), i);
    }
    struct live_object *o = &m->objects[i];
    m->inside->objects[i].recent = 1;
    if (!(object_is_channel(o->class) && object_is_channel(class)) || o->class == OBJ_CHANNEL)
        o->class = class;
    return i;
}

/* Forget the objects for which `forget` says so; the others keep their places, so that what is
 * forgotten stays as an empty one. */
static void forget_object(struct live_model *m, uint32_t i)
{
    slot_map_remove(&m->inside->object_of, key_of_object(&m->objects[i]));
    reset_object(m, i, 0, LIVE_NONE, OBJ_NONE);
    m->objects[i].destroyed = 1;
}

void live_objects_forget(struct live_model *m, uint32_t process)
{
    for (uint32_t i = 0; i < m->nobjects; i++)
        if (m->objects[i].process == process && !m->objects[i].shared)
            forget_object(m, i);
}

void live_shared(struct live_model *m, uint32_t process, uint64_t from, uint64_t to)
{
    struct live_inside *in = m->inside;
    uint32_t number = process < m->nprocesses ? m->processes[process].number : LIVE_NONE;
    for (uint64_t i = 0; i < in->nshared && i < LIVE_SHARED; i++) {
        const struct shared_memory *s = &in->shared[i];
        if (s->process == number && s->from == from && s->to == to)
            return;
    }
    in->shared[in->nshared++ % LIVE_SHARED] = (struct shared_memory){number, from, to};
    for (uint32_t i = 0; i < m->nobjects; i++) {
        const struct live_object *o = &m->objects[i];
        if (!o->shared && o->addr >= from && o->addr < to &&
            (process == LIVE_NONE || o->process == process))
            forget_object(m, i);
    }
}

/* ---- events ---- */
static void read_lock(struct task_inside *k, uint64_t addr, int held)
{
    uint32_t i = 0, room = sizeof k->read / sizeof *k->read;
    while (i < k->nread && k->read[i] != addr)
        i++;
    if (held && i == k->nread && i < room)
        k->read[k->nread++] = addr;
    if (!held && i < k->nread)
        k->read[i] = k->read[--k->nread];
}

static int was_taken(const struct live_event *e)
{
    return e->result == 0 || e->result == EOWNERDEAD;
}

static void take(struct live_model *m, const struct live_event *e, uint32_t object, int reads)
{
    struct object_inside *k = &m->inside->objects[object];
    k->last_owner = e->number;
    k->taken = e->time;
    read_lock(&m->inside->tasks[e->task], e->addr, reads);
}

static void count(struct live_object *o, const struct live_event *e)
{
    switch (e->kind) {
    case EV_SEM_INIT:
    case EV_SEM_WAIT:
    case EV_SEM_TRYWAIT:
    case EV_SEM_TIMEDWAIT:
    case EV_SEM_POST:
    case EV_SEM_GETVALUE:
        o->count = e->extra;
        break;
    case EV_BARRIER_INIT:
        o->limit = e->extra;
        break;
    case EV_FD_READ:
    case EV_FD_WRITE:
        if (e->more >> 32 != 0xffffffff)
            o->count = (int64_t)(e->more >> 32);
        break;
    case EV_ONCE_BEGIN:
        o->count = e->extra ? 0 : 1;
        break;
    case EV_ONCE_END:
        o->count = 1;
        break;
    default:
        break;
    }
}

/* Who kept a task waiting that now has what it waited for: whoever had it before, as far as nothing
 * was lost since the wait began. */
static uint32_t kept_by(const struct live_model *m, const struct live_event *e, uint32_t object)
{
    const struct object_inside *k = &m->inside->objects[object];
    int known = m->inside->lost_until < e->time - e->waited && k->last_owner != e->number;
    return e->waited && live_takes(e->kind) && known ? k->last_owner : LIVE_NONE;
}

static void use(struct live_model *m, const struct live_event *e, uint32_t object)
{
    struct live_object *o = &m->objects[object];
    if (kinds[e->kind].makes) {
        uint32_t number = o->number;
        reset_object(m, object, o->addr, o->process, o->class);
        o->number = number;
    }
    o->destroyed = kinds[e->kind].ends && e->result == 0;
    o->operations++;
    o->contended += e->waited != 0;
    o->wait_ns += e->waited;
    count(o, e);
}

uint32_t live_object_event(struct live_model *m, const struct live_event *e)
{
    uint32_t process = m->tasks[e->task].process;
    if (e->kind == EV_JOIN)
        return e->more < LIVE_NONE ? (uint32_t)e->more : LIVE_NONE;
    if (live_class_of(e->kind) == OBJ_NONE || !e->addr)
        return LIVE_NONE;
    uint32_t object = live_object_make(m, process, e->addr, e->kind);
    uint32_t by = kept_by(m, e, object);
    use(m, e, object);
    if (live_takes(e->kind) && was_taken(e))
        take(m, e, object, live_for_reading(e->kind));
    if (e->kind == EV_RWUNLOCK)
        read_lock(&m->inside->tasks[e->task], e->addr, 0);
    if (e->kind == EV_ONCE_BEGIN && e->extra)
        take(m, e, object, 0);
    if (e->kind == EV_COND_RELOCK && e->more)
        take(m, e, live_object_make(m, process, e->more, EV_LOCK), 0);
    return by;
}

/* ---- owners and waiters ---- */
static int reads(const struct task_inside *k, uint64_t addr)
{
    for (uint32_t i = 0; i < k->nread; i++)
        if (k->read[i] == addr)
            return 1;
    return 0;
}

static void hold(struct live_model *m, uint32_t task, uint64_t addr)
{
    uint32_t i = live_object_at(m, m->tasks[task].process, addr);
    if (i == LIVE_NONE)
        i = live_object_make(m, m->tasks[task].process, addr, EV_LOCK);
    struct live_object *o = &m->objects[i];
    o->nholding++;
    o->reading |= o->class == OBJ_RWLOCK && reads(&m->inside->tasks[task], addr);
    if (o->owner == LIVE_NONE)
        o->owner = task;
}

static int is_alive(const struct live_task *t)
{
    return t->ended == 0;
}

static void settle_waiters(struct live_model *m)
{
    for (uint32_t i = 0; i < m->ntasks; i++) {
        const struct live_task *t = &m->tasks[i];
        if (!is_alive(t) || !t->wait_since || live_class_of(t->wait_kind) == OBJ_NONE ||
            !t->wait_addr)
            continue;
        struct live_object *o =
            &m->objects[live_object_make(m, t->process, t->wait_addr, t->wait_kind)];
        o->nwaiting++;
        if (o->class == OBJ_BARRIER)
            o->count = o->nwaiting;
    }
}

void live_objects_settle(struct live_model *m)
{
    for (uint32_t i = 0; i < m->nobjects; i++) {
        struct live_object *o = &m->objects[i];
        o->owner = LIVE_NONE;
        o->nholding = o->nwaiting = 0;
        o->reading = 0;
        if (o->class == OBJ_BARRIER)
            o->count = 0;
        if (o->class == OBJ_ONCE && o->count == 0)
            o->owner = live_task_number(m, m->inside->objects[i].last_owner);
    }
    for (uint32_t i = 0; i < m->ntasks; i++) {
        const struct live_task *t = &m->tasks[i];
        uint32_t n = t->nheld < 16 ? t->nheld : 16;
        for (uint32_t j = 0; is_alive(t) && j < n; j++)
            if (t->held[j])
                hold(m, i, t->held[j]);
    }
    settle_waiters(m);
}

static int waits_at(const struct live_model *m, uint32_t task, uint32_t object)
{
    const struct live_task *t = &m->tasks[task];
    return is_alive(t) && t->wait_since && t->wait_addr &&
           live_class_of(t->wait_kind) != OBJ_NONE &&
           live_object_at(m, t->process, t->wait_addr) == object;
}

uint32_t live_waiting(const struct live_model *m, uint32_t object, uint32_t *out, uint32_t max)
{
    uint32_t n = 0, kept = 0;
    if (object >= m->nobjects || !m->objects[object].nwaiting)
        return 0;
    for (uint32_t i = 0; i < m->ntasks; i++) {
        if (!waits_at(m, i, object))
            continue;
        n++;
        uint32_t at = kept;
        for (; at > 0 && m->tasks[out[at - 1]].wait_since > m->tasks[i].wait_since; at--)
            if (at < max)
                out[at] = out[at - 1];
        if (at < max)
            out[at] = i;
        kept += kept < max;
    }
    return n;
}

uint32_t live_holding(const struct live_model *m, uint32_t object, uint32_t *out, uint32_t max)
{
    uint32_t n = 0;
    if (object >= m->nobjects || !m->objects[object].nholding)
        return 0;
    for (uint32_t i = 0; i < m->ntasks; i++) {
        const struct live_task *t = &m->tasks[i];
        int holds = 0;
        for (uint32_t j = 0; is_alive(t) && j < t->nheld && j < 16; j++)
            holds |= t->held[j] && live_object_at(m, t->process, t->held[j]) == object;
        if (holds && n < max)
            out[n] = i;
        n += holds != 0;
    }
    return n;
}
