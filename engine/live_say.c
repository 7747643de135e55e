/* What is known of a live run in words: tasks, processes, objects, events. */
#include "explain_private.h"
#include "live_inside.h"
#include "recorder.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- spelling ---- */
static void plain_object(void *ctx, uint64_t addr, uint32_t size, char *out, size_t n)
{
    (void)ctx;
    (void)size;
    snprintf(out, n, "0x%" PRIx64, addr);
}

static void plain_place(void *ctx, uint64_t pc, struct place *out)
{
    (void)ctx;
    (void)pc;
    *out = (struct place){.file = "", .function = "", .line = 0};
}

static void plain_value(void *ctx, uint64_t addr, uint32_t size, uint64_t value, char *out,
                        size_t n)
{
    (void)ctx;
    (void)addr;
    (void)size;
    snprintf(out, n, "%" PRId64, (int64_t)value);
}

static struct spelling spelling_of(const struct names *names)
{
    static const struct names addresses = {
        .object = plain_object, .place = plain_place, .value = plain_value};
    return (struct spelling){.names = names ? names : &addresses};
}

static int several(const struct live_model *m)
{
    return m->nprocesses > 1;
}

static void say_process_name(const struct live_model *m, uint32_t process, struct buf *out)
{
    if (process < m->nprocesses)
        buf_printf(out, "P%" PRIu32, m->processes[process].number);
    else
        buf_puts(out, "a process");
}

void live_say_task_name(const struct live_model *m, uint32_t task, struct buf *out)
{
    if (task >= m->ntasks) {
        buf_puts(out, "a task");
        return;
    }
    const struct live_task *t = &m->tasks[task];
    if (several(m) && t->process < m->nprocesses)
        buf_printf(out, "P%" PRIu32 ".", m->processes[t->process].number);
    if (t->number >= LIVE_UNNOTED) /* it has no number that the program could know */
        buf_printf(out, "thread %" PRId32, t->tid);
    else
        buf_printf(out, "T%" PRIu32, t->number);
}

/* A task that may have been forgotten. */
static void say_number(const struct live_model *m, uint64_t number, struct buf *out)
{
    uint32_t i = number < LIVE_NONE ? live_task_number(m, (uint32_t)number) : LIVE_NONE;
    if (i != LIVE_NONE)
        live_say_task_name(m, i, out);
    else if (number < LIVE_NONE)
        buf_printf(out, "T%" PRIu64, number);
    else
        buf_puts(out, "a task");
}

static void say_pid(const struct live_model *m, int64_t pid, struct buf *out)
{
    char text[64];
    uint32_t i = pid > 0 ? slot_map_find(&m->inside->process_of, (uint32_t)pid) : LIVE_NONE;
    spell_asked(pid, text);
    if (i == LIVE_NONE)
        buf_puts(out, text);
    else
        say_process_name(m, i, out);
}

static void say_place_of(const struct spelling *s, uint64_t pc, struct buf *out)
{
    char place[NAME_BYTES];
    spell_place(s, pc, place);
    if (place[0])
        buf_printf(out, " (%s)", place);
}

void live_say_file(const struct live_model *m, uint64_t addr, struct buf *out)
{
    uint32_t i = live_object_at(m, LIVE_NONE, addr);
    enum object_class class = i == LIVE_NONE ? OBJ_CHANNEL : m->objects[i].class;
    uint64_t number = addr & (REC_FILE_FD - 1);
    if (addr & REC_FILE_FD)
        buf_printf(out, "descriptor %" PRIu64, number);
    else
        buf_printf(out, "%s:[%" PRIu64 "]",
                   class == OBJ_PIPE     ? "pipe"
                   : class == OBJ_SOCKET ? "socket"
                   : class == OBJ_QUEUE  ? "queue"
                                         : "file",
                   number);
}

static void say_addr(const struct live_model *m, const struct spelling *s, uint32_t process,
                     uint64_t addr, struct buf *out)
{
    char name[NAME_BYTES];
    uint32_t i = live_object_at(m, process, addr);
    if (addr & REC_FILE) {
        live_say_file(m, addr, out);
        return;
    }
    spell_object(s, addr, 0, name);
    buf_puts(out, name);
    if (several(m) && process < m->nprocesses && (i == LIVE_NONE || !m->objects[i].shared))
        buf_printf(out, " in P%" PRIu32, m->processes[process].number);
}

static void say_duration(uint64_t ns, struct buf *out)
{
    char text[32];
    spell_duration(ns, text);
    buf_puts(out, text);
}

/* "T1", "T1 and T2", "T1, T2, T3 and 5 others". */
static void say_list(const struct live_model *m, const uint32_t *tasks, uint32_t n, uint32_t all,
                     struct buf *out)
{
    for (uint32_t i = 0; i < n; i++) {
        int last = i + 1 == all;
        buf_puts(out, i == 0 ? "" : last ? " and " : ", ");
        live_say_task_name(m, tasks[i], out);
    }
    if (all > n)
        buf_printf(out, " and %" PRIu32 " other%s", all - n, all - n == 1 ? "" : "s");
}

/* ---- templates ---- */
/* {o} the object, {m} the mutex in `more`, {T} the task in `more`, {n} extra, {pid} pid in `more`,
 * {bytes}, {time}, {fd}, {status}, {err}. */
struct filling {
    const struct live_model *m;
    const struct spelling *s;
    const struct live_event *e;
    uint32_t process;
};

static void put(const struct filling *f, const char *word, size_t n, struct buf *out)
{
    char scratch[64];
    const struct live_event *e = f->e;
    if (n == 1 && word[0] == 'o' && e->addr)
        say_addr(f->m, f->s, f->process, e->addr, out);
    else if (n == 1 && word[0] == 'o')
        buf_printf(out, "descriptor %u", e->extra);
    else if (n == 1 && word[0] == 'm')
        say_addr(f->m, f->s, f->process, e->more, out);
    else if (n == 1 && word[0] == 'T')
        say_number(f->m, e->more & 0xffffffff, out);
    else if (n == 1 && word[0] == 'n')
        buf_printf(out, "%u", e->extra);
    else if (!strncmp(word, "pid", n))
        say_pid(f->m, (int32_t)e->more, out);
    else if (!strncmp(word, "bytes", n))
        buf_printf(out, "%" PRIu64 " byte%s", e->more & 0xffffffff,
                   (e->more & 0xffffffff) == 1 ? "" : "s");
    else if (!strncmp(word, "time", n))
        say_duration(e->more, out);
    else if (!strncmp(word, "err", n))
        buf_puts(out, spell_error(e->result, scratch));
    else if (!strncmp(word, "signal", n))
        buf_puts(out, spell_signal_name(e->extra, scratch));
    else if (!strncmp(word, "status", n)) {
        spell_status((uint32_t)(e->more >> 32), scratch);
        buf_puts(out, scratch);
    }
}

static void fill(const struct filling *f, const char *template, struct buf *out)
{
    while (*template) {
        size_t n = strcspn(template, "{");
        buf_add(out, template, n);
        template += n;
        if (*template != '{')
            break;
        n = strcspn(template, "}") - 1;
        put(f, template + 1, n, out);
        template += n + 2;
    }
}

/* What an event is in words, when it is done, failed, and while it is waited for. */
static const struct row {
    const char *does, *fails, *waits;
} rows[EV_COUNT] = {
    [EV_NONE] = {"goes on", NULL, "is held back by the slow motion"},
    [EV_READ] = {"reads {o}", NULL, NULL},
    [EV_WRITE] = {"writes {o}", NULL, NULL},
    [EV_COPY] = {"copies {o}", NULL, NULL},
    [EV_ATOMIC_LOAD] = {"reads {o} atomically", NULL, NULL},
    [EV_ATOMIC_STORE] = {"writes {o} atomically", NULL, NULL},
    [EV_ATOMIC_RMW] = {"updates {o} atomically", NULL, NULL},
    [EV_ATOMIC_CAS] = {"compares and swaps {o}", NULL, NULL},
    [EV_FREE] = {"frees {o}", NULL, NULL},
    [EV_CREATE] = {"creates {T}", "cannot create a task: {err}", NULL},
    [EV_START] = {"starts", NULL, NULL},
    [EV_END] = {"ends", NULL, NULL},
    [EV_JOIN] = {"has joined {T}", "cannot join {T}: {err}", "waits for the end of {T}"},
    [EV_DETACH] = {"detaches {T}", "cannot detach {T}: {err}", NULL},
    [EV_MUTEX_INIT] = {"makes the mutex {o}", "cannot make {o}: {err}", NULL},
    [EV_MUTEX_DESTROY] = {"destroys {o}", "cannot destroy {o}: {err}", NULL},
    [EV_LOCK] = {"locks {o}", "cannot lock {o}: {err}", "waits for {o}"},
    [EV_TRYLOCK] = {"locks {o}", "tries to lock {o}: {err}", "waits for {o}"},
    [EV_TIMEDLOCK] = {"locks {o}", "gives up on {o}: {err}", "waits for {o}, for some time only,"},
    [EV_UNLOCK] = {"unlocks {o}", "cannot unlock {o}: {err}", NULL},
    [EV_SPIN_INIT] = {"makes the spin lock {o}", "cannot make {o}: {err}", NULL},
    [EV_SPIN_DESTROY] = {"destroys {o}", "cannot destroy {o}: {err}", NULL},
    [EV_SPIN_LOCK] = {"locks {o}", "cannot lock {o}: {err}", "spins for {o}"},
    [EV_SPIN_TRYLOCK] = {"locks {o}", "tries to lock {o}: {err}", NULL},
    [EV_SPIN_UNLOCK] = {"unlocks {o}", "cannot unlock {o}: {err}", NULL},
    [EV_COND_INIT] = {"makes the condition {o}", "cannot make {o}: {err}", NULL},
    [EV_COND_DESTROY] = {"destroys {o}", "cannot destroy {o}: {err}", NULL},
    [EV_COND_WAIT] = {"unlocks {m} to wait in {o}", "cannot wait in {o}: {err}", "waits in {o}"},
    [EV_COND_RELOCK] = {"is back from {o} and locks {m}", "is back from {o}: {err}",
                        "waits in {o}"},
    [EV_COND_TIMEOUT] = {"gives up waiting in {o}", NULL, "waits in {o}, for some time only,"},
    [EV_COND_SPURIOUS] = {"is back from {o} without a signal", NULL, NULL},
    [EV_COND_SIGNAL] = {"signals {o}", NULL, NULL},
    [EV_COND_BROADCAST] = {"wakes all in {o}", NULL, NULL},
    [EV_SEM_INIT] = {"makes the semaphore {o}, {n}", "cannot make {o}: {err}", NULL},
    [EV_SEM_DESTROY] = {"destroys {o}", "cannot destroy {o}: {err}", NULL},
    [EV_SEM_WAIT] = {"takes one of {o}, now {n}", "cannot take one of {o}: {err}", "waits for {o}"},
    [EV_SEM_TRYWAIT] = {"takes one of {o}, now {n}", "tries to take one of {o}: {err}", NULL},
    [EV_SEM_TIMEDWAIT] = {"takes one of {o}, now {n}", "gives up on {o}: {err}",
                          "waits for {o}, for some time only,"},
    [EV_SEM_POST] = {"posts {o}, now {n}", "cannot post {o}: {err}", NULL},
    [EV_SEM_GETVALUE] = {"reads the value of {o}, {n}", NULL, NULL},
    [EV_FUTEX_WAIT] = {"has waited on {o}", "does not wait on {o}: {err}", "waits on {o} (futex)"},
    [EV_FUTEX_RISE] = {"goes on after a wait on {o}", "goes on after a wait on {o}: {err}",
                       "waits on {o} (futex)"},
    [EV_FUTEX_WAKE] = {"wakes who waits on {o}", NULL, NULL},
    [EV_BARRIER_INIT] = {"makes the barrier {o}", "cannot make {o}: {err}", NULL},
    [EV_BARRIER_DESTROY] = {"destroys {o}", "cannot destroy {o}: {err}", NULL},
    [EV_BARRIER_ARRIVE] = {"arrives at {o}", NULL, "waits at {o}"},
    [EV_BARRIER_LEAVE] = {"leaves {o}", "leaves {o}", "waits at {o}"},
    [EV_RWLOCK_INIT] = {"makes the read-write lock {o}", "cannot make {o}: {err}", NULL},
    [EV_RWLOCK_DESTROY] = {"destroys {o}", "cannot destroy {o}: {err}", NULL},
    [EV_RDLOCK] = {"locks {o} for reading", "cannot lock {o} for reading: {err}",
                   "waits for {o} to read"},
    [EV_TRYRDLOCK] = {"locks {o} for reading", "tries to lock {o} for reading: {err}", NULL},
    [EV_TIMEDRDLOCK] = {"locks {o} for reading", "gives up on {o}: {err}",
                        "waits for {o} to read, for some time only,"},
    [EV_WRLOCK] = {"locks {o} for writing", "cannot lock {o} for writing: {err}",
                   "waits for {o} to write"},
    [EV_TRYWRLOCK] = {"locks {o} for writing", "tries to lock {o} for writing: {err}", NULL},
    [EV_TIMEDWRLOCK] = {"locks {o} for writing", "gives up on {o}: {err}",
                        "waits for {o} to write, for some time only,"},
    [EV_RWUNLOCK] = {"unlocks {o}", "cannot unlock {o}: {err}", NULL},
    [EV_ONCE_BEGIN] = {"comes to {o}", NULL, "waits for {o} to be done"},
    [EV_ONCE_END] = {"is done with {o}", NULL, NULL},
    [EV_CANCEL] = {"cancels {T}", "cannot cancel {T}: {err}", NULL},
    [EV_CANCELLED] = {"acts on its cancellation", NULL, NULL},
    [EV_FORK] = {"forks, the child is {T}", "cannot fork: {err}", NULL},
    [EV_WAIT] = {"has waited for {pid}: it {status}", "cannot wait for a child: {err}",
                 "waits for the end of {pid}"},
    [EV_EXEC] = {"runs another program", "cannot run another program: {err}", NULL},
    [EV_KILL] = {"sends {signal}", "cannot send {signal}: {err}", NULL},
    [EV_SIGNAL] = {"takes {signal}", NULL, NULL},
    [EV_SIGWAIT] = {"has waited for a signal", "cannot wait for a signal: {err}",
                    "waits for a signal"},
    [EV_PAUSE] = {"goes on after a signal", "goes on after a signal", "waits for a signal"},
    [EV_TIMER] = {"has its timer expire", NULL, NULL},
    [EV_PIPE] = {"makes a channel, {o}", "cannot make a channel: {err}", NULL},
    [EV_FD_READ] = {"reads {bytes} from {o}", "cannot read {o}: {err}",
                    "waits for something to read from {o}"},
    [EV_FD_WRITE] = {"writes {bytes} to {o}", "cannot write to {o}: {err}",
                     "waits for room to write to {o}"},
    [EV_FD_CLOSE] = {"closes {o}", "cannot close {o}: {err}", NULL},
    [EV_FD_DUP] = {"duplicates {o}", "cannot duplicate {o}: {err}", NULL},
    [EV_FD_POLL] = {"has looked at its descriptors", "cannot look at its descriptors: {err}",
                    "waits for one of its descriptors"},
    [EV_MQ_SEND] = {"sends to {o}", "cannot send to {o}: {err}", "waits for room in {o}"},
    [EV_MQ_RECEIVE] = {"receives from {o}", "cannot receive from {o}: {err}",
                       "waits for a message in {o}"},
    [EV_YIELD] = {"yields", NULL, NULL},
    [EV_SLEEP] = {"has slept {time}", "is woken from its sleep: {err}", "sleeps"},
    [EV_CLOCK] = {"reads the clock", NULL, NULL},
    [EV_OUTPUT] = {"prints", "cannot print: {err}", "waits to print"},
    [EV_INPUT] = {"reads input", "cannot read input: {err}", "waits for input"},
    [EV_CALL] = {"calls the library", NULL, "waits in a call of the library"},
    [EV_EXIT] = {"exits with status {n}", NULL, NULL},
    [EV_ABORT] = {"aborts", NULL, NULL},
    [EV_NAME] = {"takes a name", NULL, NULL},
    [EV_NOTE] = {"notes something", NULL, NULL},
};

static const char *waits_word(unsigned kind)
{
    const char *word = kind < EV_COUNT ? rows[kind].waits : NULL;
    return word ? word : "waits";
}

/* ---- sentences ---- */
static void tell_wait(const struct live_model *m, const struct spelling *s, uint32_t task,
                      struct buf *out)
{
    const struct live_task *t = &m->tasks[task];
    struct live_event e = {.kind = t->wait_kind, .addr = t->wait_addr, .more = t->wait_addr};
    const struct filling f = {m, s, &e, t->process};
    uint32_t o = live_class_of(t->wait_kind) == OBJ_NONE
                     ? LIVE_NONE
                     : live_object_at(m, t->process, t->wait_addr);
    fill(&f, waits_word(t->wait_kind), out);
    buf_puts(out, " since ");
    say_duration(m->now > t->wait_since ? m->now - t->wait_since : 0, out);
    if (o != LIVE_NONE && m->objects[o].nholding) {
        uint32_t who[3], n = live_holding(m, o, who, 3);
        buf_puts(out, m->objects[o].reading ? ", read by " : ", held by ");
        say_list(m, who, n < 3 ? n : 3, n, out);
    } else if (o != LIVE_NONE && m->objects[o].class == OBJ_ONCE && t->wait_by != LIVE_NONE) {
        buf_puts(out, ", run by ");
        live_say_task_name(m, t->wait_by, out);
    }
}

static void tell_state(const struct live_model *m, uint32_t task, struct buf *out)
{
    const struct live_task *t = &m->tasks[task];
    switch (t->state) {
    case TASK_RUNNING:
        buf_puts(out, "runs");
        if (t->processor >= 0)
            buf_printf(out, " on processor %d", t->processor);
        break;
    case TASK_READY:
        buf_puts(out, "could run, but has no processor");
        break;
    case TASK_STOPPED:
        buf_puts(out, t->kernel == 't' ? "is stopped by a debugger" : "is stopped by a signal");
        break;
    case TASK_ZOMBIE:
        buf_puts(out, "has ended, nobody has joined it");
        break;
    case TASK_DONE:
        buf_puts(out, "has ended");
        break;
    default:
        buf_puts(out, t->kernel == 'D' ? "waits in the kernel for a device"
                      : t->noted       ? "waits in the kernel"
                                       : "waits, for what is not noted");
        break;
    }
}

static void tell_held(const struct live_model *m, const struct spelling *s, uint32_t task,
                      struct buf *out)
{
    const struct live_task *t = &m->tasks[task];
    uint32_t n = t->nheld < 16 ? t->nheld : 16;
    for (uint32_t i = 0; i < n; i++) {
        buf_puts(out, i == 0 ? "" : i + 1 == n ? " and " : ", ");
        say_addr(m, s, t->process, t->held[i], out);
    }
}

void live_say_task(const struct live_model *m, const struct names *names, uint32_t task,
                   struct buf *out)
{
    const struct spelling s = spelling_of(names);
    if (task >= m->ntasks)
        return;
    const struct live_task *t = &m->tasks[task];
    live_say_task_name(m, task, out);
    buf_puts(out, " ");
    int waits = t->wait_since && !t->ended && t->state != TASK_STOPPED;
    if (waits)
        tell_wait(m, &s, task, out);
    else
        tell_state(m, task, out);
    say_place_of(&s, waits ? t->wait_pc : t->last.pc, out);
    if (!t->nheld || t->ended)
        return;
    buf_puts(out, "; it holds ");
    tell_held(m, &s, task, out);
}

void live_say_status(int wait_status, struct buf *out)
{
    char text[64];
    spell_status((uint32_t)wait_status, text);
    buf_puts(out, !strncmp(text, "was ", 4) ? text + 4 : text);
}

void live_say_process(const struct live_model *m, uint32_t process, struct buf *out)
{
    if (process >= m->nprocesses)
        return;
    const struct live_process *p = &m->processes[process];
    buf_printf(out, "P%" PRIu32 " (pid %" PRId32, p->number, p->pid);
    if (p->program[0])
        buf_printf(out, ", %s", p->program);
    buf_puts(out, ")");
    if (p->state == PROC_RUNNING)
        buf_puts(out, " runs");
    else if (p->state == PROC_STOPPED)
        buf_puts(out, " is stopped");
    else if (p->has_status) {
        char text[64];
        spell_status((uint32_t)p->status, text);
        buf_printf(out, " %s", text);
    } else {
        buf_puts(out, " has ended");
    }
    if (p->state == PROC_ZOMBIE) {
        buf_puts(out, "; it is a zombie until ");
        if (p->parent < m->nprocesses)
            say_process_name(m, p->parent, out);
        else
            buf_printf(out, "pid %" PRId32, p->parent_pid);
        buf_puts(out, " waits for it");
    }
    if (p->orphaned)
        buf_printf(out, "; an orphan, its parent is pid %" PRId32 " now", p->parent_pid);
}

static void say_count(const struct live_object *o, struct buf *out)
{
    if (o->count < 0)
        return;
    if (o->class == OBJ_SEM)
        buf_printf(out, ", %" PRId64, o->count);
    else if (o->class == OBJ_BARRIER && o->limit > 0)
        buf_printf(out, ", %" PRId64 " of %" PRId64 " are there", o->count, o->limit);
    else if (o->class == OBJ_BARRIER)
        buf_printf(out, ", %" PRId64 " are there", o->count);
    else if (object_is_channel(o->class))
        buf_printf(out, ", %" PRId64 " byte%s in it", o->count, o->count == 1 ? "" : "s");
    else if (o->class == OBJ_ONCE)
        buf_puts(out, o->count ? ", done" : "");
}

void live_say_object(const struct live_model *m, const struct names *names, uint32_t object,
                     struct buf *out)
{
    const struct spelling s = spelling_of(names);
    if (object >= m->nobjects)
        return;
    const struct live_object *o = &m->objects[object];
    uint32_t who[3], n = live_holding(m, object, who, 3);
    const char *word = object_class_word(o->class);
    say_addr(m, &s, o->process, o->addr, out);
    buf_printf(out, ": a%s %s", strchr("aeiou", word[0]) ? "n" : "", word);
    say_count(o, out);
    if (o->destroyed)
        buf_puts(out, ", destroyed");
    if (n) {
        buf_puts(out, o->reading ? ", read by " : ", held by ");
        say_list(m, who, n < 3 ? n : 3, n, out);
    }
    n = live_waiting(m, object, who, 3);
    if (n) {
        buf_puts(out, "; ");
        say_list(m, who, n < 3 ? n : 3, n, out);
        buf_puts(out, n == 1 ? " waits" : " wait");
    }
    buf_printf(out, "; %" PRIu64 " operation%s", o->operations, o->operations == 1 ? "" : "s");
    if (o->contended)
        buf_printf(out, ", %" PRIu64 " had to wait", o->contended);
}

/* Results that are no errors. */
static int failed(const struct live_event *e)
{
    switch (e->kind) {
    case EV_ATOMIC_CAS:
    case EV_BARRIER_LEAVE:
    case EV_END:
    case EV_EXIT:
        return 0;
    default:
        return e->result != 0;
    }
}

void live_say_event(const struct live_model *m, const struct names *names,
                    const struct live_event *e, struct buf *out)
{
    const struct spelling s = spelling_of(names);
    uint32_t task = live_task_number(m, e->number);
    uint32_t process = task == LIVE_NONE ? LIVE_NONE : m->tasks[task].process;
    const struct filling f = {m, &s, e, process};
    if (e->kind >= EV_COUNT)
        return;
    const struct row *r = &rows[e->kind];
    if (e->kind == EV_NONE && e->more && !e->begins) {
        buf_printf(out, "%" PRIu64 " operation%s of ", e->more, e->more == 1 ? "" : "s");
        say_number(m, e->number, out);
        buf_puts(out, e->more == 1 ? " was not kept" : " were not kept");
        return;
    }
    say_number(m, e->number, out);
    buf_puts(out, " ");
    if (e->begins) {
        fill(&f, waits_word(e->kind), out);
        if (out->data[out->len - 1] == ',')
            out->data[--out->len] = '\0';
    } else {
        fill(&f, failed(e) && r->fails ? r->fails : r->does ? r->does : event_word(e->kind), out);
    }
    if (e->waited) {
        buf_puts(out, " (waited ");
        say_duration(e->waited, out);
        buf_puts(out, ")");
    }
    say_place_of(&s, e->pc, out);
}

static void say_wants(const struct live_model *m, const struct spelling *s, uint32_t task,
                      struct buf *out)
{
    const struct live_task *t = &m->tasks[task];
    struct live_event e = {.kind = t->wait_kind, .addr = t->wait_addr, .more = t->wait_addr};
    const struct filling f = {m, s, &e, t->process};
    live_say_task_name(m, task, out);
    buf_puts(out, " ");
    if (t->nheld) {
        buf_puts(out, "holds ");
        tell_held(m, s, task, out);
        buf_puts(out, " and ");
    }
    fill(&f, waits_word(t->wait_kind), out);
    say_place_of(s, t->wait_pc, out);
}

void live_say_hang(const struct live_model *m, const struct names *names, struct buf *out)
{
    enum { MOST = 8 };
    const struct spelling s = spelling_of(names);
    uint32_t who[MOST], n = live_circle(m, who, MOST), all = n;
    for (uint32_t i = 0; !n && i < m->ntasks; i++) {
        if (m->tasks[i].ended || !m->tasks[i].wait_since)
            continue;
        if (all < MOST)
            who[all] = i;
        all++;
    }
    for (uint32_t i = 0; i < all && i < MOST; i++) {
        buf_puts(out, i ? "; " : "");
        say_wants(m, &s, who[i], out);
    }
    if (all > MOST)
        buf_printf(out, "; and %" PRIu32 " more", all - MOST);
}
