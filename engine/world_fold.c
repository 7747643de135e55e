/* What each kind of event does to the world: a table of small functions at the end. */
#include "world_fold.h"

#include <errno.h>
#include <string.h>

enum { MAX_HELD = sizeof((struct world_task *)0)->held / sizeof(uint64_t) };

static void reset_object(struct world_object *o, uint64_t addr, uint32_t step)
{
    memset(o, 0, sizeof *o);
    o->addr = addr;
    o->owner = o->last_task = NO_TASK;
    o->first_step = step;
}

/* The object at addr, new if need be. A place that turns out to be a lock becomes one. */
struct world_object *fold_touch(struct fold *f, const struct event *e, uint64_t addr,
                                enum object_class class)
{
    struct world *w = f->w;
    uint32_t number = addr_index_add(f->ix, addr);
    if (number >= w->nobjects) {
        if (w->nobjects == w->cap_objects) {
            w->cap_objects = w->cap_objects ? 2 * w->cap_objects : 64;
            w->objects = xrealloc(w->objects, w->cap_objects, sizeof *w->objects);
        }
        number = w->nobjects++;
        reset_object(&w->objects[number], addr, e->step);
    }
    struct world_object *o = &w->objects[number];
    if (class != OBJ_PLACE || o->class == OBJ_NONE)
        o->class = class;
    o->last_task = e->task;
    return o;
}

struct world_task *fold_task(struct fold *f, unsigned task, uint32_t step)
{
    struct world *w = f->w;
    for (; w->ntasks <= task; w->ntasks++)
        memset(&w->tasks[w->ntasks], 0, sizeof *w->tasks);
    struct world_task *k = &w->tasks[task];
    if (!k->exists) {
        memset(k, 0, sizeof *k);
        k->exists = 1;
        k->state = task == 0 ? TASK_READY : TASK_NEW;
        k->parent = k->blocked_by = k->woken_by = NO_TASK;
        k->born = step;
    }
    return k;
}

int fold_is_over(const struct world_task *k)
{
    return k->state == TASK_ZOMBIE || k->state == TASK_DONE;
}

/* Whether its next operation is to let time pass. */
static int is_sleeping(const struct world_task *k)
{
    return k->pending.kind == EV_PENDING &&
           (k->pending.a == EV_SLEEP || k->pending.a == EV_COND_TIMEOUT);
}

static void settle(struct world_task *k, int running)
{
    if (k->state != TASK_READY && k->state != TASK_RUNNING && k->state != TASK_SLEEPING)
        return;
    k->state = is_sleeping(k) ? TASK_SLEEPING : running ? TASK_RUNNING : TASK_READY;
}

void fold_unblock(struct world_task *k)
{
    k->blocked_addr = 0;
    k->blocked_reason = BLOCK_LOCK;
    k->blocked_by = NO_TASK;
    k->blocked_since = 0;
}

static void begin_step(struct fold *f, const struct event *e)
{
    struct world *w = f->w;
    if (w->running != NO_TASK)
        settle(&w->tasks[w->running], 0);
    struct world_task *k = fold_task(f, e->task, e->step);
    fold_unblock(k);
    k->process = e->process;
    fold_known_process(f, e->process, e->step);
    k->state = TASK_RUNNING;
    k->last = *e;
    k->pending.kind = EV_NONE;
    w->running = e->task;
    w->step = e->step;
}

static void hold(struct world_task *k, uint64_t addr)
{
    if (k->nheld < MAX_HELD)
        k->held[k->nheld++] = addr;
}

static void drop(struct world_task *k, uint64_t addr)
{
    for (uint32_t i = k->nheld; i-- > 0;) {
        if (k->held[i] != addr)
            continue;
        k->nheld--;
        memmove(&k->held[i], &k->held[i + 1], (k->nheld - i) * sizeof *k->held);
        k->held[k->nheld] = 0;
        return;
    }
}

static int was_taken(const struct event *e)
{
    return e->result == 0 || e->result == EOWNERDEAD;
}

static void take(struct fold *f, const struct event *e, uint64_t addr, enum object_class class)
{
    struct world_object *o = fold_touch(f, e, addr, class);
    if (o->owner == e->task && o->count > 0) {
        o->count++;
    } else {
        if (o->owner < f->w->ntasks)
            drop(&f->w->tasks[o->owner], addr);
        o->owner = e->task;
        o->owner_since = e->step;
        o->count = 1;
        hold(&f->w->tasks[e->task], addr);
    }
    if (e->kind == EV_LOCK && e->a > 0)
        o->count = (int64_t)e->a;
}

static void release(struct fold *f, const struct event *e, uint64_t addr, enum object_class class,
                    uint64_t depth)
{
    struct world_object *o = fold_touch(f, e, addr, class);
    if (depth > 0) {
        o->count = (int64_t)depth;
        return;
    }
    if (o->owner < f->w->ntasks) /* the owner loses it even when a stranger unlocks */
        drop(&f->w->tasks[o->owner], addr);
    o->owner = NO_TASK;
    o->owner_since = 0;
    o->count = 0;
}

static void note_read(struct world_object *o, const struct event *e)
{
    memmove(&o->last_read[1], &o->last_read[0], 3 * sizeof *o->last_read);
    o->last_read[0] = e->step;
}

static void on_read(struct fold *f, const struct event *e)
{
    struct world_object *o = fold_touch(f, e, e->addr, f->class);
    o->size = e->size;
    o->value = e->a;
    note_read(o, e);
}

static void on_write(struct fold *f, const struct event *e)
{
    struct world_object *o = fold_touch(f, e, e->addr, f->class);
    o->size = e->size;
    o->value = e->b;
    o->last_write = e->step;
}

static void on_rmw(struct fold *f, const struct event *e)
{
    struct world_object *o = fold_touch(f, e, e->addr, f->class);
    int wrote = e->kind != EV_ATOMIC_CAS || e->result == 1;
    o->size = e->size;
    o->value = wrote ? e->b : e->a;
    note_read(o, e);
    if (wrote)
        o->last_write = e->step;
}

static void on_copy(struct fold *f, const struct event *e)
{
    if (e->addr2) {
        struct world_object *from = fold_touch(f, e, e->addr2, OBJ_PLACE);
        from->size = e->size;
        note_read(from, e);
    }
    if (e->addr) {
        struct world_object *to = fold_touch(f, e, e->addr, f->class);
        to->size = e->size;
        to->last_write = e->step;
    }
}

static void free_object(struct world_object *o, const struct event *e)
{
    (void)e;
    o->destroyed = 1;
}

static void renew_object(struct world_object *o, const struct event *e)
{
    if (o->destroyed)
        reset_object(o, o->addr, e->step);
}

/* Call fn for every object in the range of *e, the cheaper way round. */
static void each_in_range(struct fold *f, const struct event *e,
                          void (*fn)(struct world_object *, const struct event *))
{
    struct world *w = f->w;
    if (e->size > 4 * (uint64_t)w->nobjects) {
        for (uint32_t i = 0; i < w->nobjects; i++)
            if (w->objects[i].addr - e->addr < e->size)
                fn(&w->objects[i], e);
        return;
    }
    for (uint32_t offset = 0; offset < e->size; offset++) {
        uint32_t number = addr_index_find(f->ix, e->addr + offset);
        if (number < w->nobjects)
            fn(&w->objects[number], e);
    }
}

static void on_free(struct fold *f, const struct event *e)
{
    each_in_range(f, e, free_object);
}

static void on_alloc(struct fold *f, const struct event *e)
{
    each_in_range(f, e, renew_object);
}

static void on_create(struct fold *f, const struct event *e)
{
    if (e->other == NO_TASK || e->result != 0)
        return;
    struct world_task *k = fold_task(f, e->other, e->step);
    k->parent = e->task;
    k->process = e->process;
    k->start_pc = e->addr;
}

static void on_end(struct fold *f, const struct event *e)
{
    f->w->tasks[e->task].ended = e->step;
}

/* Join and detach: a zombie is laid to rest. */
static void on_join(struct fold *f, const struct event *e)
{
    if (e->other == NO_TASK || e->result != 0)
        return;
    struct world_task *k = fold_task(f, e->other, e->step);
    if (k->state == TASK_ZOMBIE)
        k->state = TASK_DONE;
}

static void on_init(struct fold *f, const struct event *e)
{
    struct world_object *o = fold_touch(f, e, e->addr, f->class);
    reset_object(o, e->addr, o->destroyed ? e->step : o->first_step);
    o->class = f->class;
    o->last_task = e->task;
    if (e->kind == EV_SEM_INIT)
        o->count = (int64_t)e->a;
    if (e->kind == EV_BARRIER_INIT)
        o->limit = (int64_t)e->a;
}

static void on_destroy(struct fold *f, const struct event *e)
{
    struct world_object *o = fold_touch(f, e, e->addr, f->class);
    if (e->result == 0)
        o->destroyed = 1;
}

static void on_touch(struct fold *f, const struct event *e)
{
    fold_touch(f, e, e->addr, f->class);
}

static void on_lock(struct fold *f, const struct event *e)
{
    if (was_taken(e))
        take(f, e, e->addr, f->class);
    else
        fold_touch(f, e, e->addr, f->class);
}

static void on_unlock(struct fold *f, const struct event *e)
{
    if (e->result == 0)
        release(f, e, e->addr, f->class, e->kind == EV_UNLOCK ? e->a : 0);
    else
        fold_touch(f, e, e->addr, f->class);
}

void fold_wake_up(struct fold *f, unsigned task)
{
    struct world_task *k = &f->w->tasks[task];
    uint32_t number = k->asleep_in ? addr_index_find(f->ix, k->asleep_in) : UINT32_MAX;
    if (number < f->w->nobjects && f->w->objects[number].count > 0)
        f->w->objects[number].count--;
    k->asleep_in = 0;
}

static void on_cond_wait(struct fold *f, const struct event *e)
{
    struct world_object *c = fold_touch(f, e, e->addr, f->class);
    if (e->result != 0)
        return;
    c->count++;
    f->w->tasks[e->task].asleep_in = e->addr;
    if (e->addr2)
        release(f, e, e->addr2, OBJ_MUTEX, e->a);
}

static void on_cond_relock(struct fold *f, const struct event *e)
{
    fold_wake_up(f, e->task);
    fold_touch(f, e, e->addr, f->class);
    if (e->addr2)
        take(f, e, e->addr2, OBJ_MUTEX);
}

static void on_cond_timeout(struct fold *f, const struct event *e)
{
    fold_wake_up(f, e->task);
    fold_touch(f, e, e->addr, f->class);
}

static void on_sem(struct fold *f, const struct event *e)
{
    fold_touch(f, e, e->addr, f->class)->count = (int64_t)e->a;
}

static void on_barrier_arrive(struct fold *f, const struct event *e)
{
    struct world_object *o = fold_touch(f, e, e->addr, f->class);
    o->count = (int64_t)e->a;
    if (e->b)
        o->limit = (int64_t)e->b;
}

static void on_barrier_leave(struct fold *f, const struct event *e)
{
    struct world_object *o = fold_touch(f, e, e->addr, f->class);
    if (o->count == o->limit) /* the first to leave; the next round begins at 0 */
        o->count = 0;
}

static void on_rdlock(struct fold *f, const struct event *e)
{
    struct world_object *o = fold_touch(f, e, e->addr, f->class);
    if (e->result != 0)
        return;
    o->count = (int64_t)e->a;
    hold(&f->w->tasks[e->task], e->addr);
}

static void on_rwunlock(struct fold *f, const struct event *e)
{
    struct world_object *o = fold_touch(f, e, e->addr, f->class);
    if (e->result != 0)
        return;
    if (o->owner != NO_TASK) {
        release(f, e, e->addr, f->class, 0);
        return;
    }
    drop(&f->w->tasks[e->task], e->addr);
    o->count = (int64_t)e->a;
}

static void on_once_begin(struct fold *f, const struct event *e)
{
    struct world_object *o = fold_touch(f, e, e->addr, f->class);
    if (e->a) {
        o->owner = e->task;
        o->owner_since = e->step;
    } else {
        o->count = 1;
    }
}

static void on_once_end(struct fold *f, const struct event *e)
{
    struct world_object *o = fold_touch(f, e, e->addr, f->class);
    o->owner = NO_TASK;
    o->owner_since = 0;
    o->count = 1;
}

static void on_sleep(struct fold *f, const struct event *e)
{
    f->w->clock_ns = e->b;
}

static void on_clock(struct fold *f, const struct event *e)
{
    f->w->clock_ns = e->a;
}

static void on_output(struct fold *f, const struct event *e)
{
    f->w->noutput += e->ntext;
}

static void on_pending(struct fold *f, const struct event *e)
{
    struct world_task *k = fold_task(f, e->task, e->step);
    k->pending = *e;
    settle(k, f->w->running == e->task);
}

static void on_blocked(struct fold *f, const struct event *e)
{
    struct world_task *k = fold_task(f, e->task, e->step);
    enum task_state state = e->a == BLOCK_STOPPED ? TASK_STOPPED : TASK_BLOCKED;
    int same =
        k->state == state && k->blocked_addr == e->addr && (uint64_t)k->blocked_reason == e->a;
    if (fold_is_over(k))
        return;
    if (!same)
        k->blocked_since = e->step;
    k->state = state;
    k->blocked_addr = e->addr;
    k->blocked_reason = (enum block_reason)e->a;
    k->blocked_by = e->other;
}

static void on_ready(struct fold *f, const struct event *e)
{
    struct world *w = f->w;
    struct world_task *k = fold_task(f, e->task, e->step);
    if (fold_is_over(k))
        return;
    fold_unblock(k);
    if (k->state == TASK_BLOCKED || k->state == TASK_STOPPED)
        k->state = TASK_READY;
    settle(k, w->running == e->task);
    if (w->running != e->task && w->running != NO_TASK) {
        k->woken_by = w->running;
        k->woken_step = e->step;
    }
}

static void on_wake(struct fold *f, const struct event *e)
{
    if (e->other == NO_TASK)
        return;
    struct world_task *k = fold_task(f, e->other, e->step);
    k->woken_by = e->task;
    k->woken_step = e->step;
    fold_wake_up(f, e->other);
}

/* Keep what fits of the name, without control characters and half sequences. */
static void on_name(struct fold *f, const struct event *e)
{
    struct world_task *k = fold_task(f, e->task, e->step);
    struct buf safe = {0};
    buf_visible(&safe, trace_text(f->t, e), e->ntext < 64 ? e->ntext : 64);
    size_t n = safe.len < sizeof k->name ? safe.len : sizeof k->name - 1;
    while (n > 0 && n < safe.len && ((unsigned char)safe.data[n] & 0xc0) == 0x80)
        n--;
    memset(k->name, 0, sizeof k->name);
    if (n)
        memcpy(k->name, safe.data, n);
    buf_fini(&safe);
}

static void on_gone(struct fold *f, const struct event *e)
{
    struct world_task *k = fold_task(f, e->task, e->step);
    k->state = e->a ? TASK_ZOMBIE : TASK_DONE;
    k->pending.kind = EV_NONE;
    fold_unblock(k);
    if (!k->ended)
        k->ended = e->step;
}

static void on_finished(struct fold *f, const struct event *e)
{
    struct world *w = f->w;
    w->finished = 1 + (int)(e->a & 0xff);
    w->status = e->a == FINISH_SIGNAL ? (int32_t)e->b : e->result;
    for (uint32_t i = 0; i < w->ntasks; i++) {
        struct world_task *k = &w->tasks[i];
        if (!k->exists || fold_is_over(k))
            continue;
        if (e->a == FINISH_DEADLOCK && (k->state == TASK_BLOCKED || k->state == TASK_STOPPED))
            k->state = TASK_DEADLOCKED;
        if (e->a == FINISH_EXIT || e->a == FINISH_SIGNAL) {
            k->state = TASK_DONE;
            k->ended = e->step;
            k->pending.kind = EV_NONE;
            fold_unblock(k);
        }
    }
    fold_all_processes_end(f, e);
}

static const struct rule {
    void (*apply)(struct fold *, const struct event *); /* NULL: nothing but the step itself */
    enum object_class class;
} rules[EV_COUNT] = {
    [EV_READ] = {on_read, OBJ_PLACE},
    [EV_WRITE] = {on_write, OBJ_PLACE},
    [EV_COPY] = {on_copy, OBJ_PLACE},
    [EV_ATOMIC_LOAD] = {on_read, OBJ_PLACE},
    [EV_ATOMIC_STORE] = {on_write, OBJ_PLACE},
    [EV_ATOMIC_RMW] = {on_rmw, OBJ_PLACE},
    [EV_ATOMIC_CAS] = {on_rmw, OBJ_PLACE},
    [EV_FREE] = {on_free, OBJ_NONE},
    [EV_CREATE] = {on_create, OBJ_NONE},
    [EV_END] = {on_end, OBJ_NONE},
    [EV_JOIN] = {on_join, OBJ_NONE},
    [EV_DETACH] = {on_join, OBJ_NONE},
    [EV_MUTEX_INIT] = {on_init, OBJ_MUTEX},
    [EV_MUTEX_DESTROY] = {on_destroy, OBJ_MUTEX},
    [EV_LOCK] = {on_lock, OBJ_MUTEX},
    [EV_TRYLOCK] = {on_lock, OBJ_MUTEX},
    [EV_TIMEDLOCK] = {on_lock, OBJ_MUTEX},
    [EV_UNLOCK] = {on_unlock, OBJ_MUTEX},
    [EV_SPIN_INIT] = {on_init, OBJ_SPIN},
    [EV_SPIN_DESTROY] = {on_destroy, OBJ_SPIN},
    [EV_SPIN_LOCK] = {on_lock, OBJ_SPIN},
    [EV_SPIN_TRYLOCK] = {on_lock, OBJ_SPIN},
    [EV_SPIN_UNLOCK] = {on_unlock, OBJ_SPIN},
    [EV_COND_INIT] = {on_init, OBJ_COND},
    [EV_COND_DESTROY] = {on_destroy, OBJ_COND},
    [EV_COND_WAIT] = {on_cond_wait, OBJ_COND},
    [EV_COND_RELOCK] = {on_cond_relock, OBJ_COND},
    [EV_COND_TIMEOUT] = {on_cond_timeout, OBJ_COND},
    [EV_COND_SPURIOUS] = {on_cond_timeout, OBJ_COND},
    [EV_COND_SIGNAL] = {on_touch, OBJ_COND},
    [EV_COND_BROADCAST] = {on_touch, OBJ_COND},
    [EV_SEM_INIT] = {on_init, OBJ_SEM},
    [EV_SEM_DESTROY] = {on_destroy, OBJ_SEM},
    [EV_SEM_WAIT] = {on_sem, OBJ_SEM},
    [EV_SEM_TRYWAIT] = {on_sem, OBJ_SEM},
    [EV_SEM_TIMEDWAIT] = {on_sem, OBJ_SEM},
    [EV_SEM_POST] = {on_sem, OBJ_SEM},
    [EV_SEM_GETVALUE] = {on_sem, OBJ_SEM},
    [EV_FUTEX_WAIT] = {on_touch, OBJ_PLACE},
    [EV_FUTEX_RISE] = {on_touch, OBJ_PLACE},
    [EV_FUTEX_WAKE] = {on_touch, OBJ_PLACE},
    [EV_BARRIER_INIT] = {on_init, OBJ_BARRIER},
    [EV_BARRIER_DESTROY] = {on_destroy, OBJ_BARRIER},
    [EV_BARRIER_ARRIVE] = {on_barrier_arrive, OBJ_BARRIER},
    [EV_BARRIER_LEAVE] = {on_barrier_leave, OBJ_BARRIER},
    [EV_RWLOCK_INIT] = {on_init, OBJ_RWLOCK},
    [EV_RWLOCK_DESTROY] = {on_destroy, OBJ_RWLOCK},
    [EV_RDLOCK] = {on_rdlock, OBJ_RWLOCK},
    [EV_TRYRDLOCK] = {on_rdlock, OBJ_RWLOCK},
    [EV_TIMEDRDLOCK] = {on_rdlock, OBJ_RWLOCK},
    [EV_WRLOCK] = {on_lock, OBJ_RWLOCK},
    [EV_TRYWRLOCK] = {on_lock, OBJ_RWLOCK},
    [EV_TIMEDWRLOCK] = {on_lock, OBJ_RWLOCK},
    [EV_RWUNLOCK] = {on_rwunlock, OBJ_RWLOCK},
    [EV_ONCE_BEGIN] = {on_once_begin, OBJ_ONCE},
    [EV_ONCE_END] = {on_once_end, OBJ_ONCE},
    [EV_FORK] = {fold_fork, OBJ_NONE},
    [EV_EXEC] = {fold_exec, OBJ_NONE},
    [EV_PROCESS] = {fold_process, OBJ_NONE},
    [EV_PROCESS_END] = {fold_process_end, OBJ_NONE},
    [EV_PROCESS_STATE] = {fold_process_state, OBJ_NONE},
    [EV_PIPE] = {fold_pipe, OBJ_PIPE},
    [EV_FD_READ] = {fold_fd_read, OBJ_CHANNEL},
    [EV_FD_WRITE] = {fold_fd_write, OBJ_CHANNEL},
    [EV_FD_CLOSE] = {fold_fd_close, OBJ_CHANNEL},
    [EV_FD_DUP] = {fold_fd_dup, OBJ_CHANNEL},
    [EV_MQ_SEND] = {fold_queue, OBJ_QUEUE},
    [EV_MQ_RECEIVE] = {fold_queue, OBJ_QUEUE},
    [EV_SLEEP] = {on_sleep, OBJ_NONE},
    [EV_CLOCK] = {on_clock, OBJ_NONE},
    [EV_OUTPUT] = {on_output, OBJ_NONE},
    [EV_FREE_OUTPUT] = {on_output, OBJ_NONE},
    [EV_PENDING] = {on_pending, OBJ_NONE},
    [EV_BLOCKED] = {on_blocked, OBJ_NONE},
    [EV_READY] = {on_ready, OBJ_NONE},
    [EV_WAKE] = {on_wake, OBJ_NONE},
    [EV_NAME] = {on_name, OBJ_NONE},
    [EV_ALLOC] = {on_alloc, OBJ_NONE},
    [EV_GONE] = {on_gone, OBJ_NONE},
    [EV_FINISHED] = {on_finished, OBJ_NONE},
};

void world_fold(struct world *w, struct addr_index *ix, const struct trace *t,
                const struct event *e)
{
    const struct rule *rule = &rules[e->kind];
    struct fold f = {.w = w, .ix = ix, .t = t, .class = rule->class};
    if (event_is_step(e->kind))
        begin_step(&f, e);
    if (rule->apply && (e->task != NO_TASK || e->kind == EV_FINISHED))
        rule->apply(&f, e);
}
