/* The code inside a program that runs free: what its files share.
 *
 * It runs in threads of somebody else's program, between the program and the real library: it takes
 * no lock, waits for nobody, allocates nothing after a thread's beginning, and keeps errno. A call
 * is noted as engine/recorder.h says, and its results are those of the real one.
 *
 * Every wrapper begins with ready(): false means that the call goes straight through. */
#ifndef LOCKSTEP_RECORDER_INSIDE_H
#define LOCKSTEP_RECORDER_INSIDE_H

#include "../recorder.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define EXPORT      __attribute__((visibility("default")))
#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define HOT         static inline __attribute__((always_inline))
#define COLD        __attribute__((noinline, cold))
#define HERE        ((uint64_t)(uintptr_t)__builtin_return_address(0))
/* Signal handlers of the same thread see what is before it; costs nothing. */
#define IN_ORDER() __asm__ volatile("" ::: "memory")

/* ---- the real functions (real.c) ---- */
#include "real.h"

/* ---- the shared memory (map.c) ---- */
extern struct recorder *R; /* NULL: nothing is noted in this process */
/* pace and tick of R in one word. */
extern const volatile uint64_t *drag;
/* Found at the first call that comes, which may be before any constructor. */
void map_once(void);
/* Offset of a copy of it in R->text, ~0 when there is no room. */
uint64_t text_add(const char *text);
HOT uint64_t ticks(void)
{
    uint32_t low, high; /* not before what was done before it is done */
    __asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high)::"memory");
    return (uint64_t)high << 32 | low;
}

/* ---- the thread (thread_slot.c) ---- */
struct wait;
/* Why an operation cannot simply be noted. */
enum gate {
    GATE_OPEN,
    GATE_NEW,    /* the thread has no slot yet */
    GATE_PASS,   /* it gets none: everything goes straight through */
    GATE_VFORK,  /* its child of vfork runs in its memory */
    GATE_WAIT,   /* it waits: this is a handler, or the wait was jumped out of */
    GATE_WRITING /* and above: the stack pointer of who writes an entry now */
};
struct me {
    uint64_t gate;
    uint64_t head; /* slot->head, raised already while entries are being written */
    uint64_t seen; /* *drag, when all is as it was then and nothing stands in the way */
    uint64_t next; /* head at which a TIME is due */
    struct recorder_entry *ring;
    uint64_t mask;
    struct recorder_thread *slot; /* of nobody as long as it has none */
    int32_t tid;
    uint32_t every;             /* entries from one TIME to the next */
    struct wait *waiting;       /* the innermost wait */
    uintptr_t stack_high;       /* its stack ends here */
    uint64_t chance;            /* state of its noise */
    uint64_t stuck_head, stuck; /* how often head was found raised, and at which */
    uint32_t child_number;      /* of the first thread of who it forks; ~0 none */
    uint32_t quiet;             /* 1: accesses to memory are not noted */
};
extern __thread struct me me;

/* The thread may note; takes what slow motion and noise cost. Keeps errno. */
COLD bool ready_slowly(void);
HOT bool ready(void)
{
    return LIKELY((me.gate | (*drag ^ me.seen) | (me.head ^ me.slot->head)) == 0) || ready_slowly();
}
/* The same for the shortest way of an operation, which calls nothing: no TIME is due either. */
HOT bool ready_at_once(void)
{
    return LIKELY((me.gate | (*drag ^ me.seen) | (me.head ^ me.slot->head)) == 0) &&
           LIKELY(me.head < me.next);
}
uint32_t number_new(void);
/* What is known of a thread that begins; ~0: nobody. */
bool thread_begin(uint32_t number, uint32_t creator, const void *start, bool detached);
/* The current thread: it was there before us, or was made in another way. */
bool thread_found(void);
/* A handle of this process: its number, ~0u unknown. */
uint32_t thread_number(uint64_t handle);
void thread_remember(uint64_t handle, uint32_t number);
void thread_joined(uint64_t handle, uint32_t number);
void threads_ended(int32_t pid, const struct recorder_thread *but);
/* Its key: the last thing of a thread to go. */
void thread_watch_end(void);

/* ---- the process (process_slot.c) ---- */
extern uint32_t process_index; /* of this process; ~0 none */
extern int32_t process_pid;
struct recorder_process *process_here(void); /* NULL: no slot */
void process_begin(void);
void process_forked(void);
void process_ends(int status, bool now);
void process_reaped(int32_t pid, int status);

/* ---- noting (note.c) ---- */
HOT uintptr_t stack_pointer(void)
{
    uintptr_t sp;
    __asm__ volatile("mov %%rsp, %0" : "=r"(sp));
    return sp;
}
/* Entries are reserved by one instruction and published when all are written. A signal handler that
 * comes in between sees that by the heads, which differ, and notes nothing (ready). */
HOT uint64_t reserve(uint64_t n)
{
    uint64_t at = me.head;
    __asm__ volatile("addq %1, %0" : "+m"(me.head) : "er"(n) : "memory");
    if (UNLIKELY(me.head != at + n)) /* a handler, just before; else nobody waits for the sum */
        __asm__ volatile("mov %1, %0; sub %2, %0" : "=&r"(at) : "m"(me.head), "er"(n));
    return at;
}
HOT void put(uint64_t at, uint64_t what, uint64_t more)
{
    struct recorder_entry *e = &me.ring[at & me.mask];
    e->what = what;
    e->more = more;
}
HOT void publish(uint64_t head)
{
    __atomic_store_n(&me.slot->head, head, __ATOMIC_RELEASE);
    IN_ORDER();
}
/* Note an operation with its time, and with 64 bits more. */
void note_now(unsigned kind, unsigned arg, uint64_t addr, uint64_t pc, unsigned extra);
void note_more(unsigned kind, unsigned arg, uint64_t addr, uint64_t pc, unsigned extra,
               uint64_t more);
/* With its time if that is due. */
COLD void note_due(uint64_t what, uint64_t more);
HOT void note(unsigned kind, unsigned arg, uint64_t addr, uint64_t pc, unsigned extra)
{
    uint64_t what = REC_WHAT(kind, arg, addr), more = REC_PLACE(pc, extra);
    if (UNLIKELY(me.head >= me.next)) {
        note_due(what, more);
        return;
    }
    uint64_t at = reserve(1);
    put(at, what, more);
    publish(at + 1);
}
HOT void note_at_once(unsigned kind, uint64_t addr, uint64_t pc)
{
    uint64_t at = reserve(1);
    put(at, REC_WHAT(kind, 0, addr), REC_PLACE(pc, 0));
    publish(at + 1);
}
/* The entries of a wait that begins; returns its ticks. */
uint64_t note_wait(uint64_t what, uint64_t more);
/* A result or errno as an entry holds it. */
HOT unsigned arg_of(int result)
{
    return result >= 0 && result < 255 ? (unsigned)result : 255;
}
HOT uint64_t address(const volatile void *p)
{
    return (uint64_t)(uintptr_t)p;
}

/* ---- waiting (waiting.c) ---- */
struct wait {
    struct wait *outer; /* this one is in a signal handler that came in that one */
    uint64_t since, what, more;
    struct timespec deadline; /* of a condition: moved into the past to end the wait */
    volatile int interrupted;
};
/* From here on the thread is seen waiting. *w lies in the caller's frame until wait_end. */
void wait_begin(struct wait *w, unsigned kind, uint64_t addr, uint64_t pc, unsigned extra);
/* The event that ends it is noted by the caller, next. */
void wait_end(struct wait *w);
/* All waits that were jumped or cancelled out of are over. */
void waits_left(uintptr_t sp);
/* The handler of RECORDER_SIGNAL, where the program has none. */
bool wait_signal_install(void);

/* ---- what it holds (held.c) ---- */
COLD void held_add_many(uint64_t addr);
COLD bool held_remove_slowly(uint64_t addr);
HOT void held_add(uint64_t addr)
{
    uint32_t n = me.slot->nheld;
    if (UNLIKELY(n >= RECORDER_HELD)) {
        held_add_many(addr);
        return;
    }
    me.slot->held[n] = addr;
    me.slot->nheld = n + 1;
}
HOT bool held_room(void)
{
    return me.slot->nheld < RECORDER_HELD;
}
HOT void held_push(uint64_t addr)
{
    uint32_t n = me.slot->nheld;
    me.slot->held[n] = addr;
    me.slot->nheld = n + 1;
}
/* The last of them, if it is this one. */
HOT bool held_is_last(uint64_t addr)
{
    uint32_t n = me.slot->nheld - 1;
    return n < RECORDER_HELD && me.slot->held[n] == addr;
}
HOT void held_pop(void)
{
    me.slot->nheld--;
}
/* False: it did not hold that. */
HOT bool held_remove(uint64_t addr)
{
    uint32_t n = me.slot->nheld - 1;
    if (UNLIKELY(n >= RECORDER_HELD || me.slot->held[n] != addr))
        return held_remove_slowly(addr);
    me.slot->nheld = n;
    return true;
}

#endif
