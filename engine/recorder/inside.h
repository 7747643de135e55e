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
#define ALIAS_OF(f) __attribute__((alias(#f)))
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
/* It has been, so what R is now it stays. */
bool map_done(void);
/* Offset of a copy of it in R->text, ~0 when there is no room. */
uint64_t text_add(const char *text);
HOT uint64_t ticks(void)
{
    uint32_t low = 0, high = 0; /* not before what was done before it is done */
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
    uint64_t limit; /* next or the end of the ring, or 0 where an access cannot simply be noted */
    uintptr_t lap;  /* where entry 0 would be if this time round the ring were the first */
    struct recorder_thread *slot; /* of nobody as long as it has none */
    uintptr_t stack_high;         /* its stack ends here */
    struct recorder_entry *ring;
    uint64_t mask;
    uint64_t gate;
    uint64_t seen; /* *drag, when all is as it was then and nothing stands in the way */
    uint64_t next; /* head at which a TIME is due */
    int32_t tid;
    uint32_t every;        /* entries from one TIME to the next */
    struct wait *waiting;  /* the innermost wait */
    uint64_t chance;       /* state of its noise */
    uint32_t child_number; /* of the first thread of who it forks; ~0 none */
    uint32_t quiet;        /* 1: accesses to memory are not noted */
};
extern __thread struct me me __asm__(RECORDER_ME);
#define ME_AT(field, offset) _Static_assert(offsetof(struct me, field) == offset, #field)
ME_AT(limit, ME_LIMIT);
ME_AT(lap, ME_LAP);
ME_AT(slot, ME_SLOT);
ME_AT(stack_high, ME_STACK_HIGH);

/* After every change of gate, next or seen. */
void limit_set(void);
HOT void gate_set(enum gate gate)
{
    me.gate = gate;
    limit_set();
}

/* The thread may note; takes what slow motion and noise cost. Keeps errno. */
COLD bool ready_slowly(void);
HOT bool ready(void)
{
    return LIKELY((me.gate | (*drag ^ me.seen)) == 0) || ready_slowly();
}
/* The current thread: it was there before us, or was made in another way. */
bool thread_found(void);
/* For what is no operation: the real functions are there, and the thread has begun. */
HOT void begun(void)
{
    if (UNLIKELY(me.gate == GATE_NEW))
        thread_found();
}
uint32_t number_new(void);
/* What is known of a thread that begins; ~0: nobody. */
bool thread_begin(uint32_t number, uint32_t creator, const void *start, bool detached);
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
/* 0 in the child of a fork that was made past the library, until it has been noticed. */
extern uint32_t *process_alive;
struct recorder_process *process_here(void); /* NULL: no slot */
void process_begin(void);
void process_forked(void);
void process_ends(int status, bool now);
void process_reaped(int32_t pid, int status);

/* ---- noting (note.c) ---- */
HOT uintptr_t stack_pointer(void)
{
    uintptr_t sp = 0;
    __asm__ volatile("mov %%rsp, %0" : "=r"(sp));
    return sp;
}
/* Entries are written, then head is raised past them by one instruction. A signal handler in
 * between writes to the same place and raises head too; then they are not where head says, which is
 * repaired: written anew, at the end. */
HOT void put(uint64_t at, uint64_t what, uint64_t more)
{
    struct recorder_entry *e = &me.ring[at & me.mask];
    e->what = what;
    e->more = more;
}
HOT bool raise_head(struct recorder_thread *s, uint64_t at, uint64_t n)
{
    IN_ORDER();
    __asm__ volatile("addq %1, %0" : "+m"(s->head) : "er"(n) : "memory");
    return LIKELY(s->head == at + n);
}
COLD void repair(uint64_t at, uint64_t what, uint64_t more) __asm__(RECORDER_REPAIR);
HOT void put_one(uint64_t what, uint64_t more)
{
    struct recorder_thread *s = me.slot;
    uint64_t at = s->head;
    put(at, what, more);
    if (!raise_head(s, at, 1))
        repair(at, what, more);
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
    if (UNLIKELY(me.slot->head >= me.next))
        note_due(what, more);
    else
        put_one(what, more);
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
/* False: it did not hold that. */
HOT bool held_remove(uint64_t addr)
{
    uint32_t n = me.slot->nheld - 1;
    if (UNLIKELY(n >= RECORDER_HELD || me.slot->held[n] != addr))
        return held_remove_slowly(addr);
    me.slot->nheld = n;
    return true;
}

/* ---- the shortest way of an operation, which calls nothing ----
 * What it needs is looked up before it, since after a locked instruction all waits for that. */
struct at_once {
    struct recorder_thread *slot;
    struct recorder_entry *entry;
    uint64_t at;
    uint32_t held;
};
/* False: something stands in the way, or a TIME is due. */
HOT bool at_once(struct at_once *o)
{
    o->slot = me.slot;
    o->at = o->slot->head;
    o->held = o->slot->nheld;
    o->entry = &me.ring[o->at & me.mask];
    return LIKELY((me.gate | (*drag ^ me.seen)) == 0) && LIKELY(o->at < me.next);
}
/* False: a handler came in between, so the entry is to be repaired (at_once_repair). The addresses
 * of a program have nothing in the bits of the kind. */
HOT bool at_once_note(const struct at_once *o, unsigned kind, uint64_t addr, uint64_t pc)
{
    o->entry->what = addr | (uint64_t)kind << 48;
    o->entry->more = pc;
    return raise_head(o->slot, o->at, 1);
}
HOT void at_once_repair(uint64_t at, unsigned kind, uint64_t addr, uint64_t pc)
{
    repair(at, addr | (uint64_t)kind << 48, pc);
}

#endif
