/* Private to recording*.c: the format of a recording.
 *
 *   "lockstep recording 1\n"
 *   sections: tag (4 bytes), length of the content (u32), content, CRC-32 of tag, length, content
 *
 * in this order: HEAD, FILE and ARGV for each, inpt and vals (how it was run) if any, SCHD, STRG
 * (shared ranges), of a free run FREE (notes) and NAME in pieces, EVNT in pieces, DONE. Numbers of
 * fixed size are little-endian, the others are LEB128 varints. A tag that begins with a lower-case
 * letter may be skipped by a reader who does not know it; any other unknown tag means a newer
 * version. Each section has its own sum so that damage can be named by its place. */
#ifndef LOCKSTEP_RECORDING_FORMAT_H
#define LOCKSTEP_RECORDING_FORMAT_H

#include "schedule.h"

#define RECORDING_MAGIC     "lockstep recording "
#define RECORDING_VERSION   1
#define RECORDING_MAX_BYTES ((size_t)1 << 30)

/* CRC-32, the one of zlib and PNG. */
uint32_t recording_crc(const uint8_t *p, size_t n);

/* An event is its kind (a byte), its task, a mask of the fields below that are there, those fields,
 * and its text. A field is there when it is not `absent`. The step is not written: it follows. */
struct recording_field {
    size_t offset;  /* in struct event */
    unsigned bytes; /* there */
    uint64_t absent;
};
enum { RECORDING_FIELDS = 12 };
extern const struct recording_field recording_fields[RECORDING_FIELDS];
uint64_t recording_field_get(const struct event *e, unsigned field);
void recording_field_set(struct event *e, unsigned field, uint64_t value);

#endif
