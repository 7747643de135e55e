/* Any bytes: they decode or give an error; what decodes encodes to bytes that decode to the same.
 * A check sum stops most damage at once, so the sums are set right first: what is tried is the
 * reader behind them. The input is taken as sections without the first line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recording_format.h"
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int ok)
{
    if (!ok)
        abort();
}

static void put_u32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

/* Make lengths fit and sums right, section by section. */
static void mend(uint8_t *p, size_t n)
{
    while (n >= 12) {
        size_t length = p[4] | (size_t)p[5] << 8;
        if (length > n - 12)
            length = n - 12;
        put_u32(p + 4, (uint32_t)length);
        put_u32(p + 8 + length, recording_crc(p, length + 8));
        p += length + 12;
        n -= length + 12;
    }
}

/* What was accepted must be usable: fold it, and encode it again. */
static void use(struct recording *r)
{
    struct buf one = {0}, two = {0};
    struct recording again;
    recording_encode(r, &one);
    check(recording_decode(&again, one.data, one.len, "again", NULL) == 0);
    check(again.trace.nevents == r->trace.nevents && again.schedule.n == r->schedule.n);
    recording_encode(&again, &two);
    check(one.len == two.len && memcmp(one.data, two.data, one.len) == 0);
    struct world_view *v = world_view_new(&r->trace);
    world_at(v, r->trace.nsteps / 2);
    world_view_free(v);
    recording_fini(&again);
    buf_fini(&one);
    buf_fini(&two);
}

static void decode(const void *bytes, size_t n)
{
    struct recording r;
    struct err e = {0};
    if (recording_decode(&r, bytes, n, "input", &e) < 0) {
        check(e.code != 0 && strlen(e.message) > 10);
        return;
    }
    use(&r);
    recording_fini(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char first_line[] = RECORDING_MAGIC "1\n";
    size_t line = sizeof first_line - 1;
    uint8_t *bytes = xcalloc(size + line, 1);
    decode(data, size);
    memcpy(bytes, first_line, line);
    if (size)
        memcpy(bytes + line, data, size);
    mend(bytes + line, size);
    decode(bytes, size + line);
    free(bytes);
    return 0;
}
