/* A canvas as text with its styles, and goldens of it. */
#ifndef LOCKSTEP_TESTS_SHOW_H
#define LOCKSTEP_TESTS_SHOW_H

#include "ui.h"

/* Append the rows as text; trailing blanks are dropped. */
void show_text(const struct canvas *c, struct buf *out);
/* Append where which style stands: "row: column+width ROLE attributes" for all that is not plain.
 */
void show_styles(const struct canvas *c, struct buf *out);
/* Compare text and styles with tests/screens/golden/NAME.txt; fails the test where they differ.
 * With --golden or LOCKSTEP_GOLDEN=1 the file is written instead. */
void golden_check(const char *name, const struct canvas *c);
/* The same with a text, such as several pictures one after the other. */
void golden_text(const char *name, const char *now);
/* Append text and styles, as in a golden. */
void show_picture(const struct canvas *c, struct buf *out);
void golden_options(int argc, char **argv);
/* What is wrong with the columns of a canvas, in words; NULL when nothing is: each wide character
 * has its right half, and no character was torn. */
const char *columns_broken(const struct canvas *c);
/* How many lines that go down from a cell have nothing to go on with below it: popups cut some. */
int lines_cut(const struct canvas *c);
/* 1 if some row of the canvas holds this text. */
int shows(const struct canvas *c, const char *text);

/* Give keys to an interface: characters stand for themselves, "<Right>", "<Enter>", "<Esc>",
 * "<Tab>",
 * "<PgDn>" … for the others. Each key is followed by a frame. */
void press(struct ui *ui, const char *keys);
/* Work beside the loop: wait for it and tick, until the top screen waits for none (or for long). In
 * keys: "<Quiet>". */
void until_quiet(struct ui *ui);
/* The code of a name as in press, 0 if there is none. */
int key_named(const char *name, size_t n);

#endif
