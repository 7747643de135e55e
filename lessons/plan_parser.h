/* Private to plan*.c: what is being parsed. */
#ifndef LOCKSTEP_PLAN_PARSER_H
#define LOCKSTEP_PLAN_PARSER_H

#include "plan.h"
#include "pool.h"

struct parser {
    struct plan *plan;
    struct plan_entry *entry; /* the one details belong to; NULL: it was wrong, or none yet */
    int began;                /* an entry was begun, right or wrong */
    int line;
};

/* One row for each key that may stand in an entry, and in entries of which kinds (bits). */
struct plan_detail {
    const char *key;
    unsigned kinds;
    /* Put the value into p->entry. 0, or negative having complained. */
    int (*set)(struct parser *p, const char *value);
};
const struct plan_detail *plan_detail_find(const char *key); /* NULL if there is none */

/* Add a problem of this line. */
void plan_parser_complain(struct parser *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Values: 0, or -1 having complained. */
int plan_get_text(struct parser *p, const char *value, struct lesson_text *out);
int plan_get_number(struct parser *p, const char *value, long least, long most, long *out);

#endif
