/* The table of places: where tests go that walk all screens. Each says what is opened and which
 * keys lead on from there; some have a name, their picture is compared (test_pictures.c). */
#ifndef LOCKSTEP_TESTS_PLACES_H
#define LOCKSTEP_TESTS_PLACES_H

#include "film.h"
#include "lesson.h"
#include "stage.h"
#include "toy.h"
#include "ui.h"

enum begin { ON_TOY, ON_FILM, ON_STAGE, ON_NOTES, AT_HOME, OWN, TRIED, SEARCHING };

struct spot {
    enum screen_id screen;
    enum begin begin;
    int which; /* enum toy_program, film or scene; lines of notes; which catalogue */
    const char *keys;
    const char *picture; /* NULL: none */
};
extern const struct spot places[];
extern const size_t nplaces;

/* A small catalogue, and that of the course. The test reads them. */
enum { SMALL, COURSE };
extern struct catalogue catalogues[2];
extern struct tui_options place_options;

struct visit {
    struct ui ui;
    struct store *store;
    struct stage *stage; /* ON_STAGE */
};
/* Open a place at 80x24, its keys pressed; the settings of a visit before are forgotten. */
void open_place(struct visit *s, const struct spot *p);
void close_place(struct visit *s);
/* Let what is at work beside the screen come to its end, for a while. */
void settle(struct ui *ui);
/* Texts in this language from here on, "" English. 0 when there is no catalogue of it. */
int speak(const char *language);
enum screen_id screen_now(const struct ui *ui);

#endif
