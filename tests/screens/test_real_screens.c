/* The real program on each of its screens: whatever ends it, the terminal is given back as it was
 * and no process of the program under study is left; without colours there are none. */
#include "real.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Main waits for threads that never end by themselves soon; a search of it goes on for long. */
static const char busy_source[] = "#include <pthread.h>\n"
                                  "#include <unistd.h>\n"
                                  "static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n"
                                  "static int counter;\n"
                                  "static void *work(void *arg)\n"
                                  "{\n"
                                  "    for (int i = 0; i < 1000; i++) {\n"
                                  "        pthread_mutex_lock(&m);\n"
                                  "        counter++;\n"
                                  "        pthread_mutex_unlock(&m);\n"
                                  "        usleep(1000);\n"
                                  "    }\n"
                                  "    return arg;\n"
                                  "}\n"
                                  "int main(void)\n"
                                  "{\n"
                                  "    pthread_t t[4];\n"
                                  "    for (int i = 0; i < 4; i++)\n"
                                  "        pthread_create(&t[i], NULL, work, NULL);\n"
                                  "    for (int i = 0; i < 4; i++)\n"
                                  "        pthread_join(t[i], NULL);\n"
                                  "    return 0;\n"
                                  "}\n";

static const struct way {
    const char *name;
    const char *command, *argument; /* argument "*": the program above */
    const char *keys, *until;       /* typed one by one; then this stands on the screen */
    int stops;                      /* Ctrl-C only stops what goes on here */
} ways[] = {
    {"home", NULL, NULL, "", "Lessons", 0},
    {"home, searching", NULL, NULL, "/", "search lessons", 1},
    {"lesson", "learn", "race/lost-update", "", "lost", 0},
    {"help", "run", "*", "?", "close", 0},
    {"step", "run", "*", "0000", "Timeline", 0},
    {"step, list", "run", "*", "00t", "Who goes next", 0},
    {"step, prompt", "run", "*", "00:", "go to step", 1},
    {"step, table", "run", "*", "00v1", "Steps", 0},
    {"step, searching", "run", "*", "f", "schedules tried", 1},
    {"search screen", "run", "*", "F", "not begun", 0},
    {"search screen, at work", "run", "*", "Ff", "SEARCHING", 1},
    {"presentation", "present", "three-lessons", "", "60 minutes", 0},
    {"presentation, a run", "present", "three-lessons", "]]]]]", "step 3", 0},
    {"presentation, counting hands", "present", "three-lessons", "]]]1", "next choice", 0},
    {"speaker notes", "present", "--notes", "", "No presentation runs yet", 0},
    {"live", "live", "*", "", "Threads", 0},
    {"live, list", "live", "*", "x", "SIGTERM", 0},
};
enum { WAYS = sizeof ways / sizeof *ways };

static const int ends[] = {SIGTERM, SIGHUP, SIGINT,  SIGQUIT, SIGSEGV,   SIGBUS,  SIGFPE,  SIGILL,
                           SIGABRT, SIGSYS, SIGTRAP, SIGALRM, SIGVTALRM, SIGPROF, SIGUSR1, SIGUSR2,
                           SIGIO,   SIGPWR, SIGXCPU, SIGXFSZ, SIGSTKFLT, SIGKILL};
enum { ENDS = sizeof ends / sizeof *ends };

static char busy[600];

/* As until_has; also what is shown while the program is at work, which ends no frame. */
static void until_shown(struct tty *t, const char *text)
{
    int64_t deadline = tty_now_ms() + TTY_DEADLINE_MS;
    for (tty_pump(t); !tty_has(t, text); tty_pump(t)) {
        struct pollfd polled = {t->master, POLLIN, 0};
        if (tty_now_ms() > deadline)
            fail_msg("\"%s\" does not come", text);
        poll(&polled, 1, 100);
    }
}

static void open_way(struct tty *t, const struct way *w, const char *variable, int cols, int rows)
{
    const char *argument = w->argument && !strcmp(w->argument, "*") ? busy : w->argument;
    struct command c = {{"lockstep", w->command, argument, NULL}, {variable, "1"}};
    open_command(t, &c, "xterm-256color", cols, rows);
    for (const char *k = w->keys; *k; k++) {
        char key[2] = {*k, 0};
        assert_int_equal(write(t->master, key, 1), 1);
    }
    until_shown(t, w->until);
}

static void end_here(const struct way *w, int signal)
{
    struct tty t;
    pid_t pids[32];
    open_way(&t, w, NULL, 80, 24);
    int n = children(t.child, pids, 32);
    kill(t.child, signal);
    int status = tty_wait_end(&t);
    assert_gone(pids, n);
    if (signal != SIGKILL)
        tty_assert_restored(&t);
    if (WIFEXITED(status) ? WEXITSTATUS(status) != 128 + signal : WTERMSIG(status) != signal)
        fail_msg("%s: signal %d became status %x", w->name, signal, (unsigned)status);
    tty_close(&t);
}

static void any_signal_on_any_screen_leaves_a_sound_terminal(void **state)
{
    (void)state;
    for (int w = 0; w < WAYS; w++)
        for (int e = 0; e < ENDS; e++)
            if (ends[e] != SIGINT || !ways[w].stops)
                end_here(&ways[w], ends[e]);
}

/* State is a letter or a word, and a shape, wherever it is a colour: without colours nothing of the
 * screen is missing, and nothing has one. */
static void no_screen_has_colours_where_none_are_wanted(void **state)
{
    (void)state;
    static const int sizes[][2] = {{80, 24}, {200, 60}};
    for (int w = 0; w < WAYS; w++)
        for (size_t i = 0; i < 2; i++) {
            struct tty t;
            int cols = sizes[i][0], rows = sizes[i][1];
            open_way(&t, &ways[w], "NO_COLOR", cols, rows);
            for (int k = 0; k < cols * rows; k++) {
                VTermScreenCell cell = tty_cell(&t, k % cols, k / cols);
                if (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
                    fail_msg("%s: a colour at %d,%d", ways[w].name, k % cols, k / cols);
            }
            tty_close(&t);
        }
}

static int begin(void **state)
{
    if (make_home(state) < 0)
        return -1;
    snprintf(busy, sizeof busy, "%s/busy.c", home);
    FILE *f = fopen(busy, "w");
    if (!f)
        return -1;
    fputs(busy_source, f);
    return fclose(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_signal_on_any_screen_leaves_a_sound_terminal),
        cmocka_unit_test(no_screen_has_colours_where_none_are_wanted),
    };
    return cmocka_run_group_tests_name("real_screens", tests, begin, drop_home);
}
