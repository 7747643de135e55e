/* Where a controlled program begins: instead of main, the probe takes over, keeps a picture of the
 * memory, and runs executions as the host asks. */
#include "probe.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int (*program_main)(int, char **, char **);
static int program_argc;
static char **program_argv;
static int event_fd = -1;
static bool attached;

bool arena_attach(void) __attribute__((visibility("hidden")));

void *real_function(const char *name)
{
    void *f = dlsym(RTLD_NEXT, name);
    if (!f)
        probe_panic(name);
    return f;
}

void probe_panic(const char *message)
{
    static const char head[] = "lockstep probe: ";
    if (attached) {
        snprintf(A->refusal, sizeof A->refusal, "%s", message);
        A->state = STATE_REFUSED;
    }
    syscall(SYS_write, 2, head, sizeof head - 1);
    syscall(SYS_write, 2, message, strlen(message));
    syscall(SYS_write, 2, "\n", 1);
    syscall(SYS_exit_group, 70);
    __builtin_unreachable();
}

/* Map the arena when lockstep started this program; false when it runs by itself. */
bool arena_attach(void)
{
    char *s = getenv(ARENA_ENV), *end;
    if (attached || !s)
        return attached;
    int fd = (int)strtol(s, &end, 10);
    event_fd = (int)strtol(end + 1, NULL, 10);
    void *p = REAL(mmap)((void *)ARENA_ADDRESS, ARENA_BYTES, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_FIXED_NOREPLACE | MAP_NORESERVE, fd, 0);
    if (p == MAP_FAILED || A->magic != ARENA_MAGIC || A->version != ARENA_VERSION)
        return false;
    attached = true;
    return true;
}

/* ---- parked threads: they lend their thread-local storage ---- */
static struct {
    uint64_t fs;
    char *tls; /* as it was when the thread was new */
} slots[MAX_TASKS];
static uint64_t tls_bytes;
static uint32_t parked;

static void *park(void *arg)
{
    uint64_t fs;
    __asm__("movq %%fs:0, %0" : "=r"(fs));
    slots[(uintptr_t)arg].fs = fs;
    __atomic_fetch_add(&parked, 1, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, &parked, FUTEX_WAKE, 1, NULL, NULL, 0);
    uint32_t never = 0;
    for (;;)
        syscall(SYS_futex, &never, FUTEX_WAIT, 0, NULL, NULL, 0);
    return NULL;
}

static int tls_module(struct dl_phdr_info *info, size_t size, void *fs)
{
    (void)size;
    uint64_t data = (uint64_t)(uintptr_t)info->dlpi_tls_data, top = *(uint64_t *)fs;
    if (data && data < top && top - data > tls_bytes && top - data < (1u << 20))
        tls_bytes = top - data;
    return 0;
}

void tls_init(void)
{
    dl_iterate_phdr(tls_module, &scheduler_fiber.fs);
    tls_bytes = (tls_bytes + 63) & ~63ull;
}

void tls_range(unsigned n, uint64_t *low, uint64_t *high)
{
    *low = slots[n].fs - tls_bytes;
    *high = slots[n].fs + 2304; /* struct pthread */
}

static void slot_new(unsigned n)
{
    if (n == 0) {
        slots[0].fs = scheduler_fiber.fs;
    } else {
        pthread_attr_t attr;
        pthread_t thread;
        uint32_t before = parked;
        pthread_attr_init(&attr);
        pthread_attr_setstacksize(&attr, 65536 + tls_bytes);
        if (REAL(pthread_create)(&thread, &attr, park, (void *)(uintptr_t)n))
            probe_panic("cannot create a thread");
        while (__atomic_load_n(&parked, __ATOMIC_SEQ_CST) == before)
            syscall(SYS_futex, &parked, FUTEX_WAIT, before, NULL, NULL, 0);
    }
    slots[n].tls =
        REAL(mmap)(NULL, tls_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(slots[n].tls, (void *)(slots[n].fs - tls_bytes), tls_bytes);
}

/* At least n parked threads; only between executions. */
void slots_ensure(unsigned n)
{
    heap_private = true;
    for (; S->slots < n && S->slots < MAX_TASKS; S->slots++)
        slot_new(S->slots);
    heap_private = false;
}

uint64_t slot_fs(unsigned n)
{
    return slots[n].fs;
}

void slot_restore(unsigned n)
{
    memcpy((void *)(slots[n].fs - tls_bytes), slots[n].tls, tls_bytes);
}

/* ---- talking to the host ---- */
static void ring(void)
{
    uint64_t one = 1;
    if (syscall(SYS_write, event_fd, &one, sizeof one) < 0)
        return;
}

static void futex_wait(uint32_t *word, uint32_t value)
{
    syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
}

/* Stopped: tell the host and wait for its next command. Returns to go on; RESTART leaves the
 * execution for good. */
void control_wait(void)
{
    uint32_t seen = S->command_seen;
    bool was = controlled;
    controlled = false;
    A->state = STATE_STOPPED;
    __atomic_store_n(&A->done_seq, seen, __ATOMIC_SEQ_CST);
    ring();
    while (__atomic_load_n(&A->command_seq, __ATOMIC_SEQ_CST) == seen)
        futex_wait(&A->command_seq, seen);
    S->command_seen = __atomic_load_n(&A->command_seq, __ATOMIC_SEQ_CST);
    A->state = STATE_RUNNING;
    A->heartbeat++;
    if (A->command == COMMAND_QUIT)
        syscall(SYS_exit_group, 0);
    if (A->command == COMMAND_RESTART && was) {
        S->restart = S->over = true;
        struct fiber dead;
        fiber_switch(&dead, control_fiber());
    }
    S->adverse = A->adversity;
    S->forced = S->nchoices; /* the host's list begins with what was chosen so far */
    controlled = was;
}

void control_refuse(const char *message)
{
    controlled = false;
    snprintf(A->refusal, sizeof A->refusal, "%s", message);
    A->state = STATE_REFUSED;
    ring();
    syscall(SYS_exit_group, 69);
    __builtin_unreachable();
}

void begin_again(void)
{
    search_learned();
    S->again = true;
    sched_end(FINISH_CUT, 0, 0);
    __builtin_unreachable();
}

int run_main(void)
{
    return program_main(program_argc, program_argv, environ);
}

/* ---- executions ---- */
/* The arguments and the environment, with their strings: they lie on the stack that the process
 * began with, and programs change them (getopt, strtok). */
static struct {
    char *low, *copy;
    size_t n;
} arguments;

static void arguments_keep(char **env)
{
    char *high = (char *)program_argv;
    for (char **p = program_argv; p < env || *p; p++)
        if (*p && *p + strlen(*p) + 1 > high)
            high = *p + strlen(*p) + 1;
    arguments.low = (char *)program_argv;
    arguments.n = (size_t)(high - arguments.low);
    if (arguments.n > 4u << 20) /* somebody has put them elsewhere */
        arguments.n = 0;
    arguments.copy = REAL(mmap)(NULL, arguments.n + 1, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (arguments.copy == MAP_FAILED)
        probe_panic("no memory for the arguments");
    memcpy(arguments.copy, arguments.low, arguments.n);
}

static void put_back(void)
{
    memcpy(arguments.low, arguments.copy, arguments.n);
    snapshot_restore();
    heap_restore();
    maps_restore();
    fd_restore();
    outside_restore();
}

static void one_search_execution(void)
{
    S->need_slots = 0;
    S->again = false;
    input_rewind();
    sched_run();
    search_end();
}

static void more_slots(void)
{
    slots_ensure(S->need_slots * 2);
    snapshot_again();
    S->need_slots = 0;
}

static uint64_t now_ns(void)
{
    struct timespec t;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void search(void)
{
    S->searching = true;
    S->ordered = A->strategy == SEARCH_DPOR;
    S->by_chance = A->strategy == SEARCH_RANDOM;
    A->first_nanoseconds = now_ns();
    while (search_begin()) {
        one_search_execution();
        put_back();
        if (S->need_slots)
            more_slots();
        A->heartbeat++;
    }
    A->last_nanoseconds = now_ns();
    A->exhausted = S->done;
    A->complete = S->done && !A->values_used && !A->cut_executions && !A->overflow &&
                  !A->ran_free && !A->diverged;
    A->state = STATE_FINISHED;
    ring();
}

static void over(void)
{
    A->over = 1;
    A->nsteps = S->depth;
    A->nchoices = S->nchoices;
    A->stop = STOP_OVER;
    while (!S->restart) {
        control_wait();
        S->restart = A->command == COMMAND_RESTART;
    }
}

/* What was chosen so far becomes what is forced when the execution has to begin again. */
static void force_again(void)
{
    if (S->forced < A->nforced) /* not all of it was used up yet: it still holds */
        return;
    memcpy(A->choices + ARENA_FORCED, A->choices, S->nchoices * sizeof *A->choices);
    A->nforced = S->nchoices;
}

static void session_execution(void)
{
    S->restart = S->again = S->learned = false;
    S->need_slots = 0;
    A->nevents = A->ntext = 0;
    A->nalternatives = 0;
    A->over = 0;
    if (A->stop_on_finding)
        A->stop_on_finding = 1;
    input_rewind();
    sched_run();
    if (S->need_slots || S->again) {
        force_again();
        return;
    }
    if (!S->restart)
        over();
    for (uint32_t i = 0; i < A->nshared; i++)
        A->shared[i].fresh = 0;
}

static void session(void)
{
    S->recording = true;
    S->stride = MAX_TASKS;
    for (;;) {
        session_execution();
        put_back();
        if (S->need_slots)
            more_slots();
    }
}

static int text_range(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    A->exe_bias = info->dlpi_addr;
    S->text_low = ~0ull;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type != PT_LOAD || (p->p_flags & PF_W))
            continue;
        uint64_t low = info->dlpi_addr + p->p_vaddr, high = low + p->p_memsz;
        if (low < S->text_low)
            S->text_low = low;
        if (high > S->text_high)
            S->text_high = high;
    }
    return 1; /* the first one is the executable */
}

static int controlled_main(int argc, char **argv, char **env)
{
    program_argc = argc;
    program_argv = argv;
    unsetenv(ARENA_ENV);
    arguments_keep(env);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    dl_iterate_phdr(text_range, NULL);
    S->rng = A->seed * 0x9e3779b97f4a7c15ull + 0x2545f4914f6cdd1dull;
    S->stride = A->strategy == SEARCH_DPOR ? 8 : MAX_TASKS;
    S->pool_next = POOL;
    S->nwords = 1;
    S->ncells = 1;
    S->last_cell = S->cells;
    fiber_init();
    tls_init();
    stdio_init();
    fd_init();
    outside_init();
    crash_init();
    choose_init();
    libraries_note();
    slots_ensure(16);
    heap_snapshot();
    snapshot_take();
    A->state = STATE_RUNNING;
    A->mode == MODE_EXPLORE ? search() : session();
    syscall(SYS_exit_group, 0);
    return 0;
}

static int free_main(int argc, char **argv, char **env)
{
    return program_main(argc, argv, env);
}

EXPORT int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
                             void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                             void *stack_end);
EXPORT int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
                             void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                             void *stack_end)
{
    int (*real)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                void (*)(void), void *) =
        (__typeof__(real))(uintptr_t)real_function("__libc_start_main");
    program_main = main;
    if (!attached && getenv(ARENA_ENV))
        arena_attach();
    return real(attached ? controlled_main : free_main, argc, argv, init, fini, rtld_fini,
                stack_end);
}
