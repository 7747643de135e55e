/* Files by name, places in files, and pipes with a name. */
#include "fd.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- names ---- */
/* Names are one object; what is behind one that is there is another. */
static void file_step(const char *name, int at, const char *path, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    struct stat st;
    op_reach(&op, OBJ_FILES, 0, M_FD);
    if (path && fstatat(at, path, &st, 0) == 0 && !S_ISDIR(st.st_mode))
        op_reach(&op, OBJ_FD(fd_object_by(&st)), 0, M_FD);
    fd_reach_numbers(&op, true);
    op.addr = OBJ_FILES;
    step(&op);
    record_text(record_step_event(), name, strlen(name));
}

/* A call that failed has changed nothing: who tries again and again waits for another. */
static void file_done(bool worked)
{
    if (!worked)
        return;
    int error = errno;
    struct object *o = object_at(OBJ_FILES, C_PSEUDO);
    fd_changed(OBJ_FILES);
    sync_acquire(o);
    sync_release_join(o);
    errno = error;
}

#define FILES(name, path, params, args)                                                            \
    EXPORT int name params                                                                         \
    {                                                                                              \
        if (!controlled || S->nostep)                                                              \
            return REAL(name) args;                                                                \
        file_step(#name, AT_FDCWD, path, HERE);                                                    \
        int result = REAL(name) args;                                                              \
        file_done(result >= 0);                                                                    \
        return result;                                                                             \
    }
FILES(unlink, NULL, (const char *path), (path))
FILES(rename, NULL, (const char *from, const char *to), (from, to))
FILES(link, NULL, (const char *from, const char *to), (from, to))
FILES(symlink, NULL, (const char *from, const char *to), (from, to))
FILES(mkdir, NULL, (const char *path, mode_t mode), (path, mode))
FILES(rmdir, NULL, (const char *path), (path))
FILES(remove, NULL, (const char *path), (path))
FILES(mkfifo, NULL, (const char *path, mode_t mode), (path, mode))
FILES(truncate, path, (const char *path, off_t size), (path, size))

/* ---- names made up for the time being ---- */
/* An execution that is abandoned never comes to remove them, and there are thousands. */
static void note_temporary(const char *path)
{
    char *name = S->temporary[S->ntemporary % TEMPORARIES];
    if (path[0] == '/' && strlen(path) < sizeof S->temporary[0]) {
        strcpy(name, path);
        S->ntemporary++;
    }
}

#define TEMPORARY(result, name, bad, params, args)                                                 \
    EXPORT result name params                                                                      \
    {                                                                                              \
        if (!controlled || S->nostep)                                                              \
            return REAL(name) args;                                                                \
        file_step(#name, AT_FDCWD, NULL, HERE);                                                    \
        result r = REAL(name) args;                                                                \
        if (r != (bad))                                                                            \
            note_temporary(path);                                                                  \
        file_done(r != (bad));                                                                     \
        return r;                                                                                  \
    }
TEMPORARY(int, mkstemp, -1, (char *path), (path))
TEMPORARY(int, mkostemp, -1, (char *path, int flags), (path, flags))
TEMPORARY(int, mkstemps, -1, (char *path, int suffix), (path, suffix))
TEMPORARY(char *, mkdtemp, NULL, (char *path), (path))

static void remove_folder(const char *path)
{
    DIR *d = opendir(path);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            unlinkat(dirfd(d), e->d_name, 0);
    closedir(d);
    REAL(rmdir)(path);
}

/* After an execution. */
void temporaries_remove(void)
{
    unsigned n = S->ntemporary < TEMPORARIES ? S->ntemporary : TEMPORARIES;
    heap_private = true;
    for (unsigned i = 0; i < n; i++)
        if (REAL(unlink)(S->temporary[i]) && errno == EISDIR)
            remove_folder(S->temporary[i]);
    heap_private = false;
    S->ntemporary = 0;
}

/* ---- pipes with a name ---- */
/* Opening one end waits until the other is opened, too, unless somebody has it open already. The
 * kernel is asked in a way that never waits. */
static bool has_writer(int fd)
{
    struct pollfd p = {fd, POLLIN, 0};
    char c;
    if (REAL(poll)(&p, 1, 0) == 1 && p.revents & POLLIN)
        return true;
    return REAL(read)(fd, &c, 1) < 0; /* EAGAIN; without a writer it is the end */
}

static bool has_reader(int fd)
{
    struct pollfd p = {fd, POLLOUT, 0};
    REAL(poll)(&p, 1, 0);
    return !(p.revents & POLLERR);
}

bool fifo_ready(const struct task *t)
{
    return S->fd_objects[t->op.addr2].opened[t->op.other] != t->op.size;
}

/* Inside the open: this end is there, the other is not. */
static bool wait_for_other_end(unsigned k, unsigned other, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    op.addr = OBJ_FD(k);
    op.addr2 = k;
    op.other = (uint16_t)other;
    op.size = S->fd_objects[k].opened[other];
    op.wait = WAIT_FIFO;
    op.cancel_point = true;
    op.interruptible = 1;
    op_reach(&op, OBJ_FD(k), 0, M_FD);
    bool came = step(&op);
    struct event *e = came ? record_step_event() : NULL;
    if (e) {
        e->other = NO_TASK;
        e->addr2 = 0;
        record_text(e, "open", 4);
    }
    return came;
}

static int open_fifo(int at, const char *path, int flags, struct here h)
{
    bool writes = (flags & O_ACCMODE) == O_WRONLY;
    ends_unknown();
    int helper = writes ? REAL(openat)(at, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
    int fd = REAL(openat)(at, path, flags | O_NONBLOCK, 0);
    if (helper >= 0)
        REAL(close)(helper);
    if (fd < 0)
        return fd;
    unsigned k = fd_object(fd);
    S->fd_objects[k].opened[writes]++;
    fd_changed(OBJ_FD(k));
    if (!(writes ? has_reader(fd) : has_writer(fd)) && !wait_for_other_end(k, !writes, h)) {
        REAL(close)(fd);
        fd_changed(OBJ_FD(k));
        return fd_fail(EINTR);
    }
    REAL(fcntl)(fd, F_SETFL, REAL(fcntl)(fd, F_GETFL) & ~O_NONBLOCK);
    return fd;
}

static bool is_fifo(int at, const char *path, int flags)
{
    struct stat st;
    int access = flags & O_ACCMODE;
    return !(flags & (O_NONBLOCK | O_PATH)) && (access == O_RDONLY || access == O_WRONLY) &&
           fstatat(at, path, &st, 0) == 0 && S_ISFIFO(st.st_mode);
}

/* ---- opening ---- */
static int open_at(const char *name, int at, const char *path, int flags, mode_t mode,
                   struct here h)
{
    file_step(name, at, path, h);
    int fd = is_fifo(at, path, flags) ? open_fifo(at, path, flags, h)
                                      : REAL(openat)(at, path, flags, mode);
    file_done(fd >= 0);
    fd_note_standard(fd, true);
    return fd;
}

#define OPENS(name, before, at, pass)                                                              \
    EXPORT int name(before const char *path, int flags, ...)                                       \
    {                                                                                              \
        va_list ap;                                                                                \
        va_start(ap, flags);                                                                       \
        mode_t mode = va_arg(ap, mode_t);                                                          \
        va_end(ap);                                                                                \
        if (controlled && !S->nostep)                                                              \
            return open_at(#name, at, path, flags, mode, HERE);                                    \
        return REAL(name)(pass path, flags, mode);                                                 \
    }
#define NOTHING
#define AT_FOLDER int at,
#define PASS_AT   at,
OPENS(open, NOTHING, AT_FDCWD, NOTHING)
OPENS(open64, NOTHING, AT_FDCWD, NOTHING)
OPENS(openat, AT_FOLDER, at, PASS_AT)
OPENS(openat64, AT_FOLDER, at, PASS_AT)

EXPORT int creat(const char *path, mode_t mode)
{
    if (!controlled || S->nostep)
        return REAL(creat)(path, mode);
    return open_at("creat", AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode, HERE);
}

/* ---- streams on files ---- */
static int flags_of(const char *mode)
{
    bool both = strchr(mode, '+') != NULL;
    int flags = (strchr(mode, 'x') ? O_EXCL : 0) | (strchr(mode, 'e') ? O_CLOEXEC : 0);
    if (*mode == 'r')
        return flags | (both ? O_RDWR : O_RDONLY);
    if (*mode == 'w')
        return flags | O_CREAT | O_TRUNC | (both ? O_RDWR : O_WRONLY);
    if (*mode == 'a')
        return flags | O_CREAT | O_APPEND | (both ? O_RDWR : O_WRONLY);
    return -1;
}

EXPORT FILE *fopen(const char *restrict path, const char *restrict mode)
{
    if (!controlled || S->nostep)
        return REAL(fopen)(path, mode);
    int flags = flags_of(mode);
    if (flags < 0) {
        errno = EINVAL;
        return NULL;
    }
    int fd = open_at("fopen", AT_FDCWD, path, flags, 0666, HERE);
    return fd < 0 ? NULL : fdopen(fd, mode);
}

EXPORT FILE *fopen64(const char *restrict path, const char *restrict mode) ALIAS_OF(fopen);

EXPORT FILE *tmpfile(void)
{
    if (!controlled || S->nostep)
        return REAL(tmpfile)();
    int fd = open_at("tmpfile", AT_FDCWD, P_tmpdir, O_TMPFILE | O_RDWR | O_EXCL, 0600, HERE);
    return fd < 0 ? NULL : fdopen(fd, "w+");
}

/* ---- places in files ---- */
EXPORT ssize_t pread(int fd, void *to, size_t n, off_t at)
{
    if (!controlled || S->nostep)
        return REAL(pread)(fd, to, n, at);
    fd_stand_before(EV_FD_READ, fd, POLLIN, false, HERE);
    snapshot_touch((uint64_t)(uintptr_t)to, n);
    ssize_t got = REAL(pread)(fd, to, n, at);
    fd_show(fd_tell(fd, got, n), to, got);
    return got;
}

EXPORT ssize_t pwrite(int fd, const void *from, size_t n, off_t at)
{
    if (!controlled || S->nostep)
        return REAL(pwrite)(fd, from, n, at);
    fd_stand_before(EV_FD_WRITE, fd, POLLOUT, false, HERE);
    ssize_t put = REAL(pwrite)(fd, from, n, at);
    fd_show(fd_tell(fd, put, n), from, put);
    if (put >= 0)
        fd_changed(S->cur->op.addr);
    return put;
}

EXPORT ssize_t pread64(int fd, void *to, size_t n, off64_t at) ALIAS_OF(pread);
EXPORT ssize_t pwrite64(int fd, const void *from, size_t n, off64_t at) ALIAS_OF(pwrite);

static void place_step(const char *name, int fd, struct here h)
{
    fd_step(EV_CALL, fd, -1, h);
    struct event *e = record_step_event();
    if (e)
        e->a = e->b = 0;
    record_text(e, name, strlen(name));
    fd_changed(S->cur->op.addr);
}

EXPORT off_t lseek(int fd, off_t at, int whence)
{
    if (controlled && !S->nostep)
        place_step("lseek", fd, HERE);
    return REAL(lseek)(fd, at, whence);
}

EXPORT off64_t lseek64(int fd, off64_t at, int whence) ALIAS_OF(lseek);

EXPORT int ftruncate(int fd, off_t size)
{
    if (controlled && !S->nostep)
        place_step("ftruncate", fd, HERE);
    return REAL(ftruncate)(fd, size);
}

EXPORT int ftruncate64(int fd, off64_t size) ALIAS_OF(ftruncate);
