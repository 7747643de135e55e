/* Private to present_*.c: the state of the presentation. */
#ifndef LOCKSTEP_PRESENT_INTERNAL_H
#define LOCKSTEP_PRESENT_INTERNAL_H

#include "hands.h"
#include "job.h"
#include "present.h"
#include "present_layout.h"
#include "step_internal.h"

enum present_mode {
    PRESENT_NORMAL,
    PRESENT_HANDS,  /* hands are counted */
    PRESENT_CHOOSE, /* who goes next */
    PRESENT_LIST    /* an entry of the plan */
};

/* What stays of a slide while others are shown. */
struct kept {
    struct schedule left; /* where its run was left */
    uint32_t left_cursor, start;
    int was_left, own_way;
    char *trouble; /* why it cannot be shown, or cannot go on; NULL */
    struct hands hands;
};

/* A program that was built, or could not be. */
struct built {
    const char *path;
    int is_free; /* to run free, else to be stepped */
    struct program *program;
    char *trouble; /* NULL when there is a program */
};

struct build; /* the compiler at work */

struct present {
    struct ui *ui;
    struct talk *talk; /* NULL: the run of a step screen is shown */
    struct walk walk;
    struct kept *kept; /* by slide; one for a run */
    struct step *step; /* the run; NULL: none is open */
    struct build *build;
    struct built *built;
    size_t nbuilt;
    struct program *controlled; /* that of the live screen, when it was asked for under control */
    enum present_panel panel;
    int single; /* no two panels at once */
    int hand;   /* the choice being counted */
    int scroll[SHOW_PANELS];
    int look;  /* as which it is shown: 0 as the terminal is, else 1 + enum tui_theme */
    int parts; /* pages of the text, of the last frame */
    struct present_server *server; /* for the notes in a second terminal; NULL */
    int no_server;
    struct buf told;      /* them, last */
    char *before;         /* how the question was answered at other times; NULL */
    size_t *tell;         /* the slide it is left at; NULL */
    int asked;            /* Esc was pressed once */
    struct source source; /* of a slide that steps nothing */
    enum present_mode mode;
    struct list list;
    char message[2048];
    unsigned message_style;
};

/* -------- present.c -------- */
void present_say(struct present *p, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
const struct slide *present_slide(const struct present *p); /* NULL: a run is shown */
struct kept *present_kept(const struct present *p);
/* The panels there are now, as bits. */
unsigned present_has(const struct present *p);
struct present_want present_wanted(struct present *p);

/* -------- present_move.c: walking -------- */
/* One key on and back, as the clicker sends them. */
void present_on(struct present *p);
void present_back(struct present *p);
/* Go where the walking functions have brought w; moved: another slide. */
void present_go(struct present *p, const struct walk *w, int moved);
void present_go_entry(struct present *p, int by);
/* What a step of the program has gone wrong with is said, and the plan goes on from there. */
void present_take_trouble(struct present *p);

/* -------- present_panel.c -------- */
void act_present_digit(struct present *p, const struct input *in);
void act_present_panel(struct present *p, const struct input *in);
void act_present_panel_back(struct present *p, const struct input *in);
void act_present_split(struct present *p, const struct input *in);
void act_present_down(struct present *p, const struct input *in);
void act_present_up(struct present *p, const struct input *in);
void act_present_mouse(struct present *p, const struct input *in);

/* -------- present_open.c: programs -------- */
/* The slide is shown from now on: its program is built (beside the loop) and opened. */
void present_enter(struct present *p);
/* It is left: its run is closed; where it stood is kept. */
void present_leave(struct present *p);
/* The compiler is at work: its descriptor, -1 when it is not; and what it brought. */
int present_build_fd(const struct present *p);
void present_build_tick(struct present *p);
void present_programs_fini(struct present *p);
/* Why the slide cannot be shown, or cannot go on. */
void present_trouble(struct present *p, const char *what);

/* -------- present_live.c: a program that runs free -------- */
void present_open_live(struct present *p, const struct slide *s, struct program *program);
/* Its screen is on top. */
int present_is_live(const struct present *p);

/* -------- present_hands.c -------- */
void present_hands_begin(struct present *p, int choice);
void present_hands_act(struct present *p, enum action action, const struct input *in);

/* -------- present_tell.c: the notes in a second terminal -------- */
/* Begin to serve them, once. */
void present_serve(struct present *p);
void present_serve_end(struct present *p);
/* What there is to see may have changed. */
void present_tell_notes(struct present *p);
/* The next key they ask for, 0 none; and what becomes readable then, -1 nothing. */
int present_asked_for(struct present *p);
int present_server_descriptor(const struct present *p);

/* -------- drawing: present_draw.c, present_text.c, present_run.c -------- */
void present_draw(void *state, struct canvas *c);
void present_draw_text(struct present *p, struct canvas *c, struct rect r);
void present_draw_source(struct present *p, struct canvas *c, struct rect r);
void present_draw_threads(struct present *p, struct canvas *c, struct rect r);
void present_draw_objects(struct present *p, struct canvas *c, struct rect r);
void present_draw_output(struct present *p, struct canvas *c, struct rect r);
void present_draw_why(struct present *p, struct canvas *c, struct rect r);
/* The sentence below a panel. */
void present_draw_caption(struct present *p, struct canvas *c, struct rect r);

#endif
