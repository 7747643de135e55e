/* The sentences of a step: one function a kind of operation, in a table. */
#include "explain_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void say(struct say *s, const char *format, ...)
{
    char text[2048];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, _(format), ap);
    va_end(ap);
    if (s->out->len > s->start && (unsigned char)s->out->data[s->out->len - 1] < 0x80)
        buf_puts(s->out, " ");
    buf_puts(s->out, text);
}

/* "T2 holds m since step 4", for a call that found it busy. */
static void say_holder(struct say *s)
{
    const struct world_object *o = world_object(s->w, s->e->addr);
    if (o && o->owner != NO_TASK) {
        char who[TASK_BYTES];
        spell_task(s->names, o->owner, who);
        if (o->owner == s->e->task)
            say(s, "It itself holds it since step %u.", o->owner_since);
        else
            say(s, "%s holds it since step %u.", who, o->owner_since);
    } else if (s->e->other != NO_TASK) {
        say(s, "%s holds it.", s->other);
    }
}

/* Step since which the stepping task was waiting for this operation, 0 if it was not. */
static uint32_t waited_since(const struct say *s)
{
    uint32_t since = 0;
    for (const struct event *k = s->e; k-- > s->t->events && k->step + SCAN_STEPS > s->e->step;) {
        if (k->kind == EV_BLOCKED && k->task == s->e->task)
            since = k->step;
        if (event_is_step(k->kind) && k->task == s->e->task)
            break;
    }
    return since;
}

/* "It had waited since step 4; T2 let it go on at step 9." */
void say_waited(struct say *s)
{
    const struct world_task *k = &s->w->tasks[s->e->task];
    uint32_t since = waited_since(s);
    if (!since)
        return;
    if (k->woken_by != NO_TASK && k->woken_step >= since) {
        char who[TASK_BYTES];
        spell_task(s->names, k->woken_by, who);
        say(s, "It had waited since step %u, until %s's step %u.", since, who, k->woken_step);
    } else {
        say(s, "It had waited since step %u.", since);
    }
}

/* Tasks */

static void say_create(struct say *s)
{
    const char *function = spell_function(s->names, s->e->addr);
    if (s->e->result != 0 || s->e->other == NO_TASK) {
        say(s, "%s tries to create a task: the call fails with %s.", s->task, s->error);
    } else if (function[0]) {
        say(s, "%s creates %s, which will run %s.", s->task, s->other, function);
    } else {
        say(s, "%s creates %s.", s->task, s->other);
    }
}

static void say_start(struct say *s)
{
    const struct world_task *k = &s->w->tasks[s->e->task];
    if (k->is_copy) {
        say_copy_starts(s);
        return;
    }
    const char *function = spell_function(s->names, k->start_pc ? k->start_pc : s->e->pc);
    char who[TASK_BYTES];
    spell_task(s->names, k->parent, who);
    if (function[0])
        say(s, "%s starts in %s.", s->task, function);
    else
        say(s, "%s starts.", s->task);
    if (k->parent != NO_TASK)
        say(s, "%s created it at step %u.", who, k->born);
}

static void say_end(struct say *s)
{
    const struct world_task *k = &s->w->tasks[s->e->task];
    say(s, "%s ends.", s->task);
    for (const struct event *x = s->e + 1; x < s->end; x++)
        if (x->kind == EV_GONE && x->task == s->e->task && x->a)
            say(s, "Its result is kept until somebody joins it.");
    if (k->nheld) {
        struct buf locks = {0};
        spell_locks(s->names, k->held, k->nheld, &locks);
        say(s, "It still holds %s, which nobody can lock any more.", locks.data);
        buf_fini(&locks);
    }
}

static void say_join(struct say *s)
{
    const struct world_task *k = s->e->other < s->w->ntasks ? &s->w->tasks[s->e->other] : NULL;
    if (s->e->result != 0)
        say(s, "%s tries to join %s: the call fails with %s.", s->task, s->other, s->error);
    else if (k && k->ended)
        say(s, "%s joins %s, which ended at step %u.", s->task, s->other, k->ended);
    else
        say(s, "%s joins %s.", s->task, s->other);
    say_waited(s);
}

static void say_detach(struct say *s)
{
    if (s->e->result != 0)
        say(s, "%s tries to detach %s: the call fails with %s.", s->task, s->other, s->error);
    else
        say(s, "%s detaches %s: nobody has to join it.", s->task, s->other);
}

/* Locks */

static void say_init_object(struct say *s)
{
    const struct world_object *o = world_object(s->w, s->e->addr);
    const char *class = object_class_name(o ? o->class : OBJ_NONE);
    switch (s->e->kind) {
    case EV_SEM_INIT:
        say(s, "%s sets up the semaphore %s with %" PRIu64 ".", s->task, s->object, s->e->a);
        break;
    case EV_BARRIER_INIT:
        say(s, "%s sets up the barrier %s for %" PRIu64 " tasks.", s->task, s->object, s->e->a);
        break;
    default:
        say(s, "%s sets up the %s %s.", s->task, class, s->object);
    }
}

static void say_destroy(struct say *s)
{
    if (s->e->result != 0)
        say(s, "%s tries to destroy %s: the call fails with %s.", s->task, s->object, s->error);
    else
        say(s, "%s destroys %s: nobody may use it from now on.", s->task, s->object);
}

static void say_lock(struct say *s)
{
    if (s->e->result != 0 && s->e->result != EOWNERDEAD) {
        say(s, "%s tries to lock %s: the call fails with %s.", s->task, s->object, s->error);
        return;
    }
    if (s->e->kind == EV_LOCK && s->e->a > 1)
        say(s, "%s locks %s again, which it already holds: depth %" PRIu64 " now.", s->task,
            s->object, s->e->a);
    else
        say(s, "%s locks %s.", s->task, s->object);
    if (s->e->result == EOWNERDEAD)
        say(s, "Its last owner ended without unlocking it (EOWNERDEAD).");
    say_waited(s);
}

static void say_trylock(struct say *s)
{
    if (s->e->result == 0) {
        say(s, "%s tries %s, finds it free and locks it.", s->task, s->object);
        return;
    }
    say(s, "%s tries to lock %s without waiting: the call returns %s and %s goes on without it.",
        s->task, s->object, s->error, s->task);
    say_holder(s);
}

static void say_timedlock(struct say *s)
{
    if (s->e->result == ETIMEDOUT) {
        say(s, "%s gives up waiting for %s: its time is over.", s->task, s->object);
        say_holder(s);
    } else {
        say_lock(s);
    }
}

static void say_unlock(struct say *s)
{
    char owner[TASK_BYTES];
    spell_task(s->names, s->owner_before, owner);
    if (s->owner_before == s->e->task) {
        if (s->e->result)
            say(s, "%s tries to unlock %s: the call fails with %s.", s->task, s->object, s->error);
        else if (s->e->kind == EV_UNLOCK && s->e->a > 0)
            say(s, "%s unlocks %s once; it still holds it, depth %" PRIu64 ".", s->task, s->object,
                s->e->a);
        else
            say(s, "%s unlocks %s, which it held since step %u.", s->task, s->object,
                s->owner_since);
        return;
    }
    if (s->owner_before != NO_TASK)
        say(s, "%s unlocks %s, but %s holds it since step %u: only its owner may unlock it.",
            s->task, s->object, owner, s->owner_since);
    else
        say(s, "%s unlocks %s, which nobody holds.", s->task, s->object);
    if (s->e->result)
        say(s, "The call fails with %s.", s->error);
}

static void say_rdlock(struct say *s)
{
    if (s->e->result != 0) {
        say(s, "%s does not get %s for reading: %s.", s->task, s->object, s->error);
        say_holder(s);
        return;
    }
    say(s,
        ngettext("%s locks %s for reading; %" PRIu64 " reader now.",
                 "%s locks %s for reading; %" PRIu64 " readers now.", s->e->a),
        s->task, s->object, s->e->a);
    say_waited(s);
}

static void say_wrlock(struct say *s)
{
    const struct world_object *o = world_object(s->w, s->e->addr);
    if (s->e->result == 0) {
        say(s, "%s locks %s for writing: nobody else may read or write.", s->task, s->object);
        say_waited(s);
        return;
    }
    say(s, "%s does not get %s for writing: %s.", s->task, s->object, s->error);
    if (o && o->count > 0 && o->owner == NO_TASK)
        say(s,
            ngettext("%" PRId64 " reader holds it.", "%" PRId64 " readers hold it.",
                     (unsigned long)o->count),
            o->count);
    else
        say_holder(s);
}

static void say_rwunlock(struct say *s)
{
    if (s->owner_before != NO_TASK || s->e->result != 0) {
        say_unlock(s);
        return;
    }
    say(s, "%s unlocks %s, which it held for reading.", s->task, s->object);
    if (s->e->a)
        say(s,
            ngettext("%" PRIu64 " reader holds it still.", "%" PRIu64 " readers hold it still.",
                     s->e->a),
            s->e->a);
    else
        say(s, "Nobody holds it now.");
}

/* Conditions */

static void say_cond_wait_step(struct say *s)
{
    if (s->e->result != 0) {
        say(s, "%s tries to wait in %s: the call fails with %s.", s->task, s->object, s->error);
        return;
    }
    say(s, "%s waits in %s: in one step it unlocks %s and falls asleep.", s->task, s->object,
        s->object2);
    if (s->e->a)
        say(s, "It had locked %s more than once and gives back one time only: %s stays locked.",
            s->object2, s->object2);
    if (s->w->tasks[s->e->task].state == TASK_SLEEPING)
        say(s, "A signal will wake it, or its time will be over.");
    else
        say(s, "It sleeps until somebody signals %s.", s->object);
}

/* The place the task looked at last before it went to wait: most likely its condition. */
static const struct event *condition_read(const struct say *s)
{
    uint32_t oldest = s->e->step > SCAN_STEPS ? s->e->step - SCAN_STEPS : 1;
    int waiting = 0;
    for (uint32_t step = s->e->step - 1; step >= oldest; step--) {
        const struct event *k = trace_step(s->t, step);
        if (k->task != s->e->task)
            continue;
        if (k->kind == EV_COND_WAIT)
            waiting = 1;
        else if (waiting && (k->kind == EV_READ || k->kind == EV_ATOMIC_LOAD))
            return k;
        else if (waiting && k->kind != EV_WRITE && k->kind != EV_OUTPUT)
            return NULL;
    }
    return NULL;
}

/* The newest write of another task to that place after step `since`. */
static const struct event *changed_since(const struct say *s, const struct event *read,
                                         uint32_t since)
{
    for (uint32_t step = s->e->step - 1; step > since; step--) {
        const struct event *k = trace_step(s->t, step);
        if (k->addr == read->addr && k->task != s->e->task && is_access(k->kind) &&
            access_is_write(k))
            return k;
    }
    return NULL;
}

static void say_check_again(struct say *s, uint32_t woken)
{
    const struct event *read = condition_read(s);
    const struct event *write = read && woken ? changed_since(s, read, woken) : NULL;
    if (!write) {
        say(s, "It must check its condition again: being woken does not promise that it holds.");
        return;
    }
    char who[TASK_BYTES], place[NAME_BYTES], value[NAME_BYTES];
    spell_task(s->names, write->task, who);
    spell_object(s->names, write->addr, write->size, place);
    spell_value(s->names, write, write->b, value);
    say(s,
        "Between the signal and now, %s set %s to %s at step %u: %s must check its condition "
        "again (while, not if).",
        who, place, value, write->step, s->task);
}

/* The step that woke the stepping task from its wait, 0 if none did. */
static uint32_t wake_step(const struct say *s)
{
    if (s->e->ref)
        return s->e->ref;
    for (const struct event *k = s->e; k-- > s->t->events && k->step + SCAN_STEPS > s->e->step;) {
        if (k->kind == EV_WAKE && k->other == s->e->task)
            return k->step;
        if (k->kind == EV_COND_WAIT && k->task == s->e->task)
            break;
    }
    return 0;
}

static void say_cond_relock(struct say *s)
{
    uint32_t since = waited_since(s), woken = wake_step(s);
    const struct event *signal = trace_step(s->t, woken);
    if (since)
        say(s, "%s is back from %s, where it waited since step %u, and holds %s again.", s->task,
            s->object, since, s->object2);
    else
        say(s, "%s is back from %s and holds %s again.", s->task, s->object, s->object2);
    if (s->e->result == ETIMEDOUT) {
        say(s, "Its time was over: the call returns ETIMEDOUT.");
    } else if (signal) {
        char who[TASK_BYTES];
        spell_task(s->names, signal->task, who);
        say(s, "%s woke it at step %u.", who, signal->step);
    } else {
        say(s, "Nobody signalled: a spurious wake-up, which the standard allows.");
    }
    say_check_again(s, signal ? signal->step : 0);
}

static void say_spurious(struct say *s)
{
    say(s, "%s wakes up in %s although nobody signalled, as POSIX allows, and locks %s next.",
        s->task, s->object, s->object2);
}

static void say_cond_timeout(struct say *s)
{
    say(s, "The time of %s's wait in %s is over: it wakes without a signal and locks %s next.",
        s->task, s->object, s->object2);
}

/* The tasks this step woke. */
static unsigned tasks_woken(const struct say *s, char *out, size_t n)
{
    uint8_t set[MAX_TASKS] = {0};
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == EV_WAKE && k->other < MAX_TASKS)
            set[k->other] = 1;
    return spell_tasks(s->names, set, out, n);
}

static const struct event *consequence(const struct say *s, unsigned kind)
{
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == kind)
            return k;
    return NULL;
}

static void say_signal(struct say *s)
{
    int all = s->e->kind == EV_COND_BROADCAST;
    const struct event *choice = consequence(s, EV_CHOICE);
    char who[512];
    unsigned n = tasks_woken(s, who, sizeof who);
    if (s->e->a == 0 && n == 0) {
        say(s,
            all ? N_("%s broadcasts %s, but nobody is waiting: a condition does not remember a "
                     "signal.")
                : N_("%s signals %s, but nobody is waiting: a condition does not remember a "
                     "signal."),
            s->task, s->object);
        return;
    }
    if (n)
        say(s, all ? N_("%s broadcasts %s and wakes %s.") : N_("%s signals %s and wakes %s."),
            s->task, s->object, who);
    else
        say(s,
            all ? N_("%s broadcasts %s; %" PRIu64 " wait.")
                : N_("%s signals %s; %" PRIu64 " wait."),
            s->task, s->object, s->e->a);
    if (choice)
        say(s, "Any of %" PRIu64 " waiting tasks could have been woken; the schedule chose.",
            choice->b);
    else if (n && s->e->a > n)
        say(s,
            ngettext("%" PRIu64 " more goes on sleeping.", "%" PRIu64 " more go on sleeping.",
                     s->e->a - n),
            s->e->a - n);
}

/* Semaphores, barriers, once */

static void say_sem_wait_step(struct say *s)
{
    if (s->e->result == ETIMEDOUT)
        say(s, "%s gives up waiting for %s: its time is over.", s->task, s->object);
    else if (s->e->result != 0)
        say(s, "%s does not get through %s, which is %" PRIu64 ": %s.", s->task, s->object, s->e->a,
            s->error);
    else
        say(s, "%s takes one from %s, which is %" PRIu64 " now.", s->task, s->object, s->e->a);
    say_waited(s);
}

static void say_sem_post(struct say *s)
{
    if (s->e->result != 0)
        say(s, "%s tries to post %s: the call fails with %s.", s->task, s->object, s->error);
    else
        say(s, "%s posts %s, which is %" PRIu64 " now.", s->task, s->object, s->e->a);
}

static void say_sem_value(struct say *s)
{
    say(s, "%s looks at %s: it is %" PRIu64 ".", s->task, s->object, s->e->a);
}

static void say_futex_wait(struct say *s)
{
    if (s->e->result)
        say(s, "%s would wait on %s, but that is %" PRIu64 " by now: it goes on.", s->task,
            s->object, s->e->a);
    else
        say(s, "%s finds %" PRIu64 " in %s, as it expected, and sleeps in the kernel.", s->task,
            s->e->a, s->object);
}

static void say_futex_rise(struct say *s)
{
    say(s,
        s->e->result ? N_("The wait of %s on %s ends: its time is over.")
                     : N_("%s goes on: it was woken from its wait on %s."),
        s->task, s->object);
}

static void say_futex_wake(struct say *s)
{
    char who[512];
    if (tasks_woken(s, who, sizeof who))
        say(s, "%s wakes %s from the wait on %s.", s->task, who, s->object);
    else
        say(s, "%s would wake who sleeps on %s, but nobody does.", s->task, s->object);
}

static void say_arrive(struct say *s)
{
    say(s, "%s arrives at %s: %" PRIu64 " of %" PRIu64 " are there.", s->task, s->object, s->e->a,
        s->e->b);
    if (s->e->a == s->e->b)
        say(s, "That is everybody, so all may go on.");
}

static void say_leave(struct say *s)
{
    if (s->e->result == -1)
        say(s, "%s leaves %s as the serial thread, the one that may do the extra work.", s->task,
            s->object);
    else
        say(s, "%s leaves %s.", s->task, s->object);
    say_waited(s);
}

static void say_once(struct say *s)
{
    if (s->e->a)
        say(s, "%s is the first at %s: it runs the initialiser.", s->task, s->object);
    else
        say(s, "%s finds %s done already and goes on.", s->task, s->object);
    say_waited(s);
}

static void say_once_done(struct say *s)
{
    say(s, "%s has finished the initialiser of %s: nobody runs it again.", s->task, s->object);
}

/* Time, output, ends */

static void say_yield(struct say *s)
{
    say(s, "%s offers its turn to the others. This is only a hint.", s->task);
}

static void say_sleep(struct say *s)
{
    char slept[32], now[32];
    spell_duration(s->e->a, slept);
    spell_duration(s->e->b, now);
    say(s, "%s has slept for %s; the clock shows %s.", s->task, slept, now);
}

static void say_clock(struct say *s)
{
    char now[32];
    spell_duration(s->e->a, now);
    say(s, "%s looks at the clock: %s.", s->task, now);
}

static void say_output(struct say *s)
{
    struct buf text = {0};
    add_quoted(&text, s->t, s->e);
    const char *what = s->e->ntext ? text.data : _("nothing");
    if (s->e->a == 2)
        say(s, "%s prints %s on standard error.", s->task, what);
    else
        say(s, "%s prints %s.", s->task, what);
    buf_fini(&text);
}

static void say_input(struct say *s)
{
    struct buf text = {0};
    add_quoted(&text, s->t, s->e);
    if (s->e->ntext)
        say(s, "%s reads %s from its input.", s->task, text.data);
    else
        say(s, "%s reads its input and finds the end.", s->task);
    buf_fini(&text);
}

static void say_call(struct say *s)
{
    char name[NAME_BYTES];
    struct buf text = {0};
    explain_detail(s->e, s->t, s->names, &text);
    snprintf(name, sizeof name, "%s", text.data);
    if (s->e->b)
        say(s, "%s calls %s.", s->task, name);
    else
        say(s, "%s calls %s, which returns %d.", s->task, name, s->e->result);
    buf_fini(&text);
}

/* Who had not ended when the process did. */
static void say_taken_along(struct say *s)
{
    uint8_t set[MAX_TASKS] = {0};
    char who[512];
    for (uint32_t i = 0; i < s->w->ntasks; i++) {
        const struct world_task *k = &s->w->tasks[i];
        set[i] = i != s->e->task && k->exists && k->state == TASK_DONE && k->ended == s->e->step &&
                 k->process == s->e->process;
    }
    unsigned n = spell_tasks(s->names, set, who, sizeof who);
    if (n)
        say(s,
            ngettext("%s had not ended and ends with the process.",
                     "%s had not ended and end with the process.", n),
            who);
}

static void say_exit(struct say *s)
{
    if (s->names->forked && s->e->a == 1)
        say(s, "main returns %d in %s.", s->e->result, s->task);
    else if (s->names->forked)
        say(s, "%s calls exit with status %d.", s->task, s->e->result);
    else if (s->e->a == 1)
        say(s, "main returns %d, which ends the whole process.", s->e->result);
    else
        say(s, "%s calls exit with status %d, which ends the whole process.", s->task,
            s->e->result);
    say_taken_along(s);
}

static void say_abort(struct say *s)
{
    struct buf text = {0};
    add_quoted(&text, s->t, s->e);
    if (s->e->ntext)
        say(s, "An assertion fails in %s: %s. The process is aborted.", s->task, text.data);
    else
        say(s, "%s calls abort: the process ends at once.", s->task);
    say_taken_along(s);
    buf_fini(&text);
}

static void (*const sentences[EV_COUNT])(struct say *) = {
    [EV_READ] = say_access,
    [EV_WRITE] = say_access,
    [EV_COPY] = say_access,
    [EV_ATOMIC_LOAD] = say_access,
    [EV_ATOMIC_STORE] = say_access,
    [EV_ATOMIC_RMW] = say_access,
    [EV_ATOMIC_CAS] = say_access,
    [EV_FREE] = say_access,
    [EV_CREATE] = say_create,
    [EV_START] = say_start,
    [EV_END] = say_end,
    [EV_JOIN] = say_join,
    [EV_DETACH] = say_detach,
    [EV_MUTEX_INIT] = say_init_object,
    [EV_MUTEX_DESTROY] = say_destroy,
    [EV_LOCK] = say_lock,
    [EV_TRYLOCK] = say_trylock,
    [EV_TIMEDLOCK] = say_timedlock,
    [EV_UNLOCK] = say_unlock,
    [EV_SPIN_INIT] = say_init_object,
    [EV_SPIN_DESTROY] = say_destroy,
    [EV_SPIN_LOCK] = say_lock,
    [EV_SPIN_TRYLOCK] = say_trylock,
    [EV_SPIN_UNLOCK] = say_unlock,
    [EV_COND_INIT] = say_init_object,
    [EV_COND_DESTROY] = say_destroy,
    [EV_COND_WAIT] = say_cond_wait_step,
    [EV_COND_RELOCK] = say_cond_relock,
    [EV_COND_TIMEOUT] = say_cond_timeout,
    [EV_COND_SPURIOUS] = say_spurious,
    [EV_COND_SIGNAL] = say_signal,
    [EV_COND_BROADCAST] = say_signal,
    [EV_SEM_INIT] = say_init_object,
    [EV_SEM_DESTROY] = say_destroy,
    [EV_SEM_WAIT] = say_sem_wait_step,
    [EV_SEM_TRYWAIT] = say_sem_wait_step,
    [EV_SEM_TIMEDWAIT] = say_sem_wait_step,
    [EV_SEM_POST] = say_sem_post,
    [EV_SEM_GETVALUE] = say_sem_value,
    [EV_FUTEX_WAIT] = say_futex_wait,
    [EV_FUTEX_RISE] = say_futex_rise,
    [EV_FUTEX_WAKE] = say_futex_wake,
    [EV_BARRIER_INIT] = say_init_object,
    [EV_BARRIER_DESTROY] = say_destroy,
    [EV_BARRIER_ARRIVE] = say_arrive,
    [EV_BARRIER_LEAVE] = say_leave,
    [EV_RWLOCK_INIT] = say_init_object,
    [EV_RWLOCK_DESTROY] = say_destroy,
    [EV_RDLOCK] = say_rdlock,
    [EV_TRYRDLOCK] = say_rdlock,
    [EV_TIMEDRDLOCK] = say_rdlock,
    [EV_WRLOCK] = say_wrlock,
    [EV_TRYWRLOCK] = say_wrlock,
    [EV_TIMEDWRLOCK] = say_wrlock,
    [EV_RWUNLOCK] = say_rwunlock,
    [EV_ONCE_BEGIN] = say_once,
    [EV_ONCE_END] = say_once_done,
    [EV_CANCEL] = say_cancel,
    [EV_CANCELLED] = say_cancelled,
    [EV_FORK] = say_fork,
    [EV_WAIT] = say_wait_child,
    [EV_EXEC] = say_exec,
    [EV_KILL] = say_kill,
    [EV_SIGNAL] = say_take_signal,
    [EV_SIGWAIT] = say_sigwait,
    [EV_PAUSE] = say_pause,
    [EV_TIMER] = say_timer,
    [EV_PIPE] = say_pipe,
    [EV_FD_READ] = say_fd_read,
    [EV_FD_WRITE] = say_fd_write,
    [EV_FD_CLOSE] = say_fd_close,
    [EV_FD_DUP] = say_fd_dup,
    [EV_FD_POLL] = say_poll,
    [EV_MQ_SEND] = say_queue,
    [EV_MQ_RECEIVE] = say_queue,
    [EV_YIELD] = say_yield,
    [EV_SLEEP] = say_sleep,
    [EV_CLOCK] = say_clock,
    [EV_OUTPUT] = say_output,
    [EV_INPUT] = say_input,
    [EV_CALL] = say_call,
    [EV_EXIT] = say_exit,
    [EV_ABORT] = say_abort,
};

void say_init(struct say *s, const struct trace *t, struct world_view *v, uint32_t step,
              const struct names *names, struct buf *out)
{
    const struct event *e = trace_step(t, step);
    *s = (struct say){.t = t, .v = v, .out = out, .e = e};
    s->spelling = spelling_at(t, step, names);
    s->names = &s->spelling;
    s->end = t->events + trace_step_end(t, step);
    buf_puts(out, ""); /* so that out->data is a string even when nothing is said */
    s->start = out->len;
    const struct world *before = world_at(v, step - 1);
    const struct world_object *o = world_object(before, e->addr);
    for (uint32_t i = 0; i < before->nfds && e->kind == EV_FD_CLOSE; i++)
        if (before->fds[i].process == e->process && (uint64_t)before->fds[i].number == e->a) {
            s->end_reads = before->fds[i].reads;
            s->end_writes = before->fds[i].writes;
        }
    s->owner_before = o ? o->owner : NO_TASK;
    s->owner_since = o ? o->owner_since : 0;
    s->last_write = o ? o->last_write : 0;
    find_race(s);
    s->w = world_at(v, step);
    spell_task(s->names, e->task, s->task);
    spell_task(s->names, e->other, s->other);
    char scratch[32];
    snprintf(s->error, sizeof s->error, "%s", spell_error(e->result, scratch));
    spell_object(s->names, e->addr, e->size, s->object);
    spell_object(s->names, e->addr2, 0, s->object2);
}

/* Step 0: nobody has moved. */
static void say_beginning(const struct world *w, const struct names *names, struct buf *out)
{
    char who[NAME_BYTES];
    explain_task(w, 0, names, who, sizeof who);
    buf_printf(out, _("The program is about to start: %s has not made a step yet."), who);
}

/* It happened because adversity was asked for. */
static void say_adverse(struct say *s)
{
    char what[80];
    const struct event *e = s->e;
    if (e->kind == EV_KILL) {
        say(s, "P%u is killed: SIGKILL comes from outside, as it may at any time.", e->process);
        return;
    }
    if (e->kind == EV_FUTEX_RISE && !e->result) {
        say(s, "%s wakes up on %s although nobody woke it, as futexes allow.", s->task, s->object);
        return;
    }
    if (e->kind == EV_CALL) {
        say(s, "There is no memory for %s: its %.*s fails with ENOMEM.", s->task, (int)e->ntext,
            trace_text(s->t, e));
        return;
    }
    explain_verb(e->kind, what, sizeof what);
    say(s, "%s's %s is interrupted by a signal: it ends with EINTR and has done nothing.", s->task,
        what);
}

void explain_step(const struct trace *t, struct world_view *v, uint32_t step,
                  const struct names *names, struct buf *out)
{
    struct say s;
    if (!trace_step(t, step)) {
        say_beginning(world_at(v, 0), names, out);
        return;
    }
    say_init(&s, t, v, step, names, out);
    if (s.e->flags & EVF_ADVERSE && s.e->kind != EV_COND_SPURIOUS)
        say_adverse(&s);
    else if (sentences[s.e->kind])
        sentences[s.e->kind](&s);
    say_consequences(&s);
}

void explain_blocked(const struct trace *t, struct world_view *v, uint32_t step, unsigned task,
                     const struct names *names, struct buf *out)
{
    struct say s = {.t = t, .v = v, .out = out, .spelling = spelling_at(t, step, names)};
    s.names = &s.spelling;
    buf_puts(out, "");
    s.start = out->len;
    s.w = world_at(v, step);
    say_blocked(&s, task);
}

void explain_finding(const struct trace *t, const struct event *finding, const struct names *names,
                     struct buf *out)
{
    struct world_view *v = world_view_new(t);
    struct say s = {.t = t, .v = v, .out = out, .spelling = spelling_at(t, finding->step, names)};
    s.names = &s.spelling;
    if (trace_step(t, finding->step)) {
        say_init(&s, t, v, finding->step, names, out);
    } else {
        buf_puts(out, "");
        s.start = out->len;
        s.w = world_at(v, 0);
    }
    say_finding(&s, finding);
    world_view_free(v);
}
