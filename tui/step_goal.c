#include "step_goal.h"

#include "switches.h"

void step_goal_words(const struct lesson_challenge *c, const struct trace *t, struct buf *out)
{
    struct switches made;
    if (c->goal_finding >= 0) {
        buf_printf(out, _("Goal: %s."), finding_name((unsigned)c->goal_finding));
    } else {
        struct buf wanted = {0};
        buf_visible(&wanted, c->goal_outcome.bytes, c->goal_outcome.n);
        buf_printf(out, _("Goal: it prints \"%s\" at its end."), wanted.data ? wanted.data : "");
        buf_fini(&wanted);
    }
    switches_of(t, &made);
    buf_puts(out, " ");
    if (c->least_switches >= 0)
        buf_printf(out, _("Switches: yours %zu, fewest %ld."), made.n, c->least_switches);
    else
        buf_printf(out, _("Switches: yours %zu."), made.n);
    switches_fini(&made);
}
