#include "schedule.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SHARED 4096

void schedule_init(struct schedule *s)
{
    *s = (struct schedule){0};
}

void schedule_fini(struct schedule *s)
{
    free(s->choices);
    free(s->checks);
    free(s->shared);
    *s = (struct schedule){0};
}

/* A copy of n bytes; NULL for none. */
static void *duplicate(const void *p, size_t n)
{
    return n ? memcpy(xcalloc(n, 1), p, n) : NULL;
}

void schedule_copy(struct schedule *to, const struct schedule *from)
{
    struct schedule copy = *from;
    copy.cap = from->n;
    copy.choices = duplicate(from->choices, from->n * sizeof *from->choices);
    copy.checks = duplicate(from->checks, from->n);
    copy.shared = duplicate(from->shared, from->nshared * sizeof *from->shared);
    schedule_fini(to);
    *to = copy;
}

static void reserve(struct schedule *s, size_t n)
{
    if (n <= s->cap)
        return;
    size_t cap = s->cap ? s->cap : 32;
    while (cap < n)
        cap *= 2;
    s->choices = xrealloc(s->choices, cap, sizeof *s->choices);
    s->checks = xrealloc(s->checks, cap, 1);
    s->cap = cap;
}

void schedule_add(struct schedule *s, uint16_t choice, uint8_t check)
{
    reserve(s, s->n + 1);
    s->choices[s->n] = choice;
    s->checks[s->n++] = check;
}

int schedule_check_agrees(uint8_t kept, uint8_t computed)
{
    return kept == CHECK_UNKNOWN || computed == CHECK_UNKNOWN || kept % 26 == computed % 26;
}

/* Writing */

static void put_task(struct buf *out, unsigned task)
{
    if (task < 26)
        buf_printf(out, "%c", (char)('a' + task));
    else
        buf_printf(out, "{%u}", task);
}

static void put_check(struct buf *out, uint8_t check)
{
    if (check != CHECK_UNKNOWN)
        buf_printf(out, "%c", (char)('A' + check % 26));
}

void schedule_format(const struct schedule *s, struct buf *out)
{
    buf_printf(out, "ls1:%s:", s->hash);
    for (size_t i = 0; i < s->n; i++) {
        unsigned choice = s->choices[i];
        if (choice & CHOICE_ALT) {
            buf_printf(out, "=%u", choice & ~(unsigned)CHOICE_ALT);
        } else {
            size_t first = i;
            while (i + 1 < s->n && s->choices[i + 1] == choice)
                i++;
            put_task(out, choice);
            buf_printf(out, "%zu", i + 1 - first);
        }
        put_check(out, s->checks[i]);
    }
    for (size_t i = 0; i < s->nshared; i++)
        buf_printf(out, "+%x.%x.%x", s->shared[i].task, s->shared[i].offset, s->shared[i].size);
    if (s->main_exit_wait)
        buf_puts(out, "!w");
}

/* Reading. The reader fails once, at the first wrong character; everything after is a no-op. */

struct reader {
    const char *text;
    size_t at;
    struct err *e;
    int failed; /* -ERR_* */
};

static int is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static char peek(struct reader *r)
{
    while (is_space(r->text[r->at]))
        r->at++;
    return r->text[r->at];
}

__attribute__((format(printf, 3, 4))) static int fail_at(struct reader *r, size_t at,
                                                         const char *format, ...)
{
    if (r->failed)
        return r->failed;
    char what[200];
    va_list ap;
    va_start(ap, format);
    vsnprintf(what, sizeof what, format, ap);
    va_end(ap);
    return r->failed =
               err_set(r->e, ERR_DATA, "schedule token, column %zu: %s; copy the whole token again",
                       at + 1, what);
}

/* Fail because something else stands here than `wanted`. */
static int fail_here(struct reader *r, const char *wanted)
{
    unsigned char c = (unsigned char)peek(r);
    if (c == '\0')
        return fail_at(r, r->at, "the token ends where %s should follow", wanted);
    if (c < 0x20 || c >= 0x7f)
        return fail_at(r, r->at, "byte 0x%02x stands where %s should follow", c, wanted);
    return fail_at(r, r->at, "'%c' stands where %s should follow", c, wanted);
}

static int accept(struct reader *r, char c)
{
    if (peek(r) != c || c == '\0')
        return 0;
    r->at++;
    return 1;
}

static void expect(struct reader *r, char c, const char *wanted)
{
    if (!r->failed && !accept(r, c))
        fail_here(r, wanted);
}

static int digit_value(char c, unsigned base)
{
    int v = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
    return v < (int)base ? v : -1;
}

/* A number of at most `max`. */
static uint32_t number(struct reader *r, unsigned base, uint32_t max, const char *what)
{
    char c = peek(r);
    size_t first = r->at;
    uint64_t v = 0;
    if (r->failed)
        return 0;
    if (digit_value(c, base) < 0)
        return fail_here(r, what), 0u;
    for (; digit_value(c, base) >= 0; c = peek(r)) {
        v = v * base + (unsigned)digit_value(c, base);
        if (v > max)
            return fail_at(r, first, "%s is more than %u", what, max), 0u;
        r->at++;
    }
    return (uint32_t)v;
}

static uint8_t read_check(struct reader *r)
{
    char c = peek(r);
    if (r->failed || c < 'A' || c > 'Z')
        return CHECK_UNKNOWN;
    r->at++;
    return (uint8_t)(c - 'A');
}

static void read_version(struct reader *r)
{
    peek(r);
    size_t first = r->at;
    if (!accept(r, 'l') || !accept(r, 's') || digit_value(peek(r), 10) < 0) {
        fail_at(r, first, "a token begins with \"ls1:\"");
        return;
    }
    uint32_t version = number(r, 10, 1000000, "a version number");
    if (!r->failed && version > 1)
        r->failed = err_set(r->e, ERR_NEWER,
                            "schedule token: version %u is newer than this lockstep, which reads "
                            "version 1; update lockstep, or ask for a token of version 1",
                            version);
    else if (!r->failed && version == 0)
        fail_at(r, first, "a token begins with \"ls1:\"");
    expect(r, ':', "':'");
}

static void read_hash(struct reader *r, char hash[9])
{
    size_t n = 0;
    char c = peek(r);
    for (; !r->failed && n < 8 && digit_value(c, 16) >= 0; c = peek(r)) {
        hash[n++] = c;
        r->at++;
    }
    hash[n] = '\0';
    if (!r->failed && n != 0 && n != 8)
        fail_here(r, "a program's hash of 8 hexadecimal digits");
    expect(r, ':', "':' after the program's hash");
}

static void read_run(struct reader *r, struct schedule *s)
{
    char c = peek(r);
    size_t first = r->at;
    uint32_t task = 0;
    if (c == '{') {
        r->at++;
        task = number(r, 10, MAX_TASKS - 1, "a task number");
        expect(r, '}', "'}'");
    } else if (c >= 'a' && c <= 'z') {
        task = (uint32_t)(c - 'a');
        r->at++;
    } else {
        fail_here(r, "a task letter");
    }
    size_t number_at = (peek(r), r->at);
    uint32_t steps = number(r, 10, SCHEDULE_MAX, "the number of steps");
    if (!r->failed && steps == 0)
        fail_at(r, number_at, "a run of 0 steps");
    if (!r->failed && s->n + steps > SCHEDULE_MAX)
        fail_at(r, first, "more than %u steps in all", SCHEDULE_MAX);
    uint8_t check = read_check(r);
    if (r->failed)
        return;
    reserve(s, s->n + steps);
    for (uint32_t i = 1; i <= steps; i++)
        schedule_add(s, (uint16_t)task, i == steps ? check : CHECK_UNKNOWN);
}

static void read_alternative(struct reader *r, struct schedule *s)
{
    if (s->n == 0)
        fail_at(r, r->at, "an alternative ('=') stands before the first step");
    if (!r->failed && s->n >= SCHEDULE_MAX)
        fail_at(r, r->at, "more than %u steps in all", SCHEDULE_MAX);
    expect(r, '=', "'='");
    uint32_t index = number(r, 10, CHOICE_ALT - 1, "the number of an alternative");
    uint8_t check = read_check(r);
    if (!r->failed)
        schedule_add(s, (uint16_t)(CHOICE_ALT | index), check);
}

static void read_shared(struct reader *r, struct schedule *s)
{
    size_t first = r->at;
    expect(r, '+', "'+'");
    struct shared_range range = {0};
    range.task = (uint16_t)number(r, 16, MAX_TASKS - 1, "a task number (hexadecimal)");
    expect(r, '.', "'.'");
    range.offset = number(r, 16, UINT32_MAX - 7, "an offset (hexadecimal)");
    expect(r, '.', "'.'");
    range.size = number(r, 16, UINT32_MAX - 7, "a size (hexadecimal)");
    if (!r->failed && (range.offset % 8 || range.size % 8 || range.size == 0))
        fail_at(r, first, "offset and size of a shared range must be multiples of 8");
    if (!r->failed && s->nshared == MAX_SHARED)
        fail_at(r, first, "more than %u shared ranges", MAX_SHARED);
    if (r->failed)
        return;
    s->shared = xrealloc(s->shared, s->nshared + 1, sizeof *s->shared);
    s->shared[s->nshared++] = range;
}

static void read_tail(struct reader *r, struct schedule *s)
{
    while (!r->failed && peek(r) == '+')
        read_shared(r, s);
    if (!r->failed && accept(r, '!')) {
        expect(r, 'w', "'w'");
        s->main_exit_wait = 1;
    }
    if (!r->failed && peek(r) != '\0')
        fail_here(r, "the end of the token");
}

int schedule_parse(struct schedule *s, const char *token, struct err *e)
{
    struct reader r = {.text = token, .e = e};
    struct schedule parsed;
    schedule_init(&parsed);
    read_version(&r);
    read_hash(&r, parsed.hash);
    for (char c; !r.failed && (c = peek(&r)) != '\0' && c != '+' && c != '!';) {
        if (c == '=')
            read_alternative(&r, &parsed);
        else
            read_run(&r, &parsed);
    }
    read_tail(&r, &parsed);
    if (r.failed) {
        schedule_fini(&parsed);
        return r.failed;
    }
    schedule_fini(s);
    *s = parsed;
    return 0;
}
