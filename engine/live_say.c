/* What is known of a live run in words: tasks, processes, objects, events. */
#include "live_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

/* ---- sentences ---- */
static void tell_wait(const struct live_model *m, const struct spelling *s, uint32_t task,
                      struct buf *out)
{
    const struct live_task *t = &m->tasks[task];
    struct live_event e = {.kind = t->wait_kind, .addr = t->wait_addr, .more = t->wait_addr};
    uint32_t o = live_class_of(t->wait_kind) == OBJ_NONE
                     ? LIVE_NONE
                     : live_object_at(m, t->process, t->wait_addr);
    live_words_wait(m, s, t->process, &e, out);
    buf_puts(out, " since ");
    live_word_duration(m->now > t->wait_since ? m->now - t->wait_since : 0, out);
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
            live_word_process(m, p->parent, out);
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
    const struct spelling s = live_spelling(names);
    if (object >= m->nobjects)
        return;
    const struct live_object *o = &m->objects[object];
    uint32_t who[3], n = live_holding(m, object, who, 3);
    const char *word = object_class_name(o->class);
    live_word_addr(m, &s, o->process, o->addr, out);
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

void live_say_event(const struct live_model *m, const struct names *names,
                    const struct live_event *e, struct buf *out)
{
    const struct spelling s = live_spelling(names);
    uint32_t task = live_task_number(m, e->number);
    uint32_t process = task == LIVE_NONE ? LIVE_NONE : m->tasks[task].process;
    if (e->kind >= EV_COUNT)
        return;
    if (e->kind == EV_NONE && e->more && !e->begins) {
        buf_printf(out, "%" PRIu64 " operation%s of ", e->more, e->more == 1 ? "" : "s");
        live_word_number(m, e->number, out);
        buf_puts(out, e->more == 1 ? " was not kept" : " were not kept");
        return;
    }
    live_word_number(m, e->number, out);
    buf_puts(out, " ");
    if (e->begins) {
        live_words_wait(m, &s, process, e, out);
        if (out->data[out->len - 1] == ',')
            out->data[--out->len] = '\0';
    } else {
        live_words_done(m, &s, process, e, out);
    }
    if (e->waited) {
        buf_puts(out, " (waited ");
        live_word_duration(e->waited, out);
        buf_puts(out, ")");
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
        buf_puts(out, "holds ");
        tell_held(m, s, task, out);
        buf_puts(out, " and ");
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
        buf_puts(out, i ? "; " : "");
        say_wants(m, &s, who[i], out);
    }
    if (all > MOST)
        buf_printf(out, "; and %" PRIu32 " more", all - MOST);
}
