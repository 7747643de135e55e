/* Private to help*.c: the help as lines. */
#ifndef LOCKSTEP_HELP_INTERNAL_H
#define LOCKSTEP_HELP_INTERNAL_H

#include "ui.h"

/* Three pages: the keys of the screen that asks, how to read the screens, the keys of the others. A
 * search goes through all of them. */
enum help_page { HELP_HERE, HELP_READ, HELP_ALL, HELP_PAGES };
enum help_kind { HELP_ROW, HELP_HEADING, HELP_PARAGRAPH, HELP_PICTURE };

struct help_line {
    enum help_page page;
    enum help_kind kind;
    char key[40];  /* HELP_ROW: the keys, the sign or the word */
    unsigned role; /* of it */
    char *text;    /* in the reader's language */
};

struct help_text {
    struct help_line *lines;
    size_t n, cap;
};

/* All that there is to say, the screen `about` first. */
void help_text_init(struct help_text *h, enum screen_id about);
void help_text_fini(struct help_text *h);

#endif
