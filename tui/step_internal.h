/* Private to step*.c: the state of the step screen. */
#ifndef LOCKSTEP_STEP_INTERNAL_H
#define LOCKSTEP_STEP_INTERNAL_H

#include "lanes.h"
#include "layout.h"
#include "looks.h"
#include "marks.h"
#include "outcome_map.h"
#include "finder.h"
#include "source.h"
#include "step.h"
#include "tree.h"
#include "widgets.h"

enum step_mode {
    MODE_NORMAL,
    MODE_GOTO,       /* typing a step number */
    MODE_SEARCH,     /* typing what to search in the steps */
    MODE_CHOOSE,     /* who goes next, or whom to wake */
    MODE_VIEW,       /* which view */
    MODE_EXPLORING,  /* a search is at work, of schedules or of a long run's steps */
    MODE_BOOKMARKS,  /* the list of them */
    MODE_NOTE,       /* typing the note of one */
    MODE_BUILDING,   /* a job compiles the program to run free */
    MODE_ADVERSE,    /* what goes wrong */
    MODE_MINIMISING, /* a job finds out which switches are necessary */
};

enum { UNDO_LEVELS = 32 };
enum { MAX_VARIABLES = 256, MAX_BOOKMARKS = 256, MAX_SOURCES = 16, MAX_CHOICES = 256 };

/* What a mode does with keys: its table of keys; what stands before the line that is typed, NULL
 * when nothing is; what Enter does, NULL: nothing. */
struct mode_row {
    enum screen_id keys;
    const char *label;
    void (*take)(struct step *s);
    void (*close)(struct step *s); /* what Esc does besides; NULL: nothing */
};
const struct mode_row *step_mode_row(const struct step *s);

/* Variables as shown: globals first, then the locals of the selected task. */
struct variables {
    int valid;
    uint32_t step;
    unsigned task;
    int nglobals, n;
    struct variable row[MAX_VARIABLES];
};

struct step {
    struct ui *ui;
    struct port port;
    struct step_setup setup;
    const struct trace *trace; /* the port's */
    struct world_view *view;
    struct lanes lanes;
    struct marks marks;
    struct source sources[MAX_SOURCES];
    int nsources;

    uint32_t cursor;
    uint32_t first;    /* first step of the timeline */
    unsigned selected; /* task looked at: blocked by what, its locals */
    enum panel focus;
    int zoomed;
    enum panel main_view; /* in place of the picture; PANEL_COUNT: none */
    int scale;            /* cells a step in the timeline */
    int all_wakes;        /* arrows of all wake-ups, not only those at the cursor */
    int scale_fixed;      /* chosen by the learner */
    int scroll[PANEL_COUNT];

    int lent; /* its screen stands above the one that has the run (step_lend) */
    int playing, speed;
    int64_t next_tick;
    int busy; /* the target still runs */

    enum step_mode mode;
    struct line_edit edit;
    struct list list;
    char needle[200]; /* what was searched last */
    char message[2048];
    unsigned message_style;

    uint32_t bookmarks[MAX_BOOKMARKS];
    int64_t bookmark_ids[MAX_BOOKMARKS];
    char *bookmark_notes[MAX_BOOKMARKS]; /* owned, never NULL */
    int nbookmarks;
    struct step_shelf *shelf; /* while they are listed, and until the next list */

    struct step_past {
        struct schedule schedule;
        uint32_t cursor;
        unsigned adverse;                   /* how often adversity had been asked for */
    } undo[UNDO_LEVELS], redo[UNDO_LEVELS]; /* runs before other turns; the last one is on top */
    int nundo, nredo;
    int allowed; /* MODE_ADVERSE: an adverse event was asked for, to be given up when none is taken
                  */

    struct step_until *until;       /* NULL: nothing is run until */
    struct step_switches *switches; /* NULL: nobody asked for them */
    struct step_live *live;         /* the same program, free; NULL: not asked for */
    struct step_other *other;       /* the run to compare with; NULL: none yet */

    struct finder *finder;         /* of schedules; NULL: there was none yet */
    int at_finding;                /* the one that was opened last */
    struct outcome_set seen;       /* ends that runs made here by hand have reached */
    int found_run;                 /* what is on the screen was found: it is no such run */
    uint32_t words_at, words_left; /* searching words: the step reached, how many are left */
    int words_by;

    uint32_t told_cursor; /* of the last call of setup.moved */
    int untold;           /* the schedule changed since */
    int64_t tell_at;      /* when the next one is due, 0 none */

    int hints; /* shown so far */
    int reached;

    struct variables *vars;
    int can_look;         /* -1 after looking failed: not tried again */
    int64_t look_cost_ms; /* of the last look */
    int64_t look_at; /* when the variables are looked at, being too slow for every key; 0 none */
    int look_due;    /* that time has come */

    struct views *views; /* what the views keep; NULL before the first of them */

    /* of the last frame, for the mouse */
    struct layout layout;
    struct rect lane_cells; /* of the timeline, without names and ruler */
    int lane_top;
    uint16_t order[MAX_TASKS]; /* the tasks as their lanes stand, grouped by process */
    uint16_t place[MAX_TASKS]; /* and where each of them stands there */
    uint32_t table_first;
};

/* An action of the table of keys, act_step_next and so on; in says by which key and is never NULL.
 * Each stands in the file of its subject. */
#define KEY(id, keys, footer, rank, help) void act_##id(struct step *s, const struct input *in);
#include "keys_step.def"
#undef KEY

/* -------- step.c: the state -------- */
void step_say(struct step *s, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Look at `step` (clamped). */
void step_seek(struct step *s, int64_t step);
/* What the trace holds changed from `step` on. */
void step_refresh(struct step *s, uint32_t step);
const struct world *step_world(struct step *s);
/* Put the tasks at the cursor in order: s->order, s->place. */
void step_order(struct step *s);
/* The layout wanted now. */
struct layout_want step_want(struct step *s);
/* The step at which a finding is decided: the last FINDING of that kind (-1 any), else the end. */
uint32_t step_decisive(struct step *s, int kind);
int step_at_end(const struct step *s);
int step_delay_ms(const struct step *s); /* between two steps when playing */
/* A line is typed, or a row of s->list chosen, in that mode. */
void step_open_mode(struct step *s, enum step_mode mode);

/* -------- step_switch.c -------- */
/* A step by another task although the last one could have gone on, and whether it matters. */
enum switch_mark {
    SWITCH_NONE,      /* this step is no switch */
    SWITCH_UNKNOWN,   /* it is one; nobody asked yet which are necessary */
    SWITCH_NECESSARY, /* without it this does not happen */
    SWITCH_IDLE       /* without it the same happens: to be drawn grey */
};
enum switch_mark step_switch(struct step *s, uint32_t step);
/* After the run changed: is what is known of switches still about it? */
void step_switches_check(struct step *s);
/* The necessary ones, a line each, appended; nothing when it is not known. */
void step_switches_why(struct step *s, struct buf *out);
/* While MODE_MINIMISING: a descriptor for `wait`, -1 none; to be called by `tick`. */
int step_switches_wait(const struct step *s);
void step_switches_tick(struct step *s);
uint64_t step_switches_replays(struct step *s); /* so far */
void step_switches_stop(struct step *s);
void step_switches_free(struct step *s);

/* -------- step_until.c -------- */
/* Run until: a path of the lessons ("T1 @9, T2 *") or "@9"; said when it is none. */
void step_until_begin(struct step *s, const char *text);
int step_until_is(const struct step *s);
void step_until_stop(struct step *s);
void step_until_tick(struct step *s);

/* -------- step_undo.c -------- */
/* The run is about to be replaced: keep it. */
void step_keep_undo(struct step *s);
void step_undo_turn(struct step *s);
/* The same without a word, and it cannot be brought back; there must be one. */
int step_undo_quietly(struct step *s);
void step_undo_free(struct step *s);

/* -------- step_compare.c -------- */
/* The run is about to be replaced: keep its trace, to be compared with. */
void step_compare_keep(struct step *s);
void step_compare_free(struct step *s);

/* -------- step_move.c -------- */
void step_goto_take(struct step *s);

/* -------- step_panel.c -------- */
/* PANEL_COUNT: the picture. */
void step_show_view(struct step *s, enum panel view);
void step_view_take(struct step *s);

/* -------- step_turn.c: other turns -------- */
/* Let `choice` be taken at the cursor; what came after is replaced. */
void step_take(struct step *s, uint16_t choice);
/* One step forward at the end. */
void step_forward(struct step *s);
/* On to the end of the program, or to the next finding. */
void step_run_on(struct step *s);
void step_choose_open(struct step *s);
void step_wake_open(struct step *s);
void step_chosen(struct step *s);
void step_digit_pick(struct step *s, int digit);
void step_restart(struct step *s);
void step_hint_next(struct step *s);
/* Who could take the step after the cursor; returns how many. */
int step_candidates(struct step *s, struct choice *out, int max);
/* After steps were made: was the goal reached? */
void step_check_goal(struct step *s);

/* -------- step_adverse.c -------- */
void step_adverse_take(struct step *s);
void step_adverse_close(struct step *s);

/* -------- step_live.c -------- */
/* A free run was recorded: its program is built for running it under control, put on a screen of
 * its own, and `then` goes on there. */
void step_under_control(struct step *s, void (*then)(struct step *s, int arg), int arg);
/* What is built, in few words. */
const char *step_live_words(const struct step *s);
/* While MODE_BUILDING: a descriptor for `wait`; to be called by `tick`; what Esc does. */
int step_live_wait(const struct step *s);
void step_live_tick(struct step *s);
void step_live_stop(struct step *s);
void step_live_free(struct step *s);

/* -------- step_find.c -------- */
void step_search_from(struct step *s, int by);
void step_words_slice(struct step *s);
/* News of the search that is under way. */
void step_find_tick(struct step *s);
void step_stop_searching(struct step *s);
/* The search screen, on that list (enum finder_view; -1: the one it was on). */
void step_explore(struct step *s, int view);
/* Replay a schedule that was found, undo brings the run before back; stand at step `at`,
 * UINT32_MAX: where a finding of that kind (-1 any) is decided, else the end. Says only what went
 * wrong. */
void step_open_found(struct step *s, const struct schedule *schedule, int kind, uint32_t at);
void step_search_take(struct step *s);

/* -------- step_bookmark.c -------- */
void step_bookmarks_load(struct step *s);
void step_bookmark_toggle(struct step *s);
/* An action of SCREEN_BOOKMARKS; 1 when it was one. */
int step_bookmarks_act(struct step *s, enum action action, const struct input *in);
void step_note_take(struct step *s);
void step_note_close(struct step *s);
void step_bookmarks_free(struct step *s);
int step_is_bookmarked(const struct step *s, uint32_t step);
uint32_t step_bookmark_next(const struct step *s, uint32_t step, int by);

/* -------- drawing: step_draw.c and a file a panel -------- */
void step_draw(void *state, struct canvas *c);
void draw_threads(struct step *s, struct canvas *c, struct rect r);
void draw_source(struct step *s, struct canvas *c, struct rect r);
/* The place to show at the cursor, and a source file as lines (NULL: none). */
struct place step_place(struct step *s);
struct source *step_source(struct step *s, const char *file);
void draw_timeline(struct step *s, struct canvas *c, struct rect r);
void draw_steps(struct step *s, struct canvas *c, struct rect r);
void draw_compare(struct step *s, struct canvas *c, struct rect r);
void draw_why(struct step *s, struct canvas *c, struct rect r);
/* The last of what was printed up to a step, some `enough` bytes of it, made visible; appended. */
void output_tail(const struct trace *t, uint32_t step, size_t enough, struct buf *out);
void draw_output(struct step *s, struct canvas *c, struct rect r);
void draw_variables(struct step *s, struct canvas *c, struct rect r);
void draw_objects(struct step *s, struct canvas *c, struct rect r);
/* NULL is allowed. */
void views_free(struct views *v);
/* A click in a view that is more than a choice of panel: a place, a step, one of two accesses. */
void views_click(struct step *s, enum panel p, const struct input *in);
void draw_order(struct step *s, struct canvas *c, struct rect r);
void draw_memory(struct step *s, struct canvas *c, struct rect r);
void draw_tree(struct step *s, struct canvas *c, struct rect r);
void draw_waits(struct step *s, struct canvas *c, struct rect r);
void draw_goal(struct step *s, struct canvas *c, struct rect r);
/* The sentences of the Why panel, appended; *bad is set when a finding is among them. */
void why_text(struct step *s, struct buf *out, int *bad);
/* The variables at the cursor, read when they are not the ones kept. NULL when there are none. */
const struct variables *variables_at(struct step *s);
/* "P1.T2" in a name as the sentences have it; "T2" with one process. */
void task_number(struct step *s, unsigned task, char *out, size_t n);
/* The name of a place, with its process when there are several. */
void object_name(struct step *s, uint64_t addr, uint32_t size, char *out, size_t n);
/* What an object is doing: "held by T1 since step 4", "3 of 65536 bytes"; "" for a place. */
void object_words(struct step *s, const struct world_object *o, char *out, size_t n);
/* What a task waits for, in few words; 0 when there are none to say. */
void wait_label(struct step *s, unsigned reason, uint64_t addr, unsigned by, char *out, size_t n);
struct process_look {
    unsigned role;
    wchar_t glyph;
};
/* A process that has not ended looks like that of its tasks which is best off; its state in words.
 */
const char *process_look(const struct world *w, unsigned process, struct process_look *look);
/* "T2" or "T2 inc", "P1.T2 inc". */
void task_label(const struct world *w, unsigned task, const struct names *names, char *out,
                size_t n);
/* Keep the cursor inside the timeline's window. */
void timeline_follow(struct step *s, int steps_shown);

#endif
