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
    [EV_YIELD] = {"yield", "", NULL, "yield", NEVER},
    [EV_SLEEP] = {"sleep", "{time a}", NULL, "sleep", NEVER},
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
    [EV_ALLOC] = {"allocate", "{o}, {n} bytes", NULL, "nothing", NEVER},
    [EV_CHOICE] = {"choice", "{#a} of {#b}", NULL, "nothing", NEVER},
    [EV_GONE] = {"gone", "{gone}", NULL, "nothing", NEVER},
    [EV_FINDING] = {"finding:", "{finding}", NULL, "nothing", NEVER},
    [EV_FINISHED] = {"finished", "{finish}", NULL, "nothing", NEVER},
};

/* What the templates are filled from. */
struct filling {
    const struct event *e;
    const struct trace *t;
    const struct names *names;
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
    char task[8];
    spell_task(f->e->other, task);
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

static void put_on(const struct filling *f, struct buf *b)
{
    if (f->e->a == BLOCK_JOIN) {
        buf_puts(b, "until ");
        put_other(f, b);
        buf_puts(b, " ends");
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
    e.a = 0;
    const struct filling next = {&e, f->t, f->names};
    fill(&next, rows[kind].next, b);
}

static const char *detail_template(const struct event *e)
{
    const struct row *r = &rows[e->kind];
    int failed = r->fails == NONZERO ? e->result != 0 : r->fails == ZERO && e->result == 0;
    return failed && r->failed ? r->failed : r->detail;
}

void explain_detail(const struct event *e, const struct trace *t, const struct names *names,
                    struct buf *out)
{
    const struct filling f = {e, t, names};
    if (e->kind < EV_COUNT)
        fill(&f, detail_template(e), out);
}

void explain_operation(const struct event *e, const struct trace *t, const struct names *names,
                       char *out, size_t n)
{
    const struct filling f = {e, t, names};
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
