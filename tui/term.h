/* The terminal: the only part that knows curses. It shows a canvas, sending only what changed, and
 * turns what is typed, clicked and signalled into inputs. One at a time; host thread only. */
#ifndef LOCKSTEP_TERM_H
#define LOCKSTEP_TERM_H

#include "canvas.h"

struct input {
    int key;     /* see keys.h */
    int x, y;    /* K_MOUSE: the cell */
    int wheel;   /* K_MOUSE: -1 up, 1 down, 0 a click */
    int clicks;  /* K_MOUSE: 2 for the second of two quick ones on the same cell */
    int64_t now; /* ms of the monotonic clock when it came */
};

/* What signals asked for since the last look. */
struct term_signals {
    int resized;
    int interrupt; /* Ctrl-C */
    int leave;     /* number of SIGTERM, SIGHUP or SIGQUIT, 0 none */
};

/* Take the terminal: signal handlers, full screen, mouse. From here to term_close standard error is
 * kept aside and shown afterwards, so that nothing can be written across the screen. Fatal signals
 * and base_fatal give the terminal back. -ERR_UNSUPPORTED when TERM cannot be drawn on. */
int term_open(const struct tui_options *o, struct err *e);
/* While it is open: other colours, with or without the mouse. */
void term_use(const struct tui_options *o);
/* Give it back as it was. Harmless when it is not open. */
void term_close(void);
void term_size(int *cols, int *rows);

/* Block until there is input, a signal, `fd` (-1 none) is readable, or timeout_ms passed (-1: no
 * bound). */
void term_wait(int fd, int timeout_ms);
/* The next input without waiting: 1, or 0 when there is none; -1 when the terminal is gone. */
int term_read(struct input *in);
/* What was signalled; SIGTSTP and SIGCONT are dealt with here (suspends the program). */
struct term_signals term_signals(void);

/* 1 when the terminal takes output now; 0 while it is behind, or stopped by Ctrl-S. Does not wait.
 */
int term_takes(void);
/* Show the canvas; everything anew when it changed size, or after term_redraw. 1 when it is out; 0
 * when the terminal did not take all of it soon: the rest goes with the next call. When it is out
 * and no input waits, a line "frame" goes to the descriptor LOCKSTEP_FRAME_FD names (for tests);
 * "busy" when the program is at work and will show more by itself: then a slow terminal is waited
 * for. */
int term_show(const struct canvas *c, int busy);
void term_redraw(void);
/* Another theme from now on. painted: with a background of its own, so that light is light on a
 * dark terminal, too; else the terminal's. Harmless when it is not open. */
void term_theme(enum tui_theme theme, int painted);
/* Run a program on the terminal, which it has for itself, and wait for its end; then everything is
 * drawn anew. Ctrl-Z stops both. Its wait status, -1 when it could not be started, -ERR_USAGE when
 * the terminal is not open (nothing is run then). */
int term_run(char *const argv[]);
/* Milliseconds of the monotonic clock. */
int64_t term_now_ms(void);

#endif
