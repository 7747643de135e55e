/* lockstep cc: the compiler, with what lockstep needs added. */
#include "cmd.h"

int cmd_cc(const struct options *o)
{
    struct err e = {0};
    if (o->nargs == 0) {
        err_set(&e, ERR_USAGE, "what is to be compiled?");
        return cmd_fail(o, &e);
    }
    program_cc(o->nargs, o->args, &e);
    return cmd_fail(o, &e);
}
