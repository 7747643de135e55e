/* A program on a pseudo-terminal of its own, and a terminal emulator that shows what it drew. A
 * frame is read only after the program said that it is complete. Failures end the test. */
#ifndef LOCKSTEP_TESTS_TTY_H
#define LOCKSTEP_TESTS_TTY_H

#include "base.h"

#include <stdint.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

enum { TTY_DEADLINE_MS = 10000 };

struct tty {
    pid_t child;
    int master, frames;
    VTerm *vt;
    VTermScreen *screen;
    int altscreen, cursor_visible, mouse;
    struct termios before;
    struct buf raw; /* all that came */
};

/* Run child(ctx) in a process of its own on a terminal of that size; it should not return. Frames
 * are said on LOCKSTEP_FRAME_FD. */
void tty_open(struct tty *t, void (*child)(void *), void *ctx, const char *term, int cols,
              int rows);
/* Kill the child if it still lives, and free. */
void tty_close(struct tty *t);
/* Take what has come. Does not block. */
void tty_pump(struct tty *t);
/* Until the next complete frame; 0 when the child ended instead. */
int tty_wait_frame(struct tty *t);
/* Write bytes to the terminal and wait for the frame that follows. */
void tty_type(struct tty *t, const char *bytes);
/* Until the child ended: its wait status. */
int tty_wait_end(struct tty *t);
VTermScreenCell tty_cell(struct tty *t, int x, int y);
/* Where a text (ASCII) stands; 0 when it is nowhere. */
int tty_find(struct tty *t, const char *text, int *at_x, int *at_y);
int tty_has(struct tty *t, const char *text);
/* Frames until the text (ASCII) stands on the screen. */
void until_has(struct tty *t, const char *text);
/* Modes, screen and cursor are as they were before. */
void tty_assert_restored(struct tty *t);
int64_t tty_now_ms(void);

#endif
