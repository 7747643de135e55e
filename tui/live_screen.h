/* The live screen: a program that runs free, drawn as it runs. */
#ifndef LOCKSTEP_LIVE_SCREEN_H
#define LOCKSTEP_LIVE_SCREEN_H

#include "live_port.h"
#include "ui.h"

struct live_view;

struct live_setup {
    const char *title; /* "counter.c"; borrowed */
    double seconds;    /* end the run after so long; 0: no limit */
};

/* Put the screen on top. The port is handed over. */
struct live_view *live_push(struct ui *ui, struct live_port port, const struct live_setup *setup);

/* How the last run has ended, when the screen is left: 0, or 1 when something bad was seen (it
 * crashed, hung, ended with a status that is not 0). Written when it is seen. */
int live_bad(const struct live_view *v);

#endif
