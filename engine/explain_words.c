/* What an operation is called in a few words: one row a kind. */
#include "explain_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* When the call did not do what it is for. */
enum fails { NEVER, NONZERO, ZERO };

/* Templates: {o} object at addr, {p} at addr2, {O} other task, {a} {b} values by type, {#a} {#b}
 * plain numbers, {r} result, {err} result as an error, {n} size, {x} text in quotes, {t} text,
 * {f} function at addr, {F} function at pc; and the words in `specials` below. A translation has
 * the same words in braces. */
static const struct row {
    const char *verb;   /* begins the cell of a step */
    const char *detail; /* follows it; alone in the detail column of --plain */
    const char *failed; /* instead of detail when the call failed; NULL: the same */
    const char *next;   /* what the task is about to do */
    enum fails fails;
} rows[EV_COUNT] = {
    [EV_NONE] = {N_("nothing"), "", NULL, N_("nothing"), NEVER},
    [EV_READ] = {N_("read"), "{o}{=a}", NULL, N_("read {o}"), NEVER},
    [EV_WRITE] = {N_("write"), "{o}{a->b}", NULL, N_("write {o}"), NEVER},
    [EV_COPY] = {N_("copy"), "{copy}", NULL, N_("copy {copy}"), NEVER},
    [EV_ATOMIC_LOAD] = {N_("atomic read"), "{o}{=a}", NULL, N_("atomic read {o}"), NEVER},
    [EV_ATOMIC_STORE] = {N_("atomic write"), "{o}{a->b}", NULL, N_("atomic write {o}"), NEVER},
    [EV_ATOMIC_RMW] = {N_("atomic update"), "{o}{a->b}", NULL, N_("atomic update {o}"), NEVER},
    [EV_ATOMIC_CAS] = {N_("compare-and-swap"), "{o}{a->b}", N_("{o} fails, it is {a}"),
                       N_("compare-and-swap {o}"), ZERO},
    [EV_FREE] = {N_("free"), "{o}", NULL, N_("free {o}"), NEVER},
    [EV_CREATE] = {N_("create"), "{child}", N_("a task fails: {err}"), N_("create a task"),
                   NONZERO},
    [EV_START] = {N_("start"), "{F}", NULL, N_("start"), NEVER},
    [EV_END] = {N_("end"), "{returned}", NULL, N_("end"), NEVER},
    [EV_JOIN] = {N_("join"), "{O}", N_("{O} fails: {err}"), N_("wait for {O}"), NONZERO},
    [EV_DETACH] = {N_("detach"), "{O}", N_("{O} fails: {err}"), N_("detach {O}"), NONZERO},
    [EV_MUTEX_INIT] = {N_("init"), "{o}", NULL, N_("init {o}"), NEVER},
    [EV_MUTEX_DESTROY] = {N_("destroy"), "{o}", N_("{o} fails: {err}"), N_("destroy {o}"), NONZERO},
    [EV_LOCK] = {N_("lock"), "{o}{depth}", N_("{o} fails: {err}"), N_("lock {o}"), NONZERO},
    [EV_TRYLOCK] = {N_("trylock"), "{o}", N_("{o} fails: {err}{holder}"), N_("trylock {o}"),
                    NONZERO},
    [EV_TIMEDLOCK] = {N_("timedlock"), "{o}", N_("{o} fails: {err}{holder}"), N_("timedlock {o}"),
                      NONZERO},
    [EV_UNLOCK] = {N_("unlock"), "{o}{depth}", N_("{o} fails: {err}"), N_("unlock {o}"), NONZERO},
    [EV_SPIN_INIT] = {N_("init"), "{o}", NULL, N_("init {o}"), NEVER},
    [EV_SPIN_DESTROY] = {N_("destroy"), "{o}", N_("{o} fails: {err}"), N_("destroy {o}"), NONZERO},
    [EV_SPIN_LOCK] = {N_("spin-lock"), "{o}", N_("{o} fails: {err}"), N_("spin-lock {o}"), NONZERO},
    [EV_SPIN_TRYLOCK] = {N_("spin-trylock"), "{o}", N_("{o} fails: {err}{holder}"),
                         N_("spin-trylock {o}"), NONZERO},
    [EV_SPIN_UNLOCK] = {N_("spin-unlock"), "{o}", N_("{o} fails: {err}"), N_("spin-unlock {o}"),
                        NONZERO},
    [EV_COND_INIT] = {N_("init"), "{o}", NULL, N_("init {o}"), NEVER},
    [EV_COND_DESTROY] = {N_("destroy"), "{o}", N_("{o} fails: {err}"), N_("destroy {o}"), NONZERO},
    [EV_COND_WAIT] = {N_("wait"), N_("in {o}, unlocks {p}"), N_("in {o} fails: {err}"),
                      N_("wait in {o}"), NONZERO},
    [EV_COND_RELOCK] = {N_("relock"), N_("{p} after {o}"), N_("{p} after {o}: {err}"),
                        N_("relock {p} after {o}"), NONZERO},
    [EV_COND_TIMEOUT] = {N_("time out"), N_("in {o}"), NULL, N_("time out in {o}"), NEVER},
    [EV_COND_SPURIOUS] = {N_("spurious"), N_("wake-up in {o}"), NULL,
                          N_("wake up in {o} without a signal"), NEVER},
    [EV_COND_SIGNAL] = {N_("signal"), N_("{o}, {waiters}"), NULL, N_("signal {o}"), NEVER},
    [EV_COND_BROADCAST] = {N_("broadcast"), N_("{o}, {waiters}"), NULL, N_("broadcast {o}"), NEVER},
    [EV_SEM_INIT] = {N_("init"), N_("{o} = {#a}"), N_("{o} fails: {err}"), N_("init {o}"), NONZERO},
    [EV_SEM_DESTROY] = {N_("destroy"), "{o}", N_("{o} fails: {err}"), N_("destroy {o}"), NONZERO},
    [EV_SEM_WAIT] = {N_("sem wait"), N_("{o}, now {#a}"), N_("{o} fails: {err}"),
                     N_("sem wait {o}"), NONZERO},
    [EV_SEM_TRYWAIT] = {N_("sem trywait"), N_("{o}, now {#a}"), N_("{o} fails: {err}"),
                        N_("sem trywait {o}"), NONZERO},
    [EV_SEM_TIMEDWAIT] = {N_("sem timedwait"), N_("{o}, now {#a}"), N_("{o} fails: {err}"),
                          N_("sem timedwait {o}"), NONZERO},
    [EV_SEM_POST] = {N_("sem post"), N_("{o}, now {#a}"), N_("{o} fails: {err}"),
                     N_("sem post {o}"), NONZERO},
    [EV_SEM_GETVALUE] = {N_("sem value"), N_("{o} = {#a}"), NULL, N_("sem value {o}"), NEVER},
    [EV_FUTEX_WAIT] = {N_("futex wait"), N_("on {o} = {#a}"), N_("on {o}, which is {#a}: {err}"),
                       N_("futex wait on {o}"), NONZERO},
    [EV_FUTEX_RISE] = {N_("futex woken"), N_("on {o}"), N_("on {o}: {err}"),
                       N_("go on after a wait on {o}"), NONZERO},
    [EV_FUTEX_WAKE] = {N_("futex wake"), N_("{o}, {waiters}"), NULL, N_("futex wake {o}"), NEVER},
    [EV_BARRIER_INIT] = {N_("init"), N_("{o} for {#a}"), N_("{o} fails: {err}"), N_("init {o}"),
                         NONZERO},
    [EV_BARRIER_DESTROY] = {N_("destroy"), "{o}", N_("{o} fails: {err}"), N_("destroy {o}"),
                            NONZERO},
    [EV_BARRIER_ARRIVE] = {N_("arrive at"), N_("{o}, {#a} of {#b}"), NULL, N_("arrive at {o}"),
                           NEVER},
    [EV_BARRIER_LEAVE] = {N_("leave"), "{o}", N_("{o} as the serial thread"), N_("leave {o}"),
                          NONZERO},
    [EV_RWLOCK_INIT] = {N_("init"), "{o}", NULL, N_("init {o}"), NEVER},
    [EV_RWLOCK_DESTROY] = {N_("destroy"), "{o}", N_("{o} fails: {err}"), N_("destroy {o}"),
                           NONZERO},
    [EV_RDLOCK] = {N_("read-lock"), N_("{o}, {readers}"), N_("{o} fails: {err}"),
                   N_("read-lock {o}"), NONZERO},
    [EV_TRYRDLOCK] = {N_("try read-lock"), N_("{o}, {readers}"), N_("{o} fails: {err}{holder}"),
                      N_("try read-lock {o}"), NONZERO},
    [EV_TIMEDRDLOCK] = {N_("timed read-lock"), N_("{o}, {readers}"), N_("{o} fails: {err}{holder}"),
                        N_("timed read-lock {o}"), NONZERO},
    [EV_WRLOCK] = {N_("write-lock"), "{o}", N_("{o} fails: {err}"), N_("write-lock {o}"), NONZERO},
    [EV_TRYWRLOCK] = {N_("try write-lock"), "{o}", N_("{o} fails: {err}{holder}"),
                      N_("try write-lock {o}"), NONZERO},
    [EV_TIMEDWRLOCK] = {N_("timed write-lock"), "{o}", N_("{o} fails: {err}{holder}"),
                        N_("timed write-lock {o}"), NONZERO},
    [EV_RWUNLOCK] = {N_("rw-unlock"), "{o}{left}", N_("{o} fails: {err}"), N_("rw-unlock {o}"),
                     NONZERO},
    [EV_ONCE_BEGIN] = {N_("once"), N_("{o}, {once}"), NULL, N_("once {o}"), NEVER},
    [EV_ONCE_END] = {N_("once done"), "{o}", NULL, N_("once done {o}"), NEVER},
    [EV_CANCEL] = {N_("cancel"), "{O}", N_("{O} fails: {err}"), N_("cancel {O}"), NONZERO},
    [EV_CANCELLED] = {N_("cancelled"), "", NULL, N_("act on its cancellation"), NEVER},
    [EV_FORK] = {N_("fork"), "{forked}", N_("fails: {err}"), N_("fork"), NONZERO},
    [EV_WAIT] = {N_("wait for"), "{waited}", N_("{asked} fails: {err}"), N_("wait for {asked}"),
                 NONZERO},
    [EV_EXEC] = {N_("run"), "{x}", N_("{x} fails: {err}"), N_("run another program"), NONZERO},
    [EV_KILL] = {N_("send"), N_("{signal b} to {whom}"), N_("{signal b} to {whom} fails: {err}"),
                 N_("send a signal"), NONZERO},
    [EV_SIGNAL] = {N_("take"), N_("{signal a}, {handled}"), NULL, N_("take a signal"), NEVER},
    [EV_SIGWAIT] = {N_("sigwait"), "{signal a}", N_("fails: {err}"), N_("wait for a signal"),
                    NONZERO},
    [EV_PAUSE] = {N_("pause"), "", NULL, N_("pause until a signal"), NEVER},
    [EV_TIMER] = {N_("timer"), "{signal a}", NULL, N_("timer expires"), NEVER},
    [EV_PIPE] = {N_("make"), "{made}", N_("a pipe or socket fails: {err}"),
                 N_("make a pipe or socket"), NONZERO},
    [EV_FD_READ] = {N_("read"), "{from}", N_("{channel} fails: {err}"), N_("read {channel}"),
                    NONZERO},
    [EV_FD_WRITE] = {N_("write"), "{to}", N_("{channel} fails: {err}"), N_("write {channel}"),
                     NONZERO},
    [EV_FD_CLOSE] = {N_("close"), "{fd}", N_("{fd} fails: {err}"), N_("close {channel}"), NONZERO},
    [EV_FD_DUP] = {N_("dup"), "{dup}", N_("{dup}: {err}"), N_("duplicate a descriptor"), NONZERO},
    [EV_FD_POLL] = {N_("poll"), N_("{#a} ready"), N_("fails: {err}"), N_("poll its descriptors"),
                    NONZERO},
    [EV_MQ_SEND] = {N_("send"), N_("{n} bytes to {o}, {#a} there"), N_("to {o} fails: {err}"),
                    N_("send to {o}"), NONZERO},
    [EV_MQ_RECEIVE] = {N_("receive"), N_("{n} bytes from {o}, {#a} left"),
                       N_("from {o} fails: {err}"), N_("receive from {o}"), NONZERO},
    [EV_YIELD] = {N_("yield"), "", NULL, N_("yield"), NEVER},
    [EV_SLEEP] = {N_("sleep"), "{time a}", N_("is cut short: {err}"), N_("sleep"), NONZERO},
    [EV_CLOCK] = {N_("clock"), "{time a}", NULL, N_("read the clock"), NEVER},
    [EV_OUTPUT] = {N_("print"), "{x}{stderr}", NULL, N_("print"), NEVER},
    [EV_INPUT] = {N_("input"), "{x}", NULL, N_("read input"), NEVER},
    [EV_CALL] = {N_("call"), "{t}", NULL, N_("call {t}"), NEVER},
    [EV_EXIT] = {N_("exit"), "{r}{main}", NULL, N_("exit"), NEVER},
    [EV_ABORT] = {N_("abort"), "{message}", NULL, N_("abort"), NEVER},
    [EV_PENDING] = {N_("next:"), "{next}", NULL, N_("nothing"), NEVER},
    [EV_BLOCKED] = {N_("blocked"), "{on}", NULL, N_("nothing"), NEVER},
    [EV_READY] = {N_("ready"), "", NULL, N_("nothing"), NEVER},
    [EV_WAKE] = {N_("wake"), "{O}", NULL, N_("nothing"), NEVER},
    [EV_NAME] = {N_("name"), "{x}", NULL, N_("nothing"), NEVER},
    [EV_NOTE] = {N_("note:"), "{x}", NULL, N_("nothing"), NEVER},
    [EV_ALLOC] = {N_("allocate"), N_("{o}, {n} bytes"), NULL, N_("nothing"), NEVER},
    [EV_CHOICE] = {N_("choice"), N_("{#a} of {#b}"), NULL, N_("nothing"), NEVER},
    [EV_GONE] = {N_("gone"), "{gone}", NULL, N_("nothing"), NEVER},
    [EV_PROCESS] = {N_("begins:"), N_("{process}, pid {#a}, parent {#b}"), NULL, N_("nothing"),
                    NEVER},
    [EV_PROCESS_END] = {N_("ends:"), N_("{process} {ended}"), NULL, N_("nothing"), NEVER},
    [EV_FREE_OUTPUT] = {N_("free"), N_("a free program prints {x}{stderr}"), NULL, N_("nothing"),
                        NEVER},
    [EV_PROCESS_STATE] = {N_("process"), N_("{process} {changed}"), NULL, N_("nothing"), NEVER},
    [EV_FINDING] = {N_("finding:"), "{finding}", NULL, N_("nothing"), NEVER},
    [EV_FINISHED] = {N_("finished"), "{finish}", NULL, N_("nothing"), NEVER},
};

/* What the templates are filled from. */
struct filling {
    const struct event *e;
    const struct trace *t;
    const struct spelling *names;
};

static void fill(const struct filling *f, const char *template, struct buf *out);

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
    buf_puts(b, f->e->other == NO_TASK ? _("a task") : task);
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

/* ", 16 bytes" */
static void put_bytes_of(const struct filling *f, struct buf *b)
{
    buf_printf(b, ngettext(", %u byte", ", %u bytes", f->e->size), f->e->size);
}

static void put_equals(const struct filling *f, struct buf *b)
{
    if (f->e->size > 8) {
        put_bytes_of(f, b);
        return;
    }
    buf_puts(b, " = ");
    put_value(f, b, f->e->a);
}

static void put_change(const struct filling *f, struct buf *b)
{
    if (f->e->size > 8) {
        put_bytes_of(f, b);
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
    char to[NAME_BYTES], from[NAME_BYTES];
    spell_object(f->names, e->addr, e->size, to);
    spell_object(f->names, e->addr2, e->size, from);
    if (e->addr && e->addr2)
        /* TRANSLATORS: a copy in memory: from, to */
        buf_printf(b, _("%s to %s"), from, to);
    else
        buf_puts(b, e->addr ? to : from);
    if (e->size)
        put_bytes_of(f, b);
    buf_puts(b, e->addr2 ? "" : _(", set"));
    buf_puts(b, e->addr ? "" : _(", read"));
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
        buf_puts(b, _("a function"));
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
        buf_printf(b, _("as the copy of %s"), task);
        return;
    }
    buf_puts(b, spell_function(f->names, f->e->pc));
}

static void put_returned(const struct filling *f, struct buf *b)
{
    if (f->e->a)
        buf_printf(b, _("returning 0x%" PRIx64), f->e->a);
}

static void put_depth(const struct filling *f, struct buf *b)
{
    if (f->e->a > 1 || (f->e->kind == EV_UNLOCK && f->e->a == 1))
        buf_printf(b, _(", depth %" PRIu64), f->e->a);
}

static void put_holder(const struct filling *f, struct buf *b)
{
    if (f->e->other == NO_TASK)
        return;
    char who[TASK_BYTES];
    spell_task(f->names, f->e->other, who);
    buf_printf(b, _(", %s holds it"), who);
}

static void put_waiters(const struct filling *f, struct buf *b)
{
    if (f->e->a == 0)
        buf_puts(b, _("nobody waits"));
    else
        buf_printf(b, ngettext("%" PRIu64 " waits", "%" PRIu64 " wait", f->e->a), f->e->a);
}

static void put_readers(const struct filling *f, struct buf *b)
{
    buf_printf(b, ngettext("%" PRIu64 " reader", "%" PRIu64 " readers", f->e->a), f->e->a);
}

static void put_left(const struct filling *f, struct buf *b)
{
    if (f->e->a)
        buf_printf(b, ngettext(", %" PRIu64 " reader left", ", %" PRIu64 " readers left", f->e->a),
                   f->e->a);
}

static void put_once(const struct filling *f, struct buf *b)
{
    buf_puts(b, f->e->a ? _("runs the initialiser") : _("already done"));
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
        buf_puts(b, _(" (standard error)"));
}

static void put_main(const struct filling *f, struct buf *b)
{
    if (f->e->a == 1)
        buf_puts(b, _(", main returned"));
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
    char how[64], asked[64];
    spell_asked((int64_t)f->e->a, asked);
    if (f->e->b == 0) {
        buf_printf(b, _("%s: not ended yet"), asked);
        return;
    }
    spell_status(f->e->size, how);
    if (f->e->a != f->e->b)
        buf_printf(b, _("%s: pid %" PRIu64 " %s"), asked, f->e->b, how);
    else
        buf_printf(b, "%s: %s", asked, how);
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
    buf_puts(b, number ? spell_signal_name(number, scratch) : _("no signal"));
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
    buf_puts(b, f->e->b ? _("its handler runs") : _("by default"));
}

static void put_ended(const struct filling *f, struct buf *b)
{
    char scratch[32];
    if (f->e->a && f->e->result)
        buf_printf(b, _("was ended by %s"), spell_signal_name((uint64_t)f->e->result, scratch));
    else if (f->e->a)
        buf_puts(b, _("was ended by no signal"));
    else
        buf_printf(b, _("exited with status %d"), f->e->result);
    buf_puts(b, f->e->b ? _(", a zombie") : "");
}

static void put_changed(const struct filling *f, struct buf *b)
{
    static const char *const words[] = {
        [PROCESS_STOPPED] = N_("stopped"),      [PROCESS_CONTINUED] = N_("continued"),
        [PROCESS_REAPED] = N_("reaped"),        [PROCESS_ORPHANED] = N_("orphaned"),
        [PROCESS_FREE] = N_("runs on its own"),
    };
    buf_puts(b, f->e->a < sizeof words / sizeof *words ? _(words[f->e->a]) : _("changed"));
    if (f->e->a == PROCESS_ORPHANED)
        buf_printf(b, _(", its parent is pid %" PRIu64 " now"), f->e->b);
}

/* Descriptors */

static void put_channel(const struct filling *f, struct buf *b)
{
    if (f->e->addr)
        put_o(f, b);
    else if (f->e->a)
        buf_printf(b, _("descriptor %" PRIu64), f->e->a);
    else
        buf_puts(b, _("a descriptor"));
}

/* "descriptor 4, pipe#1" */
static void put_fd(const struct filling *f, struct buf *b)
{
    buf_printf(b, _("descriptor %" PRIu64), f->e->a);
    if (f->e->addr) {
        buf_puts(b, ", ");
        put_o(f, b);
    }
}

static void put_dup(const struct filling *f, struct buf *b)
{
    if ((int64_t)f->e->b < 0)
        buf_printf(b, _("descriptor %" PRIu64 " fails"), f->e->a);
    else
        buf_printf(b, _("descriptor %" PRIu64 " as %" PRIu64), f->e->a, f->e->b);
}

static void put_made(const struct filling *f, struct buf *b)
{
    put_o(f, b);
    if ((int64_t)f->e->b > 0)
        buf_printf(b, _(", descriptors %" PRIu64 " and %" PRIu64), f->e->a, f->e->b);
    else
        buf_printf(b, _(", descriptor %" PRIu64), f->e->a);
}

static void put_bytes(const struct filling *f, struct buf *b)
{
    if (f->e->size < f->e->b)
        buf_printf(b, _(": %u of %" PRIu64 " bytes"), f->e->size, f->e->b);
    else
        buf_printf(b, ngettext(": %u byte", ": %u bytes", f->e->size), f->e->size);
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
        buf_printf(b, _(": a connection, descriptor %u"), f->e->size);
    else if (f->e->size || !f->e->b)
        put_bytes(f, b);
    else
        buf_puts(b, _(": the end"));
}

static void put_to(const struct filling *f, struct buf *b)
{
    put_channel(f, b);
    put_bytes(f, b);
}

static void put_on(const struct filling *f, struct buf *b)
{
    static const char *const until[] = {
        [BLOCK_JOIN] = N_("until {O} ends"),
        [BLOCK_CHILD] = N_("until a child ends"),
        [BLOCK_READ] = N_("until somebody writes to {channel}"),
        [BLOCK_WRITE] = N_("until somebody reads from {channel}"),
        [BLOCK_POLL] = N_("until a descriptor is ready"),
        [BLOCK_SIGNAL] = N_("until a signal comes"),
        [BLOCK_STOPPED] = N_("until its process is continued"),
    };
    if (f->e->a < sizeof until / sizeof *until && until[f->e->a])
        fill(f, until[f->e->a], b);
    else if (f->e->other == NO_TASK)
        fill(f, N_("on {o}"), b);
    else if (f->e->a == BLOCK_ONCE)
        fill(f, N_("on {o}, {O} runs it"), b);
    else
        fill(f, N_("on {o}, {O} holds it"), b);
}

static void put_gone(const struct filling *f, struct buf *b)
{
    buf_puts(b, f->e->a ? _("until joined") : _("for good"));
}

static void put_finding(const struct filling *f, struct buf *b)
{
    const char *word = finding_name((unsigned)(f->e->a < FIND_COUNT ? f->e->a : FIND_COUNT));
    char object[NAME_BYTES];
    spell_object(f->names, f->e->addr, f->e->size, object);
    if (f->e->addr)
        /* TRANSLATORS: a finding and where: "data-race on counter" */
        buf_printf(b, _("%s on %s"), word, object);
    else
        buf_puts(b, word);
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

/* A template, translated. */
static void fill(const struct filling *f, const char *template, struct buf *out)
{
    template = _(template);
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

#define TIMED_OUT   N_("Why does the wait end?")
#define OVER        N_("its time is over")
#define INTERRUPTED N_("it is interrupted (EINTR)")

/* Choices that a step leaves which are not about who is woken. */
static const struct {
    uint8_t kind;
    const char *question, *answers[2];
} questions[] = {
    {EV_SIGNAL,
     N_("Was it inside its call when the signal came?"),
     {N_("inside: the call ends with EINTR"), N_("before: the call begins after the handler")}},
    {EV_SLEEP, N_("Does it sleep to the end?"), {N_("yes"), N_("no: it is interrupted (EINTR)")}},
    {EV_CALL, N_("Is there memory for it?"), {N_("yes"), N_("no: it fails (ENOMEM)")}},
    {EV_COND_TIMEOUT, N_("Why does it wake?"), {OVER, N_("for no reason (spuriously)")}},
    {EV_FUTEX_RISE, N_("Why does it wake?"), {OVER, N_("for another reason")}},
    {EV_SEM_TIMEDWAIT, TIMED_OUT, {OVER, INTERRUPTED}},
    {EV_FD_POLL, TIMED_OUT, {OVER, INTERRUPTED}},
    {EV_MQ_SEND, TIMED_OUT, {OVER, INTERRUPTED}},
    {EV_MQ_RECEIVE, TIMED_OUT, {OVER, INTERRUPTED}},
    {EV_CLOCK, N_("How much of the sleep is left?"), {N_("the whole second"), N_("a moment less")}},
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
    return of_values ? _("Which value?") : i < 0 ? _("Who is woken?") : _(questions[i].question);
}

const char *explain_answer(const struct trace *t, unsigned number)
{
    int i = question_of(t);
    return i < 0 || number > 1 ? "" : _(questions[i].answers[number]);
}

void explain_verb(unsigned kind, char *out, size_t n)
{
    snprintf(out, n, "%s", kind < EV_COUNT ? _(rows[kind].verb) : "?");
}

void explain_adverse(const struct world *w, unsigned task, const struct event *pending, char *out,
                     size_t n)
{
    unsigned kind = pending->kind == EV_PENDING ? (unsigned)pending->a : pending->kind;
    char who[16], verb[80];
    explain_task_number(w, task, who, sizeof who);
    explain_verb(kind, verb, sizeof verb);
    if (kind == EV_KILL)
        snprintf(out, n, _("P%u is killed"),
                 w->tasks[pending->other < w->ntasks ? pending->other : task].process);
    else if (kind == EV_COND_SPURIOUS || kind == EV_FUTEX_RISE)
        snprintf(out, n, _("%s wakes up without a signal"), who);
    else
        /* TRANSLATORS: a task and an operation: "T1's sem wait is interrupted" */
        snprintf(out, n, _("%s's %s is interrupted (EINTR)"), who, verb);
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
        buf_puts(&b, _(rows[e->kind].verb));
        buf_puts(&b, " ");
        fill(&f, detail_template(e), &b);
        if (b.data[b.len - 1] == ' ')
            b.data[--b.len] = '\0';
    }
    snprintf(out, n, "%s", b.data);
    buf_fini(&b);
}
