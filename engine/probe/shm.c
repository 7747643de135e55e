/* Shared memory that has a name (shm_open) or a key (shmget). It is a file without a name of the
 * kernel's, so that nothing of it is left however an execution ends. Whoever opens it may live in
 * another process than who made it: the first process holds a descriptor of each, and opening it
 * means opening that one again. */
#include "ipc.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ATTACHED 256

static struct shared {
    char name[NAME_MAX + 1];
    bool linked;  /* shm_open finds it */
    bool segment; /* of shmget */
    bool removed;
    key_t key;
    size_t size;
    int creator, mode;
} shareds[HOLDS];
static struct attached {
    uint64_t at; /* 0: given back */
    unsigned shared, process;
} attached[ATTACHED];
static unsigned nshared, nattached, nheld;

static void begin(void)
{
    static uint32_t stamp;
    if (stamp != S->stamp)
        nshared = nattached = 0;
    stamp = S->stamp;
}

/* ---- the files ---- */
static long held, holder;

static void hold_one(void)
{
    static const char name[] = "shared";
    long fd = raw(SYS_memfd_create, (long)name, MFD_CLOEXEC, 0, 0);
    held = fd;
    holder = raw(SYS_getpid, 0, 0, 0, 0);
    if (fd < 0)
        return;
    held = raw(SYS_dup3, fd, HOLD_FIRST + nshared, O_CLOEXEC, 0);
    raw(SYS_close, fd, 0, 0, 0);
}

static struct shared *make(void)
{
    if (nshared == HOLDS)
        return errno = ENOSPC, NULL;
    carrier_do(0, hold_one);
    if (held < 0)
        return errno = ENOSPC, NULL;
    struct shared *s = &shareds[nshared++];
    if (nheld < nshared)
        nheld = nshared;
    memset(s, 0, sizeof *s);
    return s;
}

static int open_held(const struct shared *s, int flags)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/fd/%d", holder, HOLD_FIRST + (int)(s - shareds));
    S->fd_epoch++;
    return REAL(open)(path, flags | O_CLOEXEC);
}

void shared_restore(void)
{
    for (; nheld; nheld--)
        raw(SYS_close, HOLD_FIRST + (long)nheld - 1, 0, 0, 0);
}

/* ---- by name ---- */
static struct shared *find_linked(const char *name)
{
    begin();
    for (unsigned i = 0; i < nshared; i++)
        if (shareds[i].linked && !strcmp(shareds[i].name, name))
            return &shareds[i];
    return NULL;
}

static int open_named(const char *name, int flags)
{
    struct shared *s = find_linked(name);
    if (s && (flags & O_CREAT) && (flags & O_EXCL))
        return ipc_fail(EEXIST);
    if (!s && !(flags & O_CREAT))
        return ipc_fail(ENOENT);
    if (!s) {
        s = make();
        if (!s)
            return -1;
        memcpy(s->name, name, strlen(name) + 1);
        s->linked = true;
    }
    return open_held(s, flags & (O_ACCMODE | O_TRUNC));
}

EXPORT int shm_open(const char *name, int flags, mode_t mode)
{
    if (!controlled)
        return REAL(shm_open)(name, flags, mode);
    const char *plain = ipc_plain_name(name, NAME_MAX);
    if (!plain)
        return -1;
    ipc_name_step("shm_open", HERE);
    int fd = open_named(plain, flags);
    ipc_tell(fd < 0 ? errno : 0);
    return fd;
}

EXPORT int shm_unlink(const char *name)
{
    if (!controlled)
        return REAL(shm_unlink)(name);
    const char *plain = ipc_plain_name(name, NAME_MAX);
    if (!plain)
        return ipc_fail(ENOENT);
    ipc_name_step("shm_unlink", HERE);
    struct shared *s = find_linked(plain);
    ipc_tell(s ? 0 : ENOENT);
    if (!s)
        return ipc_fail(ENOENT);
    s->linked = false;
    return 0;
}

/* ---- by key ---- */
static int make_segment(key_t key, size_t size, int flags)
{
    if (size == 0)
        return ipc_fail(EINVAL);
    struct shared *s = make();
    if (!s)
        return -1;
    int fd = open_held(s, O_RDWR);
    if (fd < 0 || ftruncate(fd, (off_t)size))
        return ipc_fail(ENOMEM);
    REAL(close)(fd);
    s->segment = true;
    s->key = key;
    s->size = size;
    s->creator = OWN->pid;
    s->mode = flags & 0777;
    return (int)(s - shareds);
}

static int get_segment(key_t key, size_t size, int flags)
{
    begin();
    for (unsigned i = 0; i < nshared && key != IPC_PRIVATE; i++) {
        const struct shared *s = &shareds[i];
        if (!s->segment || s->removed || s->key != key)
            continue;
        if ((flags & IPC_CREAT) && (flags & IPC_EXCL))
            return ipc_fail(EEXIST);
        return size > s->size ? ipc_fail(EINVAL) : (int)i;
    }
    return key != IPC_PRIVATE && !(flags & IPC_CREAT) ? ipc_fail(ENOENT)
                                                      : make_segment(key, size, flags);
}

EXPORT int shmget(key_t key, size_t size, int flags)
{
    if (!controlled)
        return REAL(shmget)(key, size, flags);
    ipc_name_step("shmget", HERE);
    int id = get_segment(key, size, flags);
    ipc_tell(id < 0 ? errno : 0);
    return id;
}

static unsigned count_attached(unsigned k)
{
    unsigned n = 0;
    for (unsigned i = 0; i < nattached; i++)
        n += attached[i].at && attached[i].shared == k && !S->processes[attached[i].process].ended;
    return n;
}

static struct shared *segment_of(int id)
{
    begin();
    bool is = id >= 0 && (unsigned)id < nshared && shareds[id].segment &&
              (!shareds[id].removed || count_attached((unsigned)id));
    if (!is)
        errno = EINVAL;
    return is ? &shareds[id] : NULL;
}

static void *attach(int id, const void *at, int flags)
{
    struct shared *s = segment_of(id);
    if (!s || nattached == ATTACHED)
        return (void *)-1;
    int fd = open_held(s, flags & SHM_RDONLY ? O_RDONLY : O_RDWR);
    int protection = flags & SHM_RDONLY ? PROT_READ : PROT_READ | PROT_WRITE;
    void *p = fd < 0 ? MAP_FAILED
                     : mmap((void *)(uintptr_t)at, s->size, protection,
                            MAP_SHARED | (at ? MAP_FIXED_NOREPLACE : 0), fd, 0);
    if (fd >= 0)
        REAL(close)(fd);
    if (p == MAP_FAILED)
        return errno = EINVAL, (void *)-1;
    attached[nattached++] =
        (struct attached){(uint64_t)(uintptr_t)p, (unsigned)(s - shareds), S->cur->process};
    return p;
}

EXPORT void *shmat(int id, const void *at, int flags)
{
    if (!controlled)
        return REAL(shmat)(id, at, flags);
    ipc_name_step("shmat", HERE);
    void *p = attach(id, at, flags);
    ipc_tell(p == (void *)-1 ? errno : 0);
    return p;
}

EXPORT int shmdt(const void *at)
{
    if (!controlled)
        return REAL(shmdt)(at);
    ipc_name_step("shmdt", HERE);
    begin();
    for (unsigned i = 0; i < nattached; i++) {
        struct attached *a = &attached[i];
        if (!a->at || a->at != (uint64_t)(uintptr_t)at || a->process != S->cur->process)
            continue;
        a->at = 0;
        return munmap((void *)(uintptr_t)at, shareds[a->shared].size);
    }
    ipc_tell(EINVAL);
    return ipc_fail(EINVAL);
}

static int tell_segment(const struct shared *s, struct shmid_ds *out)
{
    snapshot_touch((uint64_t)(uintptr_t)out, sizeof *out);
    memset(out, 0, sizeof *out);
    out->shm_perm.__key = s->removed ? IPC_PRIVATE : s->key;
    out->shm_perm.mode = (mode_t)s->mode | (s->removed ? SHM_DEST : 0);
    out->shm_segsz = s->size;
    out->shm_cpid = s->creator;
    out->shm_nattch = count_attached((unsigned)(s - shareds));
    return 0;
}

EXPORT int shmctl(int id, int what, struct shmid_ds *out)
{
    if (!controlled)
        return REAL(shmctl)(id, what, out);
    ipc_name_step("shmctl", HERE);
    struct shared *s = segment_of(id);
    ipc_tell(s ? 0 : EINVAL);
    if (!s)
        return -1;
    switch (what) {
    case IPC_STAT:
        return tell_segment(s, out);
    case IPC_RMID:
        s->removed = true;
        return 0;
    case IPC_SET:
    case SHM_LOCK:
    case SHM_UNLOCK:
        return 0;
    default:
        return ipc_fail(EINVAL);
    }
}

/* What is attached to the parent is attached to the child, too. */
void shared_fork(unsigned parent, unsigned child)
{
    begin();
    for (unsigned i = 0, n = nattached; i < n && nattached < ATTACHED; i++)
        if (attached[i].at && attached[i].process == parent) {
            attached[nattached] = attached[i];
            attached[nattached++].process = child;
        }
}
