/* From a recording to bytes; and the parts of the format that reading shares. */
#include "recording_format.h"

#include <stddef.h>
#include <string.h>

enum { PIECE_BYTES = 1 << 16 }; /* an EVNT section is closed when it is longer */

uint32_t recording_crc(const uint8_t *p, size_t n)
{
    static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
                                       0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
                                       0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                       0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    uint32_t c = 0xffffffff;
    for (size_t i = 0; i < n; i++) {
        c ^= p[i];
        c = c >> 4 ^ table[c & 15];
        c = c >> 4 ^ table[c & 15];
    }
    return ~c;
}

#define FIELD(name, absent)                                                                        \
    {                                                                                              \
        offsetof(struct event, name), sizeof((struct event *)0)->name, absent                      \
    }
const struct recording_field recording_fields[RECORDING_FIELDS] = {
    FIELD(other, NO_TASK), FIELD(flags, 0), FIELD(process, 0), FIELD(result, 0),
    FIELD(size, 0),        FIELD(ref, 0),   FIELD(ntext, 0),   FIELD(addr, 0),
    FIELD(addr2, 0),       FIELD(pc, 0),    FIELD(a, 0),       FIELD(b, 0),
};

/* Fields are unsigned or, like result, taken as the bits they are. */
uint64_t recording_field_get(const struct event *e, unsigned field)
{
    const char *p = (const char *)e + recording_fields[field].offset;
    uint16_t v16;
    uint32_t v32;
    uint64_t v64;
    switch (recording_fields[field].bytes) {
    case 1:
        return (uint8_t)*p;
    case 2:
        memcpy(&v16, p, sizeof v16);
        return v16;
    case 4:
        memcpy(&v32, p, sizeof v32);
        return v32;
    default:
        memcpy(&v64, p, sizeof v64);
        return v64;
    }
}

void recording_field_set(struct event *e, unsigned field, uint64_t value)
{
    char *p = (char *)e + recording_fields[field].offset;
    const uint8_t v8 = (uint8_t)value;
    const uint16_t v16 = (uint16_t)value;
    const uint32_t v32 = (uint32_t)value;
    switch (recording_fields[field].bytes) {
    case 1:
        memcpy(p, &v8, sizeof v8);
        break;
    case 2:
        memcpy(p, &v16, sizeof v16);
        break;
    case 4:
        memcpy(p, &v32, sizeof v32);
        break;
    default:
        memcpy(p, &value, sizeof value);
    }
}

static void put_u32(struct buf *b, uint32_t v)
{
    const uint8_t bytes[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
                              (uint8_t)(v >> 24)};
    buf_add(b, bytes, sizeof bytes);
}

static void put_varint(struct buf *b, uint64_t v)
{
    uint8_t bytes[10];
    size_t n = 0;
    for (; v >= 0x80; v >>= 7)
        bytes[n++] = (uint8_t)(v | 0x80);
    bytes[n++] = (uint8_t)v;
    buf_add(b, bytes, n);
}

static void put_string(struct buf *b, const char *s)
{
    size_t n = s ? strlen(s) : 0;
    put_varint(b, n);
    buf_add(b, s ? s : "", n);
}

/* Append a section and empty *content. */
static void put_section(struct buf *out, const char *tag, struct buf *content)
{
    size_t start = out->len;
    buf_add(out, tag, 4);
    put_u32(out, (uint32_t)content->len);
    buf_add(out, content->data ? content->data : "", content->len);
    put_u32(out, recording_crc((const uint8_t *)out->data + start, out->len - start));
    content->len = 0;
}

static void put_strings(struct buf *out, const char *tag, char *const *s, int n)
{
    struct buf b = {0};
    for (int i = 0; i < n; i++) {
        put_string(&b, s[i]);
        put_section(out, tag, &b);
    }
    buf_fini(&b);
}

static void put_schedule(struct buf *out, const struct schedule *s)
{
    struct buf b = {0};
    put_varint(&b, s->n);
    for (size_t i = 0; i < s->n; i++) {
        put_varint(&b, s->choices[i]);
        buf_add(&b, &s->checks[i], 1);
    }
    put_section(out, "SCHD", &b);
    put_varint(&b, s->nshared);
    for (size_t i = 0; i < s->nshared; i++) {
        put_varint(&b, s->shared[i].task);
        put_varint(&b, s->shared[i].offset);
        put_varint(&b, s->shared[i].size);
    }
    put_section(out, "STRG", &b);
    buf_fini(&b);
}

static void put_event(struct buf *b, const struct trace *t, const struct event *e)
{
    uint64_t values[RECORDING_FIELDS];
    unsigned mask = 0;
    for (unsigned i = 0; i < RECORDING_FIELDS; i++) {
        values[i] = recording_field_get(e, i);
        mask |= (unsigned)(values[i] != recording_fields[i].absent) << i;
    }
    buf_add(b, &e->kind, 1);
    put_varint(b, e->task);
    put_varint(b, mask);
    for (unsigned i = 0; i < RECORDING_FIELDS; i++)
        if (mask & 1u << i)
            put_varint(b, values[i]);
    buf_add(b, trace_text(t, e), e->ntext);
}

static void put_trace(struct buf *out, const struct trace *t)
{
    struct buf b = {0};
    for (size_t i = 0; i < t->nevents; i++) {
        put_event(&b, t, &t->events[i]);
        if (b.len > PIECE_BYTES || i + 1 == t->nevents)
            put_section(out, "EVNT", &b);
    }
    buf_fini(&b);
}

static void put_name(struct buf *b, const struct recorded_name *n)
{
    put_varint(b, n->addr);
    put_varint(b, (uint64_t)(n->is_place != 0) | (uint64_t)(n->is_private != 0) << 1);
    put_string(b, n->text);
    if (!n->is_place)
        return;
    put_string(b, n->function);
    put_varint(b, (uint64_t)n->line);
}

static void put_free(struct buf *out, const struct recording *r)
{
    struct buf b = {0};
    put_string(&b, r->notes);
    put_section(out, "FREE", &b);
    for (size_t i = 0; i < r->nnames; i++) {
        put_name(&b, &r->names[i]);
        if (b.len > PIECE_BYTES || i + 1 == r->nnames)
            put_section(out, "NAME", &b);
    }
    buf_fini(&b);
}

void recording_encode(const struct recording *r, struct buf *out)
{
    struct buf b = {0};
    buf_printf(out, RECORDING_MAGIC "%d\n", RECORDING_VERSION);
    put_varint(&b, EVENT_VERSION);
    put_varint(&b, (uint64_t)(r->schedule.main_exit_wait != 0));
    put_string(&b, r->schedule.hash);
    put_string(&b, r->finding);
    put_section(out, "HEAD", &b);
    put_strings(out, "FILE", r->files, r->nfiles);
    put_strings(out, "ARGV", r->args, r->nargs);
    put_strings(out, "inpt", &r->input, r->input != NULL);
    put_strings(out, "vals", &r->values, r->values != NULL);
    put_strings(out, "advs", &r->adversity, r->adversity != NULL);
    put_schedule(out, &r->schedule);
    if (r->is_free)
        put_free(out, r);
    put_trace(out, &r->trace);
    put_varint(&b, r->trace.nevents);
    put_varint(&b, r->trace.nsteps);
    put_section(out, "DONE", &b);
    buf_fini(&b);
}
