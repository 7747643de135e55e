/* What reaches a task from outside its own text: it acts on it at its steps only. */
#include "probe.h"

bool interrupt_ready(const struct task *t)
{
    (void)t;
    return false;
}

bool interrupt_act(struct task *t)
{
    (void)t;
    return true;
}
