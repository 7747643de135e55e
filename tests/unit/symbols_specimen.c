#include "symbols_specimen.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char scratch[64];

const char *specimen_dir(void)
{
    if (!scratch[0]) {
        snprintf(scratch, sizeof scratch, "/tmp/lockstep-symbols-XXXXXX");
        assert_non_null(mkdtemp(scratch));
    }
    return scratch;
}

void specimen_cleanup(void)
{
    if (scratch[0])
        run("rm -rf %s", scratch);
    scratch[0] = '\0';
}

int have_compiler(const char *cc)
{
    char command[128];
    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", cc);
    return system(command) == 0;
}

const char *fixture(const char *name)
{
    static char paths[4][512];
    static int next;
    const char *slash = strrchr(__FILE__, '/');
    char *path = paths[next++ % 4];
    int n = slash ? (int)(slash - __FILE__) : 1;
    snprintf(path, sizeof paths[0], "%.*s/symbols/%s", n, slash ? __FILE__ : ".", name);
    return path;
}

void run(const char *format, ...)
{
    char command[4096];
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(command, sizeof command, format, ap);
    va_end(ap);
    assert_in_range(n, 1, sizeof command - 1);
    if (system(command) != 0)
        fail_msg("failed: %s", command);
}

void specimen_build(struct specimen *t, const char *command)
{
    *t = (struct specimen){.pid = -1};
    snprintf(t->binary, sizeof t->binary, "%s/fixture", specimen_dir());
    run("%s -o %s %s %s", command, t->binary, fixture("types.c"), fixture("other.c"));
}

static int read_memory(void *ctx, uint64_t addr, void *out, size_t n)
{
    const struct specimen *t = ctx;
    struct iovec to = {out, n};
    struct iovec from = {(void *)(uintptr_t)addr, n}; /* an address of the target */
    return process_vm_readv(t->pid, &to, 1, &from, 1, 0) == (ssize_t)n ? 0 : -1;
}

uint64_t specimen_mapped(struct specimen *t, const char *part, char *path, size_t n)
{
    char name[64], line[1024];
    uint64_t low = 0;
    snprintf(name, sizeof name, "/proc/%d/maps", (int)t->pid);
    FILE *f = fopen(name, "r");
    assert_non_null(f);
    while (!low && fgets(line, sizeof line, f)) {
        char *slash = strchr(line, '/');
        if (!slash || !strstr(slash, part))
            continue;
        low = strtoull(line, NULL, 16);
        slash[strcspn(slash, "\n")] = '\0';
        snprintf(path, n, "%s", slash);
    }
    fclose(f);
    return low;
}

static void run_child(const char *binary)
{
    char *argv[] = {(char *)(uintptr_t)binary, NULL};
    personality(ADDR_NO_RANDOMIZE);
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    execv(binary, argv);
    _exit(127);
}

static int is_fixed(const char *binary) /* linked without -pie: ET_EXEC */
{
    unsigned char header[18];
    FILE *f = fopen(binary, "rb");
    assert_non_null(f);
    assert_int_equal(fread(header, 1, sizeof header, f), sizeof header);
    fclose(f);
    return header[16] == 2;
}

void specimen_start(struct specimen *t)
{
    int status;
    char path[512];
    struct err e = {0};
    t->pid = fork();
    assert_true(t->pid >= 0);
    if (t->pid == 0)
        run_child(t->binary);
    assert_int_equal(waitpid(t->pid, &status, 0), t->pid);
    assert_true(WIFSTOPPED(status));
    ptrace(PTRACE_SETOPTIONS, t->pid, NULL, (void *)(uintptr_t)PTRACE_O_EXITKILL);
    t->bias = is_fixed(t->binary) ? 0 : specimen_mapped(t, t->binary, path, sizeof path);
    t->memory = (struct memory){t, read_memory};
    if (symbols_open(&t->symbols, t->binary, t->bias, &e) != 0)
        fail_msg("%s", e.message);
}

int specimen_next(struct specimen *t)
{
    int status;
    struct user_regs_struct r;
    ptrace(PTRACE_CONT, t->pid, NULL, NULL);
    assert_int_equal(waitpid(t->pid, &status, 0), t->pid);
    if (!WIFSTOPPED(status))
        return 0;
    assert_int_equal(WSTOPSIG(status), SIGTRAP);
    assert_int_equal(ptrace(PTRACE_GETREGS, t->pid, NULL, &r), 0);
    t->regs = (struct regs){.pc = r.rip, .sp = r.rsp, .bp = r.rbp};
    t->thread_pointer = r.fs_base;
    return 1;
}

void specimen_next_in(struct specimen *t, const char *function)
{
    const struct names *names = symbols_names(t->symbols);
    struct place p;
    do {
        if (!specimen_next(t))
            fail_msg("ended before it stopped in %s", function);
        names->place(names->ctx, t->regs.pc - 1, &p);
    } while (strcmp(p.function, function) != 0);
}

void specimen_end(struct specimen *t)
{
    int status;
    if (t->pid > 0) {
        kill(t->pid, SIGKILL);
        waitpid(t->pid, &status, 0);
    }
    symbols_close(t->symbols);
    t->symbols = NULL;
    t->pid = -1;
}

void specimen_locals(struct specimen *t, int frame)
{
    t->nrows = symbols_locals(t->symbols, &t->regs, &t->memory, frame, t->rows, SPECIMEN_ROWS);
}

void specimen_globals(struct specimen *t)
{
    t->nrows = symbols_globals(t->symbols, &t->memory, t->rows, SPECIMEN_ROWS);
}

static const struct variable *find(struct specimen *t, const char *name)
{
    for (int i = 0; i < t->nrows; i++)
        if (t->rows[i].depth == 0 && strcmp(t->rows[i].name, name) == 0)
            return &t->rows[i];
    return NULL;
}

int specimen_has_row(struct specimen *t, const char *name)
{
    return find(t, name) != NULL;
}

const struct variable *specimen_row(struct specimen *t, const char *name)
{
    const struct variable *v = find(t, name);
    if (!v)
        fail_msg("no variable %s among %d", name, t->nrows);
    return v;
}

const char *specimen_value(struct specimen *t, const char *name)
{
    return specimen_row(t, name)->value;
}

const char *specimen_object_name(struct symbols *s, uint64_t addr, uint32_t size)
{
    static char out[128];
    const struct names *names = symbols_names(s);
    names->object(names->ctx, addr, size, out, sizeof out);
    return out;
}
