/* Starting a program that is to run free: the shared memory, a terminal, the process. */
#include "live_private.h"

#include "guard.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define EXEC_NS 5000000000ull

/* ---- the memory ---- */
static uint32_t ring_of(uint32_t asked)
{
    uint32_t n = RECORDER_RING_MIN;
    if (!asked)
        asked = LIVE_RING;
    while (n < asked && n < RECORDER_RING_MAX)
        n *= 2;
    return n;
}

static int make_memory(struct live *l, struct err *e)
{
    const struct live_options *o = &l->options;
    l->ring = ring_of(o->ring);
    l->memory_fd = memfd_create("lockstep-recorder", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (l->memory_fd < 0 || ftruncate(l->memory_fd, (off_t)RECORDER_BYTES(l->ring)) ||
        fcntl(l->memory_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
        return err_set(e, ERR_NOMEM, "cannot make the memory shared with the program: %s",
                       strerror(errno));
    void *p = mmap(NULL, RECORDER_BYTES(l->ring), PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_NORESERVE, l->memory_fd, 0);
    if (p == MAP_FAILED)
        return err_set(e, ERR_NOMEM, "cannot map the memory shared with the program: %s",
                       strerror(errno));
    struct recorder *r = l->memory = p;
    r->bytes = RECORDER_BYTES(l->ring);
    r->ring = l->ring;
    r->accesses = o->accesses != 0;
    r->noise = o->noise;
    r->noise_1_in = o->noise_1_in;
    r->noise_us = o->noise_us;
    r->seed = o->seed;
    r->pace = o->pace;
    r->version = RECORDER_VERSION;
    r->magic = RECORDER_MAGIC;
    return 0;
}

/* ---- the terminal ---- */
/* What is written comes out as it was; what is typed comes in lines, and is not seen. */
static int make_terminal(struct live *l, int *slave, struct err *e)
{
    char name[128];
    l->terminal_fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    *slave = -1;
    if (l->terminal_fd >= 0 && grantpt(l->terminal_fd) == 0 && unlockpt(l->terminal_fd) == 0 &&
        ptsname_r(l->terminal_fd, name, sizeof name) == 0)
        *slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*slave < 0)
        return err_set(e, ERR_CREATE, "cannot make a terminal for the program: %s",
                       strerror(errno));
    struct termios t;
    if (tcgetattr(*slave, &t) == 0) {
        t.c_lflag &= ~(tcflag_t)ECHO;
        t.c_oflag &= ~(tcflag_t)ONLCR;
        tcsetattr(*slave, TCSANOW, &t);
    }
    struct winsize size = {.ws_col = (unsigned short)(l->options.cols ? l->options.cols : 80),
                           .ws_row = (unsigned short)(l->options.rows ? l->options.rows : 24)};
    ioctl(*slave, TIOCSWINSZ, &size);
    return 0;
}

/* ---- its environment: the user's, with the recorder in it ---- */
static const char *of_environment(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

static char *joined(const char *name, const char *first, size_t nfirst)
{
    const char *given = of_environment(name);
    return xasprintf("%s=%.*s%s%s", name, (int)nfirst, first, *given ? ":" : "", given);
}

/* The folder of the recorder: a program linked with another copy gets ours all the same. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) : 0;
}

static int is_ours(const char *setting)
{
    static const char *const ours[] = {RECORDER_ENV "=", "LD_PRELOAD=", "LD_LIBRARY_PATH=", NULL};
    for (int i = 0; ours[i]; i++)
        if (strncmp(setting, ours[i], strlen(ours[i])) == 0)
            return 1;
    return 0;
}

static char **environment(const struct live *l, const char *recorder)
{
    size_t n = 0;
    while (environ[n])
        n++;
    char **env = xcalloc(n + 4, sizeof *env);
    n = 0;
    for (char **s = environ; *s; s++)
        if (!is_ours(*s))
            env[n++] = xstrdup(*s);
    env[n++] = joined("LD_PRELOAD", recorder, strlen(recorder));
    env[n++] = joined("LD_LIBRARY_PATH", recorder, folder_length(recorder));
    env[n] = xasprintf(RECORDER_ENV "=/proc/%d/fd/%d", (int)getpid(), l->memory_fd);
    return env;
}

static void free_environment(char **env)
{
    for (char **s = env; *s; s++)
        free(*s);
    free(env);
}

/* ---- the process ---- */
struct birth {
    const struct live *live;
    char **env;
    struct rlimit files;
};

static void use_processors(uint64_t mask)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (unsigned i = 0; i < 64; i++)
        if (mask >> i & 1)
            CPU_SET(i, &set);
    if (mask)
        sched_setaffinity(0, sizeof set, &set);
}

static void defaults(void)
{
    sigset_t none;
    sigemptyset(&none);
    for (int s = 1; s < NSIG; s++)
        signal(s, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child: everything between fork and exec. 100 is the memory, 101 the terminal. */
static void become(void *ctx, int guard)
{
    const struct birth *b = ctx;
    const struct program *p = b->live->program;
    personality(ADDR_NO_RANDOMIZE);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){LIVE_FILE_BYTES, LIVE_FILE_BYTES});
    setrlimit(RLIMIT_NOFILE, &b->files);
    use_processors(b->live->options.processors);
    int in = p->stdin_path ? open(p->stdin_path, O_RDONLY | O_NOCTTY | O_CLOEXEC) : 101;
    dup2(in, 0);
    dup2(101, 1);
    dup2(101, 2);
    close(101);
    fcntl(100, F_SETFD, FD_CLOEXEC);
    guard_install_free(guard);
    defaults();
    execve(p->binary, p->argv, b->env);
    int32_t error = errno;
    if (pwrite(100, &error, sizeof error, offsetof(struct recorder, start_error)) < 0)
        _exit(126);
    _exit(error == ENOEXEC || error == EACCES ? 126 : 127);
}

static int same_link(const char *a, const char *b)
{
    char ta[4096], tb[4096];
    ssize_t na = readlink(a, ta, sizeof ta), nb = readlink(b, tb, sizeof tb);
    return na > 0 && na == nb && memcmp(ta, tb, (size_t)na) == 0;
}

/* Wait until it is the program and not our copy any more. */
static int wait_for_exec(struct live *l, struct err *e)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/exe", (int)l->pid);
    uint64_t until = live_clock_now() + EXEC_NS;
    struct timespec pause = {.tv_nsec = 200000};
    while (!l->memory->start_error && same_link(path, "/proc/self/exe") && live_clock_now() < until)
        nanosleep(&pause, NULL);
    int error = l->memory->start_error;
    if (!error)
        return 0;
    return err_set(e, ERR_NOT_A_PROGRAM, "%s cannot be started: %s", l->program->name,
                   error == ENOENT ? "it needs a loader that is not there" : strerror(error));
}

/* Many files of /proc stay open; the program keeps the limit there was. */
static struct rlimit raise_files(void)
{
    struct rlimit before = {0}, more;
    getrlimit(RLIMIT_NOFILE, &before);
    more = before;
    if (more.rlim_cur < 8192)
        more.rlim_cur = more.rlim_max < 8192 ? more.rlim_max : 8192;
    if (setrlimit(RLIMIT_NOFILE, &more))
        more = before;
    proc_keep_open(more.rlim_cur > 512 ? (int)(more.rlim_cur > 8192 ? 8192 : more.rlim_cur) - 256
                                       : (int)more.rlim_cur / 4);
    return before;
}

int live_start(struct live *l, struct err *e)
{
    const char *recorder = path_recorder();
    if (!recorder)
        return err_set(e, ERR_COMPILER,
                       "liblockstep-recorder.so is missing beside lockstep; "
                       "install lockstep again, or run make");
    int slave = -1, rc = make_memory(l, e);
    if (rc == 0)
        rc = make_terminal(l, &slave, e);
    if (rc)
        return rc;
    struct birth birth = {l, environment(l, recorder), raise_files()};
    live_clock_begin(l);
    rc = keeper_start_free(&l->keeper, (int[]){l->memory_fd, slave}, become, &birth, &l->pid);
    close(slave);
    free_environment(birth.env);
    if (rc) {
        l->pid = 0;
        return err_set(e, ERR_TARGET_GONE, "cannot start the program: %s", strerror(-rc));
    }
    l->first_pid = l->pid;
    return wait_for_exec(l, e);
}
