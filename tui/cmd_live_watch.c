#include "cmd.h"

#include "cmd_live.h"

int live_watch(const struct options *o)
{
    struct err e = {0};
    err_set(&e, ERR_UNSUPPORTED, "this way of running free is not there yet");
    return cmd_fail(o, &e);
}
