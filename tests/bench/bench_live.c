/* The live screen at 200x60 on a program of 64 threads at full speed: what a frame takes (looking,
 * drawing, showing), what of a processor the interface uses, whether its memory stays. Through the
 * real host, screen and terminal code, on a pseudo-terminal that somebody reads. It takes
 * BENCH_LIVE_SECONDS (10). */
#include "live_internal.h"

#include <locale.h>
#include <pty.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct result {
    double worst_ms, worst_cpu_ms, sum_ms, sum_cpu_ms,
        key_ms; /* of frames; a key until its frame */
    double cpu_share;
    long frames, over, rss_kb[2], switched; /* after a tenth of the time, and at the end */
    double lost_share;
};

static double now_ms(clockid_t clock)
{
    struct timespec ts;
    clock_gettime(clock, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static long rss_kb(void)
{
    long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f && fscanf(f, "%ld %ld", &pages, &resident) != 2)
        resident = 0;
    if (f)
        fclose(f);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Involuntary switches: frames in which another task had our processor are slow without our fault.
 */
static long switches(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_nivcsw;
}

/* As the loop does it: what is due, then the frame. */
static void frame(struct ui *ui, struct result *r, int key)
{
    const struct screen_ops *ops = ui->stack[0].ops;
    long before = switches();
    double from = now_ms(CLOCK_MONOTONIC), cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    ui->now = term_now_ms();
    if (key)
        ui_input(ui, &(struct input){.key = key, .now = ui->now, .clicks = 1});
    else
        ops->tick(ui->stack[0].state, ui);
    if (!ui->quiet || key) {
        ui_draw(ui);
        term_show(&ui->canvas, 0);
    }
    ui->quiet = 0;
    double ms = now_ms(CLOCK_MONOTONIC) - from, used = now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    r->frames++;
    r->over += ms >= 16;
    r->switched += ms >= 16 && switches() != before;
    r->sum_ms += ms;
    r->sum_cpu_ms += used;
    r->worst_ms = ms > r->worst_ms ? ms : r->worst_ms;
    r->worst_cpu_ms = used > r->worst_cpu_ms ? used : r->worst_cpu_ms;
    if (key && ms > r->key_ms)
        r->key_ms = ms;
}

static void measure(struct ui *ui, struct live_view *v, double seconds, struct result *r)
{
    static const int keys[] = {K_DOWN, K_DOWN, '+', '-', K_TAB, K_LEFT, 'G',
                               '[',    ' ',    ' ', 'z', 'z',   K_UP};
    double begin = now_ms(CLOCK_MONOTONIC), cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    double key_at = begin + 500;
    unsigned pressed = 0;
    double now = begin;
    while (now < begin + seconds * 1e3) {
        int fd = -1;
        int wait = ui->stack[0].ops->wait(ui->stack[0].state, term_now_ms(), &fd);
        if (wait != 0)
            poll(NULL, 0, wait < 0 || wait > 50 ? 50 : wait);
        else
            frame(ui, r, 0);
        if (now > key_at) { /* ten keys a second */
            key_at += 100;
            frame(ui, r, keys[pressed++ % (sizeof keys / sizeof *keys)]);
        }
        if (!r->rss_kb[0] && now > begin + seconds * 100)
            r->rss_kb[0] = rss_kb();
        now = now_ms(CLOCK_MONOTONIC);
    }
    const struct live_totals *t = &view_model(v)->totals;
    r->rss_kb[1] = rss_kb();
    r->cpu_share = (now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu) / (now_ms(CLOCK_MONOTONIC) - begin);
    r->lost_share = t->operations ? (double)t->lost / (double)t->operations : 0;
}

static _Noreturn void child(struct live_source *source, double seconds, int out)
{
    static struct result r;
    struct live_setup setup = {.title = "live_64.c"};
    struct tui_options o;
    struct live_port port;
    struct ui ui;
    struct err e = {0};
    tui_options_init(&o);
    o.ascii = 0;
    o.theme = TUI_DARK;
    if (live_port_open(&port, source, &e) < 0 || term_open(&o, &e) < 0) {
        dprintf(out, "%s\n", e.message);
        _exit(1);
    }
    ui_init(&ui, &o, 200, 60);
    struct live_view *v = live_push(&ui, port, &setup);
    measure(&ui, v, seconds, &r);
    term_close();
    ui_fini(&ui);
    _exit(write(out, &r, sizeof r) != sizeof r);
}

static void rows(const struct result *r, double seconds)
{
    printf("BAR\tlive, 64 threads, %.0f s: worst frame\t%.3f\tms\t16\tmax\n", seconds, r->worst_ms);
    printf("BAR\tlive, 64 threads: worst frame, processor time\t%.3f\tms\t16\tmax\n",
           r->worst_cpu_ms);
    printf("BAR\tlive, 64 threads: worst of a key to its frame\t%.3f\tms\t16\tmax\n", r->key_ms);
    printf("BAR\tlive, 64 threads: of a processor\t%.2f\t%%\t5\tmax\n", 100 * r->cpu_share);
    printf("BAR\tlive, 64 threads: memory, end over beginning\t%.3f\tx\t1.1\tmax\n",
           r->rss_kb[0] ? (double)r->rss_kb[1] / (double)r->rss_kb[0] : 0);
    printf("%ld frames, mean %.3f ms, processor time %.3f ms; %ld took 16 ms or more, in %ld of "
           "these another task had the processor meanwhile\n",
           r->frames, r->sum_ms / (double)r->frames, r->sum_cpu_ms / (double)r->frames, r->over,
           r->switched);
    printf("memory %ld kB then %ld kB; %.1f %% of the operations counted but not kept\n",
           r->rss_kb[0], r->rss_kb[1], 100 * r->lost_share);
}

int main(void)
{
    struct winsize size = {.ws_row = 60, .ws_col = 200};
    const char *given = getenv("BENCH_LIVE_SECONDS");
    double seconds = given && atof(given) > 0 ? atof(given) : 10;
    struct live_source source = {0};
    struct result r;
    struct err e = {0};
    char path[] = "tests/bench/programs/live_64.c", *files[] = {path, NULL}, bytes[65536];
    int out[2], master;
    setlocale(LC_ALL, "C.UTF-8");
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TERM", "xterm-256color", 1);
    if (program_build_free(&source.program, files, 1, NULL, 0, BUILD_PLAIN, 0, &e) < 0) {
        fprintf(stderr, "%s\n", e.message);
        return 2;
    }
    if (pipe(out) < 0)
        return 2;
    pid_t pid = forkpty(&master, NULL, NULL, &size);
    if (pid == 0)
        child(&source, seconds, out[1]);
    close(out[1]);
    while (pid > 0 && read(master, bytes, sizeof bytes) > 0) /* somebody looks at the terminal */
        ;
    ssize_t n = read(out[0], &r, sizeof r);
    if (pid > 0)
        waitpid(pid, NULL, 0);
    program_free(source.program);
    if (n != sizeof r) {
        fprintf(stderr, "the measured program ended early: %.*s\n", n > 0 ? (int)n : 0,
                (const char *)&r);
        return 2;
    }
    rows(&r, seconds);
    return 0;
}
