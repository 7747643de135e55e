/* The slots of threads: claimed by compare-and-swap, so that a thread killed at any instruction is
 * in nobody's way. */
#include "inside.h"

#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

static struct recorder_thread nobody = {.number = ~0u};
EXPORT __thread struct me me = {
    .gate = GATE_NEW, .slot = &nobody, .tid = -1, .child_number = ~0u, .quiet = 1};
static pthread_key_t end_key;
static bool has_key;

extern void *__libc_stack_end;

uint32_t number_new(void)
{
    return __atomic_fetch_add(&R->next_number, 1, __ATOMIC_RELAXED);
}

/* ---- handles ----
 * Who was made with which handle, so that a join can name it. An entry is lost when another of the
 * same place comes; the slots are then searched. */
enum { HANDLES = 4096 };
static struct {
    uint64_t handle;
    uint32_t number;
} handles[HANDLES];

static unsigned handle_place(uint64_t handle)
{
    return (unsigned)(handle * 0x9e3779b97f4a7c15ull >> 52);
}

void thread_remember(uint64_t handle, uint32_t number)
{
    unsigned i = handle_place(handle);
    __atomic_store_n(&handles[i].handle, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&handles[i].number, number, __ATOMIC_RELEASE);
    __atomic_store_n(&handles[i].handle, handle, __ATOMIC_RELEASE);
}

static struct recorder_thread *slot_of(uint64_t handle)
{
    uint32_t n = __atomic_load_n(&R->nthreads, __ATOMIC_ACQUIRE);
    struct recorder_thread *found = NULL;
    for (uint32_t i = 0; i < n && i < RECORDER_THREADS; i++) {
        struct recorder_thread *s = &R->threads[i];
        if (s->handle == handle && s->pid == process_pid && s->life >= LIFE_ALIVE && !s->joined &&
            (!found || s->number > found->number))
            found = s;
    }
    return found;
}

uint32_t thread_number(uint64_t handle)
{
    unsigned i = handle_place(handle);
    uint64_t known = __atomic_load_n(&handles[i].handle, __ATOMIC_ACQUIRE);
    uint32_t number = __atomic_load_n(&handles[i].number, __ATOMIC_ACQUIRE);
    if (known == handle && known == __atomic_load_n(&handles[i].handle, __ATOMIC_ACQUIRE))
        return number;
    const struct recorder_thread *s = slot_of(handle);
    return s ? s->number : ~0u;
}

void thread_joined(uint64_t handle, uint32_t number)
{
    struct recorder_thread *s = slot_of(handle);
    if (s && (number == ~0u || s->number == number))
        s->joined = 1;
}

/* ---- claiming ---- */
static bool claim(uint32_t i, uint32_t from)
{
    return __atomic_compare_exchange_n(&R->threads[i].life, &from, LIFE_CLAIMED, 0,
                                       __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static int claim_new(void)
{
    uint32_t n = __atomic_load_n(&R->nthreads, __ATOMIC_RELAXED);
    while (n < RECORDER_THREADS)
        if (__atomic_compare_exchange_n(&R->nthreads, &n, n + 1, 0, __ATOMIC_ACQ_REL,
                                        __ATOMIC_RELAXED))
            return claim(n, LIFE_FREE) ? (int)n : -1;
    return -1;
}

/* Slots of ended threads, in turn, so that what they noted can be read for as long as possible. */
static int claim_ended(void)
{
    uint32_t from = __atomic_load_n(&R->reuse, __ATOMIC_RELAXED);
    for (uint32_t k = 0; k < RECORDER_THREADS; k++) {
        uint32_t i = (from + k) % RECORDER_THREADS;
        if (__atomic_load_n(&R->threads[i].life, __ATOMIC_RELAXED) == LIFE_ENDED &&
            claim(i, LIFE_ENDED)) {
            __atomic_store_n(&R->reuse, i + 1, __ATOMIC_RELAXED);
            return (int)i;
        }
    }
    return -1;
}

static bool process_gone(int32_t pid)
{
    return syscall(SYS_kill, pid, 0) && errno == ESRCH;
}

/* Threads of processes that were killed have not said that they ended. Some at a time: it costs a
 * call for each. */
static int claim_dead(void)
{
    uint32_t from = __atomic_fetch_add(&R->reuse, 64, __ATOMIC_RELAXED);
    for (uint32_t k = 0; k < 64; k++) {
        uint32_t i = (from + k) % RECORDER_THREADS;
        struct recorder_thread *s = &R->threads[i];
        if (s->life == LIFE_ALIVE && s->pid != process_pid && process_gone(s->pid) &&
            claim(i, LIFE_ALIVE))
            return (int)i;
    }
    return -1;
}

/* ---- beginning ---- */
static void fill(struct recorder_thread *s, uint32_t number, uint32_t creator, const void *start,
                 bool detached)
{
    s->number = number;
    s->pid = process_pid;
    s->tid = (int32_t)syscall(SYS_gettid);
    s->process = process_index;
    s->creator = creator;
    s->start_pc = address(start);
    s->handle = (uint64_t)pthread_self();
    s->began = ticks();
    s->ended = 0;
    s->joined = detached;
    s->first = s->head;
    s->skipped = 0;
    memset(s->name, 0, sizeof s->name);
    s->waits = s->wait_ticks = 0;
}

static void take(struct recorder_thread *s)
{
    s->nheld = 0;
    s->wait_since = s->wait_what = s->wait_more = 0;
    s->wait_seq += s->wait_seq & 1;
    s->interrupted = 0;
    s->last_ticks = ticks();
    me.slot = s;
    me.ring = recorder_ring(R, (uint32_t)(s - R->threads));
    me.mask = R->ring - 1;
    me.every = 1;
    me.next = 0;
    me.seen = ~*drag;
    me.tid = s->tid;
    me.waiting = NULL;
    me.quiet = !R->accesses;
    me.chance = (R->seed + s->number + 1) * 0x9e3779b97f4a7c15ull | 1;
    gate_set(GATE_OPEN);
}

static void started(const struct recorder_thread *s)
{
    note_more(EV_START, 0, s->start_pc, s->start_pc, 0,
              s->number | (uint64_t)(uint32_t)s->pid << 32);
    thread_watch_end();
}

bool thread_begin(uint32_t number, uint32_t creator, const void *start, bool detached)
{
    int i = claim_new();
    if (i < 0)
        i = claim_ended();
    if (i < 0)
        i = claim_dead();
    if (i < 0) {
        __atomic_fetch_add(&R->unnoted, 1, __ATOMIC_RELAXED);
        gate_set(GATE_PASS);
        return false;
    }
    struct recorder_thread *s = &R->threads[i];
    fill(s, number, creator, start, detached);
    __atomic_fetch_add(&s->generation, 1, __ATOMIC_RELEASE);
    __atomic_store_n(&s->life, LIFE_ALIVE, __ATOMIC_RELEASE);
    me.stack_high = me.stack_high ? me.stack_high : stack_pointer() + 16384;
    take(s);
    started(s);
    return true;
}

/* The thread that called exec goes on as the first of the new program, under its number. */
static struct recorder_thread *slot_before_exec(void)
{
    int32_t tid = (int32_t)syscall(SYS_gettid);
    uint32_t n = R->nthreads;
    for (uint32_t i = 0; tid == process_pid && i < n && i < RECORDER_THREADS; i++) {
        struct recorder_thread *s = &R->threads[i];
        if (s->life == LIFE_ALIVE && s->pid == process_pid && s->tid == tid)
            return s;
    }
    return NULL;
}

bool thread_found(void)
{
    static bool first_done;
    int keep = errno;
    gate_set(GATE_PASS);
    map_once();
    gate_set(R || map_done() ? GATE_PASS : GATE_NEW);
    errno = keep;
    if (!R)
        return false;
    bool first = !__atomic_exchange_n(&first_done, true, __ATOMIC_RELAXED);
    if (syscall(SYS_gettid) == process_pid)
        me.stack_high = (uintptr_t)__libc_stack_end;
    struct recorder_thread *s = first ? slot_before_exec() : NULL;
    bool ok = true;
    if (s) {
        s->handle = (uint64_t)pthread_self();
        s->start_pc = 0;
        take(s);
        started(s);
        threads_ended(process_pid, s);
    } else {
        ok = thread_begin(number_new(), ~0u, NULL, true);
    }
    errno = keep;
    return ok;
}

void threads_ended(int32_t pid, const struct recorder_thread *but)
{
    uint32_t n = __atomic_load_n(&R->nthreads, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < n && i < RECORDER_THREADS; i++) {
        struct recorder_thread *s = &R->threads[i];
        if (s->pid != pid || s == but || s->life != LIFE_ALIVE)
            continue;
        s->ended = ticks();
        uint32_t alive = LIFE_ALIVE;
        __atomic_compare_exchange_n(&s->life, &alive, LIFE_ENDED, 0, __ATOMIC_RELEASE,
                                    __ATOMIC_RELAXED);
    }
}

/* ---- the end ---- */
static void thread_ends(void)
{
    if (me.gate != GATE_OPEN && me.gate != GATE_WAIT)
        return;
    waits_left(me.stack_high); /* cancelled in it */
    note_now(EV_END, 0, 0, 0, 0);
    struct recorder_thread *s = me.slot;
    gate_set(GATE_PASS);
    s->ended = s->last_ticks;
    __atomic_store_n(&s->life, LIFE_ENDED, __ATOMIC_RELEASE);
}

/* The destructors of the program's own keys may do operations, too; the library calls all again, a
 * few times, for keys that were set again meanwhile. */
static void on_end(void *rounds)
{
    uintptr_t left = (uintptr_t)rounds - 1;
    if (left == 0 || pthread_setspecific(end_key, (void *)left))
        thread_ends();
}

void thread_watch_end(void)
{
    static int state; /* 0, 1 being made, 2 made */
    int expected = 0;
    if (__atomic_compare_exchange_n(&state, &expected, 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        has_key = pthread_key_create(&end_key, on_end) == 0;
        __atomic_store_n(&state, 2, __ATOMIC_RELEASE);
    }
    if (__atomic_load_n(&state, __ATOMIC_ACQUIRE) == 2 && has_key)
        pthread_setspecific(end_key, (void *)(uintptr_t)PTHREAD_DESTRUCTOR_ITERATIONS);
}
