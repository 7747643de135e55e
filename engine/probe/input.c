/* Standard input, and reading from streams: each call that reads is a step with an owner, since who
 * reads first gets what comes first.
 *
 * What the program reads is a file that the host opened, so an execution begins by going back to
 * its start. A stream on another descriptor makes its steps where it asks the descriptor for more
 * (output.c); the calls here tell it which line of the program that is. */
#include "probe.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <wchar.h>

#define SHOWN 4096

/* What is not seekable (somebody's terminal, a pipe) goes on where it is, and /dev/null is always
 * at its start: the system call is left out. */
static bool has_position(void)
{
    struct stat st;
    if (fstat(0, &st) || S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode))
        return false;
    return !S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3);
}

void input_rewind(void)
{
    static int known = -1;
    if (known < 0)
        known = has_position();
    if (known)
        REAL(lseek)(0, 0, SEEK_SET);
}

/* Standard input, as the host gave it? */
static bool is_input(FILE *f)
{
    return f == stdio_input() && !(OWN->redirected & 1);
}

/* How far the program has read: what the stream has taken, less what it still keeps. */
static off_t position(const FILE *f)
{
    off_t taken = REAL(lseek)(0, 0, SEEK_CUR);
    return taken - (f->_IO_read_end - f->_IO_read_ptr);
}

static off_t begin(FILE *f, struct here h)
{
    off_t at = -1;
    if (!controlled)
        return at;
    S->cur->op.pc = h.pc;
    S->cur->op.sp = h.sp;
    S->cur->op.bp = h.bp;
    if (!S->nostep && is_input(f)) {
        struct op op = op_make(EV_INPUT, h);
        op.addr = OBJ_INPUT;
        op_reach(&op, OBJ_INPUT, 0, M_STREAM);
        step(&op);
        spin_effect(S->cur);
        at = position(f);
    }
    S->nostep++;
    return at;
}

static void end(FILE *f, off_t at)
{
    if (!controlled)
        return;
    S->nostep--;
    struct event *e = at >= 0 ? record_step_event() : NULL;
    if (!e)
        return;
    static char text[SHOWN];
    off_t n = position(f) - at;
    e->addr = 0;
    e->a = 0;
    ssize_t got = n > 0 ? REAL(pread)(0, text, n < SHOWN ? (size_t)n : SHOWN, at) : 0;
    if (got > 0)
        record_text(e, text, (size_t)got);
}

#define INPUT(type, f, expression)                                                                 \
    off_t at = begin(f, HERE);                                                                     \
    type result = expression;                                                                      \
    end(f, at);                                                                                    \
    return result

EXPORT int fgetc(FILE *f)
{
    INPUT(int, f, REAL(fgetc)(f));
}

EXPORT int getc(FILE *f)
{
    f = stdio_own(f);
    INPUT(int, f, REAL(fgetc)(f));
}

EXPORT int getchar(void)
{
    INPUT(int, stdin, REAL(fgetc)(stdin));
}

EXPORT int getc_unlocked(FILE *f)
{
    INPUT(int, f, REAL(fgetc)(f));
}

EXPORT int fgetc_unlocked(FILE *f)
{
    INPUT(int, f, REAL(fgetc)(f));
}

EXPORT int getchar_unlocked(void)
{
    INPUT(int, stdin, REAL(fgetc)(stdin));
}

EXPORT int ungetc(int c, FILE *f)
{
    f = stdio_own(f);
    INPUT(int, f, REAL(ungetc)(c, f));
}

EXPORT char *fgets(char *restrict s, int n, FILE *restrict f)
{
    INPUT(char *, f, REAL(fgets)(s, n, f));
}

EXPORT char *fgets_unlocked(char *restrict s, int n, FILE *restrict f)
{
    INPUT(char *, f, REAL(fgets)(s, n, f));
}

EXPORT size_t fread(void *restrict p, size_t size, size_t n, FILE *restrict f)
{
    f = stdio_own(f);
    INPUT(size_t, f, REAL(fread)(p, size, n, f));
}

#undef fread_unlocked
EXPORT size_t fread_unlocked(void *restrict p, size_t size, size_t n, FILE *restrict f)
{
    INPUT(size_t, f, REAL(fread)(p, size, n, f));
}

EXPORT ssize_t getdelim(char **restrict line, size_t *restrict n, int delimiter, FILE *restrict f)
{
    INPUT(ssize_t, f, REAL(getdelim)(line, n, delimiter, f));
}

EXPORT ssize_t __getdelim(char **restrict line, size_t *restrict n, int delimiter, FILE *restrict f)
{
    INPUT(ssize_t, f, REAL(getdelim)(line, n, delimiter, f));
}

EXPORT ssize_t getline(char **restrict line, size_t *restrict n, FILE *restrict f)
{
    INPUT(ssize_t, f, REAL(getdelim)(line, n, '\n', f));
}

/* Reading numbers and words: under the names of C99, and the older ones, whose %a differs. */
#undef scanf
#undef fscanf
#undef vscanf
#undef vfscanf
int __isoc99_vfscanf(FILE *restrict f, const char *restrict format, va_list ap);
EXPORT int __isoc99_vfscanf(FILE *restrict f, const char *restrict format, va_list ap)
{
    INPUT(int, f, REAL(__isoc99_vfscanf)(f, format, ap));
}

#define SCANF(f)                                                                                   \
    off_t at = begin(f, HERE);                                                                     \
    va_list ap;                                                                                    \
    va_start(ap, format);                                                                          \
    int result = REAL(__isoc99_vfscanf)(f, format, ap);                                            \
    va_end(ap);                                                                                    \
    end(f, at);                                                                                    \
    return result

EXPORT int __isoc99_vscanf(const char *restrict format, va_list ap);
EXPORT int __isoc99_vscanf(const char *restrict format, va_list ap)
{
    INPUT(int, stdin, REAL(__isoc99_vfscanf)(stdin, format, ap));
}

EXPORT int __isoc99_scanf(const char *restrict format, ...);
EXPORT int __isoc99_scanf(const char *restrict format, ...)
{
    SCANF(stdin);
}

EXPORT int __isoc99_fscanf(FILE *restrict f, const char *restrict format, ...);
EXPORT int __isoc99_fscanf(FILE *restrict f, const char *restrict format, ...)
{
    SCANF(f);
}
