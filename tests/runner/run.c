/* Run the tests: every kind in the table below, several at once, each under a time limit.
 *
 *     run -B BUILD [-T NAME] [-j N]
 *
 * Each test runs in a process group of its own under a keeper, which ends whatever the test leaves
 * behind and says so: leaving a process is a failure. Its HOME and TMPDIR are one fresh folder that
 * is removed afterwards. What a test prints is shown when it fails. Programs of cmocka count by
 * test case, all others by file; status 77 means skipped. The last line is `N passed, N failed, N
 * skipped`; exit status 0 only if none failed. */
#include "keep.h"

#include <errno.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STATUS_SKIPPED = 77, MAX_TESTS = 4000, MAX_JOBS = 16 };

/* One row a kind. pattern: the sources or scripts of its tests; %B is the build folder. run: the
 * command, where %s is the test's path, %n its name without folder and ending. cmocka: it prints
 * TAP, each of its cases counts. */
static const struct kind {
    const char *name, *pattern;
    const char *run[5];
    int limit_s, cmocka;
} kinds[] = {
    {"lint", "tests/lint/includes.sh", {"sh", "%s"}, 60, 0},
    {"selftest", "tests/{expect,differential}/selftest.sh", {"sh", "%s"}, 60, 0},
    {"calls",
     "tests/calls/names.txt",
     {"%B/tests/calls/calls", "--check", "%B/liblockstep-probe.so", "%s", "docs/calls.md"},
     60,
     0},
    {"unit", "tests/unit/test_*.c", {"%B/tests/unit/%n"}, 120, 1},
    {"asan", "tests/unit/test_*.c", {"%B/asan/tests/unit/%n"}, 240, 1},
    {"asan-screens", "tests/screens/test_*.c", {"%B/asan/tests/screens/%n"}, 240, 1},
    {"asan-programs",
     "tests/programs/{counter_1,ab_ba,cond_if_two_consumers,null_pointer,main_leaves_first}.c",
     {"%B/tests/expect/expect", "%B/asan/lockstep", "%s"},
     120,
     0},
    {"fuzz", "tests/fuzz/fuzz_*.c", {"%B/tests/fuzz/%n"}, 60, 0},
    {"program", "tests/programs/*.c", {"%B/tests/expect/expect", "%B/lockstep", "%s"}, 120, 0},
    {"differential",
     "tests/programs/*.c",
     {"%B/tests/differential/differential", "%B/tests/differential/noise.o", "%s"},
     120,
     0},
    {"replay", "tests/programs/*.c", {"%B/tests/replay/replay", "%s"}, 300, 0},
    {"model", "tests/models/tables/*.c", {"%B/tests/models/models", "%B/lockstep", "%s"}, 60, 0},
    {"random", "tests/random/{run,processes}.sh", {"sh", "%s"}, 300, 0},
    {"lessons", "%B/lockstep", {"%s", "check", "all"}, 300, 0},
    {"screen", "tests/screens/test_*.c", {"%B/tests/screens/%n"}, 120, 1},
    {"screen", "tests/screens/*.sh", {"sh", "%s"}, 120, 0},
    {"e2e", "tests/e2e/*.sh", {"sh", "%s"}, 180, 0},
};

struct test {
    const struct kind *kind;
    char *path, *name; /* "tests/unit/test_trace.c", "unit/trace" */
    pid_t keeper;
    struct timespec start;
    char home[PATH_MAX], log[PATH_MAX];
};

static struct test tests[MAX_TESTS];
static int ntests, passed, failed, skipped;
static const char *build = "build";
static char build_path[PATH_MAX], top[PATH_MAX];

_Noreturn static void fatal(const char *what)
{
    fprintf(stderr, "run: %s: %s\n", what, strerror(errno));
    exit(2);
}

static char *copy(const char *s)
{
    char *c = strdup(s);
    if (!c)
        fatal("memory");
    return c;
}

/* The command word with %B, %s and %n filled in. */
static char *expand(const char *word, const struct test *t)
{
    char out[2 * PATH_MAX] = "";
    for (const char *w = word; *w; w++) {
        size_t n = strlen(out);
        const char *base = strrchr(t->path, '/');
        if (strncmp(w, "%B", 2) == 0)
            snprintf(out + n, sizeof out - n, "%s", build_path);
        else if (strncmp(w, "%s", 2) == 0)
            snprintf(out + n, sizeof out - n, "%s", t->path);
        else if (strncmp(w, "%n", 2) == 0)
            snprintf(out + n, sizeof out - n, "%.*s", (int)strcspn(base + 1, "."), base + 1);
        else {
            snprintf(out + n, sizeof out - n, "%c", *w);
            continue;
        }
        w++;
    }
    return copy(out);
}

static void add_test(const struct kind *k, const char *path, const char *only)
{
    const char *base = strrchr(path, '/') + 1;
    for (size_t i = 0; i < 2; i++)
        if (strncmp(base, i ? "fuzz_" : "test_", 5) == 0)
            base += 5;
    char name[PATH_MAX];
    snprintf(name, sizeof name, "%s/%.*s", k->name, (int)strcspn(base, "."), base);
    if (only && !strstr(name, only))
        return;
    if (ntests == MAX_TESTS) {
        errno = E2BIG;
        fatal("too many tests");
    }
    tests[ntests++] = (struct test){.kind = k, .path = copy(path), .name = copy(name)};
}

static void find_tests(const char *only)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct test here = {.path = copy("/")};
        char *pattern = expand(kinds[i].pattern, &here);
        glob_t g;
        if (glob(pattern, GLOB_BRACE, NULL, &g) == 0) {
            for (size_t k = 0; k < g.gl_pathc; k++)
                add_test(&kinds[i], g.gl_pathv[k], only);
            globfree(&g);
        }
        free(pattern);
        free(here.path);
    }
}

static void set_environment(const struct test *t)
{
    static const char *const gone[] = {
        "XDG_DATA_HOME",   "XDG_CACHE_HOME", "XDG_CONFIG_HOME",   "XDG_STATE_HOME",
        "XDG_RUNTIME_DIR", "NO_COLOR",       "LOCKSTEP_DATA",     "LOCKSTEP_THEME",
        "LOCKSTEP_ASCII",  "LOCKSTEP_CC",    "LOCKSTEP_FRAME_FD", "LOCKSTEP_LOCALE",
        "LANGUAGE",        "ACCESSIBLE",     "COLORTERM",         "TMUX",
        "LINES",           "COLUMNS",        "MAKEFLAGS",         "MAKELEVEL"};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        unsetenv(gone[i]);
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/lockstep", build_path);
    setenv("LOCKSTEP", path, 1);
    setenv("LOCKSTEP_BUILD", build_path, 1);
    snprintf(path, sizeof path, "%s/lessons", top);
    setenv("LOCKSTEP_LESSONS", path, 1);
    setenv("LOCKSTEP_TOP", top, 1);
    setenv("HOME", t->home, 1);
    setenv("TMPDIR", t->home, 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TERM", "xterm-256color", 1);
    setenv("CMOCKA_MESSAGE_OUTPUT", "TAP", 1);
}

static void start_test(struct test *t)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(t->home, sizeof t->home, "%s/lockstep-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(t->home))
        fatal(t->home);
    int n = snprintf(t->log, sizeof t->log, "%s/tests/log/%s", build_path, t->name);
    if (n >= (int)sizeof t->log)
        fatal(t->name);
    *strrchr(t->log, '/') = '-';
    clock_gettime(CLOCK_MONOTONIC, &t->start);
    fflush(stdout);
    t->keeper = fork();
    if (t->keeper < 0)
        fatal("fork");
    if (t->keeper == 0) {
        char *argv[6] = {expand(t->kind->run[0], t)};
        for (int i = 1; i < 5 && t->kind->run[i]; i++)
            argv[i] = expand(t->kind->run[i], t);
        set_environment(t);
        keep(argv, t->log, t->kind->limit_s);
    }
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *f)
{
    (void)st;
    (void)f;
    return type == FTW_DP ? rmdir(path) : unlink(path);
}

static void show_log(const struct test *t)
{
    enum { TAIL = 20000 };
    FILE *f = fopen(t->log, "r");
    if (!f)
        return;
    char line[4096];
    if (fseek(f, -TAIL, SEEK_END) == 0 && fgets(line, sizeof line, f))
        printf("      ... (all of it in %s)\n", t->log);
    else
        rewind(f);
    while (fgets(line, sizeof line, f))
        printf("      %s%s", line, strchr(line, '\n') ? "" : "\n");
    fclose(f);
}

/* Count the cases in TAP output. A program that ended before its plan was done has failed. */
static void count_cases(const struct test *t, int status, int *ok, int *bad, int *skip)
{
    FILE *f = fopen(t->log, "r");
    char line[4096];
    int planned = 0, n;
    while (f && fgets(line, sizeof line, f)) {
        if (sscanf(line, "1..%d", &n) == 1)
            planned += n;
        else if (sscanf(line, "ok %d", &n) != 1 && sscanf(line, "not ok %d", &n) != 1)
            continue;
        else if (strstr(line, "# SKIP"))
            ++*skip;
        else
            ++*(line[0] == 'o' ? ok : bad);
    }
    if (f)
        fclose(f);
    if (*bad == 0 && (status != 0 || *ok + *skip < planned || planned == 0))
        ++*bad;
}

static void finish_test(struct test *t, int status)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double seconds =
        (double)(now.tv_sec - t->start.tv_sec) + (double)(now.tv_nsec - t->start.tv_nsec) / 1e9;
    int ok = 0, bad = 0, skip = 0;
    if (t->kind->cmocka)
        count_cases(t, status, &ok, &bad, &skip);
    else
        ++*(status == 0 ? &ok : status == STATUS_SKIPPED ? &skip : &bad);
    printf("%s  %7.2f s  %s", bad ? "FAIL" : ok ? "pass" : "skip", seconds, t->name);
    if (t->kind->cmocka)
        printf("  (%d case%s%s)", ok + bad + skip, ok + bad + skip == 1 ? "" : "s",
               skip ? ", some skipped" : "");
    if (bad)
        printf("  status %d", status);
    putchar('\n');
    if (bad || (skip && !t->kind->cmocka))
        show_log(t);
    fflush(stdout);
    nftw(t->home, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    passed += ok;
    failed += bad;
    skipped += skip;
}

static void run_all(int jobs)
{
    for (int next = 0, running = 0; next < ntests || running;) {
        while (next < ntests && running < jobs) {
            start_test(&tests[next++]);
            running++;
        }
        int status;
        pid_t pid = waitpid(-1, &status, 0);
        for (int i = 0; pid > 0 && i < next; i++)
            if (tests[i].keeper == pid) {
                tests[i].keeper = 0; /* the kernel gives the number to another one later */
                finish_test(&tests[i],
                            WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
                running--;
            }
    }
}

static void prepare(void)
{
    char path[PATH_MAX + 16];
    if (!realpath(build, build_path) || !getcwd(top, sizeof top))
        fatal(build);
    snprintf(path, sizeof path, "%s/tests/log", build_path);
    if (mkdir(path, 0755) < 0 && errno != EEXIST)
        fatal(path);
}

int main(int argc, char **argv)
{
    const char *only = NULL;
    long jobs = sysconf(_SC_NPROCESSORS_ONLN);
    for (int c; (c = getopt(argc, argv, "B:T:j:")) != -1;) {
        if (c == 'B')
            build = optarg;
        else if (c == 'T')
            only = optarg;
        else if (c == 'j')
            jobs = atoi(optarg);
        else
            return 2;
    }
    prepare();
    find_tests(only);
    if (!ntests) {
        fprintf(stderr, "run: no test has a name with \"%s\" in it\n", only ? only : "");
        return 2;
    }
    run_all(jobs < 1 ? 1 : jobs > MAX_JOBS ? MAX_JOBS : (int)jobs);
    puts("(unit, asan and screen programs count by test case, all others by file)");
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    return failed ? 1 : 0;
}
