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

/* The text of a step: appended to its event and to what the execution printed. */
void stdio_output(int fd, const char *text, size_t n)
{
    if (fd == 1) {
        for (size_t i = 0; i < n; i++)
            S->out_hash = (S->out_hash ^ (unsigned char)text[i]) * 1099511628211ull;
        size_t keep = ARENA_OUTPUT_KEPT - S->out_kept;
        if (keep > n)
            keep = n;
        memcpy(S->out + S->out_kept, text, keep);
        S->out_kept += (uint32_t)keep;
        S->out_total += n;
    }
    struct event *e = record_step_event();
    if (!e)
        return;
    if (e->kind == EV_OUTPUT)
        e->a = (uint64_t)fd;
    if (e->kind == EV_OUTPUT || e->kind == EV_EXIT)
        record_text(e, text, n);
}

static ssize_t write_out(void *cookie, const char *text, size_t n)
{
    stdio_output((int)(intptr_t)cookie, text, n);
    return (ssize_t)n;
}

static ssize_t read_in(void *cookie, char *to, size_t n)
{
    (void)cookie;
    return read(0, to, n);
}

static FILE *stream_new(int fd, int buffering)
{
    cookie_io_functions_t io = {.write = fd ? write_out : NULL, .read = fd ? NULL : read_in};
    FILE *f = fopencookie((void *)(intptr_t)fd, fd ? "w" : "r", io);
    if (!f)
        probe_panic("cannot make a standard stream");
    __fsetlocking(f, FSETLOCKING_BYCALLER);
    setvbuf(f, NULL, buffering, BUFSIZ);
    return f;
}

void stdio_init(void)
{
    fflush(stdout);
    fflush(stderr);
    stdin = ours[0] = stream_new(0, _IOFBF);
    stdout = ours[1] = stream_new(1, _IOLBF);
    stderr = ours[2] = stream_new(2, _IONBF);
}

static int fd_of(FILE *f)
{
    return f == ours[1] ? 1 : f == ours[2] ? 2 : -1;
}

static void output_step(int fd, struct here h)
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

/* Before a call on stream f: a step when it is one of ours. */
static void enter(FILE *f, struct here h)
{
    int fd = controlled && !S->nostep ? fd_of(f) : -1;
    if (fd > 0)
        output_step(fd, h);
    if (controlled)
        S->nostep++;
}

static void leave(void)
{
    if (controlled && S->nostep)
        S->nostep--;
}

#define CALL(type, f, expression)                                                                  \
    enter(f, HERE);                                                                                \
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
    enter(f, HERE);                                                                                \
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
    CALL(int, f, REAL(fputs)(s, f));
}

EXPORT int fputc(int c, FILE *f)
{
    CALL(int, f, REAL(fputc)(c, f));
}

EXPORT int putc(int c, FILE *f)
{
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
    output_step(2, HERE);
    S->nostep++;
    if (s && *s)
        REAL(fputs)(s, stderr), REAL(fputs)(": ", stderr);
    REAL(fputs)(strerror(error), stderr);
    REAL(fputs)("\n", stderr);
    S->nostep--;
}

EXPORT int fflush(FILE *f)
{
    if (controlled && f == NULL && !S->nostep) {
        enter(stdout, HERE);
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
    return REAL(fileno)(f);
}

EXPORT ssize_t write(int fd, const void *p, size_t n)
{
    if (!controlled || (fd != 1 && fd != 2))
        return REAL(write)(fd, p, n);
    output_step(fd, HERE);
    stdio_output(fd, p, n);
    return (ssize_t)n;
}

EXPORT int dprintf(int fd, const char *restrict format, ...)
{
    va_list ap;
    va_start(ap, format);
    if (!controlled || (fd != 1 && fd != 2)) {
        int n = vdprintf(fd, format, ap);
        va_end(ap);
        return n;
    }
    char *text;
    output_step(fd, HERE);
    S->nostep++;
    int n = vasprintf(&text, format, ap);
    va_end(ap);
    if (n >= 0) {
        stdio_output(fd, text, (size_t)n);
        free(text);
    }
    S->nostep--;
    return n;
}

/* ---- files: the kernel keeps their state, so the program cannot be restarted in place ---- */
#define FILES(result, name, params, args)                                                          \
    EXPORT result name params                                                                      \
    {                                                                                              \
        if (controlled)                                                                            \
            need_fresh(#name);                                                                     \
        return REAL(name) args;                                                                    \
    }
FILES(FILE *, fopen, (const char *restrict path, const char *restrict mode), (path, mode))
FILES(FILE *, fopen64, (const char *restrict path, const char *restrict mode), (path, mode))
FILES(FILE *, tmpfile, (void), ())
FILES(int, pipe, (int fds[2]), (fds))
FILES(int, creat, (const char *path, mode_t mode), (path, mode))

#include <fcntl.h>
EXPORT int open(const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = va_arg(ap, mode_t);
    va_end(ap);
    if (controlled)
        need_fresh("open");
    return REAL(open)(path, flags, mode);
}
