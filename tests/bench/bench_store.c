/* How long a saved answer takes until it is durable: median and worst of a thousand, beside what
 * the disk alone needs for one small write and fsync in the same folder. bench_store [FOLDER]: the
 * folder to measure in (a temporary one is made there); default /tmp. The bar: below 5 ms on a
 * local disk. */
#include "store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SAVES 1000

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Returns the median, in milliseconds. */
static double report(const char *what, int64_t *ns, int n)
{
    qsort(ns, (size_t)n, sizeof *ns, by_size);
    int64_t median = ns[n / 2], late = ns[n * 99 / 100], worst = ns[n - 1];
    printf("%-34s median %7.3f ms   99%% %7.3f ms   worst %7.3f ms   (%d)\n", what,
           (double)median / 1e6, (double)late / 1e6, (double)worst / 1e6, n);
    return (double)median / 1e6;
}

static void fail(const char *what, const struct err *e)
{
    fprintf(stderr, "bench_store: %s: %s\n", what, e->message);
    exit(1);
}

static void bench_disk(const char *folder)
{
    static int64_t ns[SAVES];
    static char block[4096];
    char *path = xasprintf("%s/plain", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    for (int i = 0; i < SAVES; i++) {
        int64_t start = now_ns();
        if (fd < 0 || pwrite(fd, block, sizeof block, (off_t)(i % 100) * 4096) < 0 ||
            fsync(fd) != 0) {
            perror(path);
            exit(1);
        }
        ns[i] = now_ns() - start;
    }
    close(fd);
    unlink(path);
    free(path);
    report("the disk: write 4 KiB and fsync", ns, SAVES);
}

static void bench_saves(const char *folder, enum store_journal journal, const char *what)
{
    static int64_t ns[SAVES];
    struct err e;
    struct store *s;
    char *path = xasprintf("%s/%d.db", folder, (int)journal), question[32];
    if (store_open(&s, &(struct store_options){.path = path, .login = "bench", .journal = journal},
                   &e) != 0)
        fail(path, &e);
    for (int i = 0; i < SAVES; i++) {
        snprintf(question, sizeof question, "q%d", i % 300);
        int64_t start = now_ns();
        if (store_answer_save(s, "race/lost-update", question, "1 or 2", 1, &e) != 0)
            fail("saving", &e);
        ns[i] = now_ns() - start;
    }
    printf("BAR\t%s, median\t%.4g\tms\t5\tmax\n", what, report(what, ns, SAVES));
    store_close(s);
    for (int i = 0; i < 50; i++) {
        int64_t start = now_ns();
        if (store_open(&s,
                       &(struct store_options){.path = path, .login = "bench", .journal = journal},
                       &e) != 0)
            fail(path, &e);
        ns[i] = now_ns() - start;
        store_close(s);
    }
    report("  opening it again", ns, 50);
    free(path);
}

int main(int argc, char **argv)
{
    char *folder = xasprintf("%s/lockstep-bench-XXXXXX", argc > 1 ? argv[1] : "/tmp");
    if (!mkdtemp(folder)) {
        perror(folder);
        return 1;
    }
    bench_disk(folder);
    bench_saves(folder, STORE_JOURNAL_WAL, "a saved answer, write-ahead log");
    bench_saves(folder, STORE_JOURNAL_ROLLBACK, "a saved answer, rollback journal");
    char *command = xasprintf("rm -rf '%s'", folder);
    int rc = system(command);
    free(command);
    free(folder);
    return rc != 0;
}
