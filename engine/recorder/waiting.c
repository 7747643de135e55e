/* A thread that waits says so before, in its ring and in its slot, and that it goes on after. */
#include "inside.h"

static void show(uint64_t since, uint64_t what, uint64_t more)
{
    struct recorder_thread *s = me.slot;
    uint32_t seq = s->wait_seq | 1;
    __atomic_store_n(&s->wait_seq, seq, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    s->wait_since = since;
    s->wait_what = what;
    s->wait_more = more;
    __atomic_store_n(&s->wait_seq, seq + 1, __ATOMIC_RELEASE);
}

void wait_begin(struct wait *w, unsigned kind, uint64_t addr, uint64_t pc, unsigned extra)
{
    w->what = REC_WHAT(REC_WAIT, kind, addr);
    w->more = REC_PLACE(pc, extra);
    w->interrupted = 0;
    w->outer = me.waiting;
    w->since = note_wait(w->what, w->more);
    __atomic_store_n(&me.slot->interrupted, 0, __ATOMIC_RELAXED);
    me.waiting = w;
    gate_set(GATE_WAIT);
    show(w->since, w->what, w->more);
}

/* What it waits for further out, if anything. */
static void go_on(uint64_t since)
{
    struct recorder_thread *s = me.slot;
    s->waits++;
    s->wait_ticks += ticks() - since;
    struct wait *w = me.waiting;
    if (w)
        show(w->since, w->what, w->more);
    else
        show(0, 0, 0);
}

void wait_end(struct wait *w)
{
    if (me.waiting != w)
        return; /* given up already */
    me.waiting = w->outer;
    go_on(w->since);
    gate_set(me.waiting ? GATE_WAIT : GATE_OPEN);
}

/* A handler runs far below the wait, since the kernel keeps all registers in between; who is not
 * that far down has been jumped to, or is a clean-up handler of the cancelled thread. The frames of
 * the waits are gone then, so what was further out cannot be asked any more. */
void waits_left(uintptr_t sp)
{
    enum { SIGNAL_FRAME = 1024 };
    if (!me.waiting || sp <= (uintptr_t)me.waiting - SIGNAL_FRAME || sp > me.stack_high)
        return;
    me.waiting = NULL;
    gate_set(GATE_OPEN);
    show(0, 0, 0);
    note_now(REC_GO, 0, 0, 0, 0);
}

/* It returns, so that a call that can be interrupted is. A condition goes on waiting by itself, but
 * only until its deadline, which is looked at again. */
static void on_signal(int sig)
{
    (void)sig;
    struct wait *w = me.waiting;
    if (!w || !__atomic_exchange_n(&me.slot->interrupted, 0, __ATOMIC_RELAXED))
        return;
    w->deadline = (struct timespec){0};
    w->interrupted = 1;
}

bool wait_signal_install(void)
{
    struct sigaction a = {.sa_handler = on_signal}, old;
    if (real.sigaction(RECORDER_SIGNAL, NULL, &old))
        return false;
    if (old.sa_handler == on_signal)
        return true;
    return old.sa_handler == SIG_DFL && real.sigaction(RECORDER_SIGNAL, &a, NULL) == 0;
}
