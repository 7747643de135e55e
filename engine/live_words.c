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
        buf_puts(out, _("a process"));
}

void live_say_task_name(const struct live_model *m, uint32_t task, struct buf *out)
{
    if (task >= m->ntasks) {
        buf_puts(out, _("a task"));
        return;
    }
    const struct live_task *t = &m->tasks[task];
    if (live_several(m) && t->process < m->nprocesses)
        buf_printf(out, "P%" PRIu32 ".", m->processes[t->process].number);
    if (t->number >= LIVE_UNNOTED) /* it has no number that the program could know */
        buf_printf(out, _("thread %" PRId32), t->tid);
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
        buf_puts(out, _("a task"));
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
        buf_printf(out, _("descriptor %" PRIu64), number & 0xfffff);
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
    if (live_several(m) && process < m->nprocesses && (i == LIVE_NONE || !m->objects[i].shared))
        buf_printf(out, _("%s in P%d"), name, (int)m->processes[process].number);
    else
        buf_puts(out, name);
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
        buf_printf(out, _("descriptor %" PRIu64), (uint64_t)e->extra);
    else if (n == 1 && word[0] == 'm')
        live_word_addr(f->m, f->s, f->process, e->more, out);
    else if (n == 1 && word[0] == 'T')
        live_word_number(f->m, e->more & 0xffffffff, out);
    else if (n == 1 && word[0] == 'n')
        buf_printf(out, "%u", e->extra);
    else if (!strncmp(word, "pid", n))
        live_word_pid(f->m, (int32_t)e->more, out);
    else if (!strncmp(word, "bytes", n))
        buf_printf(out, ngettext("%u byte", "%u bytes", e->more & 0xffffffff),
                   (unsigned)(e->more & 0xffffffff));
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

/* A template, translated. */
static void fill(const struct filling *f, const char *template, struct buf *out)
{
    template = _(template);
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

/* What an event is in words, when it is done, failed, and while it is waited for. They follow the
 * name of a task, and a translation has the same words in braces. */
static const struct row {
    const char *does, *fails, *waits;
} rows[EV_COUNT] = {
    [EV_NONE] = {N_("goes on"), NULL, N_("is held back by the slow motion")},
    [EV_READ] = {N_("reads {o}"), NULL, NULL},
    [EV_WRITE] = {N_("writes {o}"), NULL, NULL},
    [EV_COPY] = {N_("copies {o}"), NULL, NULL},
    [EV_ATOMIC_LOAD] = {N_("reads {o} atomically"), NULL, NULL},
    [EV_ATOMIC_STORE] = {N_("writes {o} atomically"), NULL, NULL},
    [EV_ATOMIC_RMW] = {N_("updates {o} atomically"), NULL, NULL},
    [EV_ATOMIC_CAS] = {N_("compares and swaps {o}"), NULL, NULL},
    [EV_FREE] = {N_("frees {o}"), NULL, NULL},
    [EV_CREATE] = {N_("creates {T}"), N_("cannot create a task: {err}"), NULL},
    [EV_START] = {N_("starts"), NULL, NULL},
    [EV_END] = {N_("ends"), NULL, NULL},
    [EV_JOIN] = {N_("has joined {T}"), N_("cannot join {T}: {err}"),
                 N_("waits for the end of {T}")},
    [EV_DETACH] = {N_("detaches {T}"), N_("cannot detach {T}: {err}"), NULL},
    [EV_MUTEX_INIT] = {N_("makes the mutex {o}"), N_("cannot make {o}: {err}"), NULL},
    [EV_MUTEX_DESTROY] = {N_("destroys {o}"), N_("cannot destroy {o}: {err}"), NULL},
    [EV_LOCK] = {N_("locks {o}"), N_("cannot lock {o}: {err}"), N_("waits for {o}")},
    [EV_TRYLOCK] = {N_("locks {o}"), N_("tries to lock {o}: {err}"), N_("waits for {o}")},
    [EV_TIMEDLOCK] = {N_("locks {o}"), N_("gives up on {o}: {err}"),
                      N_("waits for {o}, for some time only,")},
    [EV_UNLOCK] = {N_("unlocks {o}"), N_("cannot unlock {o}: {err}"), NULL},
    [EV_SPIN_INIT] = {N_("makes the spin lock {o}"), N_("cannot make {o}: {err}"), NULL},
    [EV_SPIN_DESTROY] = {N_("destroys {o}"), N_("cannot destroy {o}: {err}"), NULL},
    [EV_SPIN_LOCK] = {N_("locks {o}"), N_("cannot lock {o}: {err}"), N_("spins for {o}")},
    [EV_SPIN_TRYLOCK] = {N_("locks {o}"), N_("tries to lock {o}: {err}"), NULL},
    [EV_SPIN_UNLOCK] = {N_("unlocks {o}"), N_("cannot unlock {o}: {err}"), NULL},
    [EV_COND_INIT] = {N_("makes the condition {o}"), N_("cannot make {o}: {err}"), NULL},
    [EV_COND_DESTROY] = {N_("destroys {o}"), N_("cannot destroy {o}: {err}"), NULL},
    [EV_COND_WAIT] = {N_("unlocks {m} to wait in {o}"), N_("cannot wait in {o}: {err}"),
                      N_("waits in {o}")},
    [EV_COND_RELOCK] = {N_("is back from {o} and locks {m}"), N_("is back from {o}: {err}"),
                        N_("waits in {o}")},
    [EV_COND_TIMEOUT] = {N_("gives up waiting in {o}"), NULL,
                         N_("waits in {o}, for some time only,")},
    [EV_COND_SPURIOUS] = {N_("is back from {o} without a signal"), NULL, NULL},
    [EV_COND_SIGNAL] = {N_("signals {o}"), NULL, NULL},
    [EV_COND_BROADCAST] = {N_("wakes all in {o}"), NULL, NULL},
    [EV_SEM_INIT] = {N_("makes the semaphore {o}, {n}"), N_("cannot make {o}: {err}"), NULL},
    [EV_SEM_DESTROY] = {N_("destroys {o}"), N_("cannot destroy {o}: {err}"), NULL},
    [EV_SEM_WAIT] = {N_("takes one of {o}, now {n}"), N_("cannot take one of {o}: {err}"),
                     N_("waits for {o}")},
    [EV_SEM_TRYWAIT] = {N_("takes one of {o}, now {n}"), N_("tries to take one of {o}: {err}"),
                        NULL},
    [EV_SEM_TIMEDWAIT] = {N_("takes one of {o}, now {n}"), N_("gives up on {o}: {err}"),
                          N_("waits for {o}, for some time only,")},
    [EV_SEM_POST] = {N_("posts {o}, now {n}"), N_("cannot post {o}: {err}"), NULL},
    [EV_SEM_GETVALUE] = {N_("reads the value of {o}, {n}"), NULL, NULL},
    [EV_FUTEX_WAIT] = {N_("has waited on {o}"), N_("does not wait on {o}: {err}"),
                       N_("waits on {o} (futex)")},
    [EV_FUTEX_RISE] = {N_("goes on after a wait on {o}"), N_("goes on after a wait on {o}: {err}"),
                       N_("waits on {o} (futex)")},
    [EV_FUTEX_WAKE] = {N_("wakes who waits on {o}"), NULL, NULL},
    [EV_BARRIER_INIT] = {N_("makes the barrier {o}"), N_("cannot make {o}: {err}"), NULL},
    [EV_BARRIER_DESTROY] = {N_("destroys {o}"), N_("cannot destroy {o}: {err}"), NULL},
    [EV_BARRIER_ARRIVE] = {N_("arrives at {o}"), NULL, N_("waits at {o}")},
    [EV_BARRIER_LEAVE] = {N_("leaves {o}"), N_("leaves {o}"), N_("waits at {o}")},
    [EV_RWLOCK_INIT] = {N_("makes the read-write lock {o}"), N_("cannot make {o}: {err}"), NULL},
    [EV_RWLOCK_DESTROY] = {N_("destroys {o}"), N_("cannot destroy {o}: {err}"), NULL},
    [EV_RDLOCK] = {N_("locks {o} for reading"), N_("cannot lock {o} for reading: {err}"),
                   N_("waits for {o} to read")},
    [EV_TRYRDLOCK] = {N_("locks {o} for reading"), N_("tries to lock {o} for reading: {err}"),
                      NULL},
    [EV_TIMEDRDLOCK] = {N_("locks {o} for reading"), N_("gives up on {o}: {err}"),
                        N_("waits for {o} to read, for some time only,")},
    [EV_WRLOCK] = {N_("locks {o} for writing"), N_("cannot lock {o} for writing: {err}"),
                   N_("waits for {o} to write")},
    [EV_TRYWRLOCK] = {N_("locks {o} for writing"), N_("tries to lock {o} for writing: {err}"),
                      NULL},
    [EV_TIMEDWRLOCK] = {N_("locks {o} for writing"), N_("gives up on {o}: {err}"),
                        N_("waits for {o} to write, for some time only,")},
    [EV_RWUNLOCK] = {N_("unlocks {o}"), N_("cannot unlock {o}: {err}"), NULL},
    [EV_ONCE_BEGIN] = {N_("comes to {o}"), NULL, N_("waits for {o} to be done")},
    [EV_ONCE_END] = {N_("is done with {o}"), NULL, NULL},
    [EV_CANCEL] = {N_("cancels {T}"), N_("cannot cancel {T}: {err}"), NULL},
    [EV_CANCELLED] = {N_("acts on its cancellation"), NULL, NULL},
    [EV_FORK] = {N_("forks, the child is {T}"), N_("cannot fork: {err}"), NULL},
    [EV_WAIT] = {N_("has waited for {pid}: it {status}"), N_("cannot wait for a child: {err}"),
                 N_("waits for the end of {pid}")},
    [EV_EXEC] = {N_("runs another program"), N_("cannot run another program: {err}"), NULL},
    [EV_KILL] = {N_("sends {signal}"), N_("cannot send {signal}: {err}"), NULL},
    [EV_SIGNAL] = {N_("takes {signal}"), NULL, NULL},
    [EV_SIGWAIT] = {N_("has waited for a signal"), N_("cannot wait for a signal: {err}"),
                    N_("waits for a signal")},
    [EV_PAUSE] = {N_("goes on after a signal"), N_("goes on after a signal"),
                  N_("waits for a signal")},
    [EV_TIMER] = {N_("has its timer expire"), NULL, NULL},
    [EV_PIPE] = {N_("makes a channel, {o}"), N_("cannot make a channel: {err}"), NULL},
    [EV_FD_READ] = {N_("reads {bytes} from {o}"), N_("cannot read {o}: {err}"),
                    N_("waits for something to read from {o}")},
    [EV_FD_WRITE] = {N_("writes {bytes} to {o}"), N_("cannot write to {o}: {err}"),
                     N_("waits for room to write to {o}")},
    [EV_FD_CLOSE] = {N_("closes {o}"), N_("cannot close {o}: {err}"), NULL},
    [EV_FD_DUP] = {N_("duplicates {o}"), N_("cannot duplicate {o}: {err}"), NULL},
    [EV_FD_POLL] = {N_("has looked at its descriptors"),
                    N_("cannot look at its descriptors: {err}"),
                    N_("waits for one of its descriptors")},
    [EV_MQ_SEND] = {N_("sends to {o}"), N_("cannot send to {o}: {err}"),
                    N_("waits for room in {o}")},
    [EV_MQ_RECEIVE] = {N_("receives from {o}"), N_("cannot receive from {o}: {err}"),
                       N_("waits for a message in {o}")},
    [EV_YIELD] = {N_("yields"), NULL, NULL},
    [EV_SLEEP] = {N_("has slept {time}"), N_("is woken from its sleep: {err}"), N_("sleeps")},
    [EV_CLOCK] = {N_("reads the clock"), NULL, NULL},
    [EV_OUTPUT] = {N_("prints"), N_("cannot print: {err}"), N_("waits to print")},
    [EV_INPUT] = {N_("reads input"), N_("cannot read input: {err}"), N_("waits for input")},
    [EV_CALL] = {N_("calls the library"), NULL, N_("waits in a call of the library")},
    [EV_EXIT] = {N_("exits with status {n}"), NULL, NULL},
    [EV_ABORT] = {N_("aborts"), NULL, NULL},
    [EV_NAME] = {N_("takes a name"), NULL, NULL},
    [EV_NOTE] = {N_("notes something"), NULL, NULL},
};

static const char *waits_word(unsigned kind)
{
    const char *word = kind < EV_COUNT ? rows[kind].waits : NULL;
    return word ? word : N_("waits");
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
