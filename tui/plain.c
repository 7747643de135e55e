#include "plain.h"

#include "explain.h"
#include "session.h"

#include <stdlib.h>
#include <string.h>

enum { SLICE_STEPS = 4096, SLICE_MS = 100, MAX_CHOICES = 1024 };

int plain_open(struct plain *p, const struct given *g, struct program *program, int main_exit_wait,
               enum plain_format format, struct err *e)
{
    *p = (struct plain){
        .format = format, .main_exit_wait = main_exit_wait, .given = g, .program = program};
    struct session_options o = {.main_exit_wait = main_exit_wait};
    int r = session_open(&p->session, program, &o, e);
    if (r < 0)
        return r;
    p->view = world_view_new(session_trace(p->session));
    return 0;
}

void plain_close(struct plain *p)
{
    if (p->view)
        world_view_free(p->view);
    session_close(p->session);
    p->view = NULL;
    p->session = NULL;
}

/* Wait for a running target, in slices, so that Ctrl-C is noticed. */
static int settle(struct plain *p, int r, struct err *e)
{
    while (r == -ERR_BUSY) {
        if (signal_caught())
            return err_set(e, ERR_INTERRUPTED, "interrupted");
        r = session_wait(p->session, SLICE_MS, e);
    }
    return r;
}

static void tell_step(struct plain *p, uint32_t step, struct buf *out)
{
    const struct trace *t = session_trace(p->session);
    const struct names *names = session_names(p->session);
    if (p->format == PLAIN_JSON) {
        explain_json_line(t, p->view, step, names, out);
        buf_puts(out, "\n");
        return;
    }
    explain_plain_line(t, p->view, step, names, out);
    buf_puts(out, "\n");
}

int plain_tell(struct plain *p)
{
    struct buf out = {0};
    int r = 0;
    if (p->muted)
        return 0;
    if (!p->began && p->format == PLAIN_LINES)
        buf_puts(&out, "step  task  process  file:line  operation  detail\n");
    p->began = 1;
    while (p->told < session_trace(p->session)->nsteps && r == 0) {
        tell_step(p, ++p->told, &out);
        if (out.len > 65536)
            r = out_buf(&out);
    }
    if (r == 0)
        r = out_buf(&out);
    buf_fini(&out);
    return r;
}

static int told(struct plain *p, struct err *e)
{
    return plain_tell(p) < 0 ? err_set(e, ERR_WRITE, _("standard output cannot be written")) : 0;
}

int plain_finish(struct plain *p, struct err *e)
{
    const struct trace *t = session_trace(p->session);
    int r = told(p, e);
    while (r == 0 && !session_finished(p->session)) {
        size_t before = t->nevents;
        if (signal_caught())
            return err_set(e, ERR_INTERRUPTED, "interrupted");
        r = settle(p, session_run(p->session, SLICE_STEPS, SLICE_MS, e), e);
        if (r == 0 && t->nevents == before && !session_finished(p->session))
            return err_set(e, ERR_INTERNAL, _("the program does not go on after step %u"),
                           t->nsteps);
        int w = told(p, e);
        r = r < 0 ? r : w;
    }
    return r;
}

int plain_replay(struct plain *p, const struct schedule *schedule, const struct trace *expected,
                 struct err *e)
{
    int r = expected ? session_replay_trace(p->session, schedule, expected, SLICE_MS, e)
                     : session_replay(p->session, schedule, SLICE_MS, e);
    r = settle(p, r, e);
    world_view_reset(p->view);
    p->told = 0;
    int w = plain_tell(p);
    return r < 0 || w == 0 ? r : err_set(e, ERR_WRITE, _("standard output cannot be written"));
}

static const struct event *first_finding(const struct plain *p)
{
    const struct trace *t = session_trace(p->session);
    for (size_t i = 0; i < t->nevents; i++)
        if (t->events[i].kind == EV_FINDING)
            return &t->events[i];
    return NULL;
}

int plain_status(const struct plain *p)
{
    return p->session && first_finding(p) != NULL;
}

static struct place place_of(const struct plain *p, uint64_t pc)
{
    struct place place = {"", "", 0};
    const struct names *names = session_names(p->session);
    if (pc)
        names->place(names->ctx, pc - 1, &place);
    return place;
}

static void summary_finding(struct plain *p, const struct event *f, struct buf *out)
{
    struct place place = place_of(p, f->pc);
    if (place.line)
        buf_printf(out, _("Finding: %s at %s:%d, step %u\n"), finding_name((unsigned)f->a),
                   place.file, place.line, f->step);
    else
        buf_printf(out, _("Finding: %s, step %u\n"), finding_name((unsigned)f->a), f->step);
    buf_puts(out, "  ");
    explain_finding(session_trace(p->session), f, session_names(p->session), out);
    buf_puts(out, "\n");
}

static void summary_output(struct plain *p, struct buf *out)
{
    struct buf text = {0}, visible = {0};
    world_output(session_trace(p->session), session_trace(p->session)->nsteps, 0, &text);
    size_t shown = text.len < 2000 ? text.len : 2000;
    buf_visible(&visible, text.data ? text.data : "", shown);
    if (shown < text.len)
        buf_printf(out, _("Output: \"%s\" and %zu bytes more\n"), visible.data, text.len - shown);
    else if (text.len)
        buf_printf(out, _("Output: \"%s\"\n"), visible.data);
    else
        buf_puts(out, _("Output: none\n"));
    buf_fini(&text);
    buf_fini(&visible);
}

/* The same kind at the same place was told already: one race shows at several accesses. */
static int is_repeated(const struct trace *t, size_t index)
{
    const struct event *f = &t->events[index];
    for (size_t i = 0; i < index; i++) {
        const struct event *x = &t->events[i];
        if (x->kind == EV_FINDING && x->a == f->a && x->addr == f->addr)
            return 1;
    }
    return 0;
}

static void summary_lines(struct plain *p, struct buf *out)
{
    const struct trace *t = session_trace(p->session);
    const struct event *end = trace_find_back(t, t->nsteps, EV_FINISHED);
    char how[200];
    buf_puts(out, "\n");
    summary_output(p, out);
    if (end) {
        explain_finish(end, how, sizeof how);
        buf_printf(out, _("The program %s, after %u steps.\n"), how, t->nsteps);
    } else {
        buf_printf(out, _("The program has not ended; %u steps were made.\n"), t->nsteps);
    }
    for (size_t i = 0; i < t->nevents; i++)
        if (t->events[i].kind == EV_FINDING && !is_repeated(t, i))
            summary_finding(p, &t->events[i], out);
    buf_puts(out, _("This execution again:\n  "));
    given_replay_line(out, p->given, session_schedule(p->session));
    buf_puts(out, "\n");
}

static void json_string(struct buf *out, const char *s)
{
    buf_json(out, s, strlen(s));
}

static void json_schedule(struct plain *p, struct buf *out)
{
    struct buf token = {0};
    schedule_format(session_schedule(p->session), &token);
    buf_puts(out, ",\"schedule\":");
    json_string(out, token.data ? token.data : "");
    buf_puts(out, "}\n");
    buf_fini(&token);
}

static void json_finding(struct plain *p, const struct event *f, struct buf *out)
{
    struct place place = place_of(p, f->pc);
    struct buf message = {0};
    explain_finding(session_trace(p->session), f, session_names(p->session), &message);
    buf_printf(out, "{\"step\":%u,\"operation\":\"finding\",\"kind\":\"%s\",\"message\":", f->step,
               finding_name((unsigned)f->a));
    json_string(out, message.data ? message.data : "");
    buf_puts(out, ",\"file\":");
    json_string(out, place.file);
    buf_printf(out, ",\"line\":%d,\"task\":\"T%u\"", place.line, f->task);
    json_schedule(p, out);
    buf_fini(&message);
}

static void summary_json(struct plain *p, struct buf *out)
{
    const struct trace *t = session_trace(p->session);
    const struct event *end = trace_find_back(t, t->nsteps, EV_FINISHED);
    for (size_t i = 0; i < t->nevents; i++)
        if (t->events[i].kind == EV_FINDING && !is_repeated(t, i))
            json_finding(p, &t->events[i], out);
    if (!end)
        return;
    char how[200];
    explain_finish(end, how, sizeof how);
    buf_printf(out, "{\"step\":%u,\"operation\":\"finished\",\"detail\":", t->nsteps);
    json_string(out, how);
    if (end->a == FINISH_EXIT)
        buf_printf(out, ",\"exit\":%d,\"signal\":null", end->result);
    else if (end->a == FINISH_SIGNAL)
        buf_printf(out, ",\"exit\":null,\"signal\":%d", (int)end->b);
    else
        buf_puts(out, ",\"exit\":null,\"signal\":null");
    json_schedule(p, out);
}

int plain_summary(struct plain *p)
{
    struct buf out = {0};
    if (p->format == PLAIN_JSON)
        summary_json(p, &out);
    else
        summary_lines(p, &out);
    int r = out_buf(&out);
    buf_fini(&out);
    return r;
}

static void possible(struct plain *p, const struct choice *c, int n, struct buf *out)
{
    (void)p;
    for (int i = 0; i < n; i++)
        buf_printf(out, "%s%u", i ? ", " : "", c[i].task);
}

static int choose_one(struct plain *p, unsigned long task, int position, struct err *e)
{
    struct choice *c = xcalloc(MAX_CHOICES, sizeof *c);
    int n = session_choices(p->session, c, MAX_CHOICES), r = 1;
    for (int i = 0; i < n && r > 0; i++)
        if (c[i].task == task)
            r = settle(p, session_step(p->session, c[i].choice, SLICE_MS, e), e);
    if (r > 0 && n == 0) {
        r = err_set(e, ERR_DATA,
                    _("--choose: choice %d is one too many: the program ended at step %u"),
                    position, session_trace(p->session)->nsteps);
    } else if (r > 0) {
        struct buf which = {0};
        possible(p, c, n, &which);
        r = err_set(e, ERR_DATA,
                    _("--choose: choice %d (after step %u): T%lu cannot be chosen; possible: %s"),
                    position, session_trace(p->session)->nsteps, task, which.data);
        buf_fini(&which);
    }
    free(c);
    return r;
}

int plain_choose(struct plain *p, const char *list, struct err *e)
{
    const char *s = list;
    for (int position = 1; *s; position++) {
        char *end;
        unsigned long task = *s >= '0' && *s <= '9' ? strtoul(s, &end, 10) : MAX_TASKS;
        if (task >= MAX_TASKS || (*end && (*end != ',' || !end[1])))
            return err_set(
                e, ERR_USAGE,
                _("--choose: column %zu of '%s': task numbers with commas are expected, as "
                  "0,1,1"),
                (size_t)(s - list) + 1, list);
        int r = choose_one(p, task, position, e);
        if (r < 0)
            return r;
        s = *end ? end + 1 : end;
    }
    return 0;
}
