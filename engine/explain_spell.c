/* Spelling the parts of a sentence: tasks, places, values, durations, errors, signals. */
#include "explain_private.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

struct spelling spelling_at(const struct trace *t, uint32_t step, const struct names *names)
{
    return (struct spelling){names, t, trace_is_forked(t, step)};
}

void spell_task(const struct spelling *names, unsigned task, char out[TASK_BYTES])
{
    if (task >= MAX_TASKS)
        snprintf(out, TASK_BYTES, "?");
    else if (names->forked)
        snprintf(out, TASK_BYTES, "P%u.T%u", trace_process(names->t, task), task);
    else
        snprintf(out, TASK_BYTES, "T%u", task);
}

/* The process whose memory it is, -1 if it is no one's in particular. */
static int whose(const struct spelling *names, uint64_t addr)
{
    const struct names *n = names->names;
    if (addr >> PLACE_BITS)
        return addr >> PLACE_BITS < MAX_PROCESSES ? (int)(addr >> PLACE_BITS) : -1;
    return n->is_private && n->is_private(n->ctx, addr) ? 0 : -1;
}

void spell_object(const struct spelling *names, uint64_t addr, uint32_t size, char out[NAME_BYTES])
{
    out[0] = '\0';
    if (addr)
        names->names->object(names->names->ctx, addr, size, out, NAME_BYTES);
    if (!out[0])
        snprintf(out, NAME_BYTES, "?");
    int process = addr && names->forked ? whose(names, addr) : -1;
    if (process < 0)
        return;
    char name[NAME_BYTES];
    memcpy(name, out, sizeof name);
    /* TRANSLATORS: a variable and whose memory it is: "counter in P1" */
    snprintf(out, NAME_BYTES, _("%s in P%d"), name, process);
}

void explain_object(const struct trace *t, uint32_t step, const struct names *names, uint64_t addr,
                    uint32_t size, char *out, size_t n)
{
    const struct spelling spelling = spelling_at(t, step, names);
    char name[NAME_BYTES];
    spell_object(&spelling, addr, size, name);
    snprintf(out, n, "%s", name);
}

void spell_value(const struct spelling *names, const struct event *e, uint64_t value,
                 char out[NAME_BYTES])
{
    out[0] = '\0';
    if (e->flags & EVF_UNSEEN) {
        snprintf(out, NAME_BYTES, "?");
        return;
    }
    if (e->size >= 1 && e->size <= 8)
        names->names->value(names->names->ctx, e->addr, e->size, value, out, NAME_BYTES);
    if (!out[0])
        snprintf(out, NAME_BYTES, "0x%" PRIx64, value);
}

void spell_place(const struct spelling *names, uint64_t return_pc, char out[NAME_BYTES])
{
    struct place p = {.file = "", .function = "", .line = 0};
    out[0] = '\0';
    if (return_pc)
        names->names->place(names->names->ctx, return_pc - 1, &p);
    if (!p.file || !p.file[0] || p.line <= 0)
        return;
    const char *slash = strrchr(p.file, '/');
    snprintf(out, NAME_BYTES, "%s:%d", slash ? slash + 1 : p.file, p.line);
}

const char *spell_function(const struct spelling *names, uint64_t pc)
{
    struct place p = {.file = "", .function = "", .line = 0};
    if (pc)
        names->names->place(names->names->ctx, pc, &p);
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
    const char *name = strerrorname_np(result);
    if (name)
        snprintf(scratch, 32, "%s", name);
    else
        snprintf(scratch, 32, _("error %d"), result);
    return scratch;
}

const char *spell_signal_name(uint64_t number, char scratch[32])
{
    const char *name = number && number < 65 ? sigabbrev_np((int)number) : NULL;
    if (name)
        snprintf(scratch, 32, "SIG%s", name);
    else
        snprintf(scratch, 32, _("signal %" PRIu64), number);
    return scratch;
}

const char *explain_signal(uint64_t number, char scratch[32])
{
    return spell_signal_name(number, scratch);
}

/* A wait status the way waitpid gives it. */
void spell_status(uint32_t status, char out[64])
{
    char scratch[32];
    int n = (int)status;
    if (WIFEXITED(n))
        /* TRANSLATORS: these follow the name of a process: "P1 (pid 1001), which exited with status
         * 1" */
        snprintf(out, 64, _("exited with status %d"), WEXITSTATUS(n));
    else if (WIFSTOPPED(n))
        snprintf(out, 64, _("was stopped by %s"),
                 spell_signal_name((uint64_t)WSTOPSIG(n), scratch));
    else if (WIFCONTINUED(n))
        snprintf(out, 64, "%s", _("was continued"));
    else
        snprintf(out, 64, _("was ended by %s"), spell_signal_name((uint64_t)WTERMSIG(n), scratch));
}

void spell_asked(int64_t pid, char out[64])
{
    if (pid > 0)
        snprintf(out, 64, "pid %" PRId64, pid);
    else if (pid == -1)
        snprintf(out, 64, "%s", _("any child"));
    else if (pid == 0)
        snprintf(out, 64, "%s", _("any child of its group"));
    else
        snprintf(out, 64, _("any child of group %" PRId64), -pid);
}

void spell_addressee(int64_t pid, char out[64])
{
    if (pid > 0)
        snprintf(out, 64, "pid %" PRId64, pid);
    else if (pid == -1)
        snprintf(out, 64, "%s", _("all processes"));
    else if (pid == 0)
        snprintf(out, 64, "%s", _("its process group"));
    else
        snprintf(out, 64, _("process group %" PRId64), -pid);
}

const char *spell_list(unsigned i, unsigned n)
{
    /* TRANSLATORS: what stands in lists, "T1, T2 and T3", with the blanks around it */
    return i == 0 ? "" : i + 1 == n ? _(" and ") : _(", ");
}

void spell_processes(uint64_t set, char *out, size_t n)
{
    unsigned count = (unsigned)__builtin_popcountll(set), written = 0;
    size_t at = 0;
    if (n)
        out[0] = '\0';
    for (unsigned i = 0; i < MAX_PROCESSES && at < n; i++) {
        if (!(set >> i & 1))
            continue;
        int len = snprintf(out + at, n - at, "%sP%u", spell_list(written, count), i);
        at += len > 0 ? (size_t)len : 0;
        written++;
    }
}

const char *spell_signal(int number, char scratch[32])
{
    static const struct {
        int number;
        const char *name;
    } table[] = {
        {SIGSEGV, N_("SIGSEGV, a wild memory access")},
        {SIGABRT, N_("SIGABRT, an abort")},
        {SIGFPE, N_("SIGFPE, a wrong arithmetic operation")},
        {SIGBUS, N_("SIGBUS, a wild memory access")},
        {SIGILL, N_("SIGILL, an illegal instruction")},
        {SIGTRAP, N_("SIGTRAP, a trap")},
        {SIGPIPE, N_("SIGPIPE, nobody reads the pipe")},
        {SIGTERM, N_("SIGTERM, asked to end")},
        {SIGKILL, N_("SIGKILL, killed")},
        {SIGINT, N_("SIGINT, interrupted")},
        {SIGXCPU, N_("SIGXCPU, the limit of processor time")},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].number == number)
            return _(table[i].name);
    snprintf(scratch, 32, _("signal %d"), number);
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

/* "05 00 00 00 (5)": what is as long as a number may be one. */
static void add_bytes(struct buf *b, const unsigned char *bytes, uint32_t n)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < n; i++) {
        buf_printf(b, "%s%02x", i ? " " : "", bytes[i]);
        value |= (uint64_t)bytes[i] << 8 * i;
    }
    if (n == 4)
        buf_printf(b, " (%" PRId32 ")", (int32_t)value);
    if (n == 8)
        buf_printf(b, " (%" PRId64 ")", (int64_t)value);
}

void add_content(struct buf *b, const struct trace *t, const struct event *e)
{
    enum { MOST_BYTES = 8 };
    const unsigned char *text = (const unsigned char *)trace_text(t, e);
    uint32_t odd = 0;
    for (uint32_t i = 0; i < e->ntext; i++)
        odd += (text[i] < ' ' && text[i] != '\n' && text[i] != '\t') || text[i] == 0x7f;
    if (e->ntext && odd == 0)
        add_quoted(b, t, e);
    else if (e->ntext <= MOST_BYTES)
        add_bytes(b, text, e->ntext);
}

int is_accept(const struct trace *t, const struct event *e)
{
    return e->kind == EV_FD_READ && e->b == 0 && e->ntext == 6 &&
           !memcmp(trace_text(t, e), "accept", 6);
}

void spell_locks(const struct spelling *names, const uint64_t *held, uint32_t n, struct buf *out)
{
    char name[NAME_BYTES];
    if (n == 0)
        buf_puts(out, _("no lock"));
    for (uint32_t i = 0; i < n; i++) {
        spell_object(names, held[i], 0, name);
        buf_printf(out, "%s%s", spell_list(i, n), name);
    }
}

unsigned spell_tasks(const struct spelling *names, const uint8_t *set, char *out, size_t n)
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
        char who[TASK_BYTES];
        spell_task(names, i, who);
        int len = snprintf(out + at, n - at, "%s%s", spell_list(written, count), who);
        at += len > 0 ? (size_t)len : 0;
        written++;
    }
    return count;
}
