/* Plain mode: a recording of a free run. Nothing is started: what it holds is told. */
#include "plain.h"

#include "explain.h"

#include <string.h>

static void tell_step(const struct recording *r, const struct names *names, struct world_view *v,
                      uint32_t step, enum plain_format format, struct buf *out)
{
    if (format == PLAIN_JSON)
        explain_json_line(&r->trace, v, step, names, out);
    else
        explain_plain_line(&r->trace, v, step, names, out);
    buf_puts(out, "\n");
}

static int tell_steps(const struct recording *r, const struct names *names,
                      enum plain_format format, struct err *e)
{
    struct world_view *v = world_view_new(&r->trace);
    struct buf out = {0};
    int rc = 0;
    if (format == PLAIN_LINES)
        buf_puts(&out, "step  task  process  file:line  operation  detail\n");
    for (uint32_t step = 1; step <= r->trace.nsteps && rc == 0; step++) {
        tell_step(r, names, v, step, format, &out);
        if (signal_caught())
            rc = err_set(e, ERR_INTERRUPTED, "interrupted");
        else if (out.len > 65536 && out_buf(&out) < 0)
            rc = err_set(e, ERR_WRITE, _("standard output cannot be written"));
    }
    if (rc == 0 && out_buf(&out) < 0)
        rc = err_set(e, ERR_WRITE, _("standard output cannot be written"));
    world_view_free(v);
    buf_fini(&out);
    return rc;
}

static void add_finding(const struct recording *r, const struct names *names, const struct event *f,
                        struct buf *out)
{
    struct place place = {"", "", 0};
    if (f->pc)
        names->place(names->ctx, f->pc - 1, &place);
    if (place.line)
        buf_printf(out, _("Finding: %s at %s:%d, step %u\n"), finding_name((unsigned)f->a),
                   place.file, place.line, f->step);
    else
        buf_printf(out, _("Finding: %s, step %u\n"), finding_name((unsigned)f->a), f->step);
    buf_puts(out, "  ");
    explain_finding(&r->trace, f, names, out);
    buf_puts(out, "\n");
}

static void add_end(const struct recording *r, struct buf *out)
{
    const struct event *end = trace_find_back(&r->trace, r->trace.nsteps, EV_FINISHED);
    char how[128];
    if (!end) {
        buf_puts(out, _("The recording ends while the program went on.\n"));
        return;
    }
    explain_finish(end, how, sizeof how);
    buf_printf(out, _("The program %s.\n"), how);
}

static void add_notes(const struct recording *r, struct buf *out)
{
    const char *at = r->notes ? r->notes : "";
    while (*at) {
        size_t n = strcspn(at, "\n");
        buf_puts(out, _("Note: "));
        buf_visible(out, at, n);
        buf_puts(out, ".\n");
        at += n + (at[n] != 0);
    }
    buf_puts(out,
             _("This was a free run: it can be looked at, not replayed under control; lockstep "
               "explore searches what the program can do.\n"));
}

int plain_recording(const struct recording *r, enum plain_format format, struct err *e)
{
    const struct names names = recording_names(r);
    struct buf out = {0};
    int findings = 0, rc = tell_steps(r, &names, format, e);
    for (size_t i = 0; i < r->trace.nevents; i++) {
        if (r->trace.events[i].kind != EV_FINDING)
            continue;
        add_finding(r, &names, &r->trace.events[i], &out);
        findings = 1;
    }
    add_end(r, &out);
    add_notes(r, &out);
    if (rc == 0 && format == PLAIN_LINES && out_buf(&out) < 0)
        rc = err_set(e, ERR_WRITE, _("standard output cannot be written"));
    buf_fini(&out);
    return rc < 0 ? rc : findings;
}
