/* The whole way through a pseudo-terminal: keys in, a terminal emulator's screen out, colours,
 * resizing, suspending, signals, crashes. A frame is read only after the program said that it is
 * complete. */
#include "show.h"
#include "step.h"
#include "toy.h"
#include "tty.h"

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

/* base_fatal frees nothing and must end with its own status. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
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

/* In the child: the step screen over a toy. */
static void run_child(void *ctx)
{
    const enum toy_program *program = ctx;
    struct tui_options o;
    struct ui ui;
    struct err e = {0};
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    tui_options_init(&o);
    ui_init(&ui, &o, 80, 24);
    struct step_setup setup = {.title = "toy", .program = "toy.c", .lesson = ""};
    step_push(&ui, toy_port(*program), &setup);
    if (crash_at_key)
        ui_push(&ui, &crash_ops, NULL);
    int rc = ui_run(&ui, &e);
    if (rc < 0)
        fprintf(stderr, "%s\n", e.message);
    ui_fini(&ui);
    _exit(rc < 0 ? 99 : rc);
}

static void open_tty(struct tty *t, enum toy_program program, const char *term, int cols, int rows)
{
    tty_open(t, run_child, &program, term, cols, rows);
}

/* -------- tests -------- */

static void keys_and_colours_go_all_the_way(void **state)
{
    (void)state;
    struct tty t;
    int x, y;
    open_tty(&t, TOY_COUNTER, "xterm-256color", 80, 24);
    assert_true(tty_wait_frame(&t));
    assert_true(t.altscreen);
    assert_false(t.cursor_visible);
    assert_true(tty_has(&t, "step 0/0"));
    tty_type(&t, "0012");
    assert_true(tty_has(&t, "step 4/4"));
    tty_type(&t, "\033[D"); /* the arrow, in either of its forms */
    assert_true(tty_has(&t, "step 3/4"));
    tty_type(&t, "\033OC");
    assert_true(tty_has(&t, "step 4/4"));
    assert_true(tty_find(&t, "RUNNING", &x, &y));
    assert_int_equal(tty_cell(&t, x, y).fg.indexed.idx, 43);
    assert_true(tty_find(&t, "ready", &x, &y));
    assert_int_equal(tty_cell(&t, x, y).fg.indexed.idx, 229);
    assert_true(tty_find(&t, "lockstep", &x, &y));
    assert_true(tty_cell(&t, x, y).attrs.reverse);
    tty_type(&t, "\033[<0;20;11M\033[<0;20;11m"); /* a click in the timeline, on step 1 */
    assert_true(tty_has(&t, "step 1/4"));
    assert_int_equal(write(t.master, "q", 1), 1);
    assert_int_equal(tty_wait_end(&t), 0);
    tty_assert_restored(&t);
    tty_close(&t);
}

static void no_colour_where_none_is_wanted(void **state)
{
    (void)state;
    struct tty t;
    setenv("NO_COLOR", "1", 1);
    open_tty(&t, TOY_LOCKS, "xterm-256color", 80, 24);
    unsetenv("NO_COLOR");
    assert_true(tty_wait_frame(&t));
    tty_type(&t, "f");
    until_has(&t, "deadlock");
    for (int y = 0; y < 24; y++)
        for (int x = 0; x < 80; x++) {
            VTermColor fg = tty_cell(&t, x, y).fg;
            assert_true(VTERM_COLOR_IS_DEFAULT_FG(&fg));
        }
    int x, y;
    assert_true(tty_find(&t, "deadlock", &x, &y));
    tty_close(&t);
}

static void terminals_of_all_kinds_are_drawn_on(void **state)
{
    (void)state;
    static const char *const terms[] = {"xterm", "vt100", "linux", "screen", "xterm-16color"};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        struct tty t;
        open_tty(&t, TOY_COUNTER, terms[i], 80, 24);
        if (!tty_wait_frame(&t)) { /* no such entry on this machine: said, and left alone */
            assert_int_not_equal(tty_wait_end(&t), 0);
            assert_non_null(strstr(t.raw.data, "cannot draw"));
            tty_close(&t);
            continue;
        }
        tty_type(&t, "0012f");
        until_has(&t, "a data race");
        assert_int_equal(write(t.master, "q", 1), 1);
        assert_int_equal(tty_wait_end(&t), 0);
        tty_close(&t);
    }
}

static void old_terminals_get_ascii_only(void **state)
{
    (void)state;
    struct tty t;
    open_tty(&t, TOY_COUNTER, "vt100", 80, 24); /* the locale is one of UTF-8 */
    assert_true(tty_wait_frame(&t));
    tty_type(&t, "0012f");
    for (size_t i = 0; i < t.raw.len; i++)
        assert_true((unsigned char)t.raw.data[i] < 0x80);
    tty_close(&t);
    setenv("LOCKSTEP_ASCII", "0", 1); /* unless the user knows better */
    open_tty(&t, TOY_COUNTER, "vt100", 80, 24);
    unsetenv("LOCKSTEP_ASCII");
    assert_true(tty_wait_frame(&t));
    assert_int_equal(tty_cell(&t, 79, 1).chars[0], 0x2510);
    tty_close(&t);
}

static void a_terminal_that_cannot_draw_is_refused_with_a_word(void **state)
{
    (void)state;
    struct tty t;
    open_tty(&t, TOY_COUNTER, "no-such-terminal", 80, 24);
    assert_int_equal(WEXITSTATUS(tty_wait_end(&t)), 99);
    assert_non_null(strstr(t.raw.data, "no-such-terminal"));
    tty_close(&t);
}

static void it_follows_the_size(void **state)
{
    (void)state;
    static const int sizes[][2] = {{120, 40}, {40, 10}, {200, 60}, {20, 5}, {80, 24}};
    struct tty t;
    open_tty(&t, TOY_COUNTER, "xterm-256color", 80, 24);
    assert_true(tty_wait_frame(&t));
    tty_type(&t, "0012");
    for (size_t i = 0; i < 5; i++) {
        struct winsize size = {.ws_col = (unsigned short)sizes[i][0],
                               .ws_row = (unsigned short)sizes[i][1]};
        vterm_set_size(t.vt, sizes[i][1], sizes[i][0]);
        assert_int_equal(ioctl(t.master, TIOCSWINSZ, &size), 0);
        assert_true(tty_wait_frame(&t));
        assert_true(tty_has(&t, "lockstep"));
        if (sizes[i][1] >= 10)
            assert_true(tty_has(&t, "Timeline"));
        assert_int_equal(tty_cell(&t, sizes[i][0] - 1, 1).chars[0], 0x2510);
    }
    tty_close(&t);
}

static void it_suspends_and_comes_back(void **state)
{
    (void)state;
    struct tty t;
    int status;
    open_tty(&t, TOY_COUNTER, "xterm-256color", 80, 24);
    assert_true(tty_wait_frame(&t));
    tty_type(&t, "00");
    /* The child leads its session, so there is no shell to stop for; SIGTSTP's default does nothing
     * in an orphaned group, and the screen must come back by itself. */
    kill(t.child, SIGTSTP);
    assert_true(tty_wait_frame(&t));
    assert_true(t.altscreen);
    kill(t.child, SIGSTOP);
    assert_int_equal(waitpid(t.child, &status, WUNTRACED), t.child);
    kill(t.child, SIGCONT);
    assert_true(tty_wait_frame(&t));
    assert_true(tty_has(&t, "step 2/2"));
    tty_type(&t, "1");
    assert_true(tty_has(&t, "step 3/3"));
    tty_close(&t);
}

static void signals_leave_a_sound_terminal(void **state)
{
    (void)state;
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT};
    for (size_t i = 0; i < 3; i++) {
        struct tty t;
        open_tty(&t, TOY_COUNTER, "xterm-256color", 80, 24);
        assert_true(tty_wait_frame(&t));
        kill(t.child, signals[i]);
        int status = tty_wait_end(&t);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 128 + signals[i]);
        tty_assert_restored(&t);
        tty_close(&t);
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
        assert_true(tty_wait_frame(&t));
        assert_int_equal(write(t.master, rows[i].key, 1), 1);
        int status = tty_wait_end(&t);
        if (rows[i].signal)
            assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
        else
            assert_int_equal(WEXITSTATUS(status), rows[i].status);
        tty_assert_restored(&t);
        assert_non_null(strstr(t.raw.data, rows[i].words));
        tty_close(&t);
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
    assert_true(tty_wait_frame(&t));
    tty_type(&t, "e");
    assert_null(strstr(t.raw.data, "words to standard error"));
    assert_int_equal(write(t.master, "z", 1), 1);
    assert_int_equal(tty_wait_end(&t), 0);
    assert_non_null(strstr(t.raw.data, "words to standard error"));
    tty_assert_restored(&t);
    tty_close(&t);
}

static void a_terminal_that_goes_away_ends_it(void **state)
{
    (void)state;
    struct tty t;
    int status = 0;
    open_tty(&t, TOY_COUNTER, "xterm-256color", 80, 24);
    assert_true(tty_wait_frame(&t));
    close(t.master);
    t.master = open("/dev/null", O_RDONLY | O_NONBLOCK);
    int64_t deadline = tty_now_ms() + TTY_DEADLINE_MS;
    struct pollfd polled = {t.frames, POLLIN, 0};
    while (waitpid(t.child, &status, WNOHANG) == 0 && tty_now_ms() < deadline)
        poll(&polled, 0, 5);
    t.child = tty_now_ms() < deadline ? 0 : t.child;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 129);
    tty_close(&t);
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
    assert_true(tty_wait_frame(&t));
    tty_type(&t, "00");
    long before = ticks_of(t.child);
    /* Nothing may come within this time, so this is no wait for a state: silence is the state. */
    struct pollfd polled[] = {{t.frames, POLLIN, 0}, {t.master, POLLIN, 0}};
    assert_int_equal(poll(polled, 2, 700), 0);
    assert_true(ticks_of(t.child) - before <= 1);
    tty_close(&t);
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
        cmocka_unit_test(old_terminals_get_ascii_only),
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
