/* See tty.h. */
#include "tty.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

#include <cmocka.h>

enum { DEADLINE_MS = TTY_DEADLINE_MS };

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
    struct tty *t = user;
    if (prop == VTERM_PROP_ALTSCREEN)
        t->altscreen = value->boolean;
    if (prop == VTERM_PROP_CURSORVISIBLE)
        t->cursor_visible = value->boolean;
    if (prop == VTERM_PROP_MOUSE)
        t->mouse = value->number;
    return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

int64_t tty_now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void tty_pump(struct tty *t)
{
    char bytes[65536];
    ssize_t n;
    while ((n = read(t->master, bytes, sizeof bytes)) > 0) {
        vterm_input_write(t->vt, bytes, (size_t)n);
        buf_add(&t->raw, bytes, (size_t)n);
    }
    vterm_screen_flush_damage(t->screen);
}

/* What stands on the screen, for the one who reads of a failure. */
static void print_screen(struct tty *t)
{
    int rows, cols;
    vterm_get_size(t->vt, &rows, &cols);
    for (int y = 0; y < rows; y++) {
        fprintf(stderr, "# ");
        for (int x = 0; x < cols; x++) {
            uint32_t ch = tty_cell(t, x, y).chars[0];
            fputc(ch < 32 ? ' ' : ch < 127 ? (int)ch : '.', stderr);
        }
        fputc('\n', stderr);
    }
}

/* Until the child says that a frame is complete; 0 when it ended instead. */
int tty_wait_frame(struct tty *t)
{
    char byte, first = 0;
    int64_t deadline = tty_now_ms() + DEADLINE_MS;
    for (;;) {
        struct pollfd polled[] = {{t->master, POLLIN, 0}, {t->frames, POLLIN, 0}};
        int64_t left = deadline - tty_now_ms();
        if (left <= 0) {
            print_screen(t);
            fail_msg("no frame within %d ms", DEADLINE_MS);
        }
        poll(polled, 2, (int)left);
        tty_pump(t);
        if (!(polled[1].revents & (POLLIN | POLLHUP)))
            continue;
        ssize_t n = read(t->frames, &byte, 1);
        if (n == 0)
            return 0;
        if (!first)
            first = byte;
        if (n == 1 && byte == '\n' && first != 'f')
            first = 0; /* "busy": more is to come */
        else if (n == 1 && byte == '\n') {
            tty_pump(t); /* what was written before the frame was said is here by now */
            return 1;
        }
    }
}

void tty_open(struct tty *t, void (*child)(void *), void *ctx, const char *term, int cols, int rows)
{
    int frames[2];
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    memset(t, 0, sizeof *t);
    t->vt = vterm_new(rows, cols);
    vterm_set_utf8(t->vt, 1);
    t->screen = vterm_obtain_screen(t->vt);
    vterm_screen_enable_altscreen(t->screen, 1);
    vterm_screen_set_callbacks(t->screen, &callbacks, t);
    vterm_screen_reset(t->screen, 1);
    assert_int_equal(pipe(frames), 0);
    int slave;
    assert_int_equal(openpty(&t->master, &slave, NULL, NULL, &size), 0);
    tcgetattr(slave, &t->before); /* the child may change it as soon as it is there */
    t->child = fork();
    assert_true(t->child >= 0);
    if (t->child == 0) {
        char number[16];
        close(t->master);
        if (login_tty(slave))
            _exit(98);
        close(frames[0]);
        snprintf(number, sizeof number, "%d", frames[1]);
        setenv("LOCKSTEP_FRAME_FD", number, 1);
        setenv("TERM", term, 1);
        child(ctx);
        _exit(99);
    }
    close(slave);
    close(frames[1]);
    t->frames = frames[0];
    fcntl(t->master, F_SETFL, O_NONBLOCK);
}

void tty_type(struct tty *t, const char *bytes)
{
    assert_int_equal(write(t->master, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
    assert_true(tty_wait_frame(t));
}

int tty_wait_end(struct tty *t)
{
    int status = 0;
    int64_t deadline = tty_now_ms() + DEADLINE_MS;
    while (waitpid(t->child, &status, WNOHANG) == 0) {
        struct pollfd polled = {t->master, POLLIN, 0};
        if (tty_now_ms() > deadline) {
            kill(t->child, SIGKILL);
            fail_msg("the child did not end");
        }
        poll(&polled, 1, 5);
        tty_pump(t);
    }
    tty_pump(t);
    t->child = 0;
    return status;
}

void tty_close(struct tty *t)
{
    if (t->child > 0) {
        kill(t->child, SIGKILL);
        waitpid(t->child, NULL, 0);
    }
    close(t->master);
    close(t->frames);
    vterm_free(t->vt);
    buf_fini(&t->raw);
}

VTermScreenCell tty_cell(struct tty *t, int x, int y)
{
    VTermScreenCell cell;
    memset(&cell, 0, sizeof cell);
    vterm_screen_get_cell(t->screen, (VTermPos){.row = y, .col = x}, &cell);
    return cell;
}

/* Where a text stands; 0 when it is nowhere. ASCII only. */
int tty_find(struct tty *t, const char *text, int *at_x, int *at_y)
{
    int rows, cols, n = (int)strlen(text);
    vterm_get_size(t->vt, &rows, &cols);
    for (int y = 0; y < rows; y++)
        for (int x = 0; x + n <= cols; x++) {
            int i = 0;
            while (i < n && tty_cell(t, x + i, y).chars[0] == (uint32_t)text[i])
                i++;
            if (i == n) {
                *at_x = x;
                *at_y = y;
                return 1;
            }
        }
    return 0;
}

int tty_has(struct tty *t, const char *text)
{
    int x, y;
    return tty_find(t, text, &x, &y);
}

/* By the last word that was sent about it, if any: leaving the other screen gives the emulator back
 * a cursor as hidden as it was at the last DECSC, which no terminal does. */
static int is_cursor_shown(const struct tty *t)
{
    static const char about[] = "\033[?25";
    const char *last = NULL, *at = t->raw.data, *end = at + t->raw.len;
    while (at && (at = memmem(at, (size_t)(end - at), about, sizeof about - 1)) != NULL)
        last = at += sizeof about - 1;
    return last && last < end ? *last == 'h' : t->cursor_visible;
}

/* Modes, screen and cursor are as they were before. */
void tty_assert_restored(struct tty *t)
{
    struct termios now;
    assert_false(t->altscreen);
    assert_true(is_cursor_shown(t));
    assert_int_equal(t->mouse, VTERM_PROP_MOUSE_NONE);
    assert_int_equal(tcgetattr(t->master, &now), 0);
    assert_int_equal(now.c_lflag, t->before.c_lflag);
    assert_int_equal(now.c_iflag, t->before.c_iflag);
    assert_int_equal(now.c_oflag, t->before.c_oflag);
}

void until_has(struct tty *t, const char *text)
{
    int64_t deadline = tty_now_ms() + TTY_DEADLINE_MS;
    while (!tty_has(t, text)) {
        if (tty_now_ms() > deadline)
            fail_msg("\"%s\" does not come", text);
        assert_true(tty_wait_frame(t));
    }
}
