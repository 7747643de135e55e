/* Waiting loops. A task that comes to the same place again with the same registers and the same
 * stack, having read certain places and changed nothing, would go round for ever: it waits until
 * another task changes one of those places. A loop whose own state differs each time round (a
 * counter of tries) is no waiting loop; only the limit of steps ends that.
 *
 * To keep the first steps of every task cheap, the state is compared only at code places that
 * were seen twice without a change in between; those are remembered, and a search that learns a
 * new one begins again, so that its counts do not depend on when it was learned. */
#include "probe.h"

/* A wait makes several steps at one place of the code. */
static uint64_t visit_place(const struct op *op)
{
    return op->pc ^ (uint64_t)op->kind << 56;
}

static bool known_loop(uint64_t pc)
{
    for (uint32_t i = 0; i < S->nloops; i++)
        if (S->loop_pcs[i] == pc)
            return true;
    return false;
}

static void learn_loop(uint64_t pc)
{
    if (S->nloops < 512) {
        S->loop_pcs[S->nloops++] = pc;
        search_learned();
    }
}

static const bool quiet_kinds[EV_COUNT] = {
    [EV_READ] = true,          [EV_ATOMIC_LOAD] = true,
    [EV_ATOMIC_RMW] = true, /* quiet unless it changes the value: the caller then reports an effect
                             */
    [EV_ATOMIC_CAS] = true,    [EV_TRYLOCK] = true,
    [EV_SPIN_TRYLOCK] = true,  [EV_SEM_TRYWAIT] = true,
    [EV_SEM_GETVALUE] = true,  [EV_TRYRDLOCK] = true,
    [EV_TRYWRLOCK] = true,     [EV_TIMEDRDLOCK] = true,
    [EV_TIMEDWRLOCK] = true,   [EV_TIMEDLOCK] = true,
    [EV_SEM_TIMEDWAIT] = true, [EV_RDLOCK] = true,
    [EV_WRLOCK] = true,        [EV_RWUNLOCK] = true,
    [EV_SPIN_LOCK] = true,     [EV_SPIN_UNLOCK] = true,
    [EV_JOIN] = true, /* one that does not wait */
    [EV_LOCK] = true,          [EV_UNLOCK] = true,
    [EV_COND_WAIT] = true, /* quiet when it only times out: a signal is an effect */
    [EV_COND_TIMEOUT] = true,  [EV_COND_RELOCK] = true,
    [EV_MQ_SEND] = true, /* quiet when it fails */
    [EV_MQ_RECEIVE] = true,    [EV_CLOCK] = true,
    [EV_FUTEX_WAIT] = true, /* quiet when another value is there; being woken is an effect */
    [EV_FUTEX_RISE] = true,    [EV_FUTEX_WAKE] = true, /* of nobody */
    [EV_YIELD] = true,         [EV_SLEEP] = true,
    [EV_WAIT] = true, /* these tell of an effect themselves when they have one */
    [EV_FD_READ] = true,       [EV_FD_WRITE] = true,
    [EV_FD_POLL] = true,       [EV_SIGWAIT] = true,
    [EV_KILL] = true,
};

bool spin_is_quiet(unsigned kind)
{
    return quiet_kinds[kind];
}

static bool is_quiet(const struct op *op)
{
    if (op->kind ==
        EV_CALL) /* pthread_testcancel; who is one's parent; a file that is not there yet */
        return op->nreach && (op->reach[0].mode == M_HEED || op->reach[0].mode == M_SHOW ||
                              op->reach[0].addr == OBJ_FILES || op->reach[0].mode == M_FD ||
                              op->reach[0].mode == M_AREAD);
    return spin_is_quiet(op->kind);
}

/* The registers a call preserves. Optimised code keeps its loop variables there, and the probe is
 * compiled not to touch them (see the Makefile), so they are still as the program left them. */
static uint64_t registers_hash(void)
{
    uint64_t h = 0;
#ifdef REGISTERS_KEPT
    uint64_t r[5];
    __asm__ volatile("movq %%rbx, %0\n\tmovq %%r12, %1\n\tmovq %%r13, %2\n\tmovq %%r14, %3\n\t"
                     "movq %%r15, %4"
                     : "=m"(r[0]), "=m"(r[1]), "=m"(r[2]), "=m"(r[3]), "=m"(r[4]));
    for (unsigned i = 0; i < 5; i++)
        h = (h ^ r[i]) * 0x9e3779b97f4a7c15ull + (h >> 29);
#endif
    return h;
}

static uint64_t state_hash(const struct task *t, const struct op *op)
{
    uint64_t h = op->bp ^ op->sp ^ (uint64_t)op->kind << 56 ^ registers_hash();
    for (uint64_t p = op->sp & ~7ull; p < t->stack_high; p += 8)
        h = (h ^ *(const uint64_t *)p) * 0x9e3779b97f4a7c15ull + (h >> 29);
    return h;
}

static void note_read(struct task *t, const struct op *op)
{
    for (unsigned i = 0; i < op->nreach; i++) {
        if (t->spin_nread >= SPIN_MAX)
            return;
        if (op->kind == EV_UNLOCK || op->kind == EV_SPIN_UNLOCK || op->kind == EV_RWUNLOCK)
            continue;
        t->spin_read[t->spin_nread].addr = op->reach[i].addr;
        t->spin_read[t->spin_nread++].len = op->reach[i].len ? op->reach[i].len : 1;
    }
}

/* Has t been here before, in the same state, since it last changed anything? Then what it read
 * since is what it waits for. Notes the visit when it has not. */
static bool repeats(struct task *t, const struct op *op)
{
    uint64_t h = state_hash(t, op);
    bool first = true;
    for (unsigned i = 0; i < t->nvisits; i++) {
        if (t->visit[i].pc != visit_place(op))
            continue;
        if (first) { /* parts of a frame nobody wrote yet hold what calls of the probe left there */
            first = false;
            continue;
        }
        if (t->visit[i].hash != h || t->visit[i].held != t->nheld ||
            t->visit[i].least_held < t->nheld)
            continue; /* not here with a lock that the loop gives back for a while */
        t->spin_from = t->visit[i].nread;
        return t->spin_nread > t->spin_from;
    }
    if (t->nvisits == SPIN_MAX || t->spin_nread == SPIN_MAX)
        t->nvisits = t->spin_nread = 0;
    t->visit[t->nvisits].pc = visit_place(op);
    t->visit[t->nvisits].hash = h;
    t->visit[t->nvisits].held = t->visit[t->nvisits].least_held = t->nheld;
    t->visit[t->nvisits++].nread = t->spin_nread;
    return false;
}

/* What a task reads of its own stack is no step, unless others are known to touch it. A task that
 * waits there for another, before that one has been there, comes back in the same state without a
 * step: from then on the place is a shared one. */
void spin_own(struct task *t, uint64_t addr, uint32_t len, struct here h)
{
    if (addr < t->stack_low || addr >= t->stack_high)
        return;
    if (t->own_accesses > OWN_ACCESSES_LONG && (h.pc != t->own_pc || addr != t->own_addr)) {
        if (t->own_accesses > 2 * OWN_ACCESSES_LONG) /* it does not come by any more */
            t->own_accesses = 0;
        return;
    }
    struct op at = op_make(EV_READ, h);
    uint64_t hash = state_hash(t, &at);
    if (t->own_accesses > OWN_ACCESSES_LONG && hash == t->own_hash)
        shared_add(task_id(t), addr, len);
    t->own_pc = h.pc;
    t->own_addr = addr;
    t->own_hash = hash;
}

/* Is this a place to compare states at? A search looks closely only where it must. */
static bool looks(struct task *t, const struct op *op)
{
    uint64_t place = visit_place(op);
    if (!S->searching || known_loop(place))
        return true;
    unsigned n = t->quiet < SPIN_MAX ? t->quiet : SPIN_MAX;
    for (unsigned i = 0; i < n; i++)
        if (t->quiet_pc[i] == place) {
            learn_loop(place);
            return true;
        }
    t->quiet_pc[t->quiet % SPIN_MAX] = place;
    return false;
}

/* The running task stands before *op: would it only go round again? */
void spin_check(struct task *t, const struct op *op)
{
    t->spinning = false;
    if (!is_quiet(op)) {
        if (t->quiet)
            spin_effect(t);
        return;
    }
    bool look = looks(t, op);
    t->quiet++;
    for (unsigned i = 0; i < t->nvisits; i++)
        if (t->nheld < t->visit[i].least_held)
            t->visit[i].least_held = t->nheld;
    if (look && repeats(t, op))
        t->spinning = true;
    else if (t->nvisits) /* what was read before the first of them nobody asks for */
        note_read(t, op);
}

/* Does it only spin? One that stands before a lock that is held waits, whatever it did before. */
static bool spins(struct task *t)
{
    if (t->ended || !t->spinning)
        return false;
    t->spinning = false;
    bool could = sched_enabled(t);
    t->spinning = true;
    return could;
}

/* A search has those who spin go round once more before it says that they do, so that the schedule
 * holds a round in which nothing is new to any of them: whoever follows it sees them spin, too. */
bool spin_once_more(void)
{
    bool any = false;
    if (!S->searching || S->spun_again)
        return false;
    S->spun_again = true;
    for (unsigned i = 0; i < S->ntasks; i++) {
        if (spins(&S->tasks[i])) {
            S->tasks[i].spinning = false;
            any = true;
        }
    }
    return any;
}

bool spin_stuck(void)
{
    uint16_t who[MAX_TASKS];
    unsigned n = 0;
    for (unsigned i = 0; i < S->ntasks; i++)
        if (spins(&S->tasks[i]))
            who[n++] = (uint16_t)i;
    if (!n)
        return false;
    const struct task *t = &S->tasks[who[0]];
    unsigned last = S->last;
    S->last = who[0];
    find_names(who, n, 0);
    find(FIND_LIVELOCK, t->spin_read[t->spin_from].addr, NO_TASK, 0, t->op.pc, 0, "");
    S->last = last;
    return true;
}

/* Still the same as when it began to wait? */
bool spin_waiting(const struct task *t)
{
    return t->spinning;
}

static bool has_read(const struct task *t, uint64_t addr, uint32_t len)
{
    for (uint32_t k = t->spinning ? t->spin_from : 0; k < t->spin_nread; k++)
        if (t->spin_read[k].addr < addr + len && addr < t->spin_read[k].addr + t->spin_read[k].len)
            return true;
    return false;
}

void spin_tell(uint64_t addr, uint32_t len)
{
    for (unsigned i = 0; i < S->ntasks; i++) {
        struct task *t = &S->tasks[i];
        if (i == S->cur_id || !t->nvisits || !has_read(t, addr, len))
            continue;
        t->spinning = false;
        spin_effect(t);
    }
}
