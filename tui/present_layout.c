#include "present_layout.h"

#include "base.h"

#include <string.h>

static const struct {
    const char *word, *title;
} panels[SHOW_PANELS] = {
#define PRESENT_PANEL(id, word, title, draw) [SHOW_##id] = {word, title},
#include "present_panels.def"
#undef PRESENT_PANEL
};

const char *present_panel_word(enum present_panel p)
{
    return panels[p].word;
}

const char *present_panel_title(enum present_panel p)
{
    return _(panels[p].title);
}

int present_panel_find(const char *word)
{
    for (int p = 0; p < SHOW_PANELS; p++)
        if (!strcmp(panels[p].word, word))
            return p;
    return -1;
}

/* From so many on: two panels beside or above each other; a row of tabs and a footer; the sentence
 * below a panel. */
enum { SPLIT_ROWS = 34, BESIDE_COLS = 116, THREE_COLS = 160, BARS_ROWS = 8, CAPTION_ROWS = 16 };
enum { CAPTION_LINES = 4, LEAST_SOURCE = 9, SOURCE_COLS = 110 };

static int has(const struct present_want *w, enum present_panel p)
{
    return (w->has >> p) & 1;
}

/* Source above threads, the picture of a run; on a wide screen what is shared stands beside it. */
static void split_run(struct present_layout *l, struct rect body, const struct present_want *w)
{
    int lanes = w->lanes + 1, most = body.h - LEAST_SOURCE;
    lanes = lanes > most ? most : lanes;
    int above = body.h - lanes, wanted = w->lines < LEAST_SOURCE ? LEAST_SOURCE : w->lines + 1;
    above = above > wanted ? wanted : above;
    int left = body.w >= THREE_COLS && has(w, SHOW_OBJECTS) ? SOURCE_COLS : body.w;
    l->at[SHOW_SOURCE] = (struct rect){body.x, body.y, left, above};
    if (left < body.w)
        l->at[SHOW_OBJECTS] = (struct rect){body.x + left, body.y, body.w - left, above};
    l->at[SHOW_THREADS] = (struct rect){body.x, body.y + above, body.w, lanes};
    if (above + lanes < body.h) /* the sentence stays near what it is about */
        l->caption.y = body.y + above + lanes;
}

/* A text and the program it speaks of. */
static void split_text(struct present_layout *l, struct rect body)
{
    int left = body.w * 11 / 20;
    l->at[SHOW_TEXT] = (struct rect){body.x, body.y, left, body.h};
    l->at[SHOW_SOURCE] = (struct rect){body.x + left, body.y, body.w - left, body.h};
}

void present_layout(struct present_layout *l, int cols, int rows, const struct present_want *w)
{
    memset(l, 0, sizeof *l);
    int bars = rows >= BARS_ROWS;
    l->tabs_y = bars && (w->has & (w->has - 1)) ? 1 : -1;
    l->footer_y = bars ? rows - 1 : -1;
    int top = 1 + (l->tabs_y >= 0) + (rows >= CAPTION_ROWS);
    struct rect body = {0, top, cols, rows - top - bars};
    if (w->run && w->panel != SHOW_WHY && rows >= CAPTION_ROWS) {
        int lines = rows >= SPLIT_ROWS ? CAPTION_LINES + 1 : CAPTION_LINES;
        body.h -= lines;
        l->caption = (struct rect){0, body.y + body.h, cols, lines};
    }
    if (body.h < 1)
        body.h = 1;
    int pair =
        w->panel == SHOW_SOURCE || (w->run ? w->panel == SHOW_THREADS : w->panel == SHOW_TEXT);
    if (w->split && w->run && rows >= SPLIT_ROWS && pair)
        split_run(l, body, w);
    else if (w->split && !w->run && cols >= BESIDE_COLS && pair && has(w, SHOW_TEXT) &&
             has(w, SHOW_SOURCE))
        split_text(l, body);
    else
        l->at[w->panel] = body;
}
