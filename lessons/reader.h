/* What the parts of the lesson reader share: the source with its lines, the first error, fields
 * (`key: value` lines), and the tables that say which fields a block has. Inside lessons/ only. */
#ifndef LOCKSTEP_READER_H
#define LOCKSTEP_READER_H

#include "pool.h"
#include "lesson.h"

struct file_ref {
    const char *file;
    int line;
};

struct reader {
    struct pool *mem;
    const char *name; /* of the file, for messages */
    const char *src;
    size_t nsrc;
    size_t *line_start; /* offset of each line, nlines of them */
    size_t nlines;
    struct file_ref *refs; /* the programs the lesson names */
    size_t nrefs;
    struct err *e;
    int failed; /* the first error is in *e; nothing after it counts */
};

/* "name:line: message" into the reader's err unless there is one already. -ERR_DATA. */
int reader_fail(struct reader *r, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Line of a pointer into the source, from 1; 0 if it points elsewhere. */
int reader_line(const struct reader *r, const char *p);

struct field {
    const char *key, *value; /* trimmed, NUL-terminated; value "" for a bare key */
    int line;
};

/* One row for each key a block understands. */
struct field_rule {
    const char *key;
    int least, most; /* how often it must and may be given */
    /* Put the value into the block being built. */
    int (*set)(struct reader *r, void *block, const struct field *f);
};

/* Split s[0..n), whose first line is `line`, into fields. A line that begins with a blank goes on
 * with the value before it; empty lines are skipped; a line without a colon is a bare key. */
int fields_split(struct reader *r, const char *s, size_t n, int line, struct field **out,
                 size_t *nout);
/* Apply fields to a block by its rules. `line` is the block's, for keys that are missing. */
int fields_apply(struct reader *r, void *block, const char *block_word, int line,
                 const struct field_rule *rules, size_t nrules, const struct field *fields,
                 size_t nfields);

/* Values. Each checks, complains with the field's line, and returns 0 or -ERR_DATA. */
int value_text(struct reader *r, const struct field *f, struct lesson_text *out);
int value_number(struct reader *r, const struct field *f, long least, long most, long *out);
int value_file(struct reader *r, const struct field *f, const char **out);
int value_path(struct reader *r, const struct field *f, struct lesson_path *out);
/* A C string in double quotes and nothing after it. */
int value_string(struct reader *r, const struct field *f, struct claim_string *out);
/* `f` holds a claim about `program`: key and value, or the value alone holds both. */
int value_claim(struct reader *r, const struct field *f, const char *program, struct claim *out);

/* Build the block a fence "```word argument" holds. body[0..n) begins on line line + 1.
 * Returns 1 when `word` is none of ours. */
int fence_parse(struct reader *r, const char *word, const char *argument, const char *body,
                size_t n, int line, struct lesson_block *out);

#endif
