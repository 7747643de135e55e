/* What is known of a live run in words: names of what it tells of, and what each kind of event is
 * called. */
#include "live_words.h"
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

struct spelling live_spelling(const struct names *names)
{
    static const struct names addresses = {
        .object = plain_object, .place = plain_place, .value = plain_value};
    return (struct spelling){.names = names ? names : &addresses};
}

int live_several(const struct live_model *m)
{
    return m->nprocesses > 1;
}

void live_word_process(const struct live_model *m, uint32_t process, struct buf *out)
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
    if (live_several(m) && t->process < m->nprocesses)
        buf_printf(out, "P%" PRIu32 ".", m->processes[t->process].number);
    if (t->number >= LIVE_UNNOTED) /* it has no number that the program could know */
        buf_printf(out, "thread %" PRId32, t->tid);
    else
        buf_printf(out, "T%" PRIu32, t->number);
}

/* A task that may have been forgotten. */
void live_word_number(const struct live_model *m, uint64_t number, struct buf *out)
{
    uint32_t i = number < LIVE_NONE ? live_task_number(m, (uint32_t)number) : LIVE_NONE;
    if (i != LIVE_NONE)
        live_say_task_name(m, i, out);
    else if (number < LIVE_NONE)
        buf_printf(out, "T%" PRIu64, number);
    else
        buf_puts(out, "a task");
}

void live_word_pid(const struct live_model *m, int64_t pid, struct buf *out)
{
    char text[64];
    uint32_t i = pid > 0 ? slot_map_find(&m->inside->process_of, (uint32_t)pid) : LIVE_NONE;
    spell_asked(pid, text);
    if (i == LIVE_NONE)
        buf_puts(out, text);
    else
        live_word_process(m, i, out);
}

void live_word_place(const struct spelling *s, uint64_t pc, struct buf *out)
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
    if (addr & REC_FILE_FD) /* above it the process */
        buf_printf(out, "descriptor %" PRIu64, number & 0xfffff);
    else
        buf_printf(out, "%s:[%" PRIu64 "]",
                   class == OBJ_PIPE     ? "pipe"
                   : class == OBJ_SOCKET ? "socket"
                   : class == OBJ_QUEUE  ? "queue"
                                         : "file",
                   number);
}

void live_word_addr(const struct live_model *m, const struct spelling *s, uint32_t process,
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
    if (live_several(m) && process < m->nprocesses && (i == LIVE_NONE || !m->objects[i].shared))
        buf_printf(out, " in P%" PRIu32, m->processes[process].number);
}

void live_word_duration(uint64_t ns, struct buf *out)
{
    char text[32];
    spell_duration(ns, text);
    buf_puts(out, text);
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
        live_word_addr(f->m, f->s, f->process, e->addr, out);
    else if (n == 1 && word[0] == 'o')
        buf_printf(out, "descriptor %u", e->extra);
    else if (n == 1 && word[0] == 'm')
        live_word_addr(f->m, f->s, f->process, e->more, out);
    else if (n == 1 && word[0] == 'T')
        live_word_number(f->m, e->more & 0xffffffff, out);
    else if (n == 1 && word[0] == 'n')
        buf_printf(out, "%u", e->extra);
    else if (!strncmp(word, "pid", n))
        live_word_pid(f->m, (int32_t)e->more, out);
    else if (!strncmp(word, "bytes", n))
        buf_printf(out, "%" PRIu64 " byte%s", e->more & 0xffffffff,
                   (e->more & 0xffffffff) == 1 ? "" : "s");
    else if (!strncmp(word, "time", n))
        live_word_duration(e->more, out);
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

void live_words_wait(const struct live_model *m, const struct spelling *s, uint32_t process,
                     const struct live_event *e, struct buf *out)
{
    const struct filling f = {m, s, e, process};
    fill(&f, waits_word(e->kind), out);
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

void live_words_done(const struct live_model *m, const struct spelling *s, uint32_t process,
                     const struct live_event *e, struct buf *out)
{
    const struct filling f = {m, s, e, process};
    const struct row *r = &rows[e->kind];
    fill(&f, failed(e) && r->fails ? r->fails : r->does ? r->does : event_word(e->kind), out);
}
