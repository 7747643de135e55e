/* Spelling the parts of a sentence: tasks, places, values, durations, errors, signals. */
#include "explain_private.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void spell_task(unsigned task, char out[8])
{
    if (task < MAX_TASKS)
        snprintf(out, 8, "T%u", task);
    else
        snprintf(out, 8, "?");
}

void spell_object(const struct names *names, uint64_t addr, uint32_t size, char out[NAME_BYTES])
{
    out[0] = '\0';
    if (addr)
        names->object(names->ctx, addr, size, out, NAME_BYTES);
    if (!out[0])
        snprintf(out, NAME_BYTES, "?");
}

void spell_value(const struct names *names, const struct event *e, uint64_t value,
                 char out[NAME_BYTES])
{
    out[0] = '\0';
    if (e->size >= 1 && e->size <= 8)
        names->value(names->ctx, e->addr, e->size, value, out, NAME_BYTES);
    if (!out[0])
        snprintf(out, NAME_BYTES, "0x%" PRIx64, value);
}

void spell_place(const struct names *names, uint64_t return_pc, char out[NAME_BYTES])
{
    struct place p = {.file = "", .function = "", .line = 0};
    out[0] = '\0';
    if (return_pc)
        names->place(names->ctx, return_pc - 1, &p);
    if (!p.file || !p.file[0] || p.line <= 0)
        return;
    const char *slash = strrchr(p.file, '/');
    snprintf(out, NAME_BYTES, "%s:%d", slash ? slash + 1 : p.file, p.line);
}

const char *spell_function(const struct names *names, uint64_t pc)
{
    struct place p = {.file = "", .function = "", .line = 0};
    if (pc)
        names->place(names->ctx, pc, &p);
    return p.function ? p.function : "";
}

void spell_duration(uint64_t ns, char out[32])
{
    static const struct {
        uint64_t ns;
        const char *unit;
    } units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "us"}, {1, "ns"}};
    size_t i = 0;
    while (i < 3 && ns < units[i].ns)
        i++;
    if (ns == 0)
        snprintf(out, 32, "0 s");
    else if (ns % units[i].ns == 0)
        snprintf(out, 32, "%" PRIu64 " %s", ns / units[i].ns, units[i].unit);
    else
        snprintf(out, 32, "%.3f %s", (double)ns / (double)units[i].ns, units[i].unit);
}

const char *spell_error(int result, char scratch[32])
{
    static const struct {
        int code;
        const char *name;
    } table[] = {
        {EBUSY, "EBUSY"},
        {EPERM, "EPERM"},
        {ETIMEDOUT, "ETIMEDOUT"},
        {EDEADLK, "EDEADLK"},
        {EINVAL, "EINVAL"},
        {EAGAIN, "EAGAIN"},
        {ESRCH, "ESRCH"},
        {EINTR, "EINTR"},
        {ENOMEM, "ENOMEM"},
        {EOVERFLOW, "EOVERFLOW"},
        {ENOTSUP, "ENOTSUP"},
        {EOWNERDEAD, "EOWNERDEAD"},
        {ENOTRECOVERABLE, "ENOTRECOVERABLE"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].code == result)
            return table[i].name;
    snprintf(scratch, 32, "error %d", result);
    return scratch;
}

const char *spell_signal(int number, char scratch[32])
{
    static const struct {
        int number;
        const char *name;
    } table[] = {
        {SIGSEGV, "SIGSEGV, a wild memory access"},
        {SIGABRT, "SIGABRT, an abort"},
        {SIGFPE, "SIGFPE, a wrong arithmetic operation"},
        {SIGBUS, "SIGBUS, a wild memory access"},
        {SIGILL, "SIGILL, an illegal instruction"},
        {SIGTRAP, "SIGTRAP, a trap"},
        {SIGPIPE, "SIGPIPE, nobody reads the pipe"},
        {SIGTERM, "SIGTERM, asked to end"},
        {SIGKILL, "SIGKILL, killed"},
        {SIGINT, "SIGINT, interrupted"},
        {SIGXCPU, "SIGXCPU, the limit of processor time"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].number == number)
            return table[i].name;
    snprintf(scratch, 32, "signal %d", number);
    return scratch;
}

void add_quoted(struct buf *b, const struct trace *t, const struct event *e)
{
    enum { LONGEST = 60 };
    const char *text = trace_text(t, e);
    size_t n = e->ntext;
    int cut = n > LONGEST;
    if (cut)
        for (n = LONGEST; n > LONGEST - 4 && ((unsigned char)text[n] & 0xc0) == 0x80;)
            n--;
    buf_puts(b, "\"");
    buf_visible(b, text, n);
    buf_puts(b, cut ? "…\"" : "\"");
}

void spell_locks(const struct names *names, const uint64_t *held, uint32_t n, struct buf *out)
{
    char name[NAME_BYTES];
    if (n == 0)
        buf_puts(out, "no lock");
    for (uint32_t i = 0; i < n; i++) {
        spell_object(names, held[i], 0, name);
        buf_printf(out, "%s%s", i == 0 ? "" : i + 1 == n ? " and " : ", ", name);
    }
}

unsigned spell_tasks(const uint8_t *set, char *out, size_t n)
{
    unsigned count = 0, written = 0;
    size_t at = 0;
    for (unsigned i = 0; i < MAX_TASKS; i++)
        count += set[i] != 0;
    if (n)
        out[0] = '\0';
    for (unsigned i = 0; i < MAX_TASKS && at < n; i++) {
        if (!set[i])
            continue;
        const char *before = written == 0 ? "" : written + 1 == count ? " and " : ", ";
        int len = snprintf(out + at, n - at, "%sT%u", before, i);
        at += len > 0 ? (size_t)len : 0;
        written++;
    }
    return count;
}
