/* lockstep live: run a program free. Which way is told by the options. */
#include "cmd.h"

#include "cmd_live.h"

#include <string.h>

static int ends_in(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n > m && strcmp(s + n - m, end) == 0;
}

int cmd_live(const struct options *o)
{
    if (ends_in(o->operands[0], ".litmus"))
        return live_litmus(o);
    if (o->time)
        return live_time(o);
    if (o->runs)
        return live_runs(o);
    return live_watch(o);
}
