/* A stretch of a live run as a recording. */
#include "live_trace_inside.h"
#include "recorder.h"
#include "schedule.h"

#include <stdlib.h>

/* What the program calls by a descriptor has no name of its own: as /proc/PID/fd has it. */
static void name_files(const struct live_model *m, struct recording *r)
{
    for (size_t i = 0; i < r->nnames; i++) {
        struct recorded_name *name = &r->names[i];
        if (name->is_place || !(name->addr & REC_FILE))
            continue;
        struct buf text = {0};
        live_say_file(m, name->addr & PLACE_ADDRESS, &text);
        free(name->text);
        name->text = text.data;
        name->is_private = 0;
    }
}

void live_record(const struct live_model *m, const struct names *names, uint64_t from, uint64_t to,
                 struct recording *r)
{
    struct buf notes = {0};
    trace_make(m, names, from, to, &r->trace, &notes);
    r->is_free = 1;
    if (names)
        recording_learn(r, names);
    name_files(m, r);
    const struct event *finding = trace_find_back(&r->trace, r->trace.nsteps, EV_FINDING);
    free(r->finding);
    r->finding = xstrdup(finding ? finding_word((unsigned)finding->a) : "");
    free(r->notes);
    r->notes = notes.data;
}
