/* From bytes to a recording. The bytes may be anything: every error names its offset. */
#include "recording_format.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_EVENTS = 20000000,
    MAX_STRINGS = 10000,
    SECTION_OVERHEAD = 12 /* tag, length, sum */
};

/* Everything after the first error is a no-op. */

struct reader {
    const uint8_t *bytes;
    size_t at, end; /* of the section being read */
    size_t n;       /* of the whole */
    struct recording *r;
    const char *where;
    struct err *e;
    int failed;    /* -ERR_* */
    unsigned seen; /* bit i: a section of kinds[i] was there */
};

static int damaged(struct reader *in, size_t at, const char *what)
{
    if (!in->failed)
        in->failed = err_set(in->e, ERR_DATA,
                             "%s: the recording is damaged at offset %zu: %s; record it again or "
                             "copy the file anew",
                             in->where, at, what);
    return in->failed;
}

static int newer(struct reader *in, const char *what)
{
    if (!in->failed)
        in->failed = err_set(in->e, ERR_NEWER,
                             "%s: the recording was written by a newer lockstep (%s); update "
                             "lockstep to open it",
                             in->where, what);
    return in->failed;
}

static uint32_t get_u32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint64_t get_varint(struct reader *in, uint64_t max)
{
    uint64_t v = 0;
    size_t first = in->at;
    for (unsigned shift = 0; !in->failed; shift += 7) {
        if (in->at >= in->end)
            return damaged(in, first, "a number is cut short"), 0u;
        uint8_t byte = in->bytes[in->at++];
        if (shift == 63 && byte > 1)
            return damaged(in, first, "a number is too large"), 0u;
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            break;
    }
    if (v > max)
        return damaged(in, first, "a number is too large"), 0u;
    return in->failed ? 0 : v;
}

static uint8_t get_byte(struct reader *in)
{
    if (!in->failed && in->at >= in->end)
        damaged(in, in->at, "a byte is missing");
    return in->failed ? 0 : in->bytes[in->at++];
}

/* n bytes of the section, borrowed; NULL on error. */
static const char *get_bytes(struct reader *in, size_t n)
{
    if (!in->failed && n > in->end - in->at)
        damaged(in, in->at, "a text is cut short");
    if (in->failed)
        return NULL;
    in->at += n;
    return (const char *)in->bytes + in->at - n;
}

/* A string of the heap without NUL inside; NULL on error. */
static char *get_string(struct reader *in)
{
    size_t first = in->at;
    size_t n = get_varint(in, RECORDING_MAX_BYTES);
    const char *s = get_bytes(in, n);
    if (!s)
        return NULL;
    if (memchr(s, '\0', n)) {
        damaged(in, first, "a text holds a zero byte");
        return NULL;
    }
    char *copy = xcalloc(n + 1, 1);
    memcpy(copy, s, n);
    return copy;
}

static void get_head(struct reader *in)
{
    if (get_varint(in, UINT32_MAX) != EVENT_VERSION && !in->failed)
        newer(in, "another version of events");
    in->r->schedule.main_exit_wait = (int)get_varint(in, 1);
    size_t first = in->at;
    char *hash = get_string(in);
    if (hash && strlen(hash) != 0 && strspn(hash, "0123456789abcdef") != 8)
        damaged(in, first, "the program's hash is not 8 hexadecimal digits");
    if (hash && strlen(hash) > 8)
        damaged(in, first, "the program's hash is too long");
    if (hash && !in->failed)
        memcpy(in->r->schedule.hash, hash, strlen(hash) + 1);
    free(hash);
    in->r->finding = get_string(in);
}

static void add_string(struct reader *in, char ***list, int *n)
{
    char *s = get_string(in);
    if (!s)
        return;
    if (*n >= MAX_STRINGS) {
        damaged(in, in->at, "too many files or arguments");
        free(s);
        return;
    }
    *list = xrealloc(*list, (size_t)*n + 1, sizeof **list);
    (*list)[(*n)++] = s;
}

static void get_file(struct reader *in)
{
    add_string(in, &in->r->files, &in->r->nfiles);
}

static void get_argument(struct reader *in)
{
    add_string(in, &in->r->args, &in->r->nargs);
}

/* At most one. */
static void get_one(struct reader *in, char **out)
{
    if (*out)
        damaged(in, in->at, "a part stands there twice");
    else
        *out = get_string(in);
}

static void get_input(struct reader *in)
{
    get_one(in, &in->r->input);
}

static void get_values(struct reader *in)
{
    get_one(in, &in->r->values);
}

static void get_adversity(struct reader *in)
{
    get_one(in, &in->r->adversity);
}

static void get_schedule(struct reader *in)
{
    uint64_t n = get_varint(in, SCHEDULE_MAX);
    for (uint64_t i = 0; i < n && !in->failed; i++) {
        size_t first = in->at;
        uint16_t choice = (uint16_t)get_varint(in, UINT16_MAX);
        uint8_t check = get_byte(in);
        if (!(choice & CHOICE_ALT) && choice >= MAX_TASKS)
            damaged(in, first, "a choice names a task that cannot be");
        if (!in->failed)
            schedule_add(&in->r->schedule, choice, check);
    }
}

static void get_shared(struct reader *in)
{
    struct schedule *s = &in->r->schedule;
    /* each takes three bytes at least, so the length bounds what is allocated */
    uint64_t n = get_varint(in, (in->end - in->at) / 3 + 1);
    if (in->failed || n == 0)
        return;
    s->shared = xcalloc(n, sizeof *s->shared);
    for (; s->nshared < n && !in->failed; s->nshared++) {
        struct shared_range *range = &s->shared[s->nshared];
        range->task = (uint16_t)get_varint(in, MAX_TASKS - 1);
        range->offset = (uint32_t)get_varint(in, UINT32_MAX);
        range->size = (uint32_t)get_varint(in, UINT32_MAX);
    }
}

/* The largest value a field can hold. */
static uint64_t field_max(unsigned field)
{
    unsigned bits = 8 * recording_fields[field].bytes;
    return bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
}

static void get_event(struct reader *in)
{
    struct trace *t = &in->r->trace;
    size_t first = in->at;
    struct event e = {.kind = get_byte(in)};
    e.task = (uint16_t)get_varint(in, NO_TASK);
    unsigned mask = (unsigned)get_varint(in, (1u << RECORDING_FIELDS) - 1);
    for (unsigned i = 0; i < RECORDING_FIELDS; i++)
        recording_field_set(
            &e, i, mask & 1u << i ? get_varint(in, field_max(i)) : recording_fields[i].absent);
    e.step = t->nsteps + (unsigned)event_is_step(e.kind);
    const char *text = get_bytes(in, e.ntext);
    if (in->failed)
        return;
    if (t->nevents >= MAX_EVENTS)
        damaged(in, first, "more events than lockstep can hold");
    else if (trace_append(t, &e, text) < 0)
        damaged(in, first, "an event that cannot be");
}

static void get_events(struct reader *in)
{
    while (in->at < in->end && !in->failed)
        get_event(in);
}

static void get_free(struct reader *in)
{
    if (in->r->is_free)
        damaged(in, in->at, "a part stands there twice");
    in->r->is_free = 1;
    if (!in->failed)
        in->r->notes = get_string(in);
}

static int comes_after(const struct recorded_name *a, const struct recorded_name *b)
{
    return a->is_place != b->is_place ? a->is_place > b->is_place : a->addr > b->addr;
}

static void get_name(struct reader *in)
{
    struct recording *r = in->r;
    size_t first = in->at;
    struct recorded_name n = {.addr = get_varint(in, UINT64_MAX)};
    uint64_t flags = get_varint(in, 3);
    n.is_place = (int)(flags & 1);
    n.is_private = (int)(flags >> 1);
    n.text = get_string(in);
    if (n.is_place) {
        n.function = get_string(in);
        n.line = (int)get_varint(in, INT32_MAX);
    }
    if (!in->failed && (!r->is_free || (r->nnames && !comes_after(&n, &r->names[r->nnames - 1]))))
        damaged(in, first, "a name stands out of order");
    if (in->failed) {
        free(n.text);
        free(n.function);
        return;
    }
    if (!(r->nnames & (r->nnames - 1))) /* a power of two: full */
        r->names = xrealloc(r->names, r->nnames ? 2 * r->nnames : 1, sizeof *r->names);
    r->names[r->nnames++] = n;
}

static void get_names(struct reader *in)
{
    while (in->at < in->end && !in->failed)
        get_name(in);
}

static void get_done(struct reader *in)
{
    size_t first = in->at;
    uint64_t nevents = get_varint(in, UINT64_MAX), nsteps = get_varint(in, UINT64_MAX);
    if (!in->failed && (nevents != in->r->trace.nevents || nsteps != in->r->trace.nsteps))
        damaged(in, first, "events are missing");
}

enum {
    HEAD,
    FILES,
    ARGUMENTS,
    INPUT,
    VALUES,
    ADVERSITY,
    SCHEDULE,
    SHARED,
    FREE,
    NAMES,
    EVENTS,
    DONE,
    KINDS
};

static const struct {
    const char *tag;
    void (*get)(struct reader *);
    int many; /* may stand there several times, or not at all */
} kinds[KINDS] = {
    [HEAD] = {"HEAD", get_head, 0},           [FILES] = {"FILE", get_file, 1},
    [ARGUMENTS] = {"ARGV", get_argument, 1},  [INPUT] = {"inpt", get_input, 1},
    [VALUES] = {"vals", get_values, 1},       [SCHEDULE] = {"SCHD", get_schedule, 0},
    [ADVERSITY] = {"advs", get_adversity, 1}, [SHARED] = {"STRG", get_shared, 0},
    [FREE] = {"FREE", get_free, 1},           [NAMES] = {"NAME", get_names, 1},
    [EVENTS] = {"EVNT", get_events, 1},       [DONE] = {"DONE", get_done, 0},
};

/* The section whose tag is at `tag`; sections must come in order. */
static void get_section(struct reader *in, size_t tag)
{
    unsigned kind = 0;
    while (kind < KINDS && memcmp(in->bytes + tag, kinds[kind].tag, 4) != 0)
        kind++;
    if (kind == KINDS) {
        if (in->bytes[tag] < 'a' || in->bytes[tag] > 'z')
            newer(in, "a part of a kind unknown here");
        in->at = in->end;
        return;
    }
    if (in->seen >> (kind + 1) || (!kinds[kind].many && in->seen >> kind & 1))
        damaged(in, tag, "a part stands out of order");
    for (unsigned i = 0; i < kind; i++)
        if (!kinds[i].many && !(in->seen >> i & 1))
            damaged(in, tag, "a part is missing");
    if (in->failed)
        return;
    in->seen |= 1u << kind;
    kinds[kind].get(in);
    if (!in->failed && in->at != in->end)
        damaged(in, in->at, "a part is longer than what it holds");
}

/* Check the frame of the section at `tag` and read it; returns the offset after it. */
static size_t next_section(struct reader *in, size_t tag)
{
    if (in->n - tag < SECTION_OVERHEAD) {
        damaged(in, tag, "the file is cut short");
        return in->n;
    }
    size_t length = get_u32(in->bytes + tag + 4);
    if (length > in->n - tag - SECTION_OVERHEAD) {
        damaged(in, tag, "the file is cut short, or a length is wrong");
        return in->n;
    }
    in->at = tag + 8;
    in->end = in->at + length;
    if (recording_crc(in->bytes + tag, length + 8) != get_u32(in->bytes + in->end))
        damaged(in, tag, "its check sum does not match");
    else
        get_section(in, tag);
    return tag + SECTION_OVERHEAD + length;
}

/* The first line; returns the offset after it. */
static size_t read_magic(struct reader *in)
{
    size_t at = strlen(RECORDING_MAGIC);
    unsigned version = 0;
    if (in->n < at || memcmp(in->bytes, RECORDING_MAGIC, at) != 0) {
        in->failed = err_set(in->e, ERR_DATA,
                             "%s: this is no recording of lockstep: it does not begin with \"%s\"",
                             in->where, RECORDING_MAGIC "1");
        return in->n;
    }
    for (; at < in->n && in->bytes[at] >= '0' && in->bytes[at] <= '9' && version < 100000; at++)
        version = version * 10 + in->bytes[at] - '0';
    if (version > RECORDING_VERSION)
        newer(in, "another version of recordings");
    else if (version != RECORDING_VERSION || at >= in->n || in->bytes[at] != '\n')
        damaged(in, at, "the version in the first line is wrong");
    return at + 1;
}

int recording_decode(struct recording *r, const void *bytes, size_t n, const char *where,
                     struct err *e)
{
    struct reader in = {.bytes = bytes, .n = n, .r = r, .where = where, .e = e};
    recording_init(r);
    size_t at = read_magic(&in);
    while (!in.failed && !(in.seen >> DONE & 1))
        at = next_section(&in, at);
    if (!in.failed && at != n)
        damaged(&in, at, "something follows after the end");
    if (in.failed)
        recording_fini(r);
    return in.failed;
}
