/* What a switch does, in words: what the one had done or was about to do, and what the other did
 * there before it went on. */
#include "explain_private.h"
#include "minimise.h"

#include <string.h>

/* How an operation is told: {t} the task, {o} the object, {n} the step. */
static const struct phrase {
    const char *had;   /* T1 had read counter (step 7) */
    const char *about; /* T1 was about to read counter */
    const char *did;   /* when T2 read it (step 9); the object was named already */
} phrases[EV_COUNT] = {
    [EV_READ] = {N_("{t} had read {o} (step {n})"), N_("{t} was about to read {o}"),
                 N_("{t} read it (step {n})")},
    [EV_WRITE] = {N_("{t} had written {o} (step {n})"), N_("{t} was about to write {o}"),
                  N_("{t} wrote it (step {n})")},
    [EV_ATOMIC_LOAD] = {N_("{t} had read {o} (step {n})"), N_("{t} was about to read {o}"),
                        N_("{t} read it (step {n})")},
    [EV_ATOMIC_STORE] = {N_("{t} had written {o} (step {n})"), N_("{t} was about to write {o}"),
                         N_("{t} wrote it (step {n})")},
    [EV_ATOMIC_RMW] = {N_("{t} had updated {o} (step {n})"), N_("{t} was about to update {o}"),
                       N_("{t} updated it (step {n})")},
    [EV_ATOMIC_CAS] = {N_("{t} had tried to exchange {o} (step {n})"),
                       N_("{t} was about to exchange {o}"),
                       N_("{t} tried to exchange it (step {n})")},
    [EV_FREE] = {N_("{t} had freed {o} (step {n})"), N_("{t} was about to free {o}"),
                 N_("{t} freed it (step {n})")},
    [EV_LOCK] = {N_("{t} had locked {o} (step {n})"), N_("{t} was about to lock {o}"),
                 N_("{t} locked it (step {n})")},
    [EV_TRYLOCK] = {N_("{t} had tried to lock {o} (step {n})"),
                    N_("{t} was about to try to lock {o}"), N_("{t} tried to lock it (step {n})")},
    [EV_UNLOCK] = {N_("{t} had unlocked {o} (step {n})"), N_("{t} was about to unlock {o}"),
                   N_("{t} unlocked it (step {n})")},
    [EV_SPIN_LOCK] = {N_("{t} had locked {o} (step {n})"), N_("{t} was about to lock {o}"),
                      N_("{t} locked it (step {n})")},
    [EV_SPIN_UNLOCK] = {N_("{t} had unlocked {o} (step {n})"), N_("{t} was about to unlock {o}"),
                        N_("{t} unlocked it (step {n})")},
    [EV_RDLOCK] = {N_("{t} had locked {o} for reading (step {n})"),
                   N_("{t} was about to lock {o} for reading"),
                   N_("{t} locked it for reading (step {n})")},
    [EV_WRLOCK] = {N_("{t} had locked {o} for writing (step {n})"),
                   N_("{t} was about to lock {o} for writing"),
                   N_("{t} locked it for writing (step {n})")},
    [EV_RWUNLOCK] = {N_("{t} had unlocked {o} (step {n})"), N_("{t} was about to unlock {o}"),
                     N_("{t} unlocked it (step {n})")},
    [EV_COND_WAIT] = {N_("{t} had gone to wait in {o} (step {n})"),
                      N_("{t} was about to wait in {o}"), N_("{t} went to wait in it (step {n})")},
    [EV_COND_SIGNAL] = {N_("{t} had signalled {o} (step {n})"), N_("{t} was about to signal {o}"),
                        N_("{t} signalled it (step {n})")},
    [EV_COND_BROADCAST] = {N_("{t} had broadcast {o} (step {n})"),
                           N_("{t} was about to broadcast {o}"), N_("{t} broadcast it (step {n})")},
    [EV_SEM_WAIT] = {N_("{t} had taken one of {o} (step {n})"),
                     N_("{t} was about to take one of {o}"), N_("{t} took one of it (step {n})")},
    [EV_SEM_TRYWAIT] = {N_("{t} had tried to take one of {o} (step {n})"),
                        N_("{t} was about to try to take one of {o}"),
                        N_("{t} tried to take one of it (step {n})")},
    [EV_SEM_POST] = {N_("{t} had posted {o} (step {n})"), N_("{t} was about to post {o}"),
                     N_("{t} posted it (step {n})")},
    [EV_FD_READ] = {N_("{t} had read from {o} (step {n})"), N_("{t} was about to read from {o}"),
                    N_("{t} read from it (step {n})")},
    [EV_FD_WRITE] = {N_("{t} had written to {o} (step {n})"), N_("{t} was about to write to {o}"),
                     N_("{t} wrote to it (step {n})")},
};

static int only_reads(unsigned kind)
{
    return kind == EV_READ || kind == EV_ATOMIC_LOAD;
}

/* The order of the two matters: the same object, and one of them changes it. */
static int meet(const struct event *a, unsigned kind_a, const struct event *b)
{
    return a->addr && a->addr == b->addr && phrases[kind_a].had && phrases[b->kind].did &&
           !(only_reads(kind_a) && only_reads(b->kind));
}

/* The first step from `from` on, before `task` goes on, that meets the operation; NULL none. */
static const struct event *met_by(const struct trace *t, uint32_t from, unsigned task,
                                  const struct event *what, unsigned kind)
{
    for (uint32_t i = from; i <= t->nsteps && i < from + SCAN_STEPS; i++) {
        const struct event *e = trace_step(t, i);
        if (e->task == task)
            return NULL;
        if (meet(what, kind, e))
            return e;
    }
    return NULL;
}

struct telling {
    const struct trace *t;
    struct spelling spelling;
    const struct event *e; /* the switch */
    unsigned from;
};

static void spell(const struct telling *x, const struct event *what, char object[NAME_BYTES])
{
    spell_object(&x->spelling, what->addr, what->size, object);
}

/* Append a text with its {t}, {o} and {n} filled in. */
static void fill(struct buf *out, const char *text, const char *who, const char *object,
                 uint32_t step)
{
    while (*text) {
        size_t n = strcspn(text, "{");
        buf_add(out, text, n);
        text += n;
        if (!strncmp(text, "{t}", 3))
            buf_puts(out, who);
        else if (!strncmp(text, "{o}", 3))
            buf_puts(out, object);
        else if (!strncmp(text, "{n}", 3))
            buf_printf(out, "%u", step);
        else
            return;
        text += 3;
    }
}

/* {t} and {o} stand for the two halves here. */
static void join(struct buf *first, const struct telling *x, const struct event *other,
                 struct buf *out)
{
    char who[TASK_BYTES];
    struct buf did = {0};
    spell_task(&x->spelling, other->task, who);
    fill(&did, _(phrases[other->kind].did), who, "", other->step);
    fill(out, _("{t} when {o}."), first->data, did.data, 0);
    buf_fini(first);
    buf_fini(&did);
}

/* What the one had done last that the other met: back from the switch to its turn before. */
static int say_had(const struct telling *x, struct buf *out)
{
    uint32_t scanned = 0;
    for (uint32_t i = x->e->step - 1; i >= 1 && scanned++ < SCAN_STEPS; i--) {
        const struct event *a = trace_step(x->t, i);
        if (a->task != x->from)
            break;
        const struct event *b = met_by(x->t, x->e->step, x->from, a, a->kind);
        char who[TASK_BYTES], object[NAME_BYTES];
        struct buf had = {0};
        if (!b)
            continue;
        spell_task(&x->spelling, x->from, who);
        spell(x, a, object);
        fill(&had, _(phrases[a->kind].had), who, object, a->step);
        join(&had, x, b, out);
        return 1;
    }
    return 0;
}

static int say_about(const struct telling *x, const struct event *pending, struct buf *out)
{
    unsigned kind = (unsigned)pending->a;
    char who[TASK_BYTES], object[NAME_BYTES];
    struct buf about = {0};
    if (kind >= EV_COUNT || !phrases[kind].about)
        return 0;
    const struct event *b = met_by(x->t, x->e->step, x->from, pending, kind);
    if (!b)
        return 0;
    spell_task(&x->spelling, x->from, who);
    spell(x, pending, object);
    fill(&about, _(phrases[kind].about), who, object, 0);
    join(&about, x, b, out);
    return 1;
}

static void say_plainly(const struct telling *x, const struct event *pending,
                        const struct names *names, struct buf *out)
{
    char who[TASK_BYTES], other[TASK_BYTES], next[NAME_BYTES], did[NAME_BYTES];
    spell_task(&x->spelling, x->from, who);
    spell_task(&x->spelling, x->e->task, other);
    explain_operation(pending, x->t, names, next, sizeof next);
    explain_operation(x->e, x->t, names, did, sizeof did);
    buf_printf(out, _("%s stood before \"%s\" when %s took the turn with \"%s\" (step %u)."), who,
               next, other, did, x->e->step);
}

void minimise_say(const struct trace *t, struct world_view *v, uint32_t step,
                  const struct names *names, struct buf *out)
{
    const struct event *e = trace_step(t, step), *before = trace_step(t, step - 1);
    if (!e || !before)
        return;
    struct telling x = {t, spelling_at(t, step, names), e, before->task};
    const struct world *w = world_at(v, step - 1);
    struct event pending = w->tasks[x.from].pending;
    if (!say_had(&x, out) && !say_about(&x, &pending, out))
        say_plainly(&x, &pending, names, out);
}

static void say_end(const struct minimise_goal *g, struct buf *out)
{
    struct buf text = {0};
    size_t n = g->nout;
    while (n && g->out[n - 1] == '\n')
        n--;
    buf_visible(&text, n ? g->out : "", n);
    if (g->finish == FINISH_DEADLOCK)
        buf_puts(out, _("an end in which nobody can go on"));
    else if (g->finish == FINISH_SIGNAL)
        buf_printf(out, _("an end by signal %d"), g->status);
    else if (text.len)
        buf_printf(out, _("the output \"%s\""), text.data);
    else
        buf_printf(out, _("an end with status %d and no output"), g->status);
    buf_fini(&text);
}

void minimise_say_goal(const struct minimise_goal *g, const struct names *names, struct buf *out)
{
    static const char *const words[FIND_COUNT] = {
        [FIND_DEADLOCK] = N_("the deadlock"),
        [FIND_LOST_WAKEUP] = N_("the lost wake-up"),
        [FIND_LIVELOCK] = N_("the livelock"),
        [FIND_STARVATION] = N_("the starvation"),
        [FIND_ASSERTION] = N_("the failed assertion"),
        [FIND_CRASH] = N_("the crash"),
        [FIND_EXIT_STATUS] = N_("the failure status"),
        [FIND_MISUSE] = N_("the misuse of a call"),
        [FIND_LOCK_LEAK] = N_("the lock never given back"),
    };
    char object[NAME_BYTES];
    if (g->finding < 0) {
        say_end(g, out);
        return;
    }
    if (g->finding != FIND_DATA_RACE || !g->addr) {
        const char *word = g->finding < FIND_COUNT ? words[g->finding] : NULL;
        buf_puts(out, word ? _(word) : _("the data race"));
        return;
    }
    names->object(names->ctx, g->addr, 0, object, sizeof object);
    buf_printf(out, _("the data race on %s"), object);
}
