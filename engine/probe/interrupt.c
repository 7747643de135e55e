/* What reaches a task from outside its own text: it acts on it at its steps only. */
#include "probe.h"

bool interrupt_ready(const struct task *t)
{
    return ((t->interrupt & INTERRUPT_SIGNAL) && signal_ready(t)) ||
           ((t->interrupt & INTERRUPT_ADVERSE) && adverse_interrupts(t));
}

bool interrupt_act(struct task *t)
{
    if ((t->interrupt & INTERRUPT_SIGNAL) && signal_ready(t))
        return signal_act(t);
    adverse_interrupt(t);
    return false;
}
