/* lockstep cc and lockstep c++: the compiler, with what lockstep needs added. */
#include "cmd.h"

static int compile(const struct options *o, int cxx)
{
    struct err e = {0};
    if (o->nargs == 0) {
        err_set(&e, ERR_USAGE, "what is to be compiled?");
        return cmd_fail(o, &e);
    }
    program_cc(cxx, o->nargs, o->args, &e);
    return cmd_fail(o, &e);
}

int cmd_cc(const struct options *o)
{
    return compile(o, 0);
}

int cmd_cxx(const struct options *o)
{
    return compile(o, 1);
}
