#include "places.h"

#include "config.h"
#include "finder_internal.h"
#include "home.h"
#include "job.h"
#include "language.h"
#include "live_screen.h"
#include "own_screen.h"
#include "present_notes.h"
#include "progress_screen.h"
#include "show.h"
#include "step.h"
#include "store.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct tui_options place_options;
struct catalogue catalogues[2];

const struct spot places[] = {
    {SCREEN_STEP, ON_TOY, TOY_COUNTER, "", NULL},
    {SCREEN_STEP, ON_TOY, TOY_COUNTER, "0012", NULL},
    {SCREEN_STEP, ON_TOY, TOY_COUNTER, "001212GGhhh", "step"},
    {SCREEN_STEP, ON_TOY, TOY_COUNTER, "001212GGbhhbhh/read<Enter>", NULL},
    {SCREEN_STEP, ON_TOY, TOY_LOCKS, "GGhh<Tab>", NULL},
    {SCREEN_STEP, ON_TOY, TOY_LOCKS, "GGhh<Tab><Tab>", NULL},
    {SCREEN_STEP, ON_TOY, TOY_LOCKS, "GGhh<Tab><Tab><Tab><Down>", NULL},
    {SCREEN_STEP, ON_TOY, TOY_COND, "000112", "step-condition"},
    {SCREEN_STEP, ON_TOY, TOY_COND, "GG", NULL},
    {SCREEN_STEP, ON_TOY, TOY_COND, "GGg", NULL},
    {SCREEN_STEP, ON_TOY, TOY_CROWD, "lllllll", "step-crowd"},
    {SCREEN_STEP, ON_TOY, TOY_CROWD, "<BackTab>", NULL},
    {SCREEN_STEP, ON_FILM, FILM_PIPE, "lll", NULL},
    {SCREEN_LIVE, ON_STAGE, SCENE_RUNNING, "", NULL},
    {SCREEN_LIVE, ON_STAGE, SCENE_CONTENDED, "", "live-contended"},
    {SCREEN_LIVE, ON_STAGE, SCENE_CONTENDED, " hhh", NULL},
    {SCREEN_LIVE, ON_STAGE, SCENE_FAMILY, "jj", "live-family"},
    {SCREEN_LIVE, ON_STAGE, SCENE_CROWD, "", "live-crowd"},
    {SCREEN_LIVE, ON_STAGE, SCENE_CROWD, "jj<Tab>", NULL},
    {SCREEN_LIVE, ON_STAGE, SCENE_QUEUE, "<<", "live-queue"},
    {SCREEN_LIVE, ON_STAGE, SCENE_QUEUE, "<<<<<<<<<<<<<<<<", NULL},
    {SCREEN_HOME, AT_HOME, SMALL, "", "home"},
    {SCREEN_HOME, AT_HOME, SMALL, "jjj", NULL},
    {SCREEN_HOME, AT_HOME, SMALL, "s", NULL},
    {SCREEN_HOME, AT_HOME, SMALL, "<Enter><Esc>", NULL},
    {SCREEN_HOME, AT_HOME, SMALL, "/lost<Enter>", NULL},
    {SCREEN_HOME, AT_HOME, COURSE, "", NULL},
    {SCREEN_HOME, AT_HOME, COURSE, "G", NULL},
    {SCREEN_PROGRESS, AT_HOME, SMALL, "P", "progress"},
    {SCREEN_PROGRESS, TRIED, SMALL, "", NULL},
    {SCREEN_PROGRESS, TRIED, SMALL, "j", NULL},
    {SCREEN_PROGRESS, TRIED, SMALL, "<PgDn>", NULL},
    {SCREEN_OWN, AT_HOME, SMALL, "o", NULL},
    {SCREEN_OWN, OWN, SMALL, "", NULL},
    {SCREEN_OWN, OWN, SMALL, "jj", "own-full"},
    {SCREEN_PATH, AT_HOME, SMALL, "oo", NULL},
    {SCREEN_PATH, AT_HOME, SMALL, "ootests/scr", "path"},
    {SCREEN_PROMPT, OWN, SMALL, "jjr", "own-rename"},
    {SCREEN_SETTINGS, AT_HOME, SMALL, "S", "settings"},
    {SCREEN_SETTINGS, AT_HOME, SMALL, "Sjjj", NULL},
    {SCREEN_BINDINGS, AT_HOME, SMALL, "Sb", "bindings"},
    {SCREEN_BINDINGS, AT_HOME, SMALL, "Sbjj<PgDn>", NULL},
    {SCREEN_BINDINGS, AT_HOME, SMALL, "Sb/zoom<Enter>", NULL},
    {SCREEN_PRESS, AT_HOME, SMALL, "Sb<Enter>", "bindings-press"},
    {SCREEN_LIST, AT_HOME, SMALL, "SR", NULL},
    {SCREEN_LESSON, AT_HOME, SMALL, "<Enter>", "lesson-question"},
    {SCREEN_LESSON, AT_HOME, SMALL, "<Enter>l", "lesson-break"},
    {SCREEN_LESSON, AT_HOME, SMALL, "<Enter>ll", NULL},
    {SCREEN_LESSON, AT_HOME, SMALL, "j<Enter>", NULL},
    {SCREEN_LESSON, AT_HOME, SMALL, "<Enter>l<Down>", NULL},
    {SCREEN_LESSON, AT_HOME, SMALL, "/lost<Enter><Enter>ll", "lesson"},
    {SCREEN_HOME, AT_HOME, SMALL, "/lost<Enter><Enter>lll<Enter>", NULL},
    {SCREEN_LESSON, AT_HOME, SMALL, "/lost<Enter><Enter>lljj", NULL},
    {SCREEN_LESSON, AT_HOME, SMALL, "/lost<Enter><Enter>G", "lesson-end"},
    {SCREEN_PRESENT, ON_TOY, TOY_COUNTER, "0012p", "present-run"},
    {SCREEN_PRESENT, ON_TOY, TOY_LOCKS, "GGhhp", NULL},
    {SCREEN_PRESENT, ON_TOY, TOY_CROWD, "llllllp2", NULL},
    {SCREEN_PRESENT, ON_FILM, FILM_PIPE, "lllp3", NULL},
    {SCREEN_PRESENT, AT_HOME, SMALL, "/lost<Enter><Enter>p", "present-cover"},
    {SCREEN_PRESENT, AT_HOME, SMALL, "/lost<Enter><Enter>p<PgDn>", "present-slide"},
    {SCREEN_PRESENT, AT_HOME, SMALL, "/lost<Enter><Enter>llp<PgDn><PgDn>", NULL},
    {SCREEN_HANDS, AT_HOME, SMALL, "/lost<Enter><Enter>p<PgDn>1", NULL},
    {SCREEN_HANDS, AT_HOME, SMALL, "/lost<Enter><Enter>p<PgDn>212", "present-hands"},
    {SCREEN_NOTES, ON_NOTES, 0, "", "present-notes-waiting"},
    {SCREEN_NOTES, ON_NOTES, 40, "jj", "present-notes-long"},
    {SCREEN_LIST, AT_HOME, SMALL, "/lost<Enter><Enter>pg", NULL},
    {SCREEN_LIST, AT_HOME, SMALL, "p", "plans"},
    {SCREEN_NOTEBOOK, AT_HOME, SMALL, "/lost<Enter><Enter>n", "notebook"},
    {SCREEN_FIND, AT_HOME, COURSE, "/lost<Enter><Enter>Ghh<Enter>", NULL},
    {SCREEN_FIND, AT_HOME, COURSE, "/lost<Enter><Enter>Ghh<Enter>iiGk", "find"},
    {SCREEN_FIX, AT_HOME, COURSE, "/lost<Enter><Enter>Gh<Enter>", "fix-begin"},
    {SCREEN_FIX, AT_HOME, COURSE, "/lost<Enter><Enter>Gh<Enter><PgDn>", NULL},
    {SCREEN_SUCCESS, AT_HOME, SMALL, "<Enter>lll", "success"},
    {SCREEN_HELP, ON_TOY, TOY_COUNTER, "?", "help"},
    {SCREEN_HELP, ON_TOY, TOY_COUNTER, "?<PgDn>", NULL},
    {SCREEN_LIST, ON_TOY, TOY_COUNTER, "00t", "step-who"},
    {SCREEN_LIST, ON_TOY, TOY_COUNTER, "00tj", NULL},
    {SCREEN_LIST, ON_TOY, TOY_COUNTER, "00v", "step-views"},
    {SCREEN_BOOKMARKS, ON_TOY, TOY_COUNTER, "00bhbB", NULL},
    {SCREEN_BOOKMARKS, ON_TOY, TOY_COUNTER, "00bhbBj", "bookmarks"},
    {SCREEN_LIST, ON_STAGE, SCENE_CONTENDED, "x", "live-menu"},
    {SCREEN_PROMPT, ON_TOY, TOY_COUNTER, ":", NULL},
    {SCREEN_PROMPT, ON_TOY, TOY_COUNTER, "00:1", NULL},
    {SCREEN_PROMPT, ON_TOY, TOY_COUNTER, "00/pthread", "step-find"},
    {SCREEN_PROMPT, AT_HOME, SMALL, "/lo", "home-find"},
    {SCREEN_EXPLORE, ON_TOY, TOY_LOCKS, "F", "finder-begin"},
    {SCREEN_EXPLORE, ON_TOY, TOY_LOCKS, "Ff<Quiet>", NULL},
    {SCREEN_EXPLORE, ON_TOY, TOY_LOCKS, "Ff<Quiet>j", "finder-found"},
    {SCREEN_EXPLORE, ON_TOY, TOY_LOCKS, "0011Ff<Quiet>z", "finder-own"},
    {SCREEN_EXPLORE, ON_TOY, TOY_LOCKS, "0011Ff<Quiet>zG", NULL},
    {SCREEN_LIST, ON_TOY, TOY_LOCKS, "Fx", "finder-adversity"},
    {SCREEN_PROMPT, ON_TOY, TOY_LOCKS, "Fn", NULL},
    {SCREEN_PROMPT, ON_TOY, TOY_LOCKS, "Ft1", NULL},
    /* the views, and what is at work */
    {SCREEN_STEP, ON_TOY, TOY_LOCKS, "f<Quiet>", "step-deadlock"},
    {SCREEN_STEP, ON_TOY, TOY_LOCKS, "f<Quiet>v1", "view-steps"},
    {SCREEN_STEP, ON_TOY, TOY_LOCKS, "f<Quiet>v2", "view-waits-circle"},
    {SCREEN_STEP, ON_TOY, TOY_COUNTER, "f<Quiet>v3", "view-order-race"},
    {SCREEN_STEP, ON_TOY, TOY_COUNTER, "f<Quiet>v4", "view-memory"},
    {SCREEN_STEP, ON_FILM, FILM_FAMILY, "Gv5", "view-tree-family"},
    {SCREEN_STEP, ON_TOY, TOY_COUNTER, "f<Quiet>hhh2c", "compare"},
    {SCREEN_STEP, ON_FILM, FILM_PIPE, "G", "processes-pipe"},
    {SCREEN_LIVE, ON_STAGE, SCENE_HANG, "", "live-hang"},
    {SCREEN_PRESENT, ON_TOY, TOY_COUNTER, "0012p1", "present-source"},
    {SCREEN_PRESENT, ON_TOY, TOY_COUNTER, "0012p2", "present-threads"},
    {SCREEN_PRESENT, ON_TOY, TOY_LOCKS, "GGhhhhhp3", "present-objects"},
    {SCREEN_PRESENT, ON_TOY, TOY_COUNTER, "GGp4", "present-output"},
    {SCREEN_PRESENT, ON_TOY, TOY_LOCKS, "GGhp5", "present-why"},
    {SCREEN_HELP, ON_TOY, TOY_COUNTER, "?<Tab>", "help-read"},
    {SCREEN_SEARCH, SEARCHING, TOY_COUNTER, "f", "searching"},
    {SCREEN_EXPLORE, SEARCHING, TOY_COUNTER, "Ff", "finder-searching"},
};
const size_t nplaces = sizeof places / sizeof *places;

/* Let what is at work beside the screen come to its end, for a while. */
void settle(struct ui *ui)
{
    for (int i = 0; i < 40 && ui->depth; i++) {
        const struct screen_ops *ops = ui->stack[ui->depth - 1].ops;
        void *state = ui->stack[ui->depth - 1].state;
        int fd = -1;
        if (!ops->wait || !ops->tick)
            return;
        ops->wait(state, ui->now, &fd);
        if (fd < 0)
            return;
        struct pollfd polled = {fd, POLLIN, 0};
        poll(&polled, 1, 50);
        ui->now += 50;
        ops->tick(state, ui);
    }
    ui_draw(ui);
}

/* A search that is under way until it is stopped. */
static int endless_search(void *ctx, const struct explore_options *o, const char *adversity,
                          struct explore_result *r, struct err *e)
{
    struct finder_work *w = o->ctx;
    (void)ctx;
    (void)adversity;
    (void)e;
    job_lock(w->job);
    w->look = (struct explore_look){.executions = 31, .blocked = 12, .seconds = 2, .part = 0.25};
    w->news = 1;
    job_unlock(w->job);
    job_look(w->job);
    while (!job_cancelled(w->job))
        usleep(1000);
    *r = (struct explore_result){.strategy = o->strategy, .why_not = "it was interrupted"};
    return 0;
}

static struct port searching_port(enum toy_program program)
{
    static struct port_ops ops;
    struct port p = toy_port(program);
    ops = *p.ops;
    ops.search = endless_search;
    p.ops = &ops;
    return p;
}

/* Until it has said something. */
static void wait_for_a_look(struct ui *ui)
{
    const struct screen_ops *ops = ui->stack[ui->depth - 1].ops;
    int fd = -1;
    ops->wait(ui->stack[ui->depth - 1].state, ui->now, &fd);
    struct pollfd polled = {fd, POLLIN, 0};
    poll(&polled, 1, 60000);
    ops->tick(ui->stack[ui->depth - 1].state, ui);
    ui_draw(ui);
}

/* Notes that were received: so many lines of them. */
static void show_notes(struct notes *n, int lines)
{
    struct wire_state w;
    struct buf text = {0};
    wire_init(&w);
    for (int i = 0; i < lines; i++)
        buf_puts(&text, "say this\n");
    wire_set(&w.note, text.data);
    if (lines)
        notes_show(n, &w);
    buf_fini(&text);
    wire_fini(&w);
}

static void open_tried(struct visit *s)
{
    for (int i = 0; i < 30; i++) { /* more than a page */
        char name[] = {(char)('a' + i % 26), (char)('a' + i / 26), 0};
        struct store_attempt a = {.lesson = "race/lost",
                                  .challenge = name,
                                  .kind = STORE_FIX,
                                  .tried = "",
                                  .verdict = "",
                                  .message = ""};
        store_attempt_save(s->store, &a, NULL);
    }
    progress_push(&s->ui);
}

static void open_own(struct visit *s)
{
    struct store_recording r = {.name = "lost", .program = "a.c", .path = "/nowhere/a.rec"};
    store_setting_set(s->store, "programs.recent", "/nowhere/a.c\n/nowhere/b.c", NULL);
    store_recording_save(s->store, &r, NULL);
    r.name = "again";
    store_recording_save(s->store, &r, NULL);
    own_push(&s->ui);
}

static void open_stage(struct visit *s, enum scene scene)
{
    struct live_setup live = {.title = "stage.c"};
    s->stage = stage_new(scene, UINT64_C(1500000000));
    live_push(&s->ui, stage_port(s->stage), &live);
    s->ui.now = INT64_C(1) << 40;
    ui_draw(&s->ui);
    s->ui.stack[0].ops->tick(s->ui.stack[0].state, &s->ui);
}

static void begin(struct visit *s, const struct spot *p)
{
    struct step_setup step = {.title = "toy", .program = "toy.c", .lesson = ""};
    switch (p->begin) {
    case ON_TOY:
        step_push(&s->ui, toy_port((enum toy_program)p->which), &step);
        return;
    case SEARCHING:
        step_push(&s->ui, searching_port((enum toy_program)p->which), &step);
        return;
    case ON_FILM:
        step_push(&s->ui, film_port((enum film)p->which), &step);
        return;
    case ON_STAGE:
        open_stage(s, (enum scene)p->which);
        return;
    case ON_NOTES:
        show_notes(notes_push(&s->ui, 0), p->which);
        return;
    case AT_HOME:
        home_push(&s->ui);
        return;
    case OWN:
        open_own(s);
        return;
    case TRIED:
        open_tried(s);
        return;
    }
}

/* The time of all that is kept. */
static int64_t a_day(void *clock)
{
    (void)clock;
    return INT64_C(1767268800000); /* 2026-01-01, noon in London */
}

void open_place(struct visit *s, const struct spot *p)
{
    unlink(config_path()); /* what was set and bound in another visit */
    config_start();
    struct err e = {0};
    struct store_options o = {.login = "anna", .now_ms = a_day};
    memset(s, 0, sizeof *s);
    if (store_open_memory(&s->store, &o, &e) < 0)
        fail_msg("%s", e.message);
    ui_init(&s->ui, &place_options, 80, 24);
    s->ui.store = s->store;
    s->ui.lessons = &catalogues[p->begin == AT_HOME ? p->which : SMALL];
    begin(s, p);
    ui_draw(&s->ui);
    press(&s->ui, p->keys);
    if (p->begin == SEARCHING)
        wait_for_a_look(&s->ui);
    else
        settle(&s->ui);
}

void close_place(struct visit *s)
{
    ui_fini(&s->ui);
    if (s->stage)
        stage_free(s->stage);
    store_close(s->store);
}

enum screen_id screen_now(const struct ui *ui)
{
    return ui->stack[ui->depth - 1].ops->keys(ui->stack[ui->depth - 1].state);
}

int speak(const char *language)
{
    setenv("LC_ALL", "zh_CN.UTF-8", 1); /* no matter where the tests are run; C means English */
    setenv("LANGUAGE", language, 1);
    language_init();
    if (!*language)
        language_none();
    return !strcmp(language_now(), language);
}
