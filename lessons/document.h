/* The Markdown part of a lesson: sections and their blocks. Inside lessons/ only. */
#ifndef LOCKSTEP_DOCUMENT_H
#define LOCKSTEP_DOCUMENT_H

#include "reader.h"

/* Parse the source from offset `body` to its end into l->sections. -ERR_DATA. */
int document_parse(struct reader *r, size_t body, struct lesson *l);

#endif
