#include "live_tell.h"

#include "canvas.h"
#include "live_scale.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* Waits that are told take as long at least; sleeps, which nobody else can end, longer. */
#define LONG_WAIT_NS  UINT64_C(10000000)
#define LONG_SLEEP_NS UINT64_C(1000000000)
enum { LINES_A_SECOND = 200, LINE_MAX_BYTES = 4096, SUMMARY_ROWS = 40 };

enum what {
    TOLD_BEGIN,
    TOLD_END,
    TOLD_WAIT,
    TOLD_WAITED,
    TOLD_PROCESS,
    TOLD_PROGRAM,
    TOLD_STATE,
    TOLD_ORPHAN,
    TOLD_STATUS,
    TOLD_OUTPUT,
    TOLD_HANG,
    TOLD_UNTOLD
};
static const char *const words[] = {
    [TOLD_BEGIN] = "begin",   [TOLD_END] = "end",         [TOLD_WAIT] = "wait",
    [TOLD_WAITED] = "waited", [TOLD_PROCESS] = "process", [TOLD_PROGRAM] = "program",
    [TOLD_STATE] = "state",   [TOLD_ORPHAN] = "orphan",   [TOLD_STATUS] = "status",
    [TOLD_OUTPUT] = "output", [TOLD_HANG] = "hang",       [TOLD_UNTOLD] = "untold",
};

/* Something new; told in the order of time. */
struct news {
    uint64_t time, waited;
    enum what what;
    uint32_t task, process; /* indices; LIVE_NONE */
    size_t order;
};

struct live_tell {
    int json;
    struct {
        uint32_t number; /* + 1; 0: nobody yet */
        int ended;
        uint64_t wait; /* began then, and was told; 0 none */
    } task[LIVE_TASKS];
    struct {
        uint32_t number; /* + 1 */
        enum process_state state;
        int orphaned, has_status;
        char program[16];
    } process[LIVE_PROCESSES];
    struct news *news;
    size_t nnews, cap_news;
    uint64_t output; /* bytes of it told */
    struct buf line; /* of the output, not complete yet */
    uint64_t second; /* of the run, in which `lines` were told */
    unsigned lines;
    uint64_t untold;
};

struct live_tell *live_tell_new(int json)
{
    struct live_tell *t = xcalloc(1, sizeof *t);
    t->json = json;
    return t;
}

void live_tell_free(struct live_tell *t)
{
    if (!t)
        return;
    free(t->news);
    buf_fini(&t->line);
    free(t);
}

/* -------- one line -------- */

static void json_key(struct buf *out, const char *key)
{
    buf_printf(out, ",\"%s\":", key);
}

static void json_text(struct buf *out, const char *key, const struct buf *text)
{
    json_key(out, key);
    buf_json(out, text->len ? text->data : "", text->len);
}

static void who_is(const struct live_model *m, const struct news *n, struct buf *out)
{
    if (n->task != LIVE_NONE)
        live_say_task_name(m, n->task, out);
    else if (n->process != LIVE_NONE)
        buf_printf(out, "P%" PRIu32, m->processes[n->process].number);
    else
        buf_puts(out, "-");
}

/* Does this line stand for one of many, and are there enough of these? */
static int is_too_much(struct live_tell *t, const struct news *n)
{
    if (n->what >= TOLD_STATUS)
        return 0;
    uint64_t second = n->time / 1000000000;
    if (second != t->second) {
        t->second = second;
        t->lines = 0;
    }
    if (t->lines < LINES_A_SECOND) {
        t->lines++;
        return 0;
    }
    t->untold++;
    return 1;
}

static void put_line(struct live_tell *t, const struct live_model *m, const struct news *n,
                     const struct buf *text, struct buf *out)
{
    struct buf who = {0};
    who_is(m, n, &who);
    const char *says = text->len ? text->data : "";
    if (!t->json) {
        size_t same = strlen(who.data);
        if (!strncmp(says, who.data, same) && says[same] == ' ') /* it begins with who it is */
            says += same + 1;
        buf_printf(out, "%11.6f  ", (double)n->time / 1e9);
        utf8_pad(out, who.data, -7);
        buf_printf(out, " %s\n", says);
        buf_fini(&who);
        return;
    }
    buf_printf(out, "{\"event\":\"%s\",\"time\":%.9f", words[n->what], (double)n->time / 1e9);
    if (n->task != LIVE_NONE)
        json_text(out, "task", &who);
    if (n->process != LIVE_NONE) {
        const struct live_process *p = &m->processes[n->process];
        buf_printf(out, ",\"process\":\"P%" PRIu32 "\",\"pid\":%d", p->number, p->pid);
        if (n->what == TOLD_STATE)
            buf_printf(out, ",\"state\":\"%s\"", process_state_word(p->state));
        if (n->what == TOLD_STATUS && p->has_status && WIFEXITED(p->status))
            buf_printf(out, ",\"exit\":%d", WEXITSTATUS(p->status));
        if (n->what == TOLD_STATUS && p->has_status && WIFSIGNALED(p->status))
            buf_printf(out, ",\"signal\":%d", WTERMSIG(p->status));
    }
    if (n->waited)
        buf_printf(out, ",\"waited\":%.9f", (double)n->waited / 1e9);
    json_text(out, "text", text);
    buf_puts(out, "}\n");
    buf_fini(&who);
}

static void name_of(const struct live_model *m, const struct names *names, uint32_t task,
                    struct buf *out)
{
    const struct live_task *t = &m->tasks[task];
    struct place place = {"", "", 0};
    if (t->start_pc && names)
        names->place(names->ctx, t->start_pc, &place);
    if (t->name[0])
        buf_printf(out, ": %s", t->name);
    else if (*place.function)
        buf_printf(out, ": %s", place.function);
    uint32_t creator = t->creator == LIVE_NONE ? LIVE_NONE : live_task_number(m, t->creator);
    if (creator != LIVE_NONE) {
        struct buf who = {0};
        live_say_task_name(m, creator, &who);
        buf_printf(out, _(", created by %s"), buf_text(&who));
        buf_fini(&who);
    }
}

/* It may have ended when it is seen first: that is told apart. */
static void say_process_begins(const struct live_model *m, const struct live_process *p,
                               struct buf *out)
{
    if (p->program[0])
        buf_printf(out, _("(pid %d, %s) begins"), p->pid, p->program);
    else
        buf_printf(out, _("(pid %d) begins"), p->pid);
    if (p->parent < m->nprocesses)
        buf_printf(out, _(", a child of P%u"), m->processes[p->parent].number);
}

static void say_news(struct live_tell *t, const struct live_model *m, const struct names *names,
                     const struct news *n, struct buf *text)
{
    char ns[32];
    switch (n->what) {
    case TOLD_BEGIN:
        buf_puts(text, _("begins"));
        name_of(m, names, n->task, text);
        break;
    case TOLD_END:
        buf_puts(text, m->tasks[n->task].state == TASK_ZOMBIE ? _("ends; nobody has joined it yet")
                                                              : _("ends"));
        break;
    case TOLD_WAIT:
        live_say_task(m, names, n->task, text);
        break;
    case TOLD_WAITED:
        live_spell_ns(n->waited, ns, sizeof ns);
        buf_printf(text, _("goes on, after a wait of %s"), ns);
        break;
    case TOLD_PROGRAM:
        buf_printf(text, _("runs %s"), m->processes[n->process].program);
        break;
    case TOLD_ORPHAN:
        buf_printf(text, _("is an orphan: its parent is %d now"),
                   m->processes[n->process].parent_pid);
        break;
    case TOLD_STATUS:
        if (m->processes[n->process].parent == LIVE_NONE) { /* that we wait for it matters little */
            buf_printf(text, "(pid %d) ", m->processes[n->process].pid);
            live_say_status(m->processes[n->process].status, text);
            break;
        }
        live_say_process(m, n->process, text);
        break;
    case TOLD_PROCESS:
        say_process_begins(m, &m->processes[n->process], text);
        break;
    case TOLD_STATE:
        live_say_process(m, n->process, text);
        break;
    default:
        buf_printf(text, _("%" PRIu64 " more lines like these are not told"), t->untold);
    }
}

static void tell(struct live_tell *t, const struct live_model *m, const struct names *names,
                 const struct news *n, struct buf *out)
{
    struct buf text = {0};
    if (is_too_much(t, n))
        return;
    say_news(t, m, names, n, &text);
    put_line(t, m, n, &text, out);
    buf_fini(&text);
}

/* -------- what is new -------- */

static void add(struct live_tell *t, enum what what, uint64_t time, uint32_t task, uint32_t process,
                uint64_t waited)
{
    if (t->nnews == t->cap_news) {
        t->cap_news = t->cap_news ? 2 * t->cap_news : 64;
        t->news = xrealloc(t->news, t->cap_news, sizeof *t->news);
    }
    t->news[t->nnews] = (struct news){.time = time,
                                      .waited = waited,
                                      .what = what,
                                      .task = task,
                                      .process = process,
                                      .order = t->nnews};
    t->nnews++;
}

static void look_at_task(struct live_tell *t, const struct live_model *m, uint32_t i)
{
    const struct live_task *task = &m->tasks[i];
    if (t->task[i].number != task->number + 1) {
        memset(&t->task[i], 0, sizeof t->task[i]);
        t->task[i].number = task->number + 1;
        add(t, TOLD_BEGIN, task->began, i, task->process, 0);
    }
    if (t->task[i].wait && t->task[i].wait != task->wait_since) {
        add(t, TOLD_WAITED, task->ended ? task->ended : m->now, i, task->process,
            m->now - t->task[i].wait);
        t->task[i].wait = 0;
    }
    uint64_t enough = task->wait_kind == EV_SLEEP ? LONG_SLEEP_NS : LONG_WAIT_NS;
    if (task->wait_since && !t->task[i].wait && task->wait_since + enough <= m->now) {
        add(t, TOLD_WAIT, m->now, i, task->process, m->now - task->wait_since);
        t->task[i].wait = task->wait_since;
    }
    if (task->ended && !t->task[i].ended) {
        add(t, TOLD_END, task->ended, i, task->process, 0);
        t->task[i].ended = 1;
    }
}

static void look_at_process(struct live_tell *t, const struct live_model *m, uint32_t i)
{
    const struct live_process *p = &m->processes[i];
    if (t->process[i].number != p->number + 1) {
        memset(&t->process[i], 0, sizeof t->process[i]);
        t->process[i].number = p->number + 1;
        t->process[i].state = PROC_RUNNING;
        memcpy(t->process[i].program, p->program, sizeof p->program);
        add(t, TOLD_PROCESS, p->began, LIVE_NONE, i, 0);
    }
    if (strcmp(t->process[i].program, p->program) != 0 && p->program[0]) {
        memcpy(t->process[i].program, p->program, sizeof p->program);
        add(t, TOLD_PROGRAM, m->now, LIVE_NONE, i, 0);
    }
    if (p->orphaned && !t->process[i].orphaned && !p->ended)
        add(t, TOLD_ORPHAN, m->now, LIVE_NONE, i, 0);
    t->process[i].orphaned = p->orphaned;
    if (p->has_status && !t->process[i].has_status)
        add(t, TOLD_STATUS, p->ended ? p->ended : m->now, LIVE_NONE, i, 0);
    else if (p->state != t->process[i].state && !(p->has_status && p->parent == LIVE_NONE))
        add(t, TOLD_STATE, m->now, LIVE_NONE, i, 0);
    t->process[i].has_status = p->has_status;
    t->process[i].state = p->state;
}

static int by_time(const void *a, const void *b)
{
    const struct news *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* -------- output -------- */

static void tell_line(struct live_tell *t, const struct live_model *m, struct buf *out)
{
    struct news n = {.what = TOLD_OUTPUT, .time = m->now, .task = LIVE_NONE, .process = LIVE_NONE};
    struct buf text = {0};
    if (t->line.len && t->line.data[t->line.len - 1] == '\r')
        t->line.len--;
    if (t->json)
        buf_add(&text, t->line.len ? t->line.data : "", t->line.len);
    else {
        struct buf line = {0};
        buf_visible(&line, t->line.len ? t->line.data : "", t->line.len);
        buf_printf(&text, _("prints: %s"), buf_text(&line));
        buf_fini(&line);
    }
    put_line(t, m, &n, &text, out);
    buf_fini(&text);
    t->line.len = 0;
}

static void look_at_output(struct live_tell *t, const struct live_model *m,
                           const struct buf *output, uint64_t dropped, struct buf *out)
{
    uint64_t all = dropped + output->len;
    size_t from = t->output > dropped ? (size_t)(t->output - dropped) : 0;
    t->output = all;
    while (from < output->len) {
        const char *s = output->data + from;
        const char *newline = memchr(s, '\n', output->len - from);
        size_t n = newline ? (size_t)(newline - s) : output->len - from;
        if (n > LINE_MAX_BYTES - t->line.len) {
            n = LINE_MAX_BYTES - t->line.len;
            newline = NULL;
        }
        buf_add(&t->line, s, n);
        from += n + (newline != NULL);
        if (newline || t->line.len >= LINE_MAX_BYTES)
            tell_line(t, m, out);
    }
}

void live_tell_look(struct live_tell *t, const struct live_model *m, const struct names *names,
                    const struct buf *output, uint64_t dropped, struct buf *out)
{
    t->nnews = 0;
    if (t->untold && m->now / 1000000000 != t->second)
        add(t, TOLD_UNTOLD, m->now, LIVE_NONE, LIVE_NONE, 0);
    for (uint32_t i = 0; i < m->nprocesses && i < LIVE_PROCESSES; i++)
        look_at_process(t, m, i);
    for (uint32_t i = 0; i < m->ntasks && i < LIVE_TASKS; i++)
        look_at_task(t, m, i);
    if (t->nnews)
        qsort(t->news, t->nnews, sizeof *t->news, by_time);
    for (size_t i = 0; i < t->nnews; i++) {
        tell(t, m, names, &t->news[i], out);
        if (t->news[i].what == TOLD_UNTOLD)
            t->untold = 0;
    }
    look_at_output(t, m, output, dropped, out);
}

void live_tell_hang(struct live_tell *t, const struct live_model *m, const struct names *names,
                    struct buf *out)
{
    struct news n = {.what = TOLD_HANG, .time = m->now, .task = LIVE_NONE, .process = LIVE_NONE};
    struct buf text = {0};
    struct buf hang = {0};
    live_say_hang(m, names, &hang);
    buf_printf(&text, _("it hangs, nobody can go on: %s"), buf_text(&hang));
    buf_fini(&hang);
    put_line(t, m, &n, &text, out);
    buf_fini(&text);
}

/* -------- first and last -------- */

void live_tell_begin(struct live_tell *t, const char *program, char *const *args, int nargs,
                     struct buf *out)
{
    if (!t->json) {
        utf8_pad(out, _("seconds"), 11);
        buf_puts(out, "  ");
        utf8_pad(out, _("who"), -7);
        buf_printf(out, " %s\n", _("what"));
        return;
    }
    buf_puts(out, "{\"schema\":\"lockstep.live.event/1\",\"program\":");
    buf_json(out, program, strlen(program));
    buf_puts(out, ",\"args\":[");
    for (int i = 0; i < nargs; i++) {
        buf_puts(out, i ? "," : "");
        buf_json(out, args[i], strlen(args[i]));
    }
    buf_puts(out, "]}\n");
}

/* Those that were waited for longest are told; not those at which nobody waited, when there are
 * many. */
static const struct live_model *sorting; /* qsort has no context; host thread only */

static int by_wait(const void *a, const void *b)
{
    const struct live_object *x = &sorting->objects[*(const uint32_t *)a];
    const struct live_object *y = &sorting->objects[*(const uint32_t *)b];
    if (x->wait_ns != y->wait_ns)
        return x->wait_ns > y->wait_ns ? -1 : 1;
    if (x->operations != y->operations)
        return x->operations > y->operations ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static uint32_t objects_in_order(const struct live_model *m, uint32_t **out)
{
    uint32_t n = 0;
    *out = xcalloc(m->nobjects + 1, sizeof **out);
    for (uint32_t i = 0; i < m->nobjects; i++)
        if (m->objects[i].class != OBJ_PLACE && m->objects[i].class != OBJ_NONE)
            (*out)[n++] = i;
    sorting = m;
    qsort(*out, n, sizeof **out, by_wait);
    return n;
}

static void text_tasks(const struct live_model *m, const struct names *names, struct buf *out)
{
    static const struct {
        const char *head;
        int width;
    } heads[] = {
        {N_("thread"), -24}, {N_("operations"), 10}, {N_("processor"), 12}, {N_("waits"), 10},
        {N_("waited"), 10},  {N_("switches"), 9},    {N_("forced"), 9},
    };
    buf_puts(out, "\n ");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        buf_puts(out, " ");
        utf8_pad(out, _(heads[i].head), heads[i].width);
    }
    buf_puts(out, "\n");
    for (uint32_t i = 0; i < m->ntasks; i++) {
        const struct live_task *t = &m->tasks[i];
        struct buf who = {0};
        char cpu[32], waited[32], ops[24], waits[24];
        if (i == SUMMARY_ROWS) {
            buf_printf(out, _("  ... and %u more\n"), m->ntasks - i);
            return;
        }
        live_say_task_name(m, i, &who);
        struct place place = {"", "", 0};
        if (t->start_pc && names)
            names->place(names->ctx, t->start_pc, &place);
        buf_printf(&who, " %s", t->name[0] ? t->name : place.function);
        live_spell_ns(t->cpu_ns, cpu, sizeof cpu);
        live_spell_ns(t->wait_ns, waited, sizeof waited);
        live_spell_count((double)t->operations, ops, sizeof ops);
        live_spell_count((double)t->waits, waits, sizeof waits);
        who.data[utf8_fit(who.data, who.len, 24)] = '\0';
        buf_puts(out, "  ");
        utf8_pad(out, who.data, -24);
        buf_printf(out, " %10s %12s %10s %10s %9" PRIu64 " %9" PRIu64 "\n", ops, cpu, waits, waited,
                   t->voluntary, t->involuntary);
        buf_fini(&who);
    }
}

static void text_objects(const struct live_model *m, const struct names *names, struct buf *out)
{
    uint32_t *order, n = objects_in_order(m, &order);
    if (n)
        buf_puts(out, "\n");
    for (uint32_t i = 0; i < n && i < SUMMARY_ROWS; i++) {
        buf_puts(out, "  ");
        live_say_object(m, names, order[i], out);
        buf_puts(out, "\n");
    }
    if (n > SUMMARY_ROWS)
        buf_printf(out, _("  ... and %u more\n"), n - SUMMARY_ROWS);
    free(order);
}

static void text_end(const struct live_model *m, const struct names *names,
                     const struct live_told_end *end, struct buf *out)
{
    const struct live_totals *all = &m->totals;
    char time[32], ops[24], waits[24];
    live_spell_ns(m->now, time, sizeof time);
    live_spell_count((double)all->operations, ops, sizeof ops);
    live_spell_count((double)all->waits, waits, sizeof waits);
    struct buf how = {0};
    if (*end->why)
        buf_printf(&how, _("was ended by lockstep: %s"), end->why);
    else
        live_say_status(end->status, &how);
    buf_puts(out, "\n");
    buf_printf(out, _("The program %s, after %s: "), buf_text(&how), time);
    buf_fini(&how);
    buf_printf(out, _("%s operations, %s waits, switches %" PRIu64 " own, %" PRIu64 " forced.\n"),
               ops, waits, all->voluntary, all->involuntary);
    if (all->lost)
        buf_printf(out,
                   _("%" PRIu64 " operations came too fast to be kept; they are counted only.\n"),
                   all->lost);
    if (all->unnoted)
        buf_printf(out, _("%u threads or processes were too many to be seen.\n"), all->unnoted);
    text_tasks(m, names, out);
    text_objects(m, names, out);
}

static void json_tasks(const struct live_model *m, struct buf *out)
{
    buf_puts(out, ",\"tasks\":[");
    for (uint32_t i = 0; i < m->ntasks; i++) {
        const struct live_task *t = &m->tasks[i];
        struct buf who = {0};
        live_say_task_name(m, i, &who);
        buf_printf(out, "%s{\"task\":\"%s\",\"name\":", i ? "," : "", who.data);
        buf_json(out, t->name, strlen(t->name));
        buf_printf(out,
                   ",\"operations\":%" PRIu64 ",\"lost\":%" PRIu64
                   ",\"processor_seconds\":%.9f,\"waits\":%" PRIu64
                   ",\"wait_seconds\":%.9f,\"voluntary\":%" PRIu64 ",\"involuntary\":%" PRIu64
                   ",\"ended\":%s}",
                   t->operations, t->lost, (double)t->cpu_ns / 1e9, t->waits,
                   (double)t->wait_ns / 1e9, t->voluntary, t->involuntary,
                   t->ended ? "true" : "false");
        buf_fini(&who);
    }
    buf_puts(out, "]");
}

static void json_objects(const struct live_model *m, const struct names *names, struct buf *out)
{
    uint32_t *order, n = objects_in_order(m, &order);
    buf_puts(out, ",\"objects\":[");
    for (uint32_t i = 0; i < n; i++) {
        const struct live_object *o = &m->objects[order[i]];
        char name[160];
        names->object(names->ctx, o->addr, 0, name, sizeof name);
        buf_puts(out, i ? ",{\"name\":" : "{\"name\":");
        buf_json(out, name, strlen(name));
        buf_printf(out,
                   ",\"class\":\"%s\",\"operations\":%" PRIu64 ",\"contended\":%" PRIu64
                   ",\"wait_seconds\":%.9f}",
                   object_class_word(o->class), o->operations, o->contended,
                   (double)o->wait_ns / 1e9);
    }
    buf_puts(out, "]");
    free(order);
}

static void json_end(const struct live_model *m, const struct names *names,
                     const struct live_told_end *end, struct buf *out)
{
    const struct live_totals *all = &m->totals;
    buf_printf(out, "{\"event\":\"summary\",\"time\":%.9f", (double)m->now / 1e9);
    if (*end->why)
        buf_puts(out, ",\"exit\":null,\"signal\":null");
    else if (WIFEXITED(end->status))
        buf_printf(out, ",\"exit\":%d,\"signal\":null", WEXITSTATUS(end->status));
    else
        buf_printf(out, ",\"exit\":null,\"signal\":%d", WTERMSIG(end->status));
    buf_printf(out, ",\"hang\":%s,\"ended_by\":", end->hung ? "true" : "false");
    if (*end->why)
        buf_json(out, end->why, strlen(end->why));
    else
        buf_puts(out, "null");
    buf_printf(out,
               ",\"operations\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"waits\":%" PRIu64
               ",\"wait_seconds\":%.9f,\"voluntary\":%" PRIu64 ",\"involuntary\":%" PRIu64
               ",\"unseen\":%" PRIu32,
               all->operations, all->lost, all->waits, (double)all->wait_ns / 1e9, all->voluntary,
               all->involuntary, all->unnoted);
    json_tasks(m, out);
    json_objects(m, names, out);
    buf_puts(out, "}\n");
}

void live_tell_end(struct live_tell *t, const struct live_model *m, const struct names *names,
                   const struct live_told_end *end, struct buf *out)
{
    if (t->line.len)
        tell_line(t, m, out);
    if (t->json)
        json_end(m, names, end, out);
    else
        text_end(m, names, end, out);
}
