/* The scheduler: exactly one task moves at a time, and each step is a choice. */
#include "probe.h"

/* Nobody has to wait for it any more. */
static inline bool has_gone(const struct task *t)
{
    return t->ended || t->detached;
}

/* May the operation t stands before be made now? */
bool sched_enabled(const struct task *t)
{
    const struct object *o = t->op.object;
    if (UNLIKELY(S->stops) && S->processes[t->process].stopped)
        return S->processes[t->process].pending >> (SIGKILL - 1) & 1;
    if (UNLIKELY(t->interrupt) && interrupt_ready(t))
        return true;
    if (UNLIKELY(t->spinning) && spin_waiting(t))
        return false;
    if (UNLIKELY(S->standing_back) && task_id(t) < 64 && (S->standing_back >> task_id(t) & 1))
        return false;
    switch (t->op.wait) {
    case WAIT_NONE:
        return true;
    case WAIT_LOCK: /* a recursive holder comes in with WAIT_NONE */
        return o->owner == NO_TASK && o->nreaders == 0;
    case WAIT_RD:
        return o->owner == NO_TASK && !rwlock_writer_waits(o);
    case WAIT_COND: /* o is the mutex to re-acquire */
        return t->signalled && (!o || o->owner == NO_TASK || o->owner == task_id(t));
    case WAIT_SEM:
        return o->count > 0;
    case WAIT_BARRIER:
        return !set_has(&o->waiters, task_id(t));
    case WAIT_JOIN:
        return has_gone(&S->tasks[t->op.other]);
    case WAIT_ONCE:
        return o->owner == NO_TASK;
    case WAIT_ALL:
        return S->processes[t->process].live == 1;
    case WAIT_CHILD:
        return wait_possible(t);
    case WAIT_FD:
        return fd_ready(t);
    case WAIT_QUEUE:
        return queue_ready(t);
    case WAIT_SYSV:
        return sysv_ready(t);
    case WAIT_TIME:
        return timer_lets_pass(t->op.addr2);
    case WAIT_TIMER:
        return timer_ready(t);
    case WAIT_FIFO:
        return fifo_ready(t);
    case WAIT_FILELOCK:
        return filelock_ready(t);
    case WAIT_SIGNAL:
        return signal_waited(t);
    case WAIT_ADVERSE:
        return S->adverse_open && S->adverse_used < A->adverse_max;
    case WAIT_NEVER:
        return false;
    case WAIT_VFORK:
        return S->tasks[t->op.other].ended || S->processes[S->tasks[t->op.other].process].free;
    default:
        return false;
    }
}

/* The same of any task, quickly where it waits for nothing or for another's end, and nothing out of
 * the ordinary goes on. */
static inline bool can_go(const struct task *t, bool ordinary)
{
    if (t->ended)
        return false;
    if (LIKELY(ordinary && !(t->interrupt | t->spinning))) {
        if (t->op.wait == WAIT_NONE)
            return true;
        if (t->op.wait == WAIT_JOIN)
            return has_gone(&S->tasks[t->op.other]);
    }
    return sched_enabled(t);
}

static inline bool is_ordinary(void)
{
    return !S->stops && !S->standing_back;
}

static unsigned count_enabled(struct taskset *out)
{
    unsigned n = 0;
    bool ordinary = is_ordinary();
    *out = (struct taskset){0};
    for (unsigned t = 0; t < S->ntasks; t++)
        if (can_go(&S->tasks[t], ordinary)) {
            set_add(out, t);
            n++;
        }
    return n;
}

static unsigned enabled_set(struct taskset *out)
{
    S->adverse_open = false;
    unsigned n = count_enabled(out);
    if (LIKELY(!S->adverse) || n == 0)
        return n;
    S->adverse_open = true;
    return count_enabled(out);
}

bool sched_any_enabled(void)
{
    struct taskset enabled;
    return enabled_set(&enabled) != 0;
}

/* Only whose section it is may move. */
static unsigned section_set(struct taskset *enabled, unsigned n)
{
    unsigned t = S->section_task - 1;
    if (!set_has(enabled, t)) {
        choose_section_blocked();
        return n;
    }
    *enabled = (struct taskset){0};
    set_add(enabled, t);
    return 1;
}

static unsigned first_of(const struct taskset *s)
{
    for (unsigned w = 0; w < S->nwords; w++)
        if (s->w[w])
            return w * 64 + (unsigned)__builtin_ctzll(s->w[w]);
    return NO_TASK;
}

static unsigned kept_or_first(const struct taskset *enabled)
{
    return set_has(enabled, S->last) ? S->last : first_of(enabled);
}

/* Keep going with the same task; else the lowest that can. No adversity but by choice. */
static unsigned default_choice(const struct taskset *enabled)
{
    if (LIKELY(!S->adverse_open))
        return kept_or_first(enabled);
    struct taskset usual = *enabled;
    for (unsigned t = 0; t < S->ntasks; t++)
        if (set_has(enabled, t) && adverse_only(&S->tasks[t]))
            set_del(&usual, t);
    unsigned t = kept_or_first(&usual);
    return t == NO_TASK ? kept_or_first(enabled) : t; /* in a section of one task */
}

static void publish_stop(int stop)
{
    A->nsteps = S->depth;
    A->nchoices = S->nchoices;
    A->over = S->over;
    A->ntasks = S->ntasks;
    A->last_task = S->last;
    A->stop = (uint32_t)stop;
    for (unsigned i = 0; i < S->ntasks; i++) {
        struct task *t = &S->tasks[i];
        A->tasks[i] = (struct arena_task){.exists = 1,
                                          .ended = t->ended,
                                          .enabled = !t->ended && !S->over && sched_enabled(t) &&
                                                     (!S->section_task || S->section_task == i + 1),
                                          .adverse = !t->ended && adverse_only(t),
                                          .pending_kind = t->op.kind,
                                          .pc = t->op.pc,
                                          .sp = t->op.sp,
                                          .bp = t->op.bp,
                                          .stack_low = t->stack_low,
                                          .stack_high = t->stack_high};
    }
}

/* A session stops here and waits for the host. */
static void session_stop(int stop)
{
    publish_stop(stop);
    control_wait();
}

static bool stop_wanted(void)
{
    return A->stop_on_finding == 2 || (S->nchoices >= A->stop_at && S->forced >= A->nforced);
}

static void note_choice(unsigned choice)
{
    if (LIKELY(S->nchoices < ARENA_FORCED))
        A->choices[S->nchoices] = (uint16_t)choice;
    S->nchoices++;
}

static uint8_t check_step(uint8_t check, unsigned kind, uint32_t ordinal)
{
    uint32_t h = (uint32_t)check * 31u + kind * 7u + ordinal + 1;
    h ^= h >> 5;
    return (uint8_t)(h % 26);
}

/* A search asks for them only when it keeps a schedule, so they are made then, from the trail. */
void sched_checks(void)
{
    for (; S->checked < S->nchoices && S->checked < ARENA_FORCED; S->checked++) {
        if (!(A->choices[S->checked] & CHOICE_ALT)) {
            const struct trail *r = &S->trail[S->checked_depth++];
            S->check = check_step(S->check, r->kind, r->ordinal);
        }
        A->checks[S->checked] = S->check;
    }
}

static void note_checked(unsigned task, unsigned kind, uint32_t ordinal)
{
    sched_checks();
    S->check = check_step(S->check, kind, ordinal);
    if (S->nchoices < ARENA_FORCED)
        A->checks[S->nchoices] = S->check;
    note_choice(task);
    S->checked = S->nchoices;
}

/* The step under way. */
static void note_step(unsigned task, unsigned kind, uint32_t ordinal)
{
    if (LIKELY(!S->recording && S->depth < NODES)) {
        note_choice(task);
        return;
    }
    note_checked(task, kind, ordinal);
    S->checked_depth = S->depth;
}

/* May the schedule's task be taken? What a loop finds on its stack, where nothing was written yet,
 * is not the same in a search and in a session, so one may see a round sooner than the other that
 * a task spins; the schedule knows. */
static bool can_follow(const struct taskset *enabled, unsigned t)
{
    if (t >= S->ntasks || set_has(enabled, t))
        return t < S->ntasks;
    struct task *k = &S->tasks[t];
    if (k->ended || !k->spinning)
        return false;
    k->spinning = false;
    k->spinning = !sched_enabled(k);
    return !k->spinning;
}

/* The next choice of a session: forced, or by the plain policy. */
static unsigned session_choose(const struct taskset *enabled)
{
    while (stop_wanted())
        session_stop(A->stop_on_finding == 2 ? STOP_FINDING : STOP_CHOICES);
    if (S->forced < A->nforced) {
        unsigned t = A->choices[ARENA_FORCED + S->forced];
        if (can_follow(enabled, t)) {
            if (!shared_is_fresh(&S->tasks[t].op))
                S->forced++;
            return t;
        }
        A->bad_task = (uint16_t)t;
        A->nforced = S->forced;
        A->stop_at = S->nchoices;
        session_stop(STOP_BAD_CHOICE);
        return session_choose(enabled);
    }
    return default_choice(enabled);
}

unsigned sched_alternative(const uint16_t *who, unsigned n)
{
    unsigned k = 0;
    if (n < 2)
        return 0;
    if (S->searching) {
        k = search_alternative(n);
    } else if (A->mode == MODE_SESSION && S->recording) {
        A->nalternatives = n;
        memcpy(A->alternatives, who, n * sizeof *who);
        while (stop_wanted())
            session_stop(A->stop_on_finding == 2 ? STOP_FINDING : STOP_CHOICES);
        if (S->forced < A->nforced) {
            unsigned c = A->choices[ARENA_FORCED + S->forced];
            while (!(c & CHOICE_ALT) || (c & ~CHOICE_ALT) >= n) {
                A->bad_task = (uint16_t)c;
                A->nforced = S->forced;
                A->stop_at = S->nchoices;
                session_stop(STOP_BAD_CHOICE);
                c = S->forced < A->nforced ? A->choices[ARENA_FORCED + S->forced] : CHOICE_ALT;
            }
            if (S->forced < A->nforced)
                S->forced++;
            k = c & ~CHOICE_ALT;
        }
        A->nalternatives = 0;
    }
    note_choice(CHOICE_ALT | k);
    if (S->recording)
        sched_checks();
    trail_chosen();
    struct event *e = record(EV_CHOICE, S->cur_id);
    if (e) {
        e->a = k;
        e->b = n;
        e->other = who[k];
        e->addr2 = who[k] == NO_TASK ? (uint64_t)A->alternative_values[k] : 0;
    }
    return k;
}

static void stuck(void)
{
    choose_stuck();
    if (A->adversity)
        adverse_over();
    if (spin_stuck())
        sched_end(FINISH_LIVELOCK, 0, 0);
    find_deadlock();
    sched_end(FINISH_DEADLOCK, 0, 0);
}

/* An event could still happen, were there anybody who could go on without it. Any order of the
 * steps before may leave it more room, so all are tried. */
static void closed_window(void)
{
    struct taskset enabled;
    S->adverse_open = true;
    unsigned n = count_enabled(&enabled);
    S->adverse_open = false;
    if (n)
        search_widen(0);
}

static unsigned turn_of(unsigned next, const struct taskset *enabled)
{
    if (next != S->last && S->depth && set_has(enabled, S->last))
        S->switches++;
    return next;
}

/* Who made this step in the execution before, if it is to be made again and can be: then everybody
 * else stands as then. */
static unsigned choose_again(void)
{
    if (S->depth >= S->nnodes)
        return NO_TASK;
    const struct node *n = &S->nodes[S->depth];
    if (!sched_enabled(&S->tasks[n->task]))
        return NO_TASK;
    trail_enabled(n->enabled.w[0]);
    return turn_of(n->task, &n->enabled);
}

/* By chance, among those of at most 64 tasks, when nothing else has a say in it. */
static unsigned choose_by_chance(void)
{
    uint64_t set = 0;
    unsigned n = 0;
    bool ordinary = is_ordinary();
    for (unsigned t = 0; t < S->ntasks; t++) {
        bool can = can_go(&S->tasks[t], ordinary);
        set |= (uint64_t)can << t;
        n += can;
    }
    if (UNLIKELY(!set))
        return NO_TASK;
    trail_enabled(set);
    unsigned next = search_draw(set, n);
    if (next != S->last && S->depth && (set >> S->last & 1))
        S->switches++;
    return next;
}

/* Who makes the next step, if that is decided in one of the simple ways. */
static inline unsigned choose_simply(void)
{
    if (S->adverse || S->nfree || S->recording || S->section_task || S->depth >= A->max_steps)
        return NO_TASK;
    if (S->by_chance)
        return LIKELY(S->nwords == 1) ? choose_by_chance() : NO_TASK;
    return choose_again();
}

/* Who makes the next step; the running task is *t, standing before its operation or ended. */
static unsigned choose_next(void)
{
    struct taskset enabled;
    unsigned simply = choose_simply();
    if (LIKELY(simply != NO_TASK))
        return simply;
    if (UNLIKELY(S->nfree))
        free_settle();
    unsigned n = enabled_set(&enabled);
    while (UNLIKELY(n == 0) && free_wait())
        n = enabled_set(&enabled);
    if (UNLIKELY(n == 0) && S->live && timers_go_on())
        n = enabled_set(&enabled);
    if (UNLIKELY(n == 0) && S->live && spin_once_more())
        n = enabled_set(&enabled);
    if (UNLIKELY(S->section_task))
        n = section_set(&enabled, n);
    if (S->recording)
        record_blocked_changes();
    if (UNLIKELY(n == 0)) {
        if (S->live == 0)
            process_last();
        if (UNLIKELY(A->adversity))
            closed_window();
        stuck();
    }
    trail_enabled(enabled.w[0]);
    unsigned limit = A->max_steps;
    if (UNLIKELY(S->depth >= limit)) {
        sched_cut(CUT_STEPS);
    }
    unsigned next;
    if (LIKELY(S->searching)) {
        next = search_choose(&enabled, n);
        if (next == NO_TASK) {
            S->sleep_blocked = true;
            sched_end(FINISH_CUT, 0, 0);
        }
    } else {
        next = A->mode == MODE_SESSION && S->recording ? session_choose(&enabled)
                                                       : default_choice(&enabled);
    }
    return turn_of(next, &enabled);
}

void sched_note_round(uint32_t from)
{
    for (uint32_t d = from + 1; d <= S->depth; d++) {
        const struct trail *r = &S->trail[d - 1];
        note_checked(r->task, r->kind, r->ordinal);
    }
}

/* Giving back what one does not hold only looks at the state, as a trylock does; who holds it may
 * have changed while the task waited for its turn. */
static void unlock_mode(struct op *op, unsigned id)
{
    if (LIKELY(op->kind != EV_UNLOCK && op->kind != EV_SPIN_UNLOCK && op->kind != EV_RWUNLOCK &&
               op->kind != EV_COND_WAIT))
        return;
    struct reach *r = &op->reach[op->kind == EV_COND_WAIT];
    if (r->mode == M_UNLOCK && object_known(r->addr)->owner != id)
        r->mode = M_TRY;
}

/* The chosen task makes its step now. */
static void begin_step(struct task *t)
{
    struct op *op = &t->op;
    unsigned id = S->cur_id;
    S->last = id;
    S->depth++;
    A->heartbeat++;
    struct event *e = S->recording ? record(op->kind, id) : NULL;
    if (UNLIKELY(op->wait == WAIT_SEM && op->object->count == 1) &&
        !(t->interrupt & INTERRUPT_ADVERSE)) /* which could come before any post */
        op->reach[0].mode = M_SWAITLAST;
    unlock_mode(op, id);
    if (UNLIKELY(S->nfd_objects))
        ends_amend(op);
    uint32_t ordinal = order_step(t, op);
    if (e) {
        e->other = op->other;
        e->size = op->size;
        e->addr = op->addr;
        e->addr2 = op->addr2;
        e->pc = op->pc;
    }
    note_step(id, op->kind, ordinal);
    t->last_depth = S->depth;
    t->own_accesses = 0;
    S->standing_back = 0;
    trail_note(op, id, ordinal);
    if (UNLIKELY(S->nraces) || UNLIKELY(!op->lasting))
        order_findings(op);
    if (UNLIKELY(t->in_handler))
        find_unsafe_op(op);
}

/* The task belongs to a forked process: its memory is not that of the others. */
static void tag_places(struct op *op)
{
    for (unsigned i = 0; i < op->nreach; i++) {
        uint64_t addr = op->reach[i].addr, place = place_of(addr);
        op->reach[i].addr = place;
        if (op->addr == addr)
            op->addr = place;
        if (op->addr2 == addr)
            op->addr2 = place;
    }
}

/* An object on the heap goes when its block is freed: what is done to it uses the block. */
static void reach_blocks(struct op *op)
{
    for (unsigned i = 0, n = op->nreach; i < n && op->nreach < REACH_MAX; i++)
        if (!op->reach[i].len && heap_is(place_address(op->reach[i].addr)))
            op_reach(op, op->reach[i].addr, 1, M_USE);
}

static inline bool is_lasting(const struct op *op)
{
    for (unsigned i = 0; i < op->nreach; i++)
        if (UNLIKELY(may_be_gone(op->reach[i].addr)))
            return false;
    return true;
}

/* A timer has no code of its own: its step is made here, by whoever gives the turn away, and does
 * not count as somebody's last. */
static void step_timer(struct task *timer)
{
    struct task *cur = S->cur;
    unsigned id = S->cur_id, last = S->last;
    S->cur = timer;
    S->cur_id = task_id(timer);
    begin_step(timer);
    if (timer->op.kind == EV_KILL)
        adverse_kill(timer);
    else
        timer_expire(timer);
    S->cur = cur;
    S->cur_id = id;
    S->last = last;
}

static unsigned choose_task(void)
{
    unsigned next = choose_next();
    while (UNLIKELY(S->tasks[next].is_timer)) {
        step_timer(&S->tasks[next]);
        next = choose_next();
    }
    return next;
}

/* Give the turn to whom the schedule says; back when it is this task's. */
static void take_turns(struct task *t)
{
    unsigned next = choose_task();
    if (next == S->cur_id)
        return;
    struct task *to = &S->tasks[next];
    S->cur = to;
    S->cur_id = next;
    fiber_switch(&t->fiber, LIKELY(to->process == S->image) ? &to->fiber : control_fiber());
}

void sched_take_turns(void)
{
    take_turns(S->cur);
}

/* What a fork by another thread would copy. */
static void reach_image(struct task *t)
{
    struct op *op = &t->op;
    if (OWN->live > 1 && op->nreach < REACH_MAX && op->kind != EV_READ &&
        op->kind != EV_ATOMIC_LOAD && op->kind != EV_FORK)
        op_reach(op, OBJ_IMAGE(t->process), 0, M_HEAR);
}

/* What a step is about besides, in programs of few kinds and in sessions. */
static void step_rarely(struct task *t)
{
    if (S->cancels)
        cancel_arrives(t);
    if (S->places)
        tag_places(&t->op);
    if (S->recording) {
        record_finish_write();
        record_pending(S->cur_id);
    }
    if (S->signals && t->op.nreach < REACH_MAX)
        op_reach(&t->op, OBJ_SIGNALS(t->process), 0, M_HEAR);
    if (S->forks_threaded)
        reach_image(t);
    if (A->adversity & ADVERSE_EINTR)
        t->interrupt = (uint8_t)((t->interrupt & ~INTERRUPT_ADVERSE) |
                                 (t->op.interruptible ? INTERRUPT_ADVERSE : 0));
}

bool step(struct op *op)
{
    struct task *t = S->cur;
    if (op != &t->op)
        op_copy(&t->op, op);
    if (UNLIKELY(S->rare))
        step_rarely(t);
    t->op.lasting = is_lasting(&t->op);
    if (UNLIKELY(!t->op.lasting))
        reach_blocks(&t->op);
    spin_check(t, &t->op);
    if (t->op.wait)
        find_circle(t);
    if (UNLIKELY(S->looks) || UNLIKELY(S->depth > S->cycle_depth))
        cycle_check(t);
    take_turns(t);
    while (UNLIKELY(t->interrupt) && interrupt_ready(t)) {
        if (!interrupt_act(t))
            return false;
        if (UNLIKELY(S->cancels)) /* it may have come while a handler ran */
            cancel_arrives(t);
        take_turns(t);
    }
    begin_step(t);
    if (UNLIKELY(t->op.kind == EV_CANCELLED) && !t->op.tidies)
        cancel_unwind(CANCELED, t->op.pc);
    return true;
}

/* Entry of every fiber but T0's: wait for the first turn is done by being switched to. */
static void task_entry(void)
{
    struct task *t = S->cur;
    begin_step(t);
    t->result = t->start(t->arg);
    sched_task_over(t->exit_pc ? t->exit_pc : t->op.pc);
}

/* The end of a forked process is news for its parent. */
void reach_process_end(struct op *op)
{
    unsigned p = S->cur->process;
    if (S->nfd_objects)
        op_reach(op, OBJ_FDS, 0, M_FDEND);
    sysv_reach_end(op);
    if (p == 0)
        return;
    op_reach(op, OBJ_CHILD(p), 0, M_PEND);
    op_reach(op, OBJ_CHILDREN(OWN->forked_by), 0, M_PEND); /* it may have asked, and gone */
    if (OWN->parent != NO_PROCESS && S->children_heard)
        op_reach(op, OBJ_SIGNALS(OWN->parent), 0, M_SEND);
}

void sched_leave(void)
{
    if (S->recording)
        record_finish_write();
    unsigned next = choose_task();
    S->cur = &S->tasks[next];
    S->cur_id = next;
    struct fiber gone;
    fiber_switch(&gone, S->cur->process == S->image ? &S->cur->fiber : control_fiber());
    __builtin_unreachable();
}

void sched_task_over(uint64_t pc)
{
    struct task *t = S->cur;
    t->exiting = true;
    run_tsd_destructors();
    robust_owner_ends((struct here){pc, t->stack_high - 64, 0});
    struct op op = op_make(EV_END, (struct here){pc, t->stack_high - 64, 0});
    op.addr = 0;
    op_reach(&op, OBJ_END(S->cur_id), 0, M_AWRITE);
    reach_process_end(&op);
    step(&op);
    struct event *e = record_step_event();
    if (e)
        e->a = (uint64_t)(uintptr_t)t->result;
    if (t->nheld && OWN->live > 1)
        find_lock_leaks(pc);
    if (OWN->live == 1) /* the last one: the process ends as by exit(0) */
        exit_quietly();
    spin_changed(OBJ_END(S->cur_id), 1);
    t->ended = true;
    t->end_depth = S->depth;
    S->live--;
    sync_tick();
    record_gone(S->cur_id, !t->detached);
    if (--OWN->live == 0)
        process_over(0);
    sched_leave();
}

void sched_begin(void)
{
    begin_step(S->cur);
}

/* Clocks are 0 up to a multiple of 64 tasks; there are more from now on. */
static void widen_clocks(unsigned from)
{
    for (unsigned i = 0; i < from; i++) {
        struct task *t = &S->tasks[i];
        __builtin_memset(t->vc + from, 0, 64 * sizeof *t->vc);
        __builtin_memset(t->fence_vc + from, 0, 64 * sizeof *t->fence_vc);
        __builtin_memset(t->acquire_vc + from, 0, 64 * sizeof *t->acquire_vc);
    }
}

/* The next entry of the table, as it is before anything happened to it. */
static struct task *new_entry(unsigned parent, unsigned process)
{
    unsigned id = S->ntasks;
    struct task *t = &S->tasks[id];
    if (id >= S->stride) { /* clocks of steps have no room for it: begin again with more */
        S->need_stride = id + 1;
        search_learned();
        sched_end(FINISH_CUT, 0, 0);
    }
    S->ntasks++;
    S->nwords = (S->ntasks + 63) / 64;
    __builtin_memset(t, 0, offsetof(struct task, op) + offsetof(struct op, reach));
    __builtin_memset(&t->fiber, 0, offsetof(struct task, stack_low) - offsetof(struct task, fiber));
    __builtin_memset(&t->has_shared, 0,
                     offsetof(struct task, heap_next) - offsetof(struct task, has_shared));
    t->has_fence = t->has_acquire = false;
    __builtin_memset(t->vc, 0, S->nwords * 64 * sizeof *t->vc);
    if (UNLIKELY(id % 64 == 0) && id)
        widen_clocks(id);
    for (unsigned i = 0; i < A->nshared; i++)
        t->has_shared |= A->shared[i].task == id;
    t->parent = (uint16_t)parent;
    t->joiner = NO_TASK;
    t->process = (uint16_t)process;
    t->vc[id] = 1;
    return t;
}

struct task *sched_add_timer(unsigned process)
{
    if (S->ntasks >= MAX_TASKS)
        return NULL;
    struct task *t = new_entry(S->cur_id, process);
    t->is_timer = t->detached = true;
    t->slot = NO_TASK;
    t->stack_low = t->stack_high = t->touched_low = 0;
    t->tls_low = t->tls_high = 0;
    return t;
}

struct task *sched_add_task(unsigned parent, unsigned process, unsigned slot)
{
    if (S->ntasks >= MAX_TASKS || slot >= MAX_TASKS)
        return NULL;
    if (slot >= S->slots) {
        S->need_slots = slot + 1;
        sched_end(FINISH_CUT, 0, 0);
    }
    struct task *t = new_entry(parent, process);
    t->slot = (uint16_t)slot;
    S->live++;
    S->processes[process].task_of_slot[slot] = (uint16_t)task_id(t);
    S->processes[process].live++;
    stack_prepare(t, 8u << 20);
    t->fiber.fs = slot_fs(slot);
    tls_range(slot, &t->tls_low, &t->tls_high);
    return t;
}

struct task *sched_new_task(unsigned parent)
{
    unsigned process = parent == NO_TASK ? 0 : S->cur->process;
    struct process *p = &S->processes[process];
    struct task *t = sched_add_task(parent, process, p->slots);
    if (!t)
        return NULL;
    slot_restore(p->slots++);
    fiber_prepare(&t->fiber, (void *)(t->stack_high - 64), task_entry);
    t->mask = parent == NO_TASK ? 0 : S->cur->mask;
    return t;
}

static void main_entry(void)
{
    int status = run_main();
    struct here end = {S->cur->exit_pc, S->cur->stack_high - 64, 0};
    exit_process(status, end, true);
}

void sched_run(void)
{
    S->stamp++;
    S->depth = S->nchoices = 0;
    S->ntasks = S->live = 0;
    S->nwords = 1;
    S->last = 0;
    S->switches = S->ordinal = 0;
    S->virtual_ns = 0;
    S->forced = 0;
    S->check = 0;
    S->checked = S->checked_depth = 0;
    S->over = S->sleep_blocked = S->abandoned = false;
    S->section_task = 0;
    S->pending_write = 0;
    S->out_hash = 14695981039346656037ull;
    S->out_total = S->out_kept = 0;
    S->printed = 0;
    S->nostep = 0;
    S->told = (struct taskset){0};
    S->spun_again = false;
    S->adverse = A->adversity; /* a session may ask for it later on */
    cycle_begin();
    processes_begin();
    struct task *t = sched_new_task(NO_TASK);
    if (!t)
        probe_panic("no room for the first task");
    fiber_prepare(&t->fiber, (void *)(t->stack_high - 64), main_entry);
    memcpy(t->name, "main", 5);
    S->cur = t;
    S->cur_id = 0;
    struct event *e = record(EV_NAME, 0);
    record_text(e, "main", 4);
    process_tell(t, NO_TASK);
    controlled = true;
    processes_run();
    processes_end();
    cycle_end();
}

void sched_end(int finish, int result, int signal)
{
    controlled = false;
    if (S->recording)
        record_finish_write();
    S->over = true;
    S->finish = finish;
    S->finish_result = result;
    S->finish_signal = signal;
    struct event *e = record(EV_FINISHED, S->last);
    if (e) {
        e->a = (uint64_t)finish;
        e->b = (uint64_t)signal;
        e->result = result;
    }
    struct fiber dead;
    fiber_switch(&dead, control_fiber());
    __builtin_unreachable();
}

void sched_cut(int why)
{
    A->cut_pc = S->cur->op.pc;
    A->cut_why = (uint32_t)why;
    sched_end(FINISH_CUT, 0, why);
}
