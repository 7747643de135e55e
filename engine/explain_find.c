/* The sentences of findings. */
#include "explain_private.h"

#include <stdio.h>
#include <string.h>

/* "at step 8 in x.c:9", "at step 8" */
static void spell_step(uint32_t step, const char *place, char out[WHEN_BYTES])
{
    snprintf(out, WHEN_BYTES, *place ? _("at step %u in %s") : _("at step %u"), step, place);
}

static void say_data_race(struct say *s, const struct event *f)
{
    char who[TASK_BYTES], here[NAME_BYTES], there[NAME_BYTES], object[NAME_BYTES];
    const struct event *now = trace_step(s->t, f->step), *other = trace_step(s->t, f->ref);
    unsigned first = other ? other->task : f->other;
    spell_task(s->names, f->task, who);
    spell_object(s->names, f->addr, f->size, object);
    spell_place(s->names, now ? now->pc : 0, here);
    spell_place(s->names, other ? other->pc : f->b, there);
    char they[TASK_BYTES];
    spell_task(s->names, first, they);
    if (other) {
        char before[WHEN_BYTES], after[WHEN_BYTES];
        spell_step(other->step, there, before);
        spell_step(f->step, here, after);
        /* TRANSLATORS: "T1 writes counter at step 8 in x.c:9, T2 reads it at step 9 in x.c:9, …" */
        say(s, "%s %s %s %s, %s %s it %s, and nothing orders the two: a data race.", they,
            access_is_write(other) ? _("writes") : _("reads"), object, before, who,
            now && access_is_write(now) ? _("writes") : _("reads"), after);
    } else
        say(s, "%s and %s touch %s at the same time and nothing orders them: a data race.", they,
            who, object);
    if (!other || f->ref != s->race)
        return;
    const struct world_task *k = task_at(s, f->task);
    struct buf own = {0}, theirs = {0};
    spell_locks(s->names, k->held, k->nheld, &own);
    spell_locks(s->names, s->race_held, s->nrace_held, &theirs);
    if (k->nheld == 0 && s->nrace_held == 0)
        say(s, "Neither held a lock.");
    else
        say(s, "%s held %s, %s held %s.", they, theirs.data, who, own.data);
    buf_fini(&own);
    buf_fini(&theirs);
}

/* "T1 at counter.c:10" */
static void spell_where(const struct say *s, const struct event *f, char *out, size_t n)
{
    char who[TASK_BYTES], place[NAME_BYTES];
    const struct event *e = trace_step(s->t, f->step);
    spell_task(s->names, f->task, who);
    spell_place(s->names, f->pc ? f->pc : e && e->task == f->task ? e->pc : 0, place);
    const char *subject = f->task == NO_TASK ? _("the program") : who;
    /* TRANSLATORS: who, and in which line: "T1 at counter.c:10" */
    snprintf(out, n, place[0] ? _("%s at %s") : "%s", subject, place);
}

/* "T1 spins in x.c:9: it reads flag, which is 0, and nobody is left to change it." */
static void say_spinner(struct say *s, unsigned task)
{
    const struct world_task *k = task_at(s, task);
    const struct world_object *o = world_object(s->w, k->blocked_addr);
    char who[TASK_BYTES], object[NAME_BYTES];
    char place[NAME_BYTES];
    spell_task(s->names, task, who);
    spell_object(s->names, k->blocked_addr, o ? o->size : 0, object);
    spell_place(s->names, k->pending.pc, place);
    if (place[0])
        say(s, "%s spins in %s on %s, and nobody is left to change that.", who, place, object);
    else
        say(s, "%s spins on %s, and nobody is left to change that.", who, object);
}

/* "x.c:14 to 16" for what `task` did in the steps after f->ref, "" if that is unknown. */
static void spell_lines(const struct say *s, const struct event *f, unsigned task,
                        char out[NAME_BYTES])
{
    const char *file = "";
    int low = 0, high = 0;
    for (uint32_t step = f->ref + 1; step <= f->step; step++) {
        const struct event *e = trace_step(s->t, step);
        struct place p = {.file = "", .function = "", .line = 0};
        if (!e || e->task != task || !e->pc)
            continue;
        s->names->names->place(s->names->names->ctx, e->pc - 1, &p);
        if (p.line <= 0)
            continue;
        file = p.file;
        low = low && low < p.line ? low : p.line;
        high = high > p.line ? high : p.line;
    }
    const char *slash = strrchr(file, '/');
    out[0] = '\0';
    if (high > low)
        snprintf(out, NAME_BYTES, _("%s:%d to %d"), slash ? slash + 1 : file, low, high);
    else if (low)
        snprintf(out, NAME_BYTES, "%s:%d", slash ? slash + 1 : file, low);
}

/* "T1 goes round in x.c:14 to 16, T2 in x.c:25 to 27": whoever moved after f->ref, but one. */
static void add_movers(const struct say *s, struct buf *b, const struct event *f, unsigned but)
{
    uint8_t moved[MAX_TASKS] = {0};
    int first = 1;
    for (uint32_t step = f->ref + 1; step <= f->step; step++) {
        const struct event *e = trace_step(s->t, step);
        if (e && e->task < MAX_TASKS)
            moved[e->task] = e->task != but;
    }
    buf_puts(b, "");
    for (unsigned task = 0; task < MAX_TASKS; task++) {
        char who[TASK_BYTES], lines[NAME_BYTES];
        if (!moved[task])
            continue;
        spell_task(s->names, task, who);
        spell_lines(s, f, task, lines);
        if (first)
            buf_printf(b, lines[0] ? _("%s goes round in %s") : _("%s goes round"), who, lines);
        else
            buf_printf(b, lines[0] ? _(", %s in %s") : _(", %s"), who, lines);
        first = 0;
    }
}

static void say_round(struct say *s, const struct event *f)
{
    struct buf b = {0};
    uint32_t n = f->step - f->ref;
    add_movers(s, &b, f, NO_TASK);
    say(s,
        "Livelock: after step %u everything is as it was after step %u, so the same %u steps can "
        "come again for ever, and nobody gets anywhere.",
        f->step, f->ref, n);
    say(s, "%s.", b.data);
    buf_fini(&b);
}

static void say_starvation(struct say *s, const struct event *f)
{
    struct buf movers = {0};
    char who[TASK_BYTES], place[NAME_BYTES], victim[NAME_BYTES + TASK_BYTES + 16];
    spell_task(s->names, f->task, who);
    spell_place(s->names, f->pc, place);
    snprintf(victim, sizeof victim, place[0] ? _("%s in %s") : "%s", who, place);
    add_movers(s, &movers, f, f->task);
    say(s,
        "Starvation: %s is never served: after step %u everything is as it was after step %u, so "
        "the same steps can come again for ever, and %s gets nothing each time.",
        victim, f->step, f->ref, who);
    say(s, "%s.", movers.data);
    buf_fini(&movers);
}

static void say_livelock(struct say *s, const struct event *f)
{
    if (f->ref) {
        say_round(s, f);
        return;
    }
    char where[NAME_BYTES + 32];
    spell_where(s, f, where, sizeof where);
    if (f->ntext) /* stopped from outside */
        say(s,
            "Livelock: %s runs on and on without a step: it reads and changes nothing that others "
            "could see.",
            where);
    else
        say(s, "Livelock: tasks run on and on but can never get anywhere.");
    uint8_t told[MAX_TASKS] = {0};
    for (unsigned task = 0; task < s->w->ntasks; task++)
        if (is_blocked(task_at(s, task)) && task_at(s, task)->blocked_reason == BLOCK_SPIN) {
            say_spinner(s, task);
            told[task] = 1;
        }
    say_others(s, told);
}

/* Findings that carry their own text: a word, where, and the text. */
static void say_texted(struct say *s, const struct event *f, const char *what)
{
    char where[NAME_BYTES + 32];
    struct buf text = {0};
    spell_where(s, f, where, sizeof where);
    buf_visible(&text, trace_text(s->t, f), f->ntext < 400 ? f->ntext : 400);
    while (text.len >= 2 && !strcmp(text.data + text.len - 2, "\\n"))
        text.data[text.len -= 2] = '\0';
    if (text.len && text.data[text.len - 1] == '.')
        text.data[--text.len] = '\0';
    if (text.len)
        say(s, "%s in %s: %s.", what, where, text.data);
    else
        say(s, "%s in %s.", what, where);
    buf_fini(&text);
}

static void say_assertion(struct say *s, const struct event *f)
{
    say_texted(s, f, _("An assertion failed"));
}

/* The last read of `task` from which the pointer may have come that led to `fault`. */
static const struct event *pointer_read(const struct say *s, unsigned task, uint64_t fault)
{
    enum { NEAR = 4096, LOOK_BACK = 200 };
    uint32_t step = s->t->nsteps, oldest = step > LOOK_BACK ? step - LOOK_BACK : 1;
    for (; step >= oldest; step--) {
        const struct event *e = trace_step(s->t, step);
        if (e && e->task == task && e->size == 8 &&
            (e->kind == EV_READ || e->kind == EV_ATOMIC_LOAD) && fault - e->a < NEAR)
            return e;
    }
    return NULL;
}

static const struct event *last_write(const struct say *s, uint64_t addr, uint32_t step)
{
    uint32_t oldest = step > SCAN_STEPS ? step - SCAN_STEPS : 1;
    while (step-- > oldest) {
        const struct event *e = trace_step(s->t, step);
        if (e && e->addr == addr && is_access(e->kind) && access_is_write(e))
            return e;
    }
    return NULL;
}

static int is_raced(const struct say *s, uint64_t addr)
{
    for (size_t i = 0; i < s->t->nevents; i++)
        if (s->t->events[i].kind == EV_FINDING && s->t->events[i].a == FIND_DATA_RACE &&
            s->t->events[i].addr == addr)
            return 1;
    return 0;
}

/* Where the pointer came from that led astray, and who had put it there. */
static void say_pointer(struct say *s, const struct event *f)
{
    const struct event *r = pointer_read(s, f->task, f->addr), *w;
    char who[TASK_BYTES], object[NAME_BYTES], value[NAME_BYTES], when[WHEN_BYTES];
    if (!r)
        return;
    spell_task(s->names, f->task, who);
    spell_object(s->names, r->addr, r->size, object);
    spell_value(s->names, r, r->a, value);
    say(s, "%s had read the pointer, %s, from %s at step %u.", who, value, object, r->step);
    w = last_write(s, r->addr, r->step);
    if (!w || w->task == f->task)
        return;
    spell_task(s->names, w->task, who);
    spell_when(s, w->pc, w->step, when);
    if (is_raced(s, r->addr))
        say(s, "%s had written it %s, and nothing orders the two: the pointer is raced for.", who,
            when);
    else
        say(s, "%s had written it %s.", who, when);
}

static void say_crash(struct say *s, const struct event *f)
{
    const struct event *end = trace_find_back(s->t, s->t->nsteps, EV_FINISHED);
    char scratch[32];
    say_texted(s, f, _("Crash"));
    say_pointer(s, f);
    if (end && end->a == FINISH_SIGNAL)
        say(s, "Signal %d: %s.", (int)end->b, spell_signal((int)end->b, scratch));
}

static void say_exit_status(struct say *s, const struct event *f)
{
    int status = f->result ? f->result : (int)f->b;
    char where[NAME_BYTES + 32];
    spell_where(s, f, where, sizeof where);
    say(s,
        "The program ended with status %d, given in %s; a status other than 0 says that something "
        "failed.",
        status, where);
}

static void say_misuse(struct say *s, const struct event *f)
{
    char object[NAME_BYTES], place[NAME_BYTES], who[TASK_BYTES];
    char when[WHEN_BYTES];
    struct buf what = {0};
    spell_object(s->names, f->addr, 0, object);
    if (f->addr)
        buf_printf(&what, _("Not allowed by the standard, on %s,"), object);
    else
        buf_puts(&what, _("Not allowed by the standard"));
    say_texted(s, f, what.data);
    buf_fini(&what);
    spell_place(s->names, f->b, place);
    if (f->b && place[0])
        say(s, "It was freed in %s.", place);
    const struct world_object *o = f->addr ? world_object(s->w, f->addr) : NULL;
    if (f->other == NO_TASK || !o || o->owner != f->other)
        return;
    spell_task(s->names, f->other, who);
    const struct event *e = taken(s, f->other, f->addr);
    spell_place(s->names, e ? e->pc : 0, when);
    if (when[0])
        say(s, "%s holds it since step %u in %s.", who, o->owner_since, when);
    else
        say(s, "%s holds it since step %u.", who, o->owner_since);
}

static void say_lock_leak(struct say *s, const struct event *f)
{
    const struct event *e = taken(s, f->task, f->addr);
    char who[TASK_BYTES], object[NAME_BYTES], when[WHEN_BYTES];
    spell_task(s->names, f->task, who);
    spell_object(s->names, f->addr, 0, object);
    if (!e) {
        say(s, "%s ended while it held %s: nobody can ever lock it again.", who, object);
        return;
    }
    spell_when(s, e->pc, e->step, when);
    say(s,
        is_read(e->kind) ? N_("%s ended while it held %s, which it took %s: nobody can ever "
                              "write-lock it again.")
                         : N_("%s ended while it held %s, which it took %s: nobody can ever lock "
                              "it again."),
        who, object, when);
}

static void say_plain_finding(struct say *s, const struct event *f)
{
    say_texted(s, f, f->a < FIND_COUNT ? finding_text((unsigned)f->a) : _("A finding"));
}

void say_finding(struct say *s, const struct event *f)
{
    static void (*const kinds[FIND_COUNT])(struct say *, const struct event *) = {
        [FIND_DATA_RACE] = say_data_race,     [FIND_DEADLOCK] = say_deadlock,
        [FIND_LOST_WAKEUP] = say_lost_wakeup, [FIND_LIVELOCK] = say_livelock,
        [FIND_ASSERTION] = say_assertion,     [FIND_CRASH] = say_crash,
        [FIND_EXIT_STATUS] = say_exit_status, [FIND_MISUSE] = say_misuse,
        [FIND_LOCK_LEAK] = say_lock_leak,     [FIND_STARVATION] = say_starvation,
    };
    if (f->a < FIND_COUNT && kinds[f->a])
        kinds[f->a](s, f);
    else
        say_plain_finding(s, f);
}

int is_stuck_kind(unsigned kind)
{
    return kind == FIND_DEADLOCK || kind == FIND_LOST_WAKEUP || kind == FIND_LIVELOCK;
}
