/* What is known of a live run in words: tasks, processes, objects, events. */
#include "live_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* "T1", "T1 and T2", "T1, T2, T3 and 5 others". */
static void say_list(const struct live_model *m, const uint32_t *tasks, uint32_t n, uint32_t all,
                     struct buf *out)
{
    struct buf list = {0};
    for (uint32_t i = 0; i < n; i++) {
        buf_puts(&list, spell_list(i, all));
        live_say_task_name(m, tasks[i], &list);
    }
    if (all > n)
        buf_printf(out, ngettext("%s and %u other", "%s and %u others", all - n), buf_text(&list),
                   all - n);
    else
        buf_puts(out, buf_text(&list));
    buf_fini(&list);
}

/* ", held by T1", ", read by T1 and T2"; nothing when nobody is. */
static void say_holders(const struct live_model *m, uint32_t object, struct buf *out)
{
    uint32_t who[3], n = live_holding(m, object, who, 3);
    struct buf list = {0};
    if (!n)
        return;
    say_list(m, who, n < 3 ? n : 3, n, &list);
    buf_printf(out, m->objects[object].reading ? _(", read by %s") : _(", held by %s"),
               buf_text(&list));
    buf_fini(&list);
}

/* ---- sentences ---- */
static void tell_wait(const struct live_model *m, const struct spelling *s, uint32_t task,
                      struct buf *out)
{
    const struct live_task *t = &m->tasks[task];
    struct live_event e = {.kind = t->wait_kind, .addr = t->wait_addr, .more = t->wait_addr};
    struct buf waits = {0}, time = {0};
    uint32_t o = live_class_of(t->wait_kind) == OBJ_NONE
                     ? LIVE_NONE
                     : live_object_at(m, t->process, t->wait_addr);
    live_words_wait(m, s, t->process, &e, &waits);
    live_word_duration(m->now > t->wait_since ? m->now - t->wait_since : 0, &time);
    /* TRANSLATORS: what is waited for, and how long it has been: "waits for m since 3 s" */
    buf_printf(out, _("%s since %s"), buf_text(&waits), buf_text(&time));
    buf_fini(&waits);
    buf_fini(&time);
    if (o != LIVE_NONE && m->objects[o].nholding) {
        say_holders(m, o, out);
    } else if (o != LIVE_NONE && m->objects[o].class == OBJ_ONCE && t->wait_by != LIVE_NONE) {
        struct buf who = {0};
        live_say_task_name(m, t->wait_by, &who);
        buf_printf(out, _(", run by %s"), buf_text(&who));
        buf_fini(&who);
    }
}

static void tell_state(const struct live_model *m, uint32_t task, struct buf *out)
{
    const struct live_task *t = &m->tasks[task];
    switch (t->state) {
    case TASK_RUNNING:
        if (t->processor >= 0)
            buf_printf(out, _("runs on processor %d"), t->processor);
        else
            buf_puts(out, _("runs"));
        break;
    case TASK_READY:
        buf_puts(out, _("could run, but has no processor"));
        break;
    case TASK_STOPPED:
        buf_puts(out,
                 t->kernel == 't' ? _("is stopped by a debugger") : _("is stopped by a signal"));
        break;
    case TASK_ZOMBIE:
        buf_puts(out, _("has ended, nobody has joined it"));
        break;
    case TASK_DONE:
        buf_puts(out, _("has ended"));
        break;
    default:
        buf_puts(out, t->kernel == 'D' ? _("waits in the kernel for a device")
                      : t->noted       ? _("waits in the kernel")
                                       : _("waits, for what is not noted"));
        break;
    }
}

static void tell_held(const struct live_model *m, const struct spelling *s, uint32_t task,
                      struct buf *out)
{
    const struct live_task *t = &m->tasks[task];
    uint32_t n = t->nheld < 16 ? t->nheld : 16;
    for (uint32_t i = 0; i < n; i++) {
        buf_puts(out, spell_list(i, n));
        live_word_addr(m, s, t->process, t->held[i], out);
    }
}

void live_say_task(const struct live_model *m, const struct names *names, uint32_t task,
                   struct buf *out)
{
    const struct spelling s = live_spelling(names);
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
    live_word_place(&s, waits ? t->wait_pc : t->last.pc, out);
    if (!t->nheld || t->ended)
        return;
    struct buf held = {0};
    tell_held(m, &s, task, &held);
    buf_printf(out, _("; it holds %s"), buf_text(&held));
    buf_fini(&held);
}

void live_say_status(int wait_status, struct buf *out)
{
    char scratch[32];
    if (WIFEXITED(wait_status))
        buf_printf(out, _("exited with status %d"), WEXITSTATUS(wait_status));
    else if (WIFSTOPPED(wait_status))
        buf_printf(out, _("stopped by %s"),
                   spell_signal_name((uint64_t)WSTOPSIG(wait_status), scratch));
    else if (WIFCONTINUED(wait_status))
        buf_puts(out, _("continued"));
    else
        buf_printf(out, _("ended by %s"),
                   spell_signal_name((uint64_t)WTERMSIG(wait_status), scratch));
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
    char state[64];
    if (p->has_status)
        spell_status((uint32_t)p->status, state);
    buf_printf(out, " %s",
               p->state == PROC_RUNNING   ? _("runs")
               : p->state == PROC_STOPPED ? _("is stopped")
               : p->has_status            ? state
                                          : _("has ended"));
    if (p->state == PROC_ZOMBIE && p->parent < m->nprocesses)
        buf_printf(out, _("; it is a zombie until P%u waits for it"),
                   m->processes[p->parent].number);
    else if (p->state == PROC_ZOMBIE)
        buf_printf(out, _("; it is a zombie until pid %d waits for it"), p->parent_pid);
    if (p->orphaned)
        buf_printf(out, _("; an orphan, its parent is pid %d now"), p->parent_pid);
}

static void say_count(const struct live_object *o, struct buf *out)
{
    if (o->count < 0)
        return;
    if (o->class == OBJ_SEM)
        buf_printf(out, ", %" PRId64, o->count);
    else if (o->class == OBJ_BARRIER && o->limit > 0)
        buf_printf(out, _(", %" PRId64 " of %" PRId64 " are there"), o->count, o->limit);
    else if (o->class == OBJ_BARRIER)
        buf_printf(out, _(", %" PRId64 " are there"), o->count);
    else if (object_is_channel(o->class))
        buf_printf(out,
                   ngettext(", %" PRId64 " byte in it", ", %" PRId64 " bytes in it",
                            (unsigned long)o->count),
                   o->count);
    else if (o->class == OBJ_ONCE)
        buf_puts(out, o->count ? _(", done") : "");
}

void live_say_object(const struct live_model *m, const struct names *names, uint32_t object,
                     struct buf *out)
{
    const struct spelling s = live_spelling(names);
    if (object >= m->nobjects)
        return;
    const struct live_object *o = &m->objects[object];
    uint32_t who[3], n;
    const char *word = object_class_name(o->class);
    live_word_addr(m, &s, o->process, o->addr, out);
    /* TRANSLATORS: the name of an object, then what it is: "m: a mutex" */
    buf_printf(out, strchr("aeiou", word[0]) ? _(": an %s") : _(": a %s"), word);
    say_count(o, out);
    if (o->destroyed)
        buf_puts(out, _(", destroyed"));
    say_holders(m, object, out);
    n = live_waiting(m, object, who, 3);
    if (n) {
        struct buf list = {0};
        say_list(m, who, n < 3 ? n : 3, n, &list);
        buf_printf(out, ngettext("; %s waits", "; %s wait", n), buf_text(&list));
        buf_fini(&list);
    }
    buf_printf(out, ngettext("; %" PRIu64 " operation", "; %" PRIu64 " operations", o->operations),
               o->operations);
    if (o->contended)
        buf_printf(out, _(", %" PRIu64 " had to wait"), o->contended);
}

/* Some waits end in a comma, for what follows. */
static void without_comma(struct buf *out)
{
    static const char wide[] = "，";
    size_t n = sizeof wide - 1;
    if (out->len > n && !memcmp(out->data + out->len - n, wide, n))
        out->data[out->len -= n] = '\0';
    else if (out->len && out->data[out->len - 1] == ',')
        out->data[--out->len] = '\0';
}

void live_say_event(const struct live_model *m, const struct names *names,
                    const struct live_event *e, struct buf *out)
{
    const struct spelling s = live_spelling(names);
    uint32_t task = live_task_number(m, e->number);
    uint32_t process = task == LIVE_NONE ? LIVE_NONE : m->tasks[task].process;
    if (e->kind >= EV_COUNT)
        return;
    if (e->kind == EV_NONE && e->more && !e->begins) {
        struct buf who = {0};
        live_word_number(m, e->number, &who);
        buf_printf(out,
                   ngettext("%" PRIu64 " operation of %s was not kept",
                            "%" PRIu64 " operations of %s were not kept", e->more),
                   e->more, buf_text(&who));
        buf_fini(&who);
        return;
    }
    live_word_number(m, e->number, out);
    buf_puts(out, " ");
    if (e->begins) {
        live_words_wait(m, &s, process, e, out);
        without_comma(out);
    } else {
        live_words_done(m, &s, process, e, out);
    }
    if (e->waited) {
        struct buf time = {0};
        live_word_duration(e->waited, &time);
        buf_printf(out, _(" (waited %s)"), buf_text(&time));
        buf_fini(&time);
    }
    live_word_place(&s, e->pc, out);
}

static void say_wants(const struct live_model *m, const struct spelling *s, uint32_t task,
                      struct buf *out)
{
    const struct live_task *t = &m->tasks[task];
    struct live_event e = {.kind = t->wait_kind, .addr = t->wait_addr, .more = t->wait_addr};
    live_say_task_name(m, task, out);
    buf_puts(out, " ");
    if (t->nheld) {
        struct buf held = {0};
        tell_held(m, s, task, &held);
        buf_printf(out, _("holds %s and "), buf_text(&held));
        buf_fini(&held);
    }
    live_words_wait(m, s, t->process, &e, out);
    live_word_place(s, t->wait_pc, out);
}

void live_say_hang(const struct live_model *m, const struct names *names, struct buf *out)
{
    enum { MOST = 8 };
    const struct spelling s = live_spelling(names);
    uint32_t who[MOST], n = live_circle(m, who, MOST), all = n;
    for (uint32_t i = 0; !n && i < m->ntasks; i++) {
        if (m->tasks[i].ended || !m->tasks[i].wait_since)
            continue;
        if (all < MOST)
            who[all] = i;
        all++;
    }
    for (uint32_t i = 0; i < all && i < MOST; i++) {
        buf_puts(out, i ? _("; ") : "");
        say_wants(m, &s, who[i], out);
    }
    if (all > MOST)
        buf_printf(out, _("; and %u more"), all - MOST);
}
