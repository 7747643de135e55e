/* Misuse that is seen at a step whatever the step is: stacks that are gone, calls a signal handler
 * may not make, locks kept by a task that ends. */
#include "probe.h"

/* ---- dead stacks ---- */
/* A task that stands here stands in a call, so nothing of it lies below its stack pointer. */
static bool is_below(const struct task *t, uint64_t sp, uint64_t addr, uint64_t len)
{
    return sp > t->stack_low && sp <= t->stack_high && addr >= t->stack_low &&
           addr + (len ? len : 1) <= sp;
}

static const char gone[] = "use of a variable on the stack of a thread that has ended";
static const char returned[] = "use of a local variable of a function that has returned";

/* The step under way reaches the stack of a task that has ended, or, further down than that task
 * stands now, a frame that has been left. */
void find_dead_stack(const struct op *op)
{
    for (unsigned i = 0; i < op->nreach; i++) {
        uint64_t addr = place_address(op->reach[i].addr);
        unsigned owner;
        if (LIKELY(!stack_owner(addr, &owner)))
            continue;
        const struct task *t = &S->tasks[owner];
        const char *text = t->ended                                        ? gone
                           : is_below(t, t->op.sp, addr, op->reach[i].len) ? returned
                                                                           : NULL;
        if (!text)
            continue;
        find(FIND_MISUSE, op->reach[i].addr, owner == S->last ? NO_TASK : owner, 0, op->pc, 0,
             text);
        return;
    }
}

/* An access of the running task to its own stack, which is no step. */
void find_dead_frame(uint64_t addr, uint64_t sp, uint64_t pc)
{
    if (is_below(S->cur, sp, addr, 1))
        find(FIND_MISUSE, addr, NO_TASK, 0, pc, 0, returned);
}

/* ---- signal handlers ---- */
static const struct {
    const char *name;
    uint8_t kind;
} unsafe[] = {
#define UNSAFE(name, kind) {name, EV_##kind},
#include "unsafe.def"
#undef UNSAFE
};

static void tell_unsafe(const char *name, uint64_t pc)
{
    static const char rest[] = " in a signal handler: it is not safe there, because the signal may "
                               "have come in the middle of such a call";
    char text[256] = "call of ";
    strcat(text, name);
    strcat(text, rest);
    find(FIND_MISUSE, 0, NO_TASK, 0, pc, 0, text);
}

void find_unsafe_call(const char *name, uint64_t pc)
{
    for (unsigned i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
        if (strcmp(unsafe[i].name, name) == 0)
            tell_unsafe(name, pc);
}

void find_unsafe_op(const struct op *op)
{
    for (unsigned i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
        if (unsafe[i].kind == op->kind && op->kind != EV_NONE)
            tell_unsafe(unsafe[i].name, op->pc);
}

/* ---- locks ---- */
static bool holds(const struct object *o, unsigned task)
{
    switch (o->class) {
    case C_MUTEX:
    case C_SPIN:
        return o->owner == task;
    case C_RWLOCK:
        return o->owner == task || set_has(&o->readers, task);
    default:
        return false;
    }
}

/* Where the running task took that lock: the last of its steps but the last there. */
static uint64_t taken_at(uint64_t addr, uint64_t otherwise)
{
    for (uint32_t d = S->depth < NODES ? S->depth : 0; d-- > 1;) {
        const struct trail *r = &S->trail[d - 1];
        if (r->task == S->cur_id &&
            (r->addr == addr || (r->addr2 == addr && r->kind == EV_COND_RELOCK)))
            return r->pc;
    }
    return otherwise;
}

/* The running task ends, others of its process live on: what it still holds nobody can have again.
 * A robust mutex was given back before. */
void find_lock_leaks(uint64_t end_pc)
{
    for (uint32_t i = 0; i < S->nobjects; i++) {
        const struct object *o = &S->objects[i];
        if (o->stamp == S->stamp && !o->destroyed && holds(o, S->cur_id)) {
            find(FIND_LOCK_LEAK, o->addr, NO_TASK, 0, taken_at(o->addr, end_pc), 0, "");
        }
    }
}
