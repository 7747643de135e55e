/* What recording costs: three programs native, recorded, with every access, and under gcc's
 * ThreadSanitizer, all compiled with -O2, in turns, so that what else the machine does comes to all
 * of them. Times are of processors for the first two and of the clock for the one that waits; each
 * is the best of RUNS. */
#include "program.h"
#include "recorder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 15, RING = 8192 };

struct way {
    char *binary;
    int recorded, accesses, on_clock;
    double best_ms;
    uint64_t noted, lost;
};

static double clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double of_ms(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static struct recorder *memory(int *fd, int accesses)
{
    uint64_t bytes = RECORDER_BYTES(RING);
    *fd = memfd_create("recorder", MFD_CLOEXEC);
    if (*fd < 0 || ftruncate(*fd, (off_t)bytes))
        exit(2);
    struct recorder *r =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, *fd, 0);
    if (r == MAP_FAILED)
        exit(2);
    r->magic = RECORDER_MAGIC;
    r->version = RECORDER_VERSION;
    r->bytes = bytes;
    r->ring = RING;
    r->accesses = (uint32_t)accesses;
    return r;
}

/* What nobody read in time, as nobody reads here: the entries that were written over. */
static void count(struct way *w, const struct recorder *r)
{
    w->noted = w->lost = 0;
    for (uint32_t i = 0; i < r->nthreads && i < RECORDER_THREADS; i++) {
        uint64_t n = r->threads[i].head;
        w->noted += n;
        w->lost += n > RING ? n - RING : 0;
    }
}

static void run(struct way *w)
{
    int fd = -1, status;
    struct recorder *r = w->recorded ? memory(&fd, w->accesses) : NULL;
    char *path = xasprintf("/proc/%d/fd/%d", (int)getpid(), fd);
    struct rusage u;
    double from_ms = clock_ms();
    pid_t pid = fork();
    if (pid == 0) {
        if (r) {
            setenv(RECORDER_ENV, path, 1);
            setenv("LD_PRELOAD", path_recorder(), 1);
        }
        execl(w->binary, w->binary, (char *)NULL);
        _exit(127);
    }
    if (wait4(pid, &status, 0, &u) != pid || status) {
        printf("%s ended with status %x\n", w->binary, (unsigned)status);
        exit(2);
    }
    double ms = w->on_clock ? clock_ms() - from_ms : of_ms(u.ru_utime) + of_ms(u.ru_stime);
    if (w->best_ms == 0 || ms < w->best_ms)
        w->best_ms = ms;
    if (r) {
        count(w, r);
        munmap(r, RECORDER_BYTES(RING));
        close(fd);
    }
    free(path);
}

static struct program *build(const char *source, enum program_build how)
{
    struct program *p;
    struct err e = {0};
    char *path = xstrdup(source);
    if (program_build_free(&p, &path, 1, NULL, 0, how, 2, &e)) {
        printf("%s\n", e.message);
        exit(2);
    }
    free(path);
    return p;
}

static char *sanitised(const char *source, const char *folder)
{
    char *binary = xasprintf("%s/tsan", folder);
    char *command =
        xasprintf("gcc -O2 -g -fsanitize=thread -pthread -o %s %s 2>/dev/null", binary, source);
    int missing = system(command) != 0;
    free(command);
    if (!missing)
        return binary;
    free(binary);
    return NULL;
}

static void row(const char *what, const char *name, double ratio, double bar)
{
    printf("BAR\t%s: %s\t%.3f\tx\t%g\tmax\n", what, name, ratio, bar);
}

static void measure(const char *name, int on_clock, int accesses)
{
    char *source = xasprintf("tests/bench/recorded/%s.c", name);
    struct program *plain = build(source, BUILD_PLAIN), *noted = build(source, BUILD_NOTED);
    char *tsan = sanitised(source, plain->temp_dir);
    struct way ways[] = {{plain->binary, 0, 0, on_clock, 0, 0, 0},
                         {plain->binary, 1, 0, on_clock, 0, 0, 0},
                         {noted->binary, 1, 1, on_clock, 0, 0, 0},
                         {tsan, 0, 0, on_clock, 0, 0, 0}};
    for (int i = 0; i < RUNS; i++)
        for (int k = 0; k < 4; k++)
            if (ways[k].binary)
                run(&ways[k]);
    double native = ways[0].best_ms, slow = ways[3].best_ms / native;
    row("recorded against native", name, ways[1].best_ms / native, 1.5);
    if (tsan && accesses)
        row("all accesses against half of TSan's", name, ways[2].best_ms / native, slow / 2);
    printf("%s: native %.1f ms, recorded %.2fx, all accesses %.2fx, TSan %.2fx; %llu and %llu "
           "entries, %.0f%% and %.0f%% of them would be lost to a reader who comes at the end\n",
           name, native, ways[1].best_ms / native, ways[2].best_ms / native, slow,
           (unsigned long long)ways[1].noted, (unsigned long long)ways[2].noted,
           100.0 * (double)ways[1].lost / (double)(ways[1].noted + 1),
           100.0 * (double)ways[2].lost / (double)(ways[2].noted + 1));
    free(tsan);
    program_free(plain);
    program_free(noted);
    free(source);
}

int main(void)
{
    measure("locks", 0, 1);
    measure("accesses", 0, 1);
    measure("waits", 1, 0);
    return 0;
}
