/* Private to progress_*.c: the state of the progress screen. */
#ifndef LOCKSTEP_PROGRESS_INTERNAL_H
#define LOCKSTEP_PROGRESS_INTERNAL_H

#include "lesson.h"
#include "path_edit.h"
#include "progress.h"
#include "progress_screen.h"

enum line_kind { LINE_BLANK, LINE_HEADING, LINE_TEXT, LINE_UNIT, LINE_REPEAT, LINE_CHALLENGE };
struct progress_line {
    enum line_kind kind;
    int index;  /* of the unit, what to repeat, the challenge */
    char *text; /* LINE_HEADING, LINE_TEXT */
};
/* What is listed: an overview, and what can be opened. One under the other, or side by side. */
enum { PART_OVERVIEW, PART_REPEAT, PARTS };

enum progress_asking { ASKING_NOTHING, ASKING_FORMAT, ASKING_OVERWRITE, ASKING_LEARNER };
enum progress_typing { TYPING_NOTHING, TYPING_PATH, TYPING_LEARNER, TYPING_NEW_NAME };
/* What can be exported. */
enum progress_export { EXPORT_TEXT, EXPORT_CSV, EXPORT_JSON, EXPORT_ALL };

struct progress_view {
    struct ui *ui;
    struct progress_lesson *lessons; /* those of the catalogue */
    struct progress progress;
    int64_t now_ms; /* when it was read */
    struct progress_line *lines[PARTS];
    int nlines[PARTS];
    int at;           /* the marked line of PART_REPEAT, -1 none */
    int top;          /* of all lines, or of PART_REPEAT where it stands beside */
    int page;         /* lines of a page, of the last frame */
    int marked;       /* the line that must be seen in the next frame, -1 none */
    struct rect rect; /* of the last frame: where the lines that scroll stand */
    int first;        /* the line of PART_REPEAT that its first row would show */
    enum progress_asking asking;
    enum progress_typing typing;
    enum progress_export format;
    struct list list;
    struct line_edit edit;
    char message[2048];
    unsigned style;
};

void progress_say(struct progress_view *v, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Read it anew from the store. */
void progress_load(struct progress_view *v);
/* The lesson of a line of PART_REPEAT; NULL when it has none. */
const struct lesson *progress_lesson_at(const struct progress_view *v, int line);

/* progress_lines.c: what stands on the lines. */
void progress_lines(struct progress_view *v);
void progress_lines_fini(struct progress_view *v);

/* progress_draw.c */
void progress_draw(void *state, struct canvas *c);

/* progress_change.c: export and learners. */
void progress_ask_export(struct progress_view *v);
void progress_ask_learner(struct progress_view *v);
/* A row of the list was taken; a line was typed. */
void progress_taken(struct progress_view *v);
void progress_typed(struct progress_view *v);

#endif
