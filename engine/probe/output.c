/* Standard streams: each call that writes is a step with an owner, and its text an event.
 *
 * stdout and stderr of the C library are replaced by streams of ours, line-buffered and unbuffered
 * as on a terminal; the library's own locks on them are off, since only one task ever moves. The
 * step is made before the library is entered, and none is made inside. */
#include "probe.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

static FILE *ours[3];
static FILE *theirs[3]; /* of the C library: libstdc++ took them before main */

/* What the execution prints. */
void stdio_count(int fd, const char *text, size_t n)
{
    S->printed += n;
    if (fd != 1)
        return;
    for (size_t i = 0; i < n; i++)
        S->out_hash = (S->out_hash ^ (unsigned char)text[i]) * 1099511628211ull;
    size_t keep = ARENA_OUTPUT_KEPT - S->out_kept;
    if (keep > n)
        keep = n;
    memcpy(S->out + S->out_kept, text, keep);
    S->out_kept += (uint32_t)keep;
    S->out_total += n;
}

/* The text of a step: appended to its event and to what the execution printed. */
void stdio_output(int fd, const char *text, size_t n)
{
    if (n > ARENA_PRINTED) /* the rest would only take time */
        n = ARENA_PRINTED + 1u;
    stdio_count(fd, text, n);
    struct event *e = record_step_event();
    if (e && e->kind == EV_OUTPUT)
        e->a = (uint64_t)fd;
    if (e && (e->kind == EV_OUTPUT || e->kind == EV_EXIT))
        record_text(e, text, n);
    if (controlled && S->printed > ARENA_PRINTED)
        sched_cut(CUT_OUTPUT);
}

/* Does this descriptor lead to the terminal, so that what goes there is an output? */
static bool shows(int fd)
{
    return (fd == 1 || fd == 2) && !(OWN->redirected >> fd & 1);
}

/* Inside a call of the library, which holds no lock of such a stream: a step may be made. */
static struct here inside(uint32_t *nostep)
{
    *nostep = S->nostep;
    S->nostep = 0;
    return (struct here){S->cur->op.pc, S->cur->op.sp, S->cur->op.bp};
}

static ssize_t write_out(void *cookie, const char *text, size_t n)
{
    int fd = (int)(intptr_t)cookie;
    if (!controlled || shows(fd)) {
        stdio_output(fd, text, n);
        return (ssize_t)n;
    }
    uint32_t nostep;
    struct here h = inside(&nostep);
    ssize_t put = fd_write(fd, text, n, h);
    S->nostep = nostep;
    return put < 0 ? 0 : put;
}

static ssize_t read_in(void *cookie, char *to, size_t n)
{
    int fd = (int)(intptr_t)cookie;
    if (!controlled || (fd == 0 && !(OWN->redirected & 1))) { /* the step was made: see input.c */
        snapshot_touch((uint64_t)(uintptr_t)to, n);
        return REAL(read)(fd, to, n);
    }
    uint32_t nostep;
    struct here h = inside(&nostep);
    ssize_t got = fd_read(fd, to, n, h);
    S->nostep = nostep;
    return got;
}

static int close_fd(void *cookie)
{
    for (unsigned i = 0; controlled && i < OWN->nstreams; i++)
        if (OWN->streams[i].f && OWN->streams[i].fd == (int)(intptr_t)cookie &&
            !OWN->streams[i].pid)
            OWN->streams[i].f = NULL;
    return close((int)(intptr_t)cookie);
}

static int seek_fd(void *cookie, off64_t *at, int whence)
{
    off64_t now = REAL(lseek64)((int)(intptr_t)cookie, *at, whence);
    if (now < 0)
        return -1;
    *at = now;
    return 0;
}

static void stream_keep(FILE *f, int fd)
{
    struct process *p = OWN;
    unsigned i = 0;
    while (i < p->nstreams && p->streams[i].f)
        i++;
    if (i == STREAMS)
        return;
    if (i == p->nstreams)
        p->streams[p->nstreams++].pid = 0;
    p->streams[i].f = f;
    p->streams[i].fd = fd;
}

/* A stream on a descriptor of the program's: what it reads and writes are steps. */
EXPORT FILE *fdopen(int fd, const char *mode)
{
    if (!controlled)
        return REAL(fdopen)(fd, mode);
    if (fcntl(fd, F_GETFD) < 0)
        return NULL;
    cookie_io_functions_t io = {
        .read = read_in, .write = write_out, .seek = seek_fd, .close = close_fd};
    S->nostep++;
    FILE *f = fopencookie((void *)(intptr_t)fd, mode, io);
    S->nostep--;
    if (!f)
        return NULL;
    __fsetlocking(f, FSETLOCKING_BYCALLER);
    stream_keep(f, fd);
    return f;
}

static FILE *stream_new(int fd, int buffering, char *buffer)
{
    cookie_io_functions_t io = {
        .write = fd ? write_out : NULL, .read = fd ? NULL : read_in, .close = close_fd};
    FILE *f = fopencookie((void *)(intptr_t)fd, fd ? "w" : "r", io);
    if (!f)
        probe_panic("cannot make a standard stream");
    __fsetlocking(f, FSETLOCKING_BYCALLER);
    setvbuf(f, buffer, buffering, BUFSIZ);
    return f;
}

void stdio_init(void)
{
    fflush(stdout);
    fflush(stderr);
    theirs[0] = stdin;
    theirs[1] = stdout;
    theirs[2] = stderr;
    char *buffers = malloc(2 * BUFSIZ);
    if (!buffers)
        probe_panic("no memory for the standard streams");
    heap_leave(buffers, 2 * BUFSIZ);
    stdin = ours[0] = stream_new(0, _IOFBF, buffers);
    stdout = ours[1] = stream_new(1, _IOLBF, buffers + BUFSIZ);
    stderr = ours[2] = stream_new(2, _IONBF, NULL);
}

FILE *stdio_own(FILE *f)
{
    for (unsigned i = 0; controlled && i < 3; i++)
        if (f && f == theirs[i])
            return ours[i];
    return f;
}

FILE *stdio_input(void)
{
    return ours[0];
}

static int fd_of(FILE *f)
{
    return f == ours[1] ? 1 : f == ours[2] ? 2 : -1;
}

static int fd_of_stream(FILE *f)
{
    for (unsigned i = 0; controlled && i < OWN->nstreams; i++)
        if (OWN->streams[i].f == f)
            return OWN->streams[i].fd;
    return -1;
}

void stdio_step(int fd, struct here h)
{
    struct op op = op_make(EV_OUTPUT, h);
    op.addr = (uint64_t)fd + 8; /* pseudo object of the stream */
    op_reach(&op, op.addr, 0, M_STREAM);
    op_reach(&op, OBJ_PROCESS(S->cur->process), 0, M_SHOW);
    step(&op);
    struct event *e = record_step_event();
    if (e) {
        e->addr = 0;
        e->a = (uint64_t)fd;
    }
}

/* A stream to a pipe or a file is buffered in full, if nothing was written to it before. */
static void choose_buffering(int fd)
{
    if (OWN->used >> fd & 1)
        return;
    OWN->used |= (uint8_t)(1u << fd);
    if (fd == 1 && !shows(fd))
        setvbuf(ours[fd], NULL, _IOFBF, 4096);
}

/* Before a call on stream f: a step when it is one of ours. */
static void enter(FILE *f, const char *name, struct here h)
{
    if (controlled && UNLIKELY(S->cur->in_handler) && !S->nostep)
        find_unsafe_call(name, h.pc);
    int fd = controlled && !S->nostep ? fd_of(f) : -1;
    if (controlled && UNLIKELY(S->streams_locked) && !S->nostep) {
        stream_lock_at(f, h);
        S->cur->stream = f;
    }
    if (fd > 0)
        choose_buffering(fd);
    if (fd > 0 && shows(fd))
        stdio_step(fd, h);
    else if (controlled && !S->nostep)
        S->cur->op.pc = h.pc, S->cur->op.sp = h.sp, S->cur->op.bp = h.bp;
    if (controlled)
        S->nostep++;
}

static void leave(void)
{
    if (!controlled || !S->nostep)
        return;
    const void *stream = S->cur->stream;
    if (--S->nostep == 0 && UNLIKELY(stream != NULL)) {
        const struct op *op = &S->cur->op;
        S->cur->stream = NULL;
        stream_unlock_at(stream, (struct here){op->pc, op->sp, op->bp});
    }
}

/* Only in a program that locks streams itself are the locks of the library's calls seen. */
static void streams_locked(void)
{
    if (S->streams_locked)
        return;
    S->streams_locked = true;
    begin_again();
}

EXPORT void flockfile(FILE *f)
{
    if (!controlled) {
        REAL(flockfile)(f);
        return;
    }
    streams_locked();
    stream_lock_at(f, HERE);
}

EXPORT int ftrylockfile(FILE *f)
{
    if (!controlled)
        return REAL(ftrylockfile)(f);
    streams_locked();
    return stream_trylock_at(f, HERE);
}

EXPORT void funlockfile(FILE *f)
{
    if (!controlled) {
        REAL(funlockfile)(f);
        return;
    }
    stream_unlock_at(f, HERE);
}

#define CALL(type, f, expression)                                                                  \
    enter(f, __func__, HERE);                                                                      \
    type result = expression;                                                                      \
    leave();                                                                                       \
    return result

EXPORT int vfprintf(FILE *restrict f, const char *restrict format, va_list ap)
{
    CALL(int, f, REAL(vfprintf)(f, format, ap));
}

EXPORT int vprintf(const char *restrict format, va_list ap)
{
    CALL(int, stdout, REAL(vfprintf)(stdout, format, ap));
}

#define FORMATTED(f)                                                                               \
    enter(f, __func__, HERE);                                                                      \
    va_list ap;                                                                                    \
    va_start(ap, format);                                                                          \
    int result = REAL(vfprintf)(f, format, ap);                                                    \
    va_end(ap);                                                                                    \
    leave();                                                                                       \
    return result

EXPORT int printf(const char *restrict format, ...)
{
    FORMATTED(stdout);
}

EXPORT int fprintf(FILE *restrict f, const char *restrict format, ...)
{
    FORMATTED(f);
}

EXPORT int __printf_chk(int flag, const char *restrict format, ...);
EXPORT int __printf_chk(int flag, const char *restrict format, ...)
{
    (void)flag;
    FORMATTED(stdout);
}

EXPORT int __fprintf_chk(FILE *f, int flag, const char *format, ...);
EXPORT int __fprintf_chk(FILE *f, int flag, const char *format, ...)
{
    (void)flag;
    FORMATTED(f);
}

EXPORT int puts(const char *s)
{
    CALL(int, stdout, REAL(puts)(s));
}

EXPORT int fputs(const char *restrict s, FILE *restrict f)
{
    f = stdio_own(f);
    CALL(int, f, REAL(fputs)(s, f));
}

EXPORT int fputc(int c, FILE *f)
{
    f = stdio_own(f);
    CALL(int, f, REAL(fputc)(c, f));
}

EXPORT int putc(int c, FILE *f)
{
    f = stdio_own(f);
    CALL(int, f, REAL(fputc)(c, f));
}

EXPORT int putchar(int c)
{
    CALL(int, stdout, REAL(fputc)(c, stdout));
}

EXPORT int putchar_unlocked(int c)
{
    CALL(int, stdout, REAL(fputc)(c, stdout));
}

EXPORT int putc_unlocked(int c, FILE *f)
{
    CALL(int, f, REAL(fputc)(c, f));
}

EXPORT size_t fwrite(const void *restrict p, size_t size, size_t n, FILE *restrict f)
{
    f = stdio_own(f);
    CALL(size_t, f, REAL(fwrite)(p, size, n, f));
}

#undef fwrite_unlocked
EXPORT size_t fwrite_unlocked(const void *restrict p, size_t size, size_t n, FILE *restrict f)
{
    CALL(size_t, f, REAL(fwrite)(p, size, n, f));
}

EXPORT void perror(const char *s)
{
    if (!controlled) {
        REAL(perror)(s);
        return;
    }
    int error = errno;
    enter(stderr, __func__, HERE);
    if (s && *s)
        REAL(fputs)(s, stderr), REAL(fputs)(": ", stderr);
    REAL(fputs)(strerror(error), stderr);
    REAL(fputs)("\n", stderr);
    leave();
}

EXPORT int fflush(FILE *f)
{
    f = stdio_own(f);
    if (controlled && f == NULL && !S->nostep) {
        enter(stdout, __func__, HERE);
        int result = REAL(fflush)(stdout);
        leave();
        return result;
    }
    CALL(int, f, REAL(fflush)(f));
}

EXPORT int fileno(FILE *f)
{
    for (int i = 0; i < 3; i++)
        if (f && f == ours[i])
            return i;
    int fd = f ? fd_of_stream(f) : -1;
    return fd >= 0 ? fd : REAL(fileno)(f);
}

EXPORT int dprintf(int fd, const char *restrict format, ...)
{
    va_list ap;
    va_start(ap, format);
    if (!controlled) {
        int n = vdprintf(fd, format, ap);
        va_end(ap);
        return n;
    }
    char *text;
    S->nostep++;
    int n = vasprintf(&text, format, ap);
    S->nostep--;
    va_end(ap);
    if (n < 0)
        return n;
    if (shows(fd)) {
        stdio_step(fd, HERE);
        stdio_output(fd, text, (size_t)n);
    } else {
        n = (int)fd_write(fd, text, (size_t)n, HERE);
    }
    S->nostep++;
    free(text);
    S->nostep--;
    return n;
}

/* ---- at exit ---- */
/* What does not go to the terminal is written before the process ends, step by step. */
void stdio_flush_elsewhere(void)
{
    if (S->fd_epoch == S->fd_epoch_at_main)
        return;
    for (unsigned i = OWN->nstreams; i-- > 0;) /* the latest first, as the library does */
        if (OWN->streams[i].f)
            fflush(OWN->streams[i].f);
    for (int fd = 1; fd < 3; fd++)
        if (!shows(fd))
            fflush(ours[fd]);
}

/* And what does, with the step that ended it. */
void stdio_flush(void)
{
    S->nostep++;
    REAL(fflush)(S->fd_epoch == S->fd_epoch_at_main ? stdout : NULL);
    S->nostep--;
}
