/* What an operation is called in a few words: one row a kind. */
#include "explain_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* When the call did not do what it is for. */
enum fails { NEVER, NONZERO, ZERO };

/* Templates: {o} object at addr, {p} at addr2, {O} other task, {a} {b} values by type, {#a} {#b}
 * plain numbers, {r} result, {err} result as an error, {n} size, {x} text in quotes, {t} text,
 * {f} function at addr, {F} function at pc; and the words in `specials` below. */
static const struct row {
    const char *verb;   /* begins the cell of a step */
    const char *detail; /* follows it; alone in the detail column of --plain */
    const char *failed; /* instead of detail when the call failed; NULL: the same */
    const char *next;   /* what the task is about to do */
    enum fails fails;
} rows[EV_COUNT] = {
    [EV_NONE] = {"nothing", "", NULL, "nothing", NEVER},
    [EV_READ] = {"read", "{o}{=a}", NULL, "read {o}", NEVER},
    [EV_WRITE] = {"write", "{o}{a->b}", NULL, "write {o}", NEVER},
    [EV_COPY] = {"copy", "{copy}", NULL, "copy {copy}", NEVER},
    [EV_ATOMIC_LOAD] = {"atomic read", "{o}{=a}", NULL, "atomic read {o}", NEVER},
    [EV_ATOMIC_STORE] = {"atomic write", "{o}{a->b}", NULL, "atomic write {o}", NEVER},
    [EV_ATOMIC_RMW] = {"atomic update", "{o}{a->b}", NULL, "atomic update {o}", NEVER},
    [EV_ATOMIC_CAS] = {"compare-and-swap", "{o}{a->b}", "{o} fails, it is {a}",
                       "compare-and-swap {o}", ZERO},
    [EV_FREE] = {"free", "{o}", NULL, "free {o}", NEVER},
    [EV_CREATE] = {"create", "{child}", "a task fails: {err}", "create a task", NONZERO},
    [EV_START] = {"start", "{F}", NULL, "start", NEVER},
    [EV_END] = {"end", "{returned}", NULL, "end", NEVER},
    [EV_JOIN] = {"join", "{O}", "{O} fails: {err}", "wait for {O}", NONZERO},
    [EV_DETACH] = {"detach", "{O}", "{O} fails: {err}", "detach {O}", NONZERO},
    [EV_MUTEX_INIT] = {"init", "{o}", NULL, "init {o}", NEVER},
    [EV_MUTEX_DESTROY] = {"destroy", "{o}", "{o} fails: {err}", "destroy {o}", NONZERO},
    [EV_LOCK] = {"lock", "{o}{depth}", "{o} fails: {err}", "lock {o}", NONZERO},
    [EV_TRYLOCK] = {"trylock", "{o}", "{o} fails: {err}{holder}", "trylock {o}", NONZERO},
    [EV_TIMEDLOCK] = {"timedlock", "{o}", "{o} fails: {err}{holder}", "timedlock {o}", NONZERO},
    [EV_UNLOCK] = {"unlock", "{o}{depth}", "{o} fails: {err}", "unlock {o}", NONZERO},
    [EV_SPIN_INIT] = {"init", "{o}", NULL, "init {o}", NEVER},
    [EV_SPIN_DESTROY] = {"destroy", "{o}", "{o} fails: {err}", "destroy {o}", NONZERO},
    [EV_SPIN_LOCK] = {"spin-lock", "{o}", "{o} fails: {err}", "spin-lock {o}", NONZERO},
    [EV_SPIN_TRYLOCK] = {"spin-trylock", "{o}", "{o} fails: {err}{holder}", "spin-trylock {o}",
                         NONZERO},
    [EV_SPIN_UNLOCK] = {"spin-unlock", "{o}", "{o} fails: {err}", "spin-unlock {o}", NONZERO},
    [EV_COND_INIT] = {"init", "{o}", NULL, "init {o}", NEVER},
    [EV_COND_DESTROY] = {"destroy", "{o}", "{o} fails: {err}", "destroy {o}", NONZERO},
    [EV_COND_WAIT] = {"wait", "in {o}, unlocks {p}", "in {o} fails: {err}", "wait in {o}", NONZERO},
    [EV_COND_RELOCK] = {"relock", "{p} after {o}", "{p} after {o}: {err}", "relock {p} after {o}",
                        NONZERO},
    [EV_COND_TIMEOUT] = {"time out", "in {o}", NULL, "time out in {o}", NEVER},
    [EV_COND_SPURIOUS] = {"spurious", "wake-up in {o}", NULL, "wake up in {o} without a signal",
                          NEVER},
    [EV_COND_SIGNAL] = {"signal", "{o}, {waiters}", NULL, "signal {o}", NEVER},
    [EV_COND_BROADCAST] = {"broadcast", "{o}, {waiters}", NULL, "broadcast {o}", NEVER},
    [EV_SEM_INIT] = {"init", "{o} = {#a}", "{o} fails: {err}", "init {o}", NONZERO},
    [EV_SEM_DESTROY] = {"destroy", "{o}", "{o} fails: {err}", "destroy {o}", NONZERO},
    [EV_SEM_WAIT] = {"sem wait", "{o}, now {#a}", "{o} fails: {err}", "sem wait {o}", NONZERO},
    [EV_SEM_TRYWAIT] = {"sem trywait", "{o}, now {#a}", "{o} fails: {err}", "sem trywait {o}",
                        NONZERO},
    [EV_SEM_TIMEDWAIT] = {"sem timedwait", "{o}, now {#a}", "{o} fails: {err}", "sem timedwait {o}",
                          NONZERO},
    [EV_SEM_POST] = {"sem post", "{o}, now {#a}", "{o} fails: {err}", "sem post {o}", NONZERO},
    [EV_SEM_GETVALUE] = {"sem value", "{o} = {#a}", NULL, "sem value {o}", NEVER},
    [EV_FUTEX_WAIT] = {"futex wait", "on {o} = {#a}", "on {o}, which is {#a}: {err}",
                       "futex wait on {o}", NONZERO},
    [EV_FUTEX_RISE] = {"futex woken", "on {o}", "on {o}: {err}", "go on after a wait on {o}",
                       NONZERO},
    [EV_FUTEX_WAKE] = {"futex wake", "{o}, {waiters}", NULL, "futex wake {o}", NEVER},
    [EV_BARRIER_INIT] = {"init", "{o} for {#a}", "{o} fails: {err}", "init {o}", NONZERO},
    [EV_BARRIER_DESTROY] = {"destroy", "{o}", "{o} fails: {err}", "destroy {o}", NONZERO},
    [EV_BARRIER_ARRIVE] = {"arrive at", "{o}, {#a} of {#b}", NULL, "arrive at {o}", NEVER},
    [EV_BARRIER_LEAVE] = {"leave", "{o}", "{o} as the serial thread", "leave {o}", NONZERO},
    [EV_RWLOCK_INIT] = {"init", "{o}", NULL, "init {o}", NEVER},
    [EV_RWLOCK_DESTROY] = {"destroy", "{o}", "{o} fails: {err}", "destroy {o}", NONZERO},
    [EV_RDLOCK] = {"read-lock", "{o}, {readers}", "{o} fails: {err}", "read-lock {o}", NONZERO},
    [EV_TRYRDLOCK] = {"try read-lock", "{o}, {readers}", "{o} fails: {err}{holder}",
                      "try read-lock {o}", NONZERO},
    [EV_TIMEDRDLOCK] = {"timed read-lock", "{o}, {readers}", "{o} fails: {err}{holder}",
                        "timed read-lock {o}", NONZERO},
    [EV_WRLOCK] = {"write-lock", "{o}", "{o} fails: {err}", "write-lock {o}", NONZERO},
    [EV_TRYWRLOCK] = {"try write-lock", "{o}", "{o} fails: {err}{holder}", "try write-lock {o}",
                      NONZERO},
    [EV_TIMEDWRLOCK] = {"timed write-lock", "{o}", "{o} fails: {err}{holder}",
                        "timed write-lock {o}", NONZERO},
    [EV_RWUNLOCK] = {"rw-unlock", "{o}{left}", "{o} fails: {err}", "rw-unlock {o}", NONZERO},
    [EV_ONCE_BEGIN] = {"once", "{o}, {once}", NULL, "once {o}", NEVER},
    [EV_ONCE_END] = {"once done", "{o}", NULL, "once done {o}", NEVER},
    [EV_CANCEL] = {"cancel", "{O}", "{O} fails: {err}", "cancel {O}", NONZERO},
    [EV_CANCELLED] = {"cancelled", "", NULL, "act on its cancellation", NEVER},
    [EV_FORK] = {"fork", "{forked}", "fails: {err}", "fork", NONZERO},
    [EV_WAIT] = {"wait for", "{waited}", "{asked} fails: {err}", "wait for {asked}", NONZERO},
    [EV_EXEC] = {"run", "{x}", "{x} fails: {err}", "run another program", NONZERO},
    [EV_KILL] = {"send", "{signal b} to {whom}", "{signal b} to {whom} fails: {err}",
                 "send a signal", NONZERO},
    [EV_SIGNAL] = {"take", "{signal a}, {handled}", NULL, "take a signal", NEVER},
    [EV_SIGWAIT] = {"sigwait", "{signal a}", "fails: {err}", "wait for a signal", NONZERO},
    [EV_PAUSE] = {"pause", "", NULL, "pause until a signal", NEVER},
    [EV_TIMER] = {"timer", "{signal a}", NULL, "timer expires", NEVER},
    [EV_PIPE] = {"make", "{made}", "a pipe or socket fails: {err}", "make a pipe or socket",
                 NONZERO},
    [EV_FD_READ] = {"read", "{from}", "{channel} fails: {err}", "read {channel}", NONZERO},
    [EV_FD_WRITE] = {"write", "{to}", "{channel} fails: {err}", "write {channel}", NONZERO},
    [EV_FD_CLOSE] = {"close", "{fd}", "{fd} fails: {err}", "close {channel}", NONZERO},
    [EV_FD_DUP] = {"dup", "{dup}", "{dup}: {err}", "duplicate a descriptor", NONZERO},
    [EV_FD_POLL] = {"poll", "{#a} ready", "fails: {err}", "poll its descriptors", NONZERO},
    [EV_MQ_SEND] = {"send", "{n} bytes to {o}, {#a} there", "to {o} fails: {err}", "send to {o}",
                    NONZERO},
    [EV_MQ_RECEIVE] = {"receive", "{n} bytes from {o}, {#a} left", "from {o} fails: {err}",
                       "receive from {o}", NONZERO},
    [EV_YIELD] = {"yield", "", NULL, "yield", NEVER},
    [EV_SLEEP] = {"sleep", "{time a}", "is cut short: {err}", "sleep", NONZERO},
    [EV_CLOCK] = {"clock", "{time a}", NULL, "read the clock", NEVER},
    [EV_OUTPUT] = {"print", "{x}{stderr}", NULL, "print", NEVER},
    [EV_INPUT] = {"input", "{x}", NULL, "read input", NEVER},
    [EV_CALL] = {"call", "{t}", NULL, "call {t}", NEVER},
    [EV_EXIT] = {"exit", "{r}{main}", NULL, "exit", NEVER},
    [EV_ABORT] = {"abort", "{message}", NULL, "abort", NEVER},
    [EV_PENDING] = {"next:", "{next}", NULL, "nothing", NEVER},
    [EV_BLOCKED] = {"blocked", "{on}", NULL, "nothing", NEVER},
    [EV_READY] = {"ready", "", NULL, "nothing", NEVER},
    [EV_WAKE] = {"wake", "{O}", NULL, "nothing", NEVER},
    [EV_NAME] = {"name", "{x}", NULL, "nothing", NEVER},
    [EV_NOTE] = {"note:", "{x}", NULL, "nothing", NEVER},
    [EV_ALLOC] = {"allocate", "{o}, {n} bytes", NULL, "nothing", NEVER},
    [EV_CHOICE] = {"choice", "{#a} of {#b}", NULL, "nothing", NEVER},
    [EV_GONE] = {"gone", "{gone}", NULL, "nothing", NEVER},
    [EV_PROCESS] = {"begins:", "{process}, pid {#a}, parent {#b}", NULL, "nothing", NEVER},
    [EV_PROCESS_END] = {"ends:", "{process} {ended}", NULL, "nothing", NEVER},
    [EV_FREE_OUTPUT] = {"free", "a free program prints {x}{stderr}", NULL, "nothing", NEVER},
    [EV_PROCESS_STATE] = {"process", "{process} {changed}", NULL, "nothing", NEVER},
    [EV_FINDING] = {"finding:", "{finding}", NULL, "nothing", NEVER},
    [EV_FINISHED] = {"finished", "{finish}", NULL, "nothing", NEVER},
};

/* What the templates are filled from. */
struct filling {
    const struct event *e;
    const struct trace *t;
    const struct spelling *names;
};

static void put_object(const struct filling *f, struct buf *b, uint64_t addr)
{
    char name[NAME_BYTES];
    spell_object(f->names, addr, f->e->size, name);
    buf_puts(b, name);
}

static void put_value(const struct filling *f, struct buf *b, uint64_t value)
{
    char text[NAME_BYTES];
    spell_value(f->names, f->e, value, text);
    buf_puts(b, text);
}

static void put_o(const struct filling *f, struct buf *b)
{
    put_object(f, b, f->e->addr);
}

static void put_p(const struct filling *f, struct buf *b)
{
    put_object(f, b, f->e->addr2);
}

static void put_other(const struct filling *f, struct buf *b)
{
    char task[TASK_BYTES];
    spell_task(f->names, f->e->other, task);
    buf_puts(b, f->e->other == NO_TASK ? "a task" : task);
}

static void put_a(const struct filling *f, struct buf *b)
{
    put_value(f, b, f->e->a);
}

static void put_number_a(const struct filling *f, struct buf *b)
{
    buf_printf(b, "%" PRIu64, f->e->a);
}

static void put_number_b(const struct filling *f, struct buf *b)
{
    buf_printf(b, "%" PRIu64, f->e->b);
}

static void put_equals(const struct filling *f, struct buf *b)
{
    if (f->e->size > 8) {
        buf_printf(b, ", %u bytes", f->e->size);
        return;
    }
    buf_puts(b, " = ");
    put_value(f, b, f->e->a);
}

static void put_change(const struct filling *f, struct buf *b)
{
    if (f->e->size > 8) {
        buf_printf(b, ", %u bytes", f->e->size);
        return;
    }
    buf_puts(b, " ");
    put_value(f, b, f->e->a);
    buf_puts(b, " -> ");
    put_value(f, b, f->e->b);
}

static void put_copy(const struct filling *f, struct buf *b)
{
    const struct event *e = f->e;
    if (e->addr && e->addr2) {
        put_object(f, b, e->addr2);
        buf_puts(b, " to ");
    }
    put_object(f, b, e->addr ? e->addr : e->addr2);
    if (e->size)
        buf_printf(b, ", %u byte%s", e->size, e->size == 1 ? "" : "s");
    buf_puts(b, e->addr2 ? "" : ", set");
    buf_puts(b, e->addr ? "" : ", read");
}

static void put_result(const struct filling *f, struct buf *b)
{
    buf_printf(b, "%d", f->e->result);
}

static void put_error(const struct filling *f, struct buf *b)
{
    char scratch[32];
    buf_puts(b, spell_error(f->e->result, scratch));
}

static void put_size(const struct filling *f, struct buf *b)
{
    buf_printf(b, "%u", f->e->size);
}

static void put_quoted(const struct filling *f, struct buf *b)
{
    add_quoted(b, f->t, f->e);
}

static void put_text(const struct filling *f, struct buf *b)
{
    if (f->e->ntext)
        buf_visible(b, trace_text(f->t, f->e), f->e->ntext < 200 ? f->e->ntext : 200);
    else
        buf_puts(b, "a function");
}

static void put_child(const struct filling *f, struct buf *b)
{
    const char *function = spell_function(f->names, f->e->addr);
    put_other(f, b);
    if (function[0])
        buf_printf(b, " (%s)", function);
}

static void put_start(const struct filling *f, struct buf *b)
{
    unsigned original = trace_copy_of(f->t, f->e->task);
    if (original != NO_TASK) {
        char task[TASK_BYTES];
        spell_task(f->names, original, task);
        buf_printf(b, "as the copy of %s", task);
        return;
    }
    buf_puts(b, spell_function(f->names, f->e->pc));
}

static void put_returned(const struct filling *f, struct buf *b)
{
    if (f->e->a)
        buf_printf(b, "returning 0x%" PRIx64, f->e->a);
}

static void put_depth(const struct filling *f, struct buf *b)
{
    if (f->e->a > 1 || (f->e->kind == EV_UNLOCK && f->e->a == 1))
        buf_printf(b, ", depth %" PRIu64, f->e->a);
}

static void put_holder(const struct filling *f, struct buf *b)
{
    if (f->e->other == NO_TASK)
        return;
    buf_puts(b, ", ");
    put_other(f, b);
    buf_puts(b, " holds it");
}

static void put_waiters(const struct filling *f, struct buf *b)
{
    if (f->e->a == 0)
        buf_puts(b, "nobody waits");
    else
        buf_printf(b, "%" PRIu64 " wait%s", f->e->a, f->e->a == 1 ? "s" : "");
}

static void put_readers(const struct filling *f, struct buf *b)
{
    buf_printf(b, "%" PRIu64 " reader%s", f->e->a, f->e->a == 1 ? "" : "s");
}

static void put_left(const struct filling *f, struct buf *b)
{
    if (f->e->a)
        buf_printf(b, ", %" PRIu64 " reader%s left", f->e->a, f->e->a == 1 ? "" : "s");
}

static void put_once(const struct filling *f, struct buf *b)
{
    buf_puts(b, f->e->a ? "runs the initialiser" : "already done");
}

static void put_time(const struct filling *f, struct buf *b)
{
    char text[32];
    spell_duration(f->e->a, text);
    buf_puts(b, text);
}

static void put_stderr(const struct filling *f, struct buf *b)
{
    if (f->e->a == 2)
        buf_puts(b, " (standard error)");
}

static void put_main(const struct filling *f, struct buf *b)
{
    if (f->e->a == 1)
        buf_puts(b, ", main returned");
}

static void put_message(const struct filling *f, struct buf *b)
{
    if (f->e->ntext)
        add_quoted(b, f->t, f->e);
}

static void put_process(const struct filling *f, struct buf *b)
{
    buf_printf(b, "P%u", f->e->process);
}

/* "P1 (pid 1001), T1" */
static void put_forked(const struct filling *f, struct buf *b)
{
    buf_printf(b, "P%u (pid %" PRIu64 "), ", trace_process(f->t, f->e->other), f->e->a);
    put_other(f, b);
}

static void put_asked(const struct filling *f, struct buf *b)
{
    char asked[64];
    spell_asked((int64_t)f->e->a, asked);
    buf_puts(b, asked);
}

/* "pid 1001: exited with status 1", "any child: pid 1001 exited with status 1" */
static void put_waited(const struct filling *f, struct buf *b)
{
    char how[64];
    put_asked(f, b);
    if (f->e->b == 0) {
        buf_puts(b, ": not ended yet");
        return;
    }
    spell_status(f->e->size, how);
    buf_puts(b, ": ");
    if (f->e->a != f->e->b)
        buf_printf(b, "pid %" PRIu64 " ", f->e->b);
    buf_puts(b, how);
}

static void put_whom(const struct filling *f, struct buf *b)
{
    char whom[64];
    spell_addressee((int64_t)f->e->a, whom);
    if (f->e->other != NO_TASK && trace_process(f->t, f->e->other) == f->e->process)
        put_other(f, b);
    else
        buf_puts(b, whom);
}

static void put_signal(struct buf *b, uint64_t number)
{
    char scratch[32];
    buf_puts(b, number ? spell_signal_name(number, scratch) : "no signal");
}

static void put_signal_a(const struct filling *f, struct buf *b)
{
    put_signal(b, f->e->a);
}

static void put_signal_b(const struct filling *f, struct buf *b)
{
    put_signal(b, f->e->b);
}

static void put_handled(const struct filling *f, struct buf *b)
{
    buf_puts(b, f->e->b ? "its handler runs" : "by default");
}

static void put_ended(const struct filling *f, struct buf *b)
{
    if (f->e->a) {
        buf_puts(b, "was ended by ");
        put_signal(b, (uint64_t)f->e->result);
    } else {
        buf_printf(b, "exited with status %d", f->e->result);
    }
    buf_puts(b, f->e->b ? ", a zombie" : "");
}

static void put_changed(const struct filling *f, struct buf *b)
{
    static const char *const words[] = {
        [PROCESS_STOPPED] = "stopped",      [PROCESS_CONTINUED] = "continued",
        [PROCESS_REAPED] = "reaped",        [PROCESS_ORPHANED] = "orphaned",
        [PROCESS_FREE] = "runs on its own",
    };
    buf_puts(b, f->e->a < sizeof words / sizeof *words ? words[f->e->a] : "changed");
    if (f->e->a == PROCESS_ORPHANED)
        buf_printf(b, ", its parent is pid %" PRIu64 " now", f->e->b);
}

/* Descriptors */

static void put_channel(const struct filling *f, struct buf *b)
{
    if (f->e->addr)
        put_o(f, b);
    else if (f->e->a)
        buf_printf(b, "descriptor %" PRIu64, f->e->a);
    else
        buf_puts(b, "a descriptor");
}

/* "descriptor 4, pipe#1" */
static void put_fd(const struct filling *f, struct buf *b)
{
    buf_printf(b, "descriptor %" PRIu64, f->e->a);
    if (f->e->addr) {
        buf_puts(b, ", ");
        put_o(f, b);
    }
}

static void put_dup(const struct filling *f, struct buf *b)
{
    buf_printf(b, "descriptor %" PRIu64, f->e->a);
    if ((int64_t)f->e->b < 0)
        buf_puts(b, " fails");
    else
        buf_printf(b, " as %" PRIu64, f->e->b);
}

static void put_made(const struct filling *f, struct buf *b)
{
    int two = (int64_t)f->e->b > 0;
    put_o(f, b);
    buf_printf(b, ", descriptor%s %" PRIu64, two ? "s" : "", f->e->a);
    if (two)
        buf_printf(b, " and %" PRIu64, f->e->b);
}

static void put_bytes(const struct filling *f, struct buf *b)
{
    if (f->e->size < f->e->b)
        buf_printf(b, ": %u of %" PRIu64 " bytes", f->e->size, f->e->b);
    else
        buf_printf(b, ": %u byte%s", f->e->size, f->e->size == 1 ? "" : "s");
    size_t before = b->len;
    buf_puts(b, " ");
    add_content(b, f->t, f->e);
    if (b->len == before + 1)
        b->data[b->len = before] = '\0';
}

static void put_from(const struct filling *f, struct buf *b)
{
    put_channel(f, b);
    if (is_accept(f->t, f->e))
        buf_printf(b, ": a connection, descriptor %u", f->e->size);
    else if (f->e->size || !f->e->b)
        put_bytes(f, b);
    else
        buf_puts(b, ": the end");
}

static void put_to(const struct filling *f, struct buf *b)
{
    put_channel(f, b);
    put_bytes(f, b);
}

static void put_on(const struct filling *f, struct buf *b)
{
    static const struct {
        const char *words;
        int object; /* follows */
    } until[] = {
        [BLOCK_CHILD] = {"until a child ends", 0},
        [BLOCK_READ] = {"until somebody writes to ", 1},
        [BLOCK_WRITE] = {"until somebody reads from ", 1},
        [BLOCK_POLL] = {"until a descriptor is ready", 0},
        [BLOCK_SIGNAL] = {"until a signal comes", 0},
        [BLOCK_STOPPED] = {"until its process is continued", 0},
    };
    if (f->e->a == BLOCK_JOIN) {
        buf_puts(b, "until ");
        put_other(f, b);
        buf_puts(b, " ends");
        return;
    }
    if (f->e->a < sizeof until / sizeof *until && until[f->e->a].words) {
        buf_puts(b, until[f->e->a].words);
        if (until[f->e->a].object)
            put_channel(f, b);
        return;
    }
    buf_puts(b, "on ");
    put_o(f, b);
    if (f->e->other == NO_TASK)
        return;
    buf_puts(b, ", ");
    put_other(f, b);
    buf_puts(b, f->e->a == BLOCK_ONCE ? " runs it" : " holds it");
}

static void put_gone(const struct filling *f, struct buf *b)
{
    buf_puts(b, f->e->a ? "until joined" : "for good");
}

static void put_finding(const struct filling *f, struct buf *b)
{
    buf_puts(b, finding_word((unsigned)(f->e->a < FIND_COUNT ? f->e->a : FIND_COUNT)));
    if (f->e->addr) {
        buf_puts(b, " on ");
        put_o(f, b);
    }
}

static void put_finish(const struct filling *f, struct buf *b)
{
    char text[128];
    explain_finish(f->e, text, sizeof text);
    buf_puts(b, text);
}

static void put_next(const struct filling *f, struct buf *b);

static const struct {
    const char *word;
    void (*put)(const struct filling *, struct buf *);
} specials[] = {
    {"o", put_o},
    {"p", put_p},
    {"O", put_other},
    {"a", put_a},
    {"#a", put_number_a},
    {"#b", put_number_b},
    {"=a", put_equals},
    {"a->b", put_change},
    {"copy", put_copy},
    {"r", put_result},
    {"err", put_error},
    {"n", put_size},
    {"x", put_quoted},
    {"t", put_text},
    {"child", put_child},
    {"F", put_start},
    {"returned", put_returned},
    {"depth", put_depth},
    {"holder", put_holder},
    {"waiters", put_waiters},
    {"readers", put_readers},
    {"left", put_left},
    {"once", put_once},
    {"time a", put_time},
    {"stderr", put_stderr},
    {"main", put_main},
    {"message", put_message},
    {"on", put_on},
    {"process", put_process},
    {"forked", put_forked},
    {"asked", put_asked},
    {"waited", put_waited},
    {"whom", put_whom},
    {"signal a", put_signal_a},
    {"signal b", put_signal_b},
    {"handled", put_handled},
    {"ended", put_ended},
    {"changed", put_changed},
    {"channel", put_channel},
    {"fd", put_fd},
    {"made", put_made},
    {"dup", put_dup},
    {"from", put_from},
    {"to", put_to},
    {"gone", put_gone},
    {"finding", put_finding},
    {"finish", put_finish},
    {"next", put_next},
};

static void put_special(const struct filling *f, const char *word, size_t n, struct buf *out)
{
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
        if (strlen(specials[i].word) == n && !memcmp(specials[i].word, word, n)) {
            specials[i].put(f, out);
            return;
        }
    buf_add(out, word, n); /* a row with a word that is none: the test sees it */
}

static void fill(const struct filling *f, const char *template, struct buf *out)
{
    while (*template) {
        size_t plain = strcspn(template, "{");
        buf_add(out, template, plain);
        template += plain;
        size_t word = strcspn(template, "}");
        if (*template == '{') {
            put_special(f, template + 1, word - 1, out);
            template += word + (template[word] == '}');
        }
    }
}

/* PENDING keeps the kind in a: what stands there is no value. */
static void put_next(const struct filling *f, struct buf *b)
{
    struct event e = *f->e;
    unsigned kind = e.a < EV_COUNT ? (unsigned)e.a : EV_NONE;
    e.kind = (uint8_t)kind;
    e.a = kind == EV_WAIT ? e.addr : 0; /* the pid it asks for */
    const struct filling next = {&e, f->t, f->names};
    fill(&next, rows[kind].next, b);
}

static const char *detail_template(const struct event *e)
{
    const struct row *r = &rows[e->kind];
    int failed = r->fails == NONZERO ? e->result != 0 : r->fails == ZERO && e->result == 0;
    return failed && r->failed ? r->failed : r->detail;
}

#define TIMED_OUT   "Why does the wait end?"
#define OVER        "its time is over"
#define INTERRUPTED "it is interrupted (EINTR)"

/* Choices that a step leaves which are not about who is woken. */
static const struct {
    uint8_t kind;
    const char *question, *answers[2];
} questions[] = {
    {EV_SIGNAL,
     "Was it inside its call when the signal came?",
     {"inside: the call ends with EINTR", "before: the call begins after the handler"}},
    {EV_SLEEP, "Does it sleep to the end?", {"yes", "no: it is interrupted (EINTR)"}},
    {EV_CALL, "Is there memory for it?", {"yes", "no: it fails (ENOMEM)"}},
    {EV_COND_TIMEOUT, "Why does it wake?", {OVER, "for no reason (spuriously)"}},
    {EV_FUTEX_RISE, "Why does it wake?", {"its time is over", "for another reason"}},
    {EV_SEM_TIMEDWAIT, TIMED_OUT, {OVER, INTERRUPTED}},
    {EV_FD_POLL, TIMED_OUT, {OVER, INTERRUPTED}},
    {EV_MQ_SEND, TIMED_OUT, {OVER, INTERRUPTED}},
    {EV_MQ_RECEIVE, TIMED_OUT, {OVER, INTERRUPTED}},
    {EV_CLOCK, "How much of the sleep is left?", {"the whole second", "a moment less"}},
};

static int question_of(const struct trace *t)
{
    const struct event *e = trace_step(t, t->nsteps);
    for (int i = 0; e && i < (int)(sizeof questions / sizeof *questions); i++)
        if (questions[i].kind == e->kind)
            return i;
    return -1;
}

const char *explain_question(const struct trace *t, int of_values)
{
    int i = question_of(t);
    return of_values ? "Which value?" : i < 0 ? "Who is woken?" : questions[i].question;
}

const char *explain_answer(const struct trace *t, unsigned number)
{
    int i = question_of(t);
    return i < 0 || number > 1 ? "" : questions[i].answers[number];
}

void explain_verb(unsigned kind, char *out, size_t n)
{
    snprintf(out, n, "%s", kind < EV_COUNT ? rows[kind].verb : "?");
}

void explain_adverse(const struct world *w, unsigned task, const struct event *pending, char *out,
                     size_t n)
{
    unsigned kind = pending->kind == EV_PENDING ? (unsigned)pending->a : pending->kind;
    char who[16], verb[80];
    explain_task_number(w, task, who, sizeof who);
    explain_verb(kind, verb, sizeof verb);
    if (kind == EV_KILL)
        snprintf(out, n, "P%u is killed",
                 w->tasks[pending->other < w->ntasks ? pending->other : task].process);
    else if (kind == EV_COND_SPURIOUS || kind == EV_FUTEX_RISE)
        snprintf(out, n, "%s wakes up without a signal", who);
    else
        snprintf(out, n, "%s's %s is interrupted (EINTR)", who, verb);
}

void explain_detail(const struct event *e, const struct trace *t, const struct spelling *names,
                    struct buf *out)
{
    const struct filling f = {e, t, names};
    if (e->kind < EV_COUNT)
        fill(&f, detail_template(e), out);
}

void explain_operation(const struct event *e, const struct trace *t, const struct names *names,
                       char *out, size_t n)
{
    const struct spelling spelling = spelling_at(t, e->step, names);
    const struct filling f = {e, t, &spelling};
    struct buf b = {0};
    buf_puts(&b, "");
    if (e->kind == EV_PENDING) {
        put_next(&f, &b);
    } else if (e->kind < EV_COUNT) {
        buf_puts(&b, rows[e->kind].verb);
        buf_puts(&b, " ");
        fill(&f, detail_template(e), &b);
        if (b.data[b.len - 1] == ' ')
            b.data[--b.len] = '\0';
    }
    snprintf(out, n, "%s", b.data);
    buf_fini(&b);
}
