/* A terminal that does not keep up: frames are left out, keys and looks at the program are not. */
#include "ui.h"

#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { DEADLINE_MS = 20000 };

/* What the child did so far. */
struct done {
    int ticks, keys, frames;
};

/* -------- a screen that changes altogether with every frame -------- */

static void draw(void *state, struct canvas *c)
{
    struct done *d = state;
    d->frames++;
    for (int y = 0; y < c->rows; y++)
        for (int x = 0; x < c->cols; x++)
            canvas_put(c, x, y, (unsigned)((x + y + d->frames) % ROLE_COUNT),
                       (wchar_t)('a' + (x * 7 + y * 3 + d->frames) % 26));
}

static enum screen_id keys(void *state)
{
    (void)state;
    return SCREEN_PROMPT;
}

static void act(void *state, struct ui *ui, enum action action, const struct input *in)
{
    (void)state;
    (void)in;
    if (action == ACT_prompt_close)
        ui_leave(ui, 0);
}

static void typed(void *state, struct ui *ui, const struct input *in)
{
    (void)ui;
    (void)in;
    ((struct done *)state)->keys++;
}

static int wait_for(void *state, int64_t now, int *fd)
{
    (void)state;
    (void)fd;
    static int64_t next;
    if (!next || now >= next) {
        next = now + 5;
        return 0;
    }
    return (int)(next - now);
}

static void tick(void *state, struct ui *ui)
{
    (void)ui;
    ((struct done *)state)->ticks++;
}

static void free_nothing(void *state)
{
    (void)state;
}

static _Noreturn void child(struct done *d)
{
    static const struct screen_ops ops = {.draw = draw,
                                          .keys = keys,
                                          .act = act,
                                          .typed = typed,
                                          .wait = wait_for,
                                          .tick = tick,
                                          .free = free_nothing};
    struct tui_options o = {.theme = TUI_DARK};
    struct ui ui;
    struct err e;
    ui_init(&ui, &o, 80, 24);
    ui_push(&ui, &ops, d);
    int rc = ui_run(&ui, &e);
    ui_fini(&ui);
    _exit(rc < 0 ? 99 : rc);
}

/* -------- the test -------- */

static int grows(const volatile int *what, int by)
{
    int before = *what;
    for (int ms = 0; ms < DEADLINE_MS; ms += 5) {
        if (*what >= before + by)
            return 1;
        poll(NULL, 0, 5);
    }
    return 0;
}

/* Until nothing more is drawn, as nobody reads it; how many frames that took. */
static int until_it_is_full(const volatile struct done *d)
{
    for (int ms = 0, last = -1; ms < DEADLINE_MS; ms += 300) {
        if (d->frames == last)
            return last;
        last = d->frames;
        poll(NULL, 0, 300);
    }
    return -1;
}

static void nobody_reads_and_keys_are_answered(void **state)
{
    (void)state;
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    struct done *d =
        mmap(NULL, sizeof *d, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int master, status;
    char bytes[65536];
    assert_true(d != MAP_FAILED);
    pid_t pid = forkpty(&master, NULL, NULL, &size);
    assert_true(pid >= 0);
    if (pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        child(d);
    }
    int frames = until_it_is_full(d);
    assert_true(frames > 0);
    assert_true(grows(&d->ticks, 20)); /* it is looked all the same ... */
    for (int i = 0; i < 10; i++)
        assert_int_equal(write(master, "k", 1), 1);
    assert_true(grows(&d->keys, 10) || d->keys == 10); /* ... and listened */
    assert_int_equal(d->frames, frames);
    while (d->frames < frames + 10) /* who reads again sees it go on */
        assert_true(read(master, bytes, sizeof bytes) > 0);
    assert_int_equal(write(master, "\003", 1), 1); /* Ctrl-C closes */
    struct pollfd p = {.fd = master, .events = POLLIN};
    while (poll(&p, 1, DEADLINE_MS) > 0 && read(master, bytes, sizeof bytes) > 0)
        ;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(master);
    munmap(d, sizeof *d);
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {cmocka_unit_test(nobody_reads_and_keys_are_answered)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
