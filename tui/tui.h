/* The drawn interface: what the commands call. Host thread only; each call blocks until the learner
 * leaves, and gives the terminal back as it was, whatever ends it (crashes and base_fatal
 * included).
 *
 * Returns 0 when the learner left, 128+n when signal n asked to leave, -ERR_* when it could not
 * begin (*e says why; nothing was drawn then). */
#ifndef LOCKSTEP_TUI_H
#define LOCKSTEP_TUI_H

#include "base.h"
#include "program.h"
#include "schedule.h"

#include <stdio.h>

struct store;
struct catalogue;
struct live_source;
struct port;
struct port_control;

enum tui_theme { TUI_DARK, TUI_LIGHT, TUI_MONO };

struct tui_options {
    enum tui_theme theme;
    int colours;        /* 0: as many as the terminal has; else 16 or 256 at most */
    int ascii;          /* 1: only ASCII is drawn */
    int wide;           /* 1: but for wide characters, which the terminal shows */
    int mouse;          /* 1: clicks and the wheel are ours */
    int main_exit_wait; /* for the programs that are stepped: see session_options */
    uint32_t stuck_ms;
};

/* The defaults: what the configuration and the environment say (tui/config.h), NO_COLOR, COLORFGBG,
 * and the locale's character set. Calls setlocale for LC_CTYPE. */
void tui_options_init(struct tui_options *o);
/* -1 if the word is none of dark, light, mono. */
int tui_theme_parse(const char *word);
/* 1 if standard input and output are a terminal on which screens can be drawn; else 0, and the
 * caller uses plain mode. ACCESSIBLE and TERM=dumb count as 0. */
int tui_possible(void);

/* The lessons by unit. store may be NULL (nothing is kept then); both are borrowed. */
int tui_home(const struct tui_options *o, const struct catalogue *lessons, struct store *store,
             struct err *e);
/* One lesson, opened where the learner left it; Esc goes to the home screen. -ERR_NOT_FOUND. */
int tui_lesson(const struct tui_options *o, const struct catalogue *lessons, struct store *store,
               const char *id, struct err *e);
/* Present a talk to a class (handed over), from slide `first` on. *at is the slide it was left at.
 */
struct talk;
int tui_present(const struct tui_options *o, const struct catalogue *lessons, struct store *store,
                struct talk *talk, size_t first, size_t *at, struct err *e);
/* Step a program. start: NULL, or a schedule of *p to replay first; the cursor then stands at its
 * decisive step. */
int tui_run(const struct tui_options *o, struct program *p, const struct schedule *start,
            struct store *store, struct err *e);

/* Look at a recording of a free run (handed over). *control gets its program under
 * control, for searching it (see port.h). */
int tui_recording(const struct tui_options *o, struct recording *r, const char *title,
                  const struct port_control *control, struct store *store, struct err *e);

/* Watch a program that runs free (tui/live_port.h); `seconds`: ended after so long, 0: no limit.
 * Leaving ends it. *bad becomes 1 when something bad was seen: it crashed, hung, or ended with a
 * status other than 0. Errors of live_open, too. */
int tui_live(const struct tui_options *o, const struct live_source *source, const char *title,
             double seconds, struct store *store, int *bad, struct err *e);

/* The keys, from the one table of them (tui/keys_*.def). */
void keys_print_man(FILE *out);  /* roff, a .SS a screen */
void keys_print_text(FILE *out); /* a table in plain text, for the README */

#endif
