/* One run of a program with the recorder in it: what its threads wait for. */
#include "timing.h"

#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define BUDGET_NS 1000000000ull /* nothing waits for a look, so each reads all there is */
enum { LOOK_MS = 5, OBJECTS = 5, RING = 1 << 17 }; /* often and much: few are to be lost */

static char *name_of(const struct live_object *o, const struct names *names)
{
    char name[96] = "";
    uint64_t process = o->shared ? 0 : o->process;
    names->object(names->ctx, o->addr | process << PLACE_BITS, 0, name, sizeof name);
    struct buf b = {0};
    buf_printf(&b, "%s ", object_class_name(o->class));
    buf_visible(&b, name, strlen(name));
    return b.data;
}

static int by_waiting(const void *a, const void *b)
{
    const struct live_object *x = a, *y = b;
    if (x->wait_ns != y->wait_ns)
        return x->wait_ns < y->wait_ns ? 1 : -1;
    return (x->addr > y->addr) - (x->addr < y->addr);
}

static void take_objects(struct timing_pass *p, const struct live_model *m,
                         const struct names *names)
{
    struct live_object *sorted = xcalloc(m->nobjects + 1, sizeof *sorted);
    size_t n = 0;
    for (uint32_t i = 0; i < m->nobjects; i++) {
        const struct live_object *o = &m->objects[i];
        if (o->class == OBJ_NONE || o->class == OBJ_PLACE)
            continue;
        p->operations += o->operations;
        p->waits += o->contended;
        p->waited += (double)o->wait_ns / 1e9;
        if (o->contended)
            sorted[n++] = *o;
    }
    qsort(sorted, n, sizeof *sorted, by_waiting);
    p->ncontended = n < OBJECTS ? n : OBJECTS;
    p->contended = xcalloc(OBJECTS, sizeof *p->contended);
    for (size_t i = 0; i < p->ncontended; i++)
        p->contended[i] =
            (struct timing_contended){name_of(&sorted[i], names), sorted[i].operations,
                                      sorted[i].contended, (double)sorted[i].wait_ns / 1e9};
    p->lost = m->totals.lost;
    free(sorted);
}

/* NULL while it is to go on. */
static const char *reason_to_end(const struct live *l, double seconds, int (*stop)(void))
{
    if (stop())
        return _("it was interrupted");
    if ((double)live_model(l)->now / 1e9 >= seconds)
        return _("it was not done in time");
    return NULL;
}

static void rest(struct live *l)
{
    int fds[8], n = live_fds(l, fds, 8);
    struct pollfd polled[8];
    for (int i = 0; i < n; i++)
        polled[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    poll(polled, (nfds_t)n, LOOK_MS);
}

int timing_pass(struct timing_pass *p, struct program *program, const struct live_options *how,
                double seconds, int (*stop)(void), struct err *e)
{
    struct live *l;
    const char *why = NULL;
    struct live_options o = *how;
    o.ring = RING;
    int status = 0, rc = live_open(&l, program, &o, e);
    if (rc < 0)
        return rc;
    for (live_look(l, BUDGET_NS); !live_ended(l, &status) && !why; live_look(l, BUDGET_NS)) {
        why = reason_to_end(l, seconds, stop);
        rest(l);
    }
    live_look(l, BUDGET_NS);
    if (!why && *live_why(l))
        why = live_why(l);
    else if (!why && status)
        why = _("it failed");
    p->why = xstrdup(why ? why : "");
    take_objects(p, live_model(l), live_names(l));
    live_close(l);
    return 0;
}

void timing_pass_fini(struct timing_pass *p)
{
    for (size_t i = 0; i < p->ncontended; i++)
        free(p->contended[i].what);
    free(p->contended);
    free(p->why);
}
