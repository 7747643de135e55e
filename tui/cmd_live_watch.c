/* lockstep live: one run, drawn on a screen or told in lines as it goes. */
#include "cmd.h"

#include "cmd_live.h"
#include "live_port.h"
#include "live_tell.h"
#include "store.h"
#include "tui.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    LOOK_MS = 10, /* between two looks */
    SOON_MS = 1,  /* the same in the first moments, when most happens */
    LOOK_NS = 5000000,
    LAST_NS = 200000000
};
#define HANG_NS UINT64_C(2000000000)

struct watch {
    const struct options *o;
    struct given given;
    struct live_options how;
    struct program *program;    /* as it runs free */
    struct program *controlled; /* the same for stepping, once it was asked for */
    struct live_load load;
    int saved; /* -ERR_* when the recording could not be written; what it was is in *e */
    struct err e;
};

/* -------- as a recording -------- */

/* What is kept of the run, when that was asked for. */
static void save(void *ctx, struct live *l)
{
    struct watch *w = ctx;
    struct recording r;
    const struct program *p = w->program;
    char *const *files = p->nsources ? p->sources : &w->program->binary;
    int n = p->nsources ? p->nsources : 1;
    if (!w->o->output)
        return;
    recording_init(&r);
    live_record(live_model(l), live_names(l), 0, UINT64_MAX, &r);
    memcpy(r.schedule.hash, p->hash, sizeof r.schedule.hash);
    r.files = xcalloc((size_t)n + 1, sizeof *r.files);
    for (int i = 0; i < n; i++) {
        char *whole = realpath(files[i], NULL);
        r.files[r.nfiles++] = whole ? whole : xstrdup(files[i]);
    }
    r.args = xcalloc((size_t)w->given.nargs + 1, sizeof *r.args);
    for (int i = 0; i < w->given.nargs; i++)
        r.args[r.nargs++] = xstrdup(w->given.args[i]);
    if (w->o->stdin_file)
        r.input = xstrdup(w->o->stdin_file);
    w->saved = recording_write(&r, w->o->output, &w->e);
    recording_fini(&r);
}

/* -------- on a screen -------- */

static int build_controlled(void *ctx, struct err *e)
{
    struct watch *w = ctx;
    struct conditions how = {.input = w->given.input_file};
    const struct given *g = &w->given;
    int rc = 0;
    if (!w->controlled)
        rc = program_build(&w->controlled, g->files, g->nfiles, g->args, g->nargs, e);
    if (rc == 0)
        rc = program_conditions(w->controlled, &how, e);
    return rc;
}

static int control(void *ctx, struct port *out, struct err *e)
{
    struct watch *w = ctx;
    int rc = build_controlled(w, e);
    return rc < 0 ? rc : port_open(out, w->controlled, NULL, e);
}

static int on_screen(struct watch *w, struct err *e)
{
    struct live_source source = {.program = w->program,
                                 .options = w->how,
                                 .build = build_controlled,
                                 .control = control,
                                 .closing = save,
                                 .ctx = w};
    struct tui_options t;
    int bad = 0;
    tui_options_init(&t);
    struct store *store = open_store();
    int rc = tui_live(&t, &source, w->program->name, w->o->seconds, store, &bad, e);
    store_close(store);
    if (rc == 0 && w->saved < 0) {
        *e = w->e;
        return w->saved;
    }
    return rc ? rc : bad;
}

/* -------- in lines -------- */

struct telling {
    struct live *live;
    struct live_tell *tell;
    struct live_told_end end;
    struct buf out;
    int gone; /* nobody reads what is told */
};

static void tell_now(struct telling *t, uint64_t budget_ns)
{
    uint64_t dropped = 0;
    live_look(t->live, budget_ns);
    const struct buf *output = live_output(t->live, &dropped);
    live_tell_look(t->tell, live_model(t->live), live_names(t->live), output, dropped, &t->out);
    t->gone |= out_buf(&t->out) < 0;
}

/* Is there a reason to end it, or did it end? */
static int is_over(struct telling *t, const struct options *o)
{
    const struct live_model *m = live_model(t->live);
    if (live_ended(t->live, &t->end.status)) {
        t->end.why = live_why(t->live);
        return 1;
    }
    if (signal_caught())
        t->end.why = _("it was interrupted");
    else if (t->gone)
        t->end.why = _("nobody reads");
    else if (o->seconds > 0 && (double)m->now / 1e9 >= o->seconds)
        t->end.why = _("the time it was given has passed");
    else if (live_hangs(m, HANG_NS)) {
        t->end.why = _("it hangs");
        t->end.hung = 1;
        live_tell_hang(t->tell, m, live_names(t->live), &t->out);
    }
    return *t->end.why != 0;
}

static void wait_for_more(struct telling *t)
{
    int fds[8], n = live_fds(t->live, fds, 8);
    struct pollfd polled[8];
    for (int i = 0; i < n; i++)
        polled[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    int soon = live_model(t->live)->now < 100000000;
    poll(polled, (nfds_t)n, soon ? SOON_MS : LOOK_MS);
    if (!soon && n) { /* it may print without an end: no more looks for that */
        struct timespec pause = {0, 1000000};
        nanosleep(&pause, NULL);
    }
}

static int tell_status(const struct telling *t)
{
    if (signal_caught())
        return 128 + signal_caught();
    return t->end.hung || (!*t->end.why && t->end.status != 0) ||
           (*t->end.why && live_ended(t->live, NULL));
}

static void say_notes(const struct live *l)
{
    for (const char *s = live_notes(l); *s;) {
        size_t n = strcspn(s, "\n");
        fprintf(stderr, _("lockstep: note: %.*s\n"), (int)n, s);
        s += n + (s[n] != 0);
    }
}

static int in_lines(struct watch *w, struct err *e)
{
    struct telling t = {.end = {.why = ""}};
    int rc = live_open(&t.live, w->program, &w->how, e);
    if (rc < 0)
        return rc;
    t.tell = live_tell_new(w->o->json);
    live_tell_begin(t.tell, w->program->name, w->o->args, w->o->nargs, &t.out);
    for (tell_now(&t, LOOK_NS); !is_over(&t, w->o); tell_now(&t, LOOK_NS))
        wait_for_more(&t);
    tell_now(&t, LAST_NS);
    live_tell_end(t.tell, live_model(t.live), live_names(t.live), &t.end, &t.out);
    out_buf(&t.out);
    say_notes(t.live);
    save(w, t.live);
    int status = w->saved < 0 ? w->saved : tell_status(&t);
    *e = w->e;
    live_tell_free(t.tell);
    buf_fini(&t.out);
    live_close(t.live);
    return status;
}

/* -------- the command -------- */

static int build(struct watch *w, struct err *e)
{
    const struct options *o = w->o;
    struct given *g = &w->given;
    int rc = given_open(g, o->operands, o->noperands, o->args, o->nargs, e);
    if (rc == 0)
        rc = given_run(g, &(struct conditions){.input = o->stdin_file}, e);
    if (rc == 0)
        rc = program_build_free(&w->program, g->files, g->nfiles, g->args, g->nargs,
                                o->accesses ? BUILD_NOTED : BUILD_PLAIN,
                                o->optimise ? o->optimise - 1 : 0, e);
    if (rc == 0)
        rc = program_conditions(w->program, &(struct conditions){.input = g->input_file}, e);
    if (rc == 0 && w->program->warnings && *w->program->warnings)
        fprintf(stderr, "%s", w->program->warnings);
    return rc;
}

int live_watch(const struct options *o)
{
    struct watch w = {.o = o};
    struct err e = {0};
    int rc = live_options_of(o, &w.how, &e);
    if (rc == 0)
        rc = build(&w, &e);
    if (rc == 0)
        rc = live_load_begin(&w.load, o->load, w.how.processors, &e);
    if (rc == 0)
        rc = o->json || use_plain(o) ? in_lines(&w, &e) : on_screen(&w, &e);
    live_load_end(&w.load);
    if (w.program)
        program_free(w.program);
    if (w.controlled)
        program_free(w.controlled);
    given_fini(&w.given);
    return rc < 0 ? cmd_fail(o, &e) : rc;
}
