/* The whole way through a pseudo-terminal: keys in, a terminal emulator's screen out, colours,
 * resizing, suspending, signals, crashes. A frame is read only after the program said that it is
 * complete. */
#include "show.h"
#include "step.h"
#include "toy.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include <cmocka.h>

enum { DEADLINE_MS = 10000 };

/* base_fatal frees nothing and must end with its own status. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

struct tty {
    pid_t child;
    int master, frames;
    VTerm *vt;
    VTermScreen *screen;
    int altscreen, cursor_visible, mouse;
    struct termios before;
    struct buf raw; /* all that came */
};

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

static int64_t now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* -------- the child -------- */

static int crash_at_key;

/* A screen over the step screen whose keys end the program in bad ways. */
static void crash_draw(void *state, struct canvas *c)
{
    (void)state;
    canvas_text(c, 0, 0, ROLE_TEXT, "crash test");
}
static enum screen_id crash_keys(void *state)
{
    (void)state;
    return SCREEN_HELP;
}
static void crash_act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    (void)state;
    (void)ui;
    (void)action;
    (void)in;
}
static void crash_typed(void *state, struct ui *ui, const struct input *in)
{
    (void)state;
    (void)ui;
    if (in->key == 's')
        raise(SIGSEGV);
    if (in->key == 'a')
        abort();
    if (in->key == 'f')
        base_fatal("a fatal error on purpose");
    if (in->key == 'e')
        fprintf(stderr, "words to standard error\n");
    if (in->key == 'z')
        ui_leave(ui, 0);
}
static void crash_free(void *state)
{
    (void)state;
}
static const struct screen_ops crash_ops = {.draw = crash_draw,
                                            .keys = crash_keys,
                                            .act = crash_act,
                                            .typed = crash_typed,
                                            .free = crash_free};

static _Noreturn void run_child(enum toy_program program)
{
    struct tui_options o;
    struct ui ui;
    struct err e = {0};
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    tui_options_init(&o);
    ui_init(&ui, &o, 80, 24);
    struct step_setup setup = {.title = "toy", .program = "toy.c", .lesson = ""};
    step_push(&ui, toy_port(program), &setup);
    if (crash_at_key)
        ui_push(&ui, &crash_ops, NULL);
    int rc = ui_run(&ui, &e);
    if (rc < 0)
        fprintf(stderr, "%s\n", e.message);
    ui_fini(&ui);
    _exit(rc < 0 ? 99 : rc);
}

/* -------- the terminal -------- */

static void pump(struct tty *t)
{
    char bytes[65536];
    ssize_t n;
    while ((n = read(t->master, bytes, sizeof bytes)) > 0) {
        vterm_input_write(t->vt, bytes, (size_t)n);
        buf_add(&t->raw, bytes, (size_t)n);
    }
    vterm_screen_flush_damage(t->screen);
}

/* Until the child says that a frame is complete; 0 when it ended instead. */
static int wait_frame(struct tty *t)
{
    char byte, first = 0;
    int64_t deadline = now_ms() + DEADLINE_MS;
    for (;;) {
        struct pollfd polled[] = {{t->master, POLLIN, 0}, {t->frames, POLLIN, 0}};
        int64_t left = deadline - now_ms();
        if (left <= 0)
            fail_msg("no frame within %d ms", DEADLINE_MS);
        poll(polled, 2, (int)left);
        pump(t);
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
            pump(t); /* what was written before the frame was said is here by now */
            return 1;
        }
    }
}

static void open_tty(struct tty *t, enum toy_program program, const char *term, int cols, int rows)
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
    t->child = forkpty(&t->master, NULL, NULL, &size);
    assert_true(t->child >= 0);
    if (t->child == 0) {
        char number[16];
        close(frames[0]);
        snprintf(number, sizeof number, "%d", frames[1]);
        setenv("LOCKSTEP_FRAME_FD", number, 1);
        setenv("TERM", term, 1);
        run_child(program);
    }
    close(frames[1]);
    t->frames = frames[0];
    tcgetattr(t->master, &t->before);
    fcntl(t->master, F_SETFL, O_NONBLOCK);
}

static void type(struct tty *t, const char *bytes)
{
    assert_int_equal(write(t->master, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
    assert_true(wait_frame(t));
}

static int wait_end(struct tty *t)
{
    int status = 0;
    int64_t deadline = now_ms() + DEADLINE_MS;
    while (waitpid(t->child, &status, WNOHANG) == 0) {
        struct pollfd polled = {t->master, POLLIN, 0};
        if (now_ms() > deadline) {
            kill(t->child, SIGKILL);
            fail_msg("the child did not end");
        }
        poll(&polled, 1, 5);
        pump(t);
    }
    pump(t);
    t->child = 0;
    return status;
}

static void close_tty(struct tty *t)
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

static VTermScreenCell cell_at(struct tty *t, int x, int y)
{
    VTermScreenCell cell;
    memset(&cell, 0, sizeof cell);
    vterm_screen_get_cell(t->screen, (VTermPos){.row = y, .col = x}, &cell);
    return cell;
}

/* Where a text stands; 0 when it is nowhere. ASCII only. */
static int find(struct tty *t, const char *text, int *at_x, int *at_y)
{
    int rows, cols, n = (int)strlen(text);
    vterm_get_size(t->vt, &rows, &cols);
    for (int y = 0; y < rows; y++)
        for (int x = 0; x + n <= cols; x++) {
            int i = 0;
            while (i < n && cell_at(t, x + i, y).chars[0] == (uint32_t)text[i])
                i++;
            if (i == n) {
                *at_x = x;
                *at_y = y;
                return 1;
            }
        }
    return 0;
}

static int has(struct tty *t, const char *text)
{
    int x, y;
    return find(t, text, &x, &y);
}

/* Modes, screen and cursor are as they were before. */
static void assert_restored(struct tty *t)
{
    struct termios now;
    assert_false(t->altscreen);
    assert_true(t->cursor_visible);
    assert_int_equal(t->mouse, VTERM_PROP_MOUSE_NONE);
    assert_int_equal(tcgetattr(t->master, &now), 0);
    assert_int_equal(now.c_lflag, t->before.c_lflag);
    assert_int_equal(now.c_iflag, t->before.c_iflag);
    assert_int_equal(now.c_oflag, t->before.c_oflag);
}

/* -------- tests -------- */

static void keys_and_colours_go_all_the_way(void **state)
{
    (void)state;
    struct tty t;
    int x, y;
    open_tty(&t, TOY_COUNTER, "xterm-256color", 80, 24);
    assert_true(wait_frame(&t));
    assert_true(t.altscreen);
    assert_false(t.cursor_visible);
    assert_true(has(&t, "step 0/0"));
    type(&t, "0012");
    assert_true(has(&t, "step 4/4"));
    type(&t, "\033[D"); /* the arrow, in either of its forms */
    assert_true(has(&t, "step 3/4"));
    type(&t, "\033OC");
    assert_true(has(&t, "step 4/4"));
    assert_true(find(&t, "RUNNING", &x, &y));
    assert_int_equal(cell_at(&t, x, y).fg.indexed.idx, 43);
    assert_true(find(&t, "ready", &x, &y));
    assert_int_equal(cell_at(&t, x, y).fg.indexed.idx, 229);
    assert_true(find(&t, "lockstep", &x, &y));
    assert_true(cell_at(&t, x, y).attrs.reverse);
    type(&t, "\033[<0;20;11M\033[<0;20;11m"); /* a click in the timeline, on step 1 */
    assert_true(has(&t, "step 1/4"));
    assert_int_equal(write(t.master, "q", 1), 1);
    assert_int_equal(wait_end(&t), 0);
    assert_restored(&t);
    close_tty(&t);
}

static void no_colour_where_none_is_wanted(void **state)
{
    (void)state;
    struct tty t;
    setenv("NO_COLOR", "1", 1);
    open_tty(&t, TOY_LOCKS, "xterm-256color", 80, 24);
    unsetenv("NO_COLOR");
    assert_true(wait_frame(&t));
    type(&t, "f");
    for (int y = 0; y < 24; y++)
        for (int x = 0; x < 80; x++) {
            VTermColor fg = cell_at(&t, x, y).fg;
            assert_true(VTERM_COLOR_IS_DEFAULT_FG(&fg));
        }
    int x, y;
    assert_true(find(&t, "deadlock", &x, &y));
    close_tty(&t);
}

static void terminals_of_all_kinds_are_drawn_on(void **state)
{
    (void)state;
    static const char *const terms[] = {"xterm", "vt100", "linux", "screen", "xterm-16color"};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        struct tty t;
        open_tty(&t, TOY_COUNTER, terms[i], 80, 24);
        if (!wait_frame(&t)) { /* no such entry on this machine: said, and left alone */
            assert_int_not_equal(wait_end(&t), 0);
            assert_non_null(strstr(t.raw.data, "cannot draw"));
            close_tty(&t);
            continue;
        }
        type(&t, "0012f");
        assert_true(has(&t, "a data race"));
        assert_int_equal(write(t.master, "q", 1), 1);
        assert_int_equal(wait_end(&t), 0);
        close_tty(&t);
    }
}

static void a_terminal_that_cannot_draw_is_refused_with_a_word(void **state)
{
    (void)state;
    struct tty t;
    open_tty(&t, TOY_COUNTER, "no-such-terminal", 80, 24);
    assert_int_equal(WEXITSTATUS(wait_end(&t)), 99);
    assert_non_null(strstr(t.raw.data, "no-such-terminal"));
    close_tty(&t);
}

static void it_follows_the_size(void **state)
{
    (void)state;
    static const int sizes[][2] = {{120, 40}, {40, 10}, {200, 60}, {20, 5}, {80, 24}};
    struct tty t;
    open_tty(&t, TOY_COUNTER, "xterm-256color", 80, 24);
    assert_true(wait_frame(&t));
    type(&t, "0012");
    for (size_t i = 0; i < 5; i++) {
        struct winsize size = {.ws_col = (unsigned short)sizes[i][0],
                               .ws_row = (unsigned short)sizes[i][1]};
        vterm_set_size(t.vt, sizes[i][1], sizes[i][0]);
        assert_int_equal(ioctl(t.master, TIOCSWINSZ, &size), 0);
        assert_true(wait_frame(&t));
        assert_true(has(&t, "lockstep"));
        if (sizes[i][1] >= 10)
            assert_true(has(&t, "Timeline"));
        assert_int_equal(cell_at(&t, sizes[i][0] - 1, 1).chars[0], 0x2510);
    }
    close_tty(&t);
}

static void it_suspends_and_comes_back(void **state)
{
    (void)state;
    struct tty t;
    int status;
    open_tty(&t, TOY_COUNTER, "xterm-256color", 80, 24);
    assert_true(wait_frame(&t));
    type(&t, "00");
    /* The child leads its session, so there is no shell to stop for; SIGTSTP's default does nothing
     * in an orphaned group, and the screen must come back by itself. */
    kill(t.child, SIGTSTP);
    assert_true(wait_frame(&t));
    assert_true(t.altscreen);
    kill(t.child, SIGSTOP);
    assert_int_equal(waitpid(t.child, &status, WUNTRACED), t.child);
    kill(t.child, SIGCONT);
    assert_true(wait_frame(&t));
    assert_true(has(&t, "step 2/2"));
    type(&t, "1");
    assert_true(has(&t, "step 3/3"));
    close_tty(&t);
}

static void signals_leave_a_sound_terminal(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT};
    for (size_t i = 0; i < 3; i++) {
        struct tty t;
        open_tty(&t, TOY_COUNTER, "xterm-256color", 80, 24);
        assert_true(wait_frame(&t));
        kill(t.child, signals[i]);
        int status = wait_end(&t);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 128 + signals[i]);
        assert_restored(&t);
        close_tty(&t);
    }
}

static void crashes_leave_a_sound_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        int signal, status;
        const char *words;
    } rows[] = {
        {"s", SIGSEGV, 0, ""}, {"a", SIGABRT, 0, ""}, {"f", 0, 70, "a fatal error on purpose"}};
    crash_at_key = 1;
    for (size_t i = 0; i < 3; i++) {
        struct tty t;
        open_tty(&t, TOY_COUNTER, "xterm-256color", 80, 24);
        assert_true(wait_frame(&t));
        assert_int_equal(write(t.master, rows[i].key, 1), 1);
        int status = wait_end(&t);
        if (rows[i].signal)
            assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
        else
            assert_int_equal(WEXITSTATUS(status), rows[i].status);
        assert_restored(&t);
        assert_non_null(strstr(t.raw.data, rows[i].words));
        close_tty(&t);
    }
    crash_at_key = 0;
}

static void standard_error_waits_until_the_screen_is_gone(void **state)
{
    (void)state;
    struct tty t;
    crash_at_key = 1;
    open_tty(&t, TOY_COUNTER, "xterm-256color", 80, 24);
    crash_at_key = 0;
    assert_true(wait_frame(&t));
    type(&t, "e");
    assert_null(strstr(t.raw.data, "words to standard error"));
    assert_int_equal(write(t.master, "z", 1), 1);
    assert_int_equal(wait_end(&t), 0);
    assert_non_null(strstr(t.raw.data, "words to standard error"));
    assert_restored(&t);
    close_tty(&t);
}

static void a_terminal_that_goes_away_ends_it(void **state)
{
    (void)state;
    struct tty t;
    int status = 0;
    open_tty(&t, TOY_COUNTER, "xterm-256color", 80, 24);
    assert_true(wait_frame(&t));
    close(t.master);
    t.master = open("/dev/null", O_RDONLY | O_NONBLOCK);
    int64_t deadline = now_ms() + DEADLINE_MS;
    struct pollfd polled = {t.frames, POLLIN, 0};
    while (waitpid(t.child, &status, WNOHANG) == 0 && now_ms() < deadline)
        poll(&polled, 0, 5);
    t.child = now_ms() < deadline ? 0 : t.child;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 129);
    close_tty(&t);
}

/* Processor time of the child, in clock ticks. */
static long ticks_of(pid_t pid)
{
    char path[64], line[1024];
    long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    fclose(f);
    sscanf(strrchr(line, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld", &user,
           &system);
    return user + system;
}

static void idle_costs_nothing(void **state)
{
    (void)state;
    struct tty t;
    open_tty(&t, TOY_COUNTER, "xterm-256color", 80, 24);
    assert_true(wait_frame(&t));
    type(&t, "00");
    long before = ticks_of(t.child);
    /* Nothing may come within this time, so this is no wait for a state: silence is the state. */
    struct pollfd polled[] = {{t.frames, POLLIN, 0}, {t.master, POLLIN, 0}};
    assert_int_equal(poll(polled, 2, 700), 0);
    assert_true(ticks_of(t.child) - before <= 1);
    close_tty(&t);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("NO_COLOR");
    setenv("LOCKSTEP_THEME", "", 1);
    golden_options(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_and_colours_go_all_the_way),
        cmocka_unit_test(no_colour_where_none_is_wanted),
        cmocka_unit_test(terminals_of_all_kinds_are_drawn_on),
        cmocka_unit_test(a_terminal_that_cannot_draw_is_refused_with_a_word),
        cmocka_unit_test(it_follows_the_size),
        cmocka_unit_test(it_suspends_and_comes_back),
        cmocka_unit_test(signals_leave_a_sound_terminal),
        cmocka_unit_test(crashes_leave_a_sound_terminal),
        cmocka_unit_test(standard_error_waits_until_the_screen_is_gone),
        cmocka_unit_test(a_terminal_that_goes_away_ends_it),
        cmocka_unit_test(idle_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
