/* A stretch of a live run as a recording. */
#include "live_inside.h"
#include "schedule.h"

#include <stdlib.h>

void live_record(const struct live_model *m, const struct names *names, uint64_t from, uint64_t to,
                 struct recording *r)
{
    struct buf notes = {0};
    live_trace(m, from, to, &r->trace, &notes);
    r->is_free = 1;
    if (names)
        recording_learn(r, names);
    const struct event *finding = trace_find_back(&r->trace, r->trace.nsteps, EV_FINDING);
    free(r->finding);
    r->finding = xstrdup(finding ? finding_word((unsigned)finding->a) : "");
    free(r->notes);
    r->notes = notes.data;
}
