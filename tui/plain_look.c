/* Stepping in plain mode: what can be looked at at a step. */
#include "plain_talk.h"

#include "memory_log.h"

#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_ROWS = 64 };

/* -------- why -------- */

static void why_task(struct talk *t, unsigned task, struct buf *out)
{
    struct buf why = {0};
    explain_blocked(talk_trace(t), t->p->view, t->at, task, talk_names(t), &why);
    if (why.len)
        plain_wrap(out, why.data, NULL, 0);
    buf_fini(&why);
}

enum talk_answer talk_step_why(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct buf out = {0};
    int task = talk_task_of(t, rest);
    if (*rest && task < 0) {
        plain_say(_("'%.60s' is no task of this run; why T1 tells why T1 cannot go on."), rest);
        return ANSWER_STAY;
    }
    if (task >= 0) {
        why_task(t, (unsigned)task, &out);
        if (!out.len)
            plain_say(_("T%d can go on, or has ended; tasks tells which."), task);
        talk_put(&out);
        return ANSWER_STAY;
    }
    if (t->at == 0)
        plain_say(_("Nothing has happened yet."));
    talk_spell_step(t, t->at, &out);
    for (unsigned i = 0, n = talk_world(t)->ntasks; i < n; i++)
        why_task(t, i, &out);
    talk_put(&out);
    return ANSWER_STAY;
}

/* -------- variables -------- */

static void add_variables(const struct variable *v, int n, struct buf *out)
{
    int any = 0;
    for (int i = 0; i < n; i++) {
        if (v[i].depth != 0)
            continue;
        char *line = xasprintf("%s = %s", v[i].name, v[i].value);
        plain_wrap(out, line, "  ", 4);
        free(line);
        any = 1;
    }
    if (!any)
        plain_wrap(out, _("none"), "  ", 2);
}

static void globals_of(struct talk *t, unsigned process, struct memory *m, struct variable *v,
                       struct buf *out)
{
    const struct world *w = talk_world(t);
    if (w->nprocesses > 1)
        buf_printf(out, _("Global variables of P%u:\n"), process);
    else
        buf_puts(out, _("Global variables:\n"));
    session_enter(t->p->session, process);
    add_variables(v, symbols_globals(session_symbols(t->p->session), m, v, MAX_ROWS), out);
}

static void locals_of(struct talk *t, unsigned task, struct memory *m, struct variable *v,
                      struct buf *out)
{
    struct regs regs;
    char who[80];
    session_enter(t->p->session, trace_process(talk_trace(t), task));
    if (session_regs(t->p->session, task, &regs) < 0)
        return;
    talk_task(t, task, who, sizeof who);
    buf_printf(out, _("Local variables of %s:\n"), who);
    add_variables(v, symbols_locals(session_symbols(t->p->session), &regs, m, 0, v, MAX_ROWS), out);
}

static int is_gone(struct talk *t, unsigned process)
{
    const struct world *w = talk_world(t);
    return w->nprocesses > 1 && w->processes[process].ended;
}

enum talk_answer talk_step_variables(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct memory m;
    struct err e = {0};
    int only = talk_task_of(t, rest);
    if (*rest && only < 0) {
        plain_say(_("'%.60s' is no task of this run; variables T1 tells those of T1."), rest);
        return ANSWER_STAY;
    }
    if (session_inspect(t->p->session, t->at, &m, &e) < 0) {
        plain_say("%s", e.message);
        return ANSWER_STAY;
    }
    struct variable *v = xcalloc(MAX_ROWS, sizeof *v);
    struct buf out = {0};
    for (unsigned i = 0; only < 0 && i < talk_world(t)->nprocesses; i++)
        if (!is_gone(t, i))
            globals_of(t, i, &m, v, &out);
    for (unsigned i = 0; i < talk_world(t)->ntasks; i++)
        if ((only < 0 || (unsigned)only == i) && !is_gone(t, talk_world(t)->tasks[i].process))
            locals_of(t, i, &m, v, &out);
    if (!out.len)
        plain_say(_("T%d has ended; it has no variables."), only);
    talk_put(&out);
    free(v);
    return ANSWER_STAY;
}

/* -------- objects -------- */

static void spell_owner(const struct world_object *o, struct buf *out)
{
    if (o->owner != NO_TASK)
        buf_printf(out, _("held by T%u since step %u"), o->owner, o->owner_since);
    else if (o->class == OBJ_RWLOCK && o->count > 0)
        buf_printf(out, ngettext("held by %lld reader", "held by %lld readers", (unsigned)o->count),
                   (long long)o->count);
    else
        buf_puts(out, C_("a lock", "free"));
}

static void spell_content(const struct world_object *o, struct buf *out)
{
    long long count = (long long)o->count;
    switch (o->class) {
    case OBJ_MUTEX:
    case OBJ_SPIN:
    case OBJ_RWLOCK:
        spell_owner(o, out);
        break;
    case OBJ_COND:
        buf_printf(out,
                   ngettext("%lld task sleeps in it", "%lld tasks sleep in it", (unsigned)count),
                   count);
        break;
    case OBJ_BARRIER:
        buf_printf(out, _("%lld of %lld have come"), count, (long long)o->limit);
        break;
    case OBJ_ONCE:
        buf_puts(out, count ? _("done") : _("not done"));
        break;
    case OBJ_QUEUE:
        buf_printf(out, ngettext("%lld message in it", "%lld messages in it", (unsigned)count),
                   count);
        break;
    case OBJ_SEM:
    case OBJ_EVENTFD:
        buf_printf(out, _("its value is %lld"), count);
        break;
    default:
        buf_printf(out, ngettext("%lld byte in it", "%lld bytes in it", (unsigned)count), count);
    }
}

static void spell_waiters(struct talk *t, uint64_t addr, struct buf *out)
{
    const struct world *w = talk_world(t);
    for (unsigned i = 0; i < w->ntasks; i++)
        if (w->tasks[i].exists && w->tasks[i].blocked_addr == addr &&
            (w->tasks[i].state == TASK_BLOCKED || w->tasks[i].state == TASK_DEADLOCKED))
            buf_printf(out, _("; T%u waits, since step %u"), i, w->tasks[i].blocked_since);
}

static void spell_variable(struct talk *t, const struct world_object *o, struct buf *out)
{
    char value[120];
    talk_names(t)->value(talk_names(t)->ctx, o->addr, o->size, o->value, value, sizeof value);
    buf_printf(out, _("value %s"), value);
    if (o->last_write)
        buf_printf(out, _("; last written at step %u"), o->last_write);
    if (o->last_read[0])
        buf_printf(out, _("; last read at step %u"), o->last_read[0]);
}

static int spell_object(struct talk *t, unsigned index, const char *only, struct buf *out)
{
    struct world_object o = talk_world(t)->objects[index]; /* naming may fold */
    char name[200];
    struct buf line = {0};
    if (o.first_step > t->at || o.destroyed)
        return 0;
    explain_object(talk_trace(t), t->at, talk_names(t), o.addr, o.size, name, sizeof name);
    if (*only && strcmp(name, only) != 0)
        return 0;
    if (o.class == OBJ_NONE || o.class == OBJ_PLACE) {
        buf_printf(&line, _("variable %s: "), name);
        spell_variable(t, &o, &line);
    } else {
        buf_printf(&line, _("%s %s: "), object_class_name(o.class), name);
        spell_content(&o, &line);
        spell_waiters(t, o.addr, &line);
    }
    buf_puts(&line, ".");
    plain_wrap(out, line.data, NULL, 2);
    buf_fini(&line);
    return 1;
}

enum talk_answer talk_step_objects(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct buf out = {0};
    int n = 0;
    for (unsigned i = 0; i < talk_world(t)->nobjects; i++)
        n += spell_object(t, i, rest, &out);
    if (n == 0 && *rest)
        plain_say(_("No object or variable is called '%.60s' at this step."), rest);
    else if (n == 0)
        plain_say(_("No task has used anything that tasks meet at."));
    talk_put(&out);
    return ANSWER_STAY;
}

/* -------- one place over time -------- */

static void spell_held(struct talk *t, uint32_t step, unsigned task, struct buf *out)
{
    const struct world *w = world_at(t->p->view, step);
    uint64_t held[16];
    uint32_t n = w->tasks[task].nheld < 16 ? w->tasks[task].nheld : 16;
    memcpy(held, w->tasks[task].held, sizeof held);
    for (uint32_t i = 0; i < n; i++) {
        char name[200];
        explain_object(talk_trace(t), step, talk_names(t), held[i], 0, name, sizeof name);
        buf_printf(out, i ? ", %s" : _(" It holds %s"), name);
    }
    buf_puts(out, n ? "." : _(" It holds no lock."));
}

/* All places in few words: value, who touched them, whether always under one lock. */
static void all_places(struct talk *t)
{
    struct memory_log *log = memory_log_new();
    struct buf out = {0};
    memory_log_update(log, t->p->view);
    memory_text(log, t->p->view, talk_names(t), t->at, &out);
    if (out.len && out.data[out.len - 1] == '\n')
        out.data[--out.len] = '\0';
    if (out.len)
        plain_words(out.data, NULL, 0);
    else
        plain_say(_("No memory that tasks share was touched up to here."));
    buf_fini(&out);
    memory_log_free(log);
}

enum talk_answer talk_step_memory(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    const struct trace *trace = talk_trace(t);
    uint64_t addr = *rest ? talk_object_of(t, rest) : 0;
    struct buf out = {0};
    if (!addr) {
        if (*rest)
            plain_say(_("No variable or object of this run is called '%.60s'; objects tells what "
                        "there is."),
                      rest);
        else
            all_places(t);
        return ANSWER_STAY;
    }
    for (uint32_t step = 1; step <= trace->nsteps; step++) {
        const struct event *e = trace_step(trace, step);
        if (e->addr != addr && e->addr2 != addr)
            continue;
        struct buf line = {0};
        char operation[200], place[200];
        explain_operation(e, trace, talk_names(t), operation, sizeof operation);
        talk_place(t, e, place, sizeof place);
        buf_printf(&line, _("Step %u%s: T%u, %s."), step, place, e->task, operation);
        spell_held(t, step, e->task, &line);
        if (step == t->at)
            buf_puts(&line, _(" You are here."));
        plain_wrap(&out, line.data, NULL, 2);
        buf_fini(&line);
    }
    talk_put(&out);
    return ANSWER_STAY;
}

/* -------- output, steps -------- */

enum talk_answer talk_step_output(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    struct buf text = {0}, visible = {0};
    (void)rest;
    world_output(talk_trace(t), t->at, 0, &text);
    buf_visible(&visible, text.data ? text.data : "", text.len < 3000 ? text.len : 3000);
    if (text.len)
        plain_say(_("Output so far: \"%s\"."), visible.data);
    else
        plain_say(_("Nothing has been printed so far."));
    buf_fini(&text);
    buf_fini(&visible);
    return ANSWER_STAY;
}

enum talk_answer talk_step_steps(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    uint32_t first = 1, last = t->at, all = talk_trace(t)->nsteps;
    struct buf out = {0};
    if (talk_range(rest, &first, &last) < 0) {
        plain_say(_("steps takes the numbers of two steps, such as steps 3 9."));
        return ANSWER_STAY;
    }
    last = last < all ? last : all;
    if (first > last)
        plain_say(_("There are no such steps."));
    for (uint32_t step = first ? first : 1; step <= last && !signal_caught(); step++) {
        talk_spell_step(t, step, &out);
        if (out_buf(&out) < 0)
            break;
    }
    buf_fini(&out);
    talk_stopped();
    return ANSWER_STAY;
}

/* -------- processes -------- */

static void spell_process(const struct world *w, unsigned i, struct buf *out)
{
    const struct world_process *x = &w->processes[i];
    buf_printf(out, _("P%u, pid %lld, %s"), i, (long long)x->pid, process_state_name(x->state));
    if (x->parent != NO_PROCESS)
        buf_printf(out, _("; its parent is P%u"), x->parent);
    else if (i > 0)
        buf_puts(out, _("; its parent is init"));
    if (x->ended && x->by_signal)
        buf_printf(out, _("; ended by signal %d at step %u"), x->status, x->ended);
    else if (x->ended)
        buf_printf(out, _("; ended with status %d at step %u"), x->status, x->ended);
    buf_puts(out, _(". Its tasks:"));
    for (unsigned k = 0; k < w->ntasks; k++)
        if (w->tasks[k].exists && w->tasks[k].process == i)
            buf_printf(out, " T%u", k);
    buf_puts(out, ".");
}

enum talk_answer talk_step_processes(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    const struct world *w = talk_world(t);
    struct buf out = {0};
    (void)rest;
    for (unsigned i = 0; i < w->nprocesses; i++) {
        struct buf line = {0};
        if (!w->processes[i].exists)
            continue;
        spell_process(w, i, &line);
        plain_wrap(&out, line.data, NULL, 2);
        buf_fini(&line);
    }
    talk_put(&out);
    return ANSWER_STAY;
}

/* -------- the source -------- */

/* The compiler may have been given another spelling of the same path. */
static int same_file(const char *a, const char *b)
{
    const char *x = strrchr(a, '/'), *y = strrchr(b, '/');
    return strcmp(x ? x + 1 : a, y ? y + 1 : b) == 0;
}

/* Which tasks make their next step on that line: " (T1, T2)". */
static void tasks_at(struct talk *t, const char *file, int line, struct buf *out)
{
    const struct world *w = talk_world(t);
    const struct names *names = talk_names(t);
    int n = 0;
    for (unsigned i = 0; i < w->ntasks; i++) {
        const struct event *e = &w->tasks[i].pending;
        struct place place = {"", "", 0};
        if (e->kind != EV_NONE && e->pc)
            names->place(names->ctx, e->kind == EV_START ? e->pc : e->pc - 1, &place);
        if (place.line == line && same_file(place.file, file))
            buf_printf(out, n++ ? ", T%u" : _("  <- next: T%u"), i);
    }
}

static void list_file(struct talk *t, const char *path, uint32_t first, uint32_t last)
{
    FILE *f = fopen(path, "re");
    if (!f) {
        plain_say("%s: %s", path, strerror(errno));
        return;
    }
    struct buf out = {0};
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    buf_printf(&out, _("Program %s:\n"), strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
    for (uint32_t number = 1; (n = getline(&line, &cap, f)) >= 0; number++) {
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
            n--;
        if (number < first || number > last)
            continue;
        buf_printf(&out, n ? "%u  %.*s" : "%u", number, (int)n, line);
        tasks_at(t, path, (int)number, &out);
        buf_puts(&out, "\n");
    }
    buf_puts(&out, _("End of program.\n"));
    free(line);
    fclose(f);
    talk_put(&out);
}

enum talk_answer talk_step_list(void *ctx, const char *rest)
{
    struct talk *t = ctx;
    uint32_t first = 1, last = UINT32_MAX;
    const char *const *files = NULL;
    int n = t->p->program->nsources;
    if (talk_range(rest, &first, &last) < 0) {
        plain_say(_("list takes the numbers of two lines, such as list 3 9."));
        return ANSWER_STAY;
    }
    for (int i = 0; i < n; i++)
        list_file(t, t->p->program->sources[i], first, last);
    if (n == 0)
        n = symbols_files(session_symbols(t->p->session), &files);
    for (int i = 0; files && i < n; i++)
        list_file(t, files[i], first, last);
    return ANSWER_STAY;
}
