/* The area of what has a name instead of an address, and the first of them: named semaphores. In
 * reality names outlive a program; here each execution begins without any. */
#include "ipc.h"
#include "model.h"

#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdarg.h>
#include <sys/mman.h>

#define SEMAPHORES 64

static uint64_t area_used, area_mapped;

int ipc_fail(int error)
{
    errno = error;
    return -1;
}

uint64_t ipc_place(uint64_t nbytes)
{
    static uint32_t stamp;
    if (stamp != S->stamp)
        area_used = 0;
    stamp = S->stamp;
    nbytes = (nbytes + 63) & ~63ull;
    if (area_used + nbytes > IPC_BYTES)
        return 0;
    if (!area_mapped) {
        void *p =
            REAL(mmap)((void *)IPC_BASE, IPC_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0);
        if (p == MAP_FAILED)
            return 0;
        area_mapped = 1;
    }
    area_used += nbytes;
    memset((void *)(IPC_BASE + area_used - nbytes), 0, nbytes);
    return IPC_BASE + area_used - nbytes;
}

void ipc_name_step(const char *call, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    op_reach(&op, OBJ_NAMES, 0, M_FD);
    step(&op);
    record_text(record_step_event(), call, strlen(call));
    spin_effect(S->cur);
    spin_changed(OBJ_NAMES, 1);
}

struct event *ipc_tell(int result)
{
    struct event *e = record_step_event();
    if (e)
        e->result = result;
    return e;
}

void ipc_call_it(uint64_t addr, const char *word)
{
    struct event *e = record(EV_ALLOC, S->cur_id);
    if (e)
        e->addr = addr;
    record_text(e, word, strlen(word));
}

void thread_from_event(const struct sigevent *event, struct here h)
{
    uint64_t handle;
    void *(*start)(void *) = (void *(*)(void *))(uintptr_t)event->sigev_notify_function;
    if (thread_create(&handle, start, event->sigev_value.sival_ptr, h) == 0)
        S->tasks[task_of_handle(handle)].detached = true;
}

/* ---- named semaphores ---- */
static struct semaphore {
    char name[NAME_MAX + 1];
    bool linked;
    uint64_t at;
    uint32_t opened[MAX_PROCESSES]; /* how often by each process, less the closes */
} semaphores[SEMAPHORES];
static unsigned nsemaphores;

static void begin(void)
{
    static uint32_t stamp;
    if (stamp != S->stamp)
        nsemaphores = 0;
    stamp = S->stamp;
}

const char *ipc_plain_name(const char *name, size_t longest)
{
    while (*name == '/')
        name++;
    size_t n = strlen(name);
    if (n == 0 || strchr(name, '/') || n > NAME_MAX)
        errno = EINVAL;
    else if (n > longest)
        errno = ENAMETOOLONG;
    else
        return name;
    return NULL;
}

/* The library puts "sem." before it. */
static const char *plain_name(const char *name)
{
    return ipc_plain_name(name, NAME_MAX - 4);
}

static struct semaphore *find_linked(const char *name)
{
    begin();
    for (unsigned i = 0; i < nsemaphores; i++)
        if (semaphores[i].linked && !strcmp(semaphores[i].name, name))
            return &semaphores[i];
    return NULL;
}

static struct semaphore *make_semaphore(const char *name, unsigned value)
{
    uint64_t at = nsemaphores < SEMAPHORES ? ipc_place(sizeof(sem_t)) : 0;
    if (!at)
        return NULL;
    struct semaphore *s = &semaphores[nsemaphores++];
    memset(s, 0, sizeof *s);
    memcpy(s->name, name, strlen(name) + 1);
    s->linked = true;
    s->at = at;
    memcpy((void *)at, &value, sizeof value);
    struct object *o = object_at(at, C_SEM);
    object_fresh(o, C_SEM);
    o->initialised = 1;
    o->count = value;
    ipc_call_it(at, "semaphore");
    return s;
}

/* What the call comes to once it is its turn; NULL with errno set. */
static struct semaphore *open_now(const char *name, int flags, unsigned value)
{
    struct semaphore *s = find_linked(name);
    int error = s && (flags & O_CREAT) && (flags & O_EXCL)  ? EEXIST
                : s                                         ? 0
                : !(flags & O_CREAT)                        ? ENOENT
                : value > SEM_VALUE_MAX                     ? EINVAL
                : (s = make_semaphore(name, value)) == NULL ? ENFILE
                                                            : 0;
    errno = error ? error : errno;
    return error ? NULL : s;
}

static sem_t *open_semaphore(const char *name, int flags, unsigned value, struct here h)
{
    const char *plain = plain_name(name);
    if (!plain)
        return SEM_FAILED;
    struct op op = op_make(flags & O_CREAT ? EV_SEM_INIT : EV_CALL, h);
    op_reach(&op, OBJ_NAMES, 0, M_FD);
    step(&op);
    spin_effect(S->cur);
    spin_changed(OBJ_NAMES, 1);
    struct semaphore *s = open_now(plain, flags, value);
    struct event *e = ipc_tell(s ? 0 : errno);
    if (e && s)
        e->addr = s->at;
    if (e && s && flags & O_CREAT) {
        e->a = object_at(s->at, C_SEM)->count;
    } else if (e) {
        e->kind = EV_CALL;
        record_text(e, "sem_open", 8);
    }
    if (!s)
        return SEM_FAILED;
    s->opened[S->cur->process]++;
    return (sem_t *)s->at;
}

EXPORT sem_t *sem_open(const char *name, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    unsigned value = flags & O_CREAT ? va_arg(ap, unsigned) : 0;
    va_end(ap);
    return controlled ? open_semaphore(name, flags, value, HERE)
                      : REAL(sem_open)(name, flags, mode, value);
}

EXPORT int sem_unlink(const char *name)
{
    if (!controlled)
        return REAL(sem_unlink)(name);
    const char *plain = plain_name(name);
    if (!plain)
        return ipc_fail(ENOENT);
    ipc_name_step("sem_unlink", HERE);
    struct semaphore *s = find_linked(plain);
    ipc_tell(s ? 0 : ENOENT);
    if (!s)
        return ipc_fail(ENOENT);
    s->linked = false;
    return 0;
}

/* What it does to the semaphore nobody can see; a wait of another thread in it goes on. */
EXPORT int sem_close(sem_t *at)
{
    if (!controlled)
        return REAL(sem_close)(at);
    begin();
    for (unsigned i = 0; i < nsemaphores; i++) {
        struct semaphore *s = &semaphores[i];
        if (s->at != (uint64_t)(uintptr_t)at || !s->opened[S->cur->process])
            continue;
        s->opened[S->cur->process]--;
        call_step("sem_close", 0, HERE);
        return 0;
    }
    return ipc_fail(EINVAL);
}

void ipc_fork(unsigned parent, unsigned child)
{
    begin();
    for (unsigned i = 0; i < nsemaphores; i++)
        semaphores[i].opened[child] = semaphores[i].opened[parent];
    shared_fork(parent, child);
}
