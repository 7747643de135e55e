/* A program that runs free: opening, looking, closing. */
#include "live_private.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_AT_ONCE 65536      /* of its output, a look */
#define FIRST_COST   60.0       /* ns an entry, until it has been measured */
#define FIRST_LOOK   5000000ull /* ns; it may have done much before it is looked at */
#define UNNOTED_NS   1000000000ull
#define UNNOTED_REASON                                                                             \
    N_("the program has not loaded the recorder (it is linked statically, or has another user's "  \
       "rights): what its threads do and wait for is not known, only what the kernel says of "     \
       "them")

void live_note(struct live *l, const char *sentence)
{
    sentence = _(sentence);
    if (l->notes.data && strstr(l->notes.data, sentence))
        return;
    if (l->notes.len)
        buf_puts(&l->notes, "\n");
    buf_puts(&l->notes, sentence);
}

void live_give_up(struct live *l, const char *why)
{
    if (l->hurried || l->over)
        return;
    snprintf(l->why, sizeof l->why, "%s", why);
    l->hurried = 1;
    keeper_hurry(&l->keeper);
}

/* ---- the keeper's news ---- */
static void first_ended(struct live *l, int status)
{
    l->status = status;
    l->has_ended = 1;
    l->pid = 0;
    live_process_ends(l, l->first_pid, 1, status, PROC_REAPED);
}

static void all_ended(struct live *l)
{
    l->over = 1;
    if (!l->has_ended)
        first_ended(l, SIGKILL);
}

static void hear(struct live *l)
{
    struct keeper_message m;
    int heard = 0;
    while (!l->over && !l->hurried && (heard = keeper_hear(&l->keeper, &m)) > 0) {
        if (m.news == KEEPER_ENDED)
            first_ended(l, m.value);
        else if (m.news == KEEPER_REFUSED)
            snprintf(l->why, sizeof l->why, "%s", m.text);
        else if (m.news == KEEPER_ORPHAN)
            live_process_ends(l, m.pid, 1, m.value, PROC_ENDED);
        else if (m.news == KEEPER_EMPTY)
            all_ended(l);
    }
    if (heard < 0 && !l->over) { /* somebody ended the keeper, and all with it */
        if (!*l->why)
            snprintf(l->why, sizeof l->why, "%s", _("somebody ended the process that keeps it"));
        all_ended(l);
    }
    if (l->hurried && !l->over && waitpid(l->keeper.pid, NULL, WNOHANG) == l->keeper.pid)
        all_ended(l);
}

/* ---- output ---- */
static void read_output(struct live *l)
{
    char chunk[8192];
    size_t all = 0;
    ssize_t n;
    while (all < READ_AT_ONCE && (n = read(l->terminal_fd, chunk, sizeof chunk)) > 0) {
        buf_add(&l->output, chunk, (size_t)n);
        all += (size_t)n;
    }
    if (l->output.len <= 2 * LIVE_OUTPUT)
        return;
    size_t drop = l->output.len - LIVE_OUTPUT;
    memmove(l->output.data, l->output.data + drop, LIVE_OUTPUT + 1);
    l->output.len = LIVE_OUTPUT;
    l->dropped += drop;
}

/* ---- looking ---- */
static void say_what_is_missing(struct live *l)
{
    const struct live_process *p = live_process_last(&l->model, l->first_pid);
    if (p && !p->noted && (l->now > UNNOTED_NS || p->ended))
        live_note(l, UNNOTED_REASON);
    if (__atomic_load_n(&l->memory->unnoted, __ATOMIC_RELAXED))
        live_note(l, N_("more threads lived at once than there is room for: some are not noted"));
}

/* What an event costs altogether, the model's work included: the budget is in ns. */
static void learn_cost(struct live *l, uint64_t ns)
{
    if (l->nevents > 512)
        l->ns_an_entry += ((double)ns / (double)l->nevents - l->ns_an_entry) / 8;
}

void live_look(struct live *l, uint64_t budget)
{
    live_clock_look(l);
    live_look_begin(&l->model, l->now);
    hear(l);
    read_output(l);
    if (!l->over)
        live_read_kernel(l);
    uint64_t began = live_clock_now();
    live_read_slots(l, budget);
    if (l->over) /* who ended between two looks has no other way to be seen */
        live_all_gone(l);
    else
        live_limits_look(l);
    live_interrupt_look(l);
    say_what_is_missing(l);
    live_look_end(&l->model);
    live_read_values(l);
    learn_cost(l, live_clock_now() - began);
    __atomic_fetch_add(&l->memory->tick, 1, __ATOMIC_RELAXED); /* the next operations are stamped */
}

/* ---- opening and closing ---- */
int live_open(struct live **out, struct program *p, const struct live_options *o, struct err *e)
{
    struct live *l = xcalloc(1, sizeof *l);
    *out = NULL;
    l->program = p;
    l->options = *o;
    l->memory_fd = l->terminal_fd = -1;
    live_model_init(&l->model);
    l->slots = xcalloc(RECORDER_THREADS, sizeof *l->slots);
    l->ns_an_entry = FIRST_COST;
    live_kernel_begin(l);
    int rc = live_start(l, e);
    if (rc) {
        live_close(l);
        return rc;
    }
    l->copy = xcalloc(l->ring, sizeof *l->copy);
    live_limits_begin(l);
    struct live_process *first = live_process_of(&l->model, l->first_pid);
    first->parent_pid = l->keeper.pid;
    live_look(l, FIRST_LOOK);
    *out = l;
    return 0;
}

void live_close(struct live *l)
{
    if (!l)
        return;
    keeper_end(&l->keeper);
    live_kernel_close(l);
    live_names_close(l);
    if (l->memory)
        munmap(l->memory, RECORDER_BYTES(l->ring));
    if (l->memory_fd >= 0)
        close(l->memory_fd);
    if (l->terminal_fd >= 0)
        close(l->terminal_fd);
    live_model_fini(&l->model);
    buf_fini(&l->notes);
    buf_fini(&l->output);
    free(l->slots);
    free(l->copy);
    free(l);
}

/* ---- what is known ---- */
const struct live_model *live_model(const struct live *l)
{
    return &l->model;
}

const struct buf *live_output(const struct live *l, uint64_t *dropped)
{
    if (dropped)
        *dropped = l->dropped;
    return &l->output;
}

int live_fds(const struct live *l, int *fds, int max)
{
    int n = 0;
    if (n < max && l->terminal_fd >= 0)
        fds[n++] = l->terminal_fd;
    if (n < max && l->keeper.pid && !l->over && !l->hurried)
        fds[n++] = l->keeper.line;
    return n;
}

const char *live_notes(const struct live *l)
{
    return l->notes.data ? l->notes.data : "";
}

int live_ended(const struct live *l, int *status)
{
    if (l->over && status)
        *status = l->status;
    return l->over;
}

const char *live_why(const struct live *l)
{
    return l->why;
}
