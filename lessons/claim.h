/* Parsing one claim and C strings. Inside lessons/ only. */
#ifndef LOCKSTEP_CLAIM_H
#define LOCKSTEP_CLAIM_H

#include "pool.h"
#include "lesson.h"

/* Parse "word: arguments" into *c (kind, text, strings, finding, at_line, numbers are set).
 * -ERR_DATA with *e, without file and line. */
int claim_parse(struct pool *mem, struct claim *c, const char *text, struct err *e);
/* Parse a double-quoted string with C escapes at *s; *s moves past it. -ERR_DATA. */
int string_parse(struct pool *mem, const char **s, struct claim_string *out, struct err *e);
/* enum finding_kind of a word of finding.def, -1 if there is none. */
int finding_parse(const char *word);

#endif
