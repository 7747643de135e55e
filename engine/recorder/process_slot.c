/* The slots of processes, and what all threads of one end with. */
#include "inside.h"

#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>

uint32_t process_index = ~0u;
int32_t process_pid;
static uint32_t always = 1;
uint32_t *process_alive = &always;

static bool claim(uint32_t i, uint32_t from)
{
    return __atomic_compare_exchange_n(&R->processes[i].life, &from, LIFE_CLAIMED, 0,
                                       __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static uint32_t find(int32_t pid)
{
    uint32_t n = __atomic_load_n(&R->nprocesses, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < n && i < RECORDER_PROCESSES; i++)
        if (R->processes[i].life == LIFE_ALIVE && R->processes[i].pid == pid)
            return i;
    return ~0u;
}

static bool gone(int32_t pid)
{
    return syscall(SYS_kill, pid, 0) && errno == ESRCH;
}

static uint32_t claim_any(void)
{
    uint32_t n = __atomic_load_n(&R->nprocesses, __ATOMIC_RELAXED);
    while (n < RECORDER_PROCESSES)
        if (__atomic_compare_exchange_n(&R->nprocesses, &n, n + 1, 0, __ATOMIC_ACQ_REL,
                                        __ATOMIC_RELAXED))
            return claim(n, LIFE_FREE) ? n : ~0u;
    for (uint32_t i = 0; i < RECORDER_PROCESSES; i++)
        if (R->processes[i].life == LIFE_ENDED && claim(i, LIFE_ENDED))
            return i;
    for (uint32_t i = 0; i < RECORDER_PROCESSES; i++)
        if (R->processes[i].life == LIFE_ALIVE && gone(R->processes[i].pid) && claim(i, LIFE_ALIVE))
            return i;
    return ~0u;
}

/* Where the executable is loaded: its headers lie there at an address, and say at which they would
 * without it. */
static uint64_t exe_bias(void)
{
    uint64_t at = getauxval(AT_PHDR), n = getauxval(AT_PHNUM);
    const ElfW(Phdr) *h = (const ElfW(Phdr) *)(uintptr_t)at;
    for (uint64_t i = 0; h && i < n; i++)
        if (h[i].p_type == PT_PHDR)
            return at - h[i].p_vaddr;
    return 0;
}

static void fill(struct recorder_process *p, uint32_t parent)
{
    p->pid = process_pid;
    p->parent_pid = (int32_t)getppid();
    p->parent = parent;
    p->began = ticks();
    p->ended = 0;
    p->exe_bias = exe_bias();
    p->exits = p->reaped = p->execs = 0;
    p->exit_status = p->wait_status = 0;
    p->signal = wait_signal_install();
}

static void take_slot(uint32_t parent)
{
    uint32_t i = claim_any();
    process_index = i;
    if (i == ~0u)
        return;
    fill(&R->processes[i], parent);
    __atomic_store_n(&R->processes[i].life, LIFE_ALIVE, __ATOMIC_RELEASE);
}

struct recorder_process *process_here(void)
{
    return process_index == ~0u ? NULL : &R->processes[process_index];
}

/* ---- the end ---- */
void process_ends(int status, bool now)
{
    struct recorder_process *p = process_here();
    if (!p || getpid() != process_pid) /* a child of vfork */
        return;
    p->exit_status = status;
    p->exits = 1;
    if (!now)
        return;
    threads_ended(process_pid, NULL);
    p->ended = ticks();
    __atomic_store_n(&p->life, LIFE_ENDED, __ATOMIC_RELEASE);
}

/* Called by exit after all handlers of the program, as ours was there first. */
static void on_exit_call(int status, void *unused)
{
    (void)unused;
    struct recorder_process *p = process_here();
    if (ready() && p && !p->exits)
        note_now(EV_EXIT, 0, 0, 0, (unsigned)status & 0xff);
    process_ends(status, true);
}

void process_reaped(int32_t pid, int status)
{
    uint32_t i = find(pid);
    for (uint32_t k = 0; i == ~0u && k < R->nprocesses && k < RECORDER_PROCESSES; k++)
        if (R->processes[k].pid == pid && R->processes[k].life == LIFE_ENDED)
            i = k;
    if (i == ~0u)
        return;
    struct recorder_process *p = &R->processes[i];
    p->wait_status = status;
    p->reaped = 1;
    threads_ended(pid, NULL);
    if (p->life == LIFE_ALIVE)
        p->ended = ticks();
    __atomic_store_n(&p->life, LIFE_ENDED, __ATOMIC_RELEASE);
}

/* ---- the beginning ---- */

/* A page that the kernel clears in the child of every fork. */
static void watch_forks(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return;
    if (madvise(p, 4096, MADV_WIPEONFORK)) {
        munmap(p, 4096);
        return;
    }
    process_alive = p;
    *process_alive = 1;
}

void process_begin(void)
{
    process_pid = (int32_t)getpid();
    uint32_t i = find(process_pid);
    if (i != ~0u) { /* after an exec */
        struct recorder_process *p = &R->processes[i];
        process_index = i;
        p->exe_bias = exe_bias();
        p->exits = 0;
        p->signal = wait_signal_install();
        p->execs++;
    } else {
        take_slot(find((int32_t)getppid()));
    }
    watch_forks();
    pthread_atfork(NULL, NULL, process_forked);
    on_exit(on_exit_call, NULL);
}

/* In the child, before all other handlers of a fork: it has one thread, which is a new one. */
void process_forked(void)
{
    int keep = errno;
    *process_alive = 1;
    if (!R || process_pid == (int32_t)getpid())
        return;
    uint32_t creator = me.slot->number;
    uint32_t number = me.child_number != ~0u ? me.child_number : number_new();
    me.child_number = ~0u;
    process_pid = (int32_t)getpid();
    take_slot(process_index);
    thread_begin(number, creator, NULL, true);
    errno = keep;
}
