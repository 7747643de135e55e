/* Private to live_*.c: the state of the live screen. Drawing is a pure function of it and of the
 * port's model. */
#ifndef LOCKSTEP_LIVE_INTERNAL_H
#define LOCKSTEP_LIVE_INTERNAL_H

#include "live_layout.h"
#include "live_rows.h"
#include "live_scale.h"
#include "live_screen.h"
#include "widgets.h"

enum live_mode {
    VIEW_NORMAL,
    VIEW_GOTO,    /* typing a time */
    VIEW_TYPING,  /* typing a line for the program */
    VIEW_MENU,    /* what to do to the chosen thread or its process */
    VIEW_CONFIRM, /* really? */
    VIEW_SIGNALS  /* which signal */
};

enum { VIEW_VARIABLE_ROWS = 128, VIEW_PACES = 8 };

/* A moment is so long: what is looked at lies that much before the newest at least, since what
 * comes after it belongs to another one. */
enum { VIEW_MOMENT_NS = 1000 };

/* What is wrong with the run, the worst last. */
enum live_alarm { VIEW_FINE, VIEW_HANGS, VIEW_FAILED, VIEW_CRASHED, VIEW_STOPPED_BY_US };

/* A thread at the moment that is looked at. */
struct live_moment {
    uint8_t known, state, wait_kind;
    uint32_t by;
    uint64_t addr;
};

struct live_view {
    struct ui *ui;
    struct live_port port;
    struct live_setup setup;

    /* the moment looked at */
    int following;   /* 1: the newest, 0: `cursor` */
    uint64_t cursor; /* ns since the run began */
    uint64_t from;   /* the timeline's first column */
    int scale;
    int scale_fixed;         /* chosen by the learner */
    struct live_event event; /* at the cursor, when it was gone to; kind EV_NONE: none */

    /* what is chosen and shown */
    uint32_t chosen;         /* number of the thread; LIVE_NONE */
    uint32_t chosen_process; /* number of its process, or of one that is chosen itself */
    int on_process;          /* the process is chosen, not one of its threads */
    enum live_panel focus;
    int zoomed;
    int fold;
    uint32_t pins[VIEW_PINS];
    int npins;
    int scroll[VIEW_PANELS];

    /* the run */
    int pace;         /* index */
    double full_rate; /* operations a second at full speed, 0 unknown */
    enum live_alarm alarm;
    int bad;           /* something bad was seen, in any run */
    int ended, status; /* as of live_ended */
    int32_t watched;   /* pid of a process something was done to: its end is told; 0 none */

    /* when to look */
    int64_t look_at; /* ms */
    int64_t looked_at;
    int64_t allowance;  /* ns of our own processor time that may be used */
    uint64_t cpu_used;  /* at the last look */
    int64_t globals_at; /* ms: when the variables were read last */

    struct live_build *build; /* of live_open.c; NULL: nothing is built */

    enum live_mode mode;
    struct line_edit edit;
    struct list list;

    char message[2048];
    unsigned message_style;

    struct variable *variables; /* VIEW_VARIABLE_ROWS */
    int nvariables;
    uint32_t *objects; /* indices in the order shown */
    uint32_t nobjects, cap_objects;
    int64_t sorted_at; /* ms */
    struct live_column *columns;
    int ncolumns;
    struct live_moment *moments; /* of all tasks, for this frame */
    uint32_t cap_moments;

    /* of the last frame, for the mouse and for scrolling */
    struct live_layout layout;
    struct live_rows rows;
    struct rect lane_cells; /* of the timeline, without names and ruler */
    int lane_top, lane_spacing, tree_top;
};

/* -------- live_screen.c -------- */
/* A message, the translation of format. */
void view_say(struct live_view *v, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
const struct live_model *view_model(const struct live_view *v);
/* The chosen thread's index, LIVE_NONE when it is gone; and the process's. */
uint32_t view_task(const struct live_view *v);
uint32_t view_process(const struct live_view *v);
/* The moment looked at: the cursor, or now. */
uint64_t view_here(const struct live_view *v);
/* Look at `time` (clamped); the drawing pauses. */
void view_seek(struct live_view *v, uint64_t time);
/* Everything of the run before is forgotten. */
void view_begin(struct live_view *v);
/* Look at the program now, whether it is time or not. */
void view_look_now(struct live_view *v);

/* -------- live_watch.c: what a look brought -------- */
void view_notice(struct live_view *v);
/* "1x", "1 ms an operation", "step by step". */
const char *view_pace_word(int pace);
uint32_t view_pace_value(int pace);

/* -------- live_menu.c: interventions -------- */
void view_menu_open(struct live_view *v);
void view_menu_taken(struct live_view *v);

/* -------- live_open.c: from live to steps -------- */
/* Builds the program for running it under control, on a thread of its own, and searches it. */
void view_find(struct live_view *v);
/* While that is built: a descriptor for `wait`, else -1; for `tick`: 1 when it is done; give it up:
 * 1 if there is something to; end it at once. */
int view_build_fd(const struct live_view *v);
int view_build_tick(struct live_view *v);
int view_build_stop(struct live_view *v);
void view_build_drop(struct live_view *v);
void view_open_moment(struct live_view *v);

/* -------- drawing: live_draw.c and a file for the panels -------- */
void view_draw(void *state, struct canvas *c);
/* One inside of a panel each; `r` is it. */
void view_draw_threads(struct live_view *v, struct canvas *c, struct rect r);
void view_draw_timeline(struct live_view *v, struct canvas *c, struct rect r);
void view_draw_objects(struct live_view *v, struct canvas *c, struct rect r);
void view_draw_words(struct live_view *v, struct canvas *c, struct rect r);
void view_draw_output(struct live_view *v, struct canvas *c, struct rect r);
void view_draw_variables(struct live_view *v, struct canvas *c, struct rect r);
/* The title on the border of a panel, with something at its right end. */
void view_head(struct live_view *v, struct canvas *c, enum live_panel p, const char *more);
/* A thread as it is at the moment looked at. */
struct live_moment view_moment_of(const struct live_view *v, uint32_t task);
/* "T2 inc", "P1.T2 inc". */
void view_label(const struct live_view *v, uint32_t task, char *out, size_t n);
/* The name of what a task means by addr: "m", "pipe#1". */
void view_object_name(const struct live_view *v, uint32_t process, uint64_t addr, char *out,
                      size_t n);
/* What it waits for, in few words: "m: T3 has it", "join T2", "sleep"; "" when it does not. */
void view_wait_words(const struct live_view *v, uint32_t task, const struct live_moment *at,
                     char *out, size_t n);
/* The words of panel 4, appended; *bad is set when the first paragraph tells of something bad. */
void view_words(struct live_view *v, struct buf *out, int *bad);
/* How many rows the lanes would like. */
int view_lanes_wanted(const struct live_view *v);
/* The window of the timeline follows the newest, or keeps the cursor inside; `cols` columns. */
void view_place_window(struct live_view *v, int cols);
/* Objects in the order shown, anew when it is time. */
void view_sort_objects(struct live_view *v, int64_t now);

#endif
