/* From exec to the first complete frame, on a terminal of 80x24; then the processor time of a
 * second without a key, and the memory. The program says that a frame is complete on
 * LOCKSTEP_FRAME_FD. */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 21, DEADLINE_MS = 10000, IDLE_MS = 1000, SETTLED_MS = 500 };

struct screen {
    pid_t pid;
    int terminal, frames;
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Start it with up to two arguments. */
static int start(struct screen *s, const char *command, const char *operand)
{
    int p[2];
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    if (pipe(p) < 0)
        return -1;
    s->pid = forkpty(&s->terminal, NULL, NULL, &size);
    if (s->pid == 0) {
        char fd[16];
        snprintf(fd, sizeof fd, "%d", p[1]);
        setenv("LOCKSTEP_FRAME_FD", fd, 1);
        setenv("TERM", "xterm-256color", 1);
        close(p[0]);
        const char *program = getenv("LOCKSTEP");
        execl(program ? program : "build/lockstep", "lockstep", command, operand, (char *)NULL);
        _exit(127);
    }
    close(p[1]);
    s->frames = p[0];
    return s->pid < 0 ? -1 : 0;
}

/* Read what the program draws until a frame is complete or ms have passed; 1 if one was. */
static int drain(struct screen *s, double ms)
{
    char chunk[65536];
    double end = now_ms() + ms;
    for (double left; (left = end - now_ms()) > 0;) {
        struct pollfd p[] = {{.fd = s->terminal, .events = POLLIN},
                             {.fd = s->frames, .events = POLLIN}};
        if (poll(p, 2, (int)left + 1) <= 0)
            return 0;
        if (p[1].revents)
            return read(s->frames, chunk, sizeof chunk) > 0;
        if (p[0].revents && read(s->terminal, chunk, sizeof chunk) <= 0)
            return 0;
    }
    return 0;
}

static void stop(struct screen *s)
{
    kill(s->pid, SIGTERM);
    drain(s, 200);
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
    close(s->terminal);
    close(s->frames);
}

static long number_in(const char *file, pid_t pid, const char *after, int skip)
{
    char path[64], text[4096] = "";
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    FILE *f = fopen(path, "r");
    if (!f)
        return -1;
    size_t n = fread(text, 1, sizeof text - 1, f);
    text[n] = '\0';
    fclose(f);
    char *s = strstr(text, after);
    for (s = s ? s + strlen(after) : NULL; s && skip; skip--)
        s = strchr(s + 1, ' ');
    return s ? strtol(s, NULL, 10) : -1;
}

/* Processor time used so far, in ticks: fields 14 and 15 of stat; 12 and 13 after the name. */
static long ticks(pid_t pid)
{
    return number_in("stat", pid, ")", 12) + number_in("stat", pid, ")", 13);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static long idle_ms(struct screen *s)
{
    while (drain(s, SETTLED_MS))
        ;
    long before = ticks(s->pid);
    double end = now_ms() + IDLE_MS;
    while (now_ms() < end)
        drain(s, end - now_ms());
    if (waitpid(s->pid, NULL, WNOHANG) != 0) {
        fprintf(stderr, "it ended though nobody asked it to\n");
        exit(2);
    }
    return (ticks(s->pid) - before) * 1000 / sysconf(_SC_CLK_TCK);
}

static void measure_idle(struct screen *s)
{
    printf("BAR\tidle: processor time in a second\t%ld\tms\t0\tmax\n", idle_ms(s));
    printf("BAR\tmemory after the first screen\t%.1f\tMB\t20\tmax\n",
           (double)number_in("status", s->pid, "VmRSS:", 0) / 1024);
}

/* Every other screen that can be reached by a few keys. */
static void measure_idle_elsewhere(void)
{
    static const char program[] = "tests/bench/programs/counter.c";
    static const struct {
        const char *what, *command, *operand, *keys;
    } places[] = {
        {"help", NULL, NULL, "?"},
        {"settings", NULL, NULL, "S"},
        {"progress", NULL, NULL, "P"},
        {"own programs", NULL, NULL, "o"},
        {"plans", NULL, NULL, "p"},
        {"lesson", "learn", "race/lost-update", ""},
        {"notebook", "learn", "race/lost-update", "n"},
        {"presentation", "present", "race/lost-update", ""},
        {"steps", "run", program, ""},
        {"view 2", "run", program, "v2"},
        {"view 3", "run", program, "v3"},
        {"view 4", "run", program, "v4"},
        {"view 5", "run", program, "v5"},
        {"search, when it is done", "run", program, "F"},
    };
    long worst = 0;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct screen s;
        if (start(&s, places[i].command, places[i].operand) < 0 || !drain(&s, DEADLINE_MS)) {
            fprintf(stderr, "no complete frame came: %s\n", places[i].what);
            exit(2);
        }
        for (const char *k = places[i].keys; *k; k++) {
            while (drain(&s, SETTLED_MS))
                ;
            if (write(s.terminal, k, 1) != 1)
                exit(2);
        }
        long ms = idle_ms(&s);
        if (ms > 0)
            printf("%s: %ld ms of a second without a key\n", places[i].what, ms);
        worst = ms > worst ? ms : worst;
        stop(&s);
    }
    printf("BAR\tidle: the worst of %zu other screens\t%ld\tms\t0\tmax\n",
           sizeof places / sizeof *places, worst);
}

int main(void)
{
    double ms[RUNS];
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < RUNS; i++) {
        struct screen s;
        double from = now_ms();
        if (start(&s, NULL, NULL) < 0 || !drain(&s, DEADLINE_MS)) {
            fprintf(stderr, "no complete frame came\n");
            return 2;
        }
        ms[i] = now_ms() - from;
        if (i == RUNS - 1)
            measure_idle(&s);
        stop(&s);
    }
    qsort(ms, RUNS, sizeof *ms, by_size);
    printf("BAR\tstart to the first complete frame, median\t%.2f\tms\t30\tmax\n", ms[RUNS / 2]);
    measure_idle_elsewhere();
    return 0;
}
