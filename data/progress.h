/* Where the learner stands, as text: what is stored, laid beside the catalogue of lessons. */
#ifndef LOCKSTEP_PROGRESS_H
#define LOCKSTEP_PROGRESS_H

#include "store.h"

/* A lesson of the catalogue, in the catalogue's order; strings borrowed. */
struct progress_lesson {
    const char *id, *title, *unit, *level;
    int minutes;
};

enum progress_format {
    PROGRESS_TEXT, /* a table by unit, a summary at the end */
    PROGRESS_JSON, /* {"schema":"lockstep.overview/1",…}: see data/README.md */
    PROGRESS_CSV   /* a header, a row for each lesson */
};

/* Append the selected learner's progress to *out. Lessons in the store that are not in the
 * catalogue (any more) are counted at the end, not lost. A view: store_export_json is what import
 * reads. width_cols: of the text table; 0: 80. ascii: 1 for no glyphs beyond ASCII in the text
 * table. Errors: those of reading the store; *out is then unchanged. */
int progress_render(struct store *s, const struct progress_lesson *lessons, int nlessons,
                    enum progress_format format, int width_cols, int ascii, struct buf *out,
                    struct err *e);

#endif
