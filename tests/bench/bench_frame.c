/* From a key to the complete frame at 200x60, 64 tasks, a trace of a million events: through the
 * real screen, the real canvas and the real terminal code, on a pseudo-terminal that somebody
 * reads. */
#include "../screens/toy.c"

#include "step_internal.h"

#include <locale.h>
#include <pty.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KEYS = 1000, EVENTS = 1000000 };

struct result {
    double ms[KEYS], cpu_ms[KEYS];
};

static const char MARK = '\001'; /* no terminal is sent this */

/* What else is measured on the way. */
struct more {
    double first_ms, first_cpu_ms; /* the first frame of a million events */
    double rss_kb;                 /* the whole, with the trace */
};

static double now_ms(clockid_t clock)
{
    struct timespec ts;
    clock_gettime(clock, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void press(struct ui *ui, int key)
{
    struct input in = {.key = key, .clicks = 1};
    ui_input(ui, &in);
}

/* One key, dealt with and shown. The processor's time tells a slow frame from a busy machine. */
static void frame(struct ui *ui, int key, struct result *r, int i)
{
    double from = now_ms(CLOCK_MONOTONIC), cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    press(ui, key);
    ui_draw(ui);
    term_show(&ui->canvas, 0);
    r->cpu_ms[i] = now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    r->ms[i] = now_ms(CLOCK_MONOTONIC) - from;
}

/* A number after `word` in a file of /proc/self; 0 if there is none. */
static double proc_number(const char *path, const char *word)
{
    char line[200];
    double n = 0;
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, word, strlen(word)) == 0)
            n = strtod(line + strlen(word), NULL);
    if (f)
        fclose(f);
    return n;
}

/* What a slow line has to carry: a step forward, at 80x24. Who reads the terminal counts between
 * two marks. */
static void measure_bytes(struct ui *ui, struct step *s, struct more *more)
{
    ui_resize(ui, 80, 24);
    step_seek(s, s->trace->nsteps / 3);
    press(ui, 'v');
    press(ui, '0');
    ui_draw(ui);
    term_show(&ui->canvas, 0);
    if (write(STDOUT_FILENO, &MARK, 1) != 1)
        _exit(1);
    for (int i = 0; i < KEYS; i++) {
        press(ui, K_RIGHT);
        ui_draw(ui);
        term_show(&ui->canvas, 1);
    }
    if (write(STDOUT_FILENO, &MARK, 1) != 1)
        _exit(1);
    more->rss_kb = proc_number("/proc/self/status", "VmRSS:");
}

/* The views, one after the other, each walked through. */
static void measure_views(struct ui *ui, struct step *s, struct result *r)
{
    static const int keys[] = {K_RIGHT, K_RIGHT, K_DOWN, K_LEFT, K_PGDN, '}', K_PGUP, 'l'};
    int nviews = 0;
    for (int p = 0; p < PANEL_COUNT; p++)
        nviews += panel_is_view((enum panel)p);
    for (int i = 0; i < KEYS; i++) {
        if (i % (KEYS / nviews) == 0) {
            step_seek(s, s->trace->nsteps / 2);
            press(ui, 'v');
            press(ui, '1' + i / (KEYS / nviews) % nviews);
            ui_draw(ui);
        }
        frame(ui, keys[(size_t)i % (sizeof keys / sizeof *keys)], r, i);
    }
}

static void measure(struct ui *ui, struct step *s, struct result *moves, struct result *seeks)
{
    static const int keys[] = {K_RIGHT, K_RIGHT, K_RIGHT, K_LEFT, K_PGDN, 'l',   'h', K_PGUP,
                               'z',     '}',     K_DOWN,  'v',    'v',    K_TAB, ' ', ' '};
    unsigned random = 7;
    step_seek(s, s->trace->nsteps / 2);
    s->playing = 0;
    for (int i = 0; i < KEYS; i++)
        frame(ui, keys[(size_t)i % (sizeof keys / sizeof *keys)], moves, i);
    for (int i = 0; i < KEYS; i++) {
        char number[16];
        random = random * 1103515245U + 12345U;
        snprintf(number, sizeof number, "%u", (random >> 4) % s->trace->nsteps);
        press(ui, ':');
        for (const char *c = number; *c; c++)
            press(ui, *c);
        frame(ui, K_ENTER, seeks, i);
    }
}

static _Noreturn void child(int out)
{
    static struct result moves, seeks, views;
    static struct more more;
    struct tui_options o;
    struct ui ui;
    struct err e = {0};
    tui_options_init(&o);
    o.ascii = 0;
    o.theme = TUI_DARK;
    ui_init(&ui, &o, 200, 60);
    struct port port = toy_port(TOY_CROWD);
    uint32_t steps = 1000;
    do { /* as many steps as make a million events */
        toy_fill(&port, steps);
        const struct trace *t = port.ops->trace(port.ctx);
        if (t->nevents >= EVENTS)
            break;
        steps =
            steps < 2000 ? (uint32_t)((double)EVENTS * steps / (double)t->nevents) : steps * 5 / 4;
    } while (1);
    struct step_setup setup = {.title = "crowd.c", .program = "crowd.c", .lesson = ""};
    if (term_open(&o, &e) < 0)
        _exit(1);
    double from = now_ms(CLOCK_MONOTONIC), cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    struct step *s = step_push(&ui, port, &setup);
    ui_draw(&ui);
    term_show(&ui.canvas, 0);
    more.first_cpu_ms = now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    more.first_ms = now_ms(CLOCK_MONOTONIC) - from;
    measure(&ui, s, &moves, &seeks);
    measure_views(&ui, s, &views);
    measure_bytes(&ui, s, &more);
    term_close();
    if (write(out, &moves, sizeof moves) != sizeof moves ||
        write(out, &seeks, sizeof seeks) != sizeof seeks ||
        write(out, &views, sizeof views) != sizeof views ||
        write(out, &more, sizeof more) != sizeof more)
        _exit(1);
    _exit(0);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void row(const char *what, struct result *r, int with_bars)
{
    qsort(r->ms, KEYS, sizeof *r->ms, by_size);
    if (with_bars) {
        printf("BAR\tkey to frame, %s: median\t%.3f\tms\t2\tmax\n", what, r->ms[KEYS / 2]);
        printf("BAR\tkey to frame, %s: worst of %d\t%.3f\tms\t16\tmax\n", what, KEYS,
               r->ms[KEYS - 1]);
    } else
        printf("BAR\t%s: worst of %d\t%.3f\tms\t5\tmax\n", what, KEYS, r->ms[KEYS - 1]);
    qsort(r->cpu_ms, KEYS, sizeof *r->cpu_ms, by_size);
    printf("%s: processor time median %.3f ms, worst %.3f ms\n", what, r->cpu_ms[KEYS / 2],
           r->cpu_ms[KEYS - 1]);
}

static void tell_more(const struct more *m, size_t bytes)
{
    printf("the first frame of 10^6 events, all folded once: %.1f ms, processor time %.1f ms\n",
           m->first_ms, m->first_cpu_ms);
    printf("sent for a step at 80x24, 64 tasks: %zu bytes, the mean of %d\n", bytes / KEYS, KEYS);
    printf("memory with the trace of 10^6 events: %.1f MB\n", m->rss_kb / 1024);
}

/* The whole of what was measured, which may come in pieces. */
static int read_whole(int from, void *r, size_t left)
{
    char *at = r;
    while (left) {
        ssize_t n = read(from, at, left);
        if (n <= 0)
            return 0;
        at += n;
        left -= (size_t)n;
    }
    return 1;
}

/* Somebody looks at the terminal. Returns the bytes between the marks. */
static size_t watch(int master)
{
    static char bytes[65536];
    size_t counted = 0;
    int marks = 0;
    for (ssize_t n; (n = read(master, bytes, sizeof bytes)) > 0;)
        for (ssize_t i = 0; i < n; i++) {
            marks += bytes[i] == MARK;
            counted += marks == 1;
        }
    return counted;
}

int main(void)
{
    static struct result moves, seeks, views;
    static struct more more;
    struct winsize size = {.ws_row = 60, .ws_col = 200};
    int out[2], master;
    setlocale(LC_ALL, "C.UTF-8");
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TERM", "xterm-256color", 1);
    if (pipe(out) < 0)
        return 1;
    pid_t pid = forkpty(&master, NULL, NULL, &size);
    if (pid < 0)
        return 1;
    if (pid == 0)
        child(out[1]);
    close(out[1]);
    size_t sent = watch(master);
    if (!read_whole(out[0], &moves, sizeof moves) || !read_whole(out[0], &seeks, sizeof seeks) ||
        !read_whole(out[0], &views, sizeof views) || !read_whole(out[0], &more, sizeof more)) {
        fputs("the measured program ended early\n", stderr);
        return 1;
    }
    waitpid(pid, NULL, 0);
    row("200x60, 64 tasks, 10^6 events", &moves, 1);
    row("seek anywhere in it, to the frame", &seeks, 0);
    row("each view in turn, 200x60", &views, 1);
    tell_more(&more, sent);
    return 0;
}
