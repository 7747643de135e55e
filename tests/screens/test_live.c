/* The live screen on programs made up: what is drawn, and what keys do, without a program. */
#include "live_internal.h"
#include "recorder.h"
#include "show.h"
#include "stage.h"
#include "toy.h"

#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MS UINT64_C(1000000)

static struct tui_options options;

struct bench {
    struct ui ui;
    struct stage *stage;
    struct live_view *v;
};

/* As the loop does when it is time. */
static void tick(struct bench *b)
{
    b->ui.now += 40;
    b->ui.stack[0].ops->tick(b->ui.stack[0].state, &b->ui);
    ui_draw(&b->ui);
}

static void open_stage(struct bench *b, enum scene scene, uint64_t ns, int cols, int rows)
{
    struct live_setup setup = {.title = "stage.c"};
    memset(b, 0, sizeof *b);
    b->stage = stage_new(scene, ns);
    ui_init(&b->ui, &options, cols, rows);
    b->v = live_push(&b->ui, stage_port(b->stage), &setup);
    b->ui.now = INT64_C(1) << 40; /* later than any look before */
    ui_draw(&b->ui);
    tick(b);
    b->v->look_at = 0;
}

static void close_stage(struct bench *b)
{
    ui_fini(&b->ui);
    assert_non_null(strstr(b->stage->log.data, "close\n"));
    stage_free(b->stage);
}

static void go(struct bench *b, uint64_t ns)
{
    stage_go(b->stage, ns);
    b->v->look_at = 0;
    tick(b);
}

static int logged(struct bench *b, const char *what)
{
    return b->stage->log.data && strstr(b->stage->log.data, what) != NULL;
}

/* -------- pictures -------- */

static const struct {
    const char *name;
    enum scene scene;
    uint64_t ms;
} pictures[] = {
    {"running", SCENE_RUNNING, 800}, {"contended", SCENE_CONTENDED, 1500},
    {"queue", SCENE_QUEUE, 2000},    {"family", SCENE_FAMILY, 300},
    {"crowd", SCENE_CROWD, 1000},    {"hang", SCENE_HANG, 2500},
};
enum { PICTURES = sizeof pictures / sizeof *pictures };

static const struct size {
    int cols, rows;
} sizes[] = {{80, 24}, {120, 40}, {200, 60}, {40, 10}};

static void pictures_made_on_purpose(void **state)
{
    (void)state;
    for (size_t i = 0; i < PICTURES; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            struct bench b;
            char name[64];
            open_stage(&b, pictures[i].scene, pictures[i].ms * MS, sizes[k].cols, sizes[k].rows);
            snprintf(name, sizeof name, "live-%s-%dx%d", pictures[i].name, sizes[k].cols,
                     sizes[k].rows);
            golden_check(name, &b.ui.canvas);
            close_stage(&b);
        }
}

/* -------- looking back -------- */

static void space_pauses_and_end_follows(void **state)
{
    (void)state;
    struct bench b;
    open_stage(&b, SCENE_CONTENDED, 1000 * MS, 80, 24);
    assert_true(shows(&b.ui.canvas, "LIVE"));
    press(&b.ui, " ");
    assert_true(shows(&b.ui.canvas, "PAUSED"));
    go(&b, 1000 * MS);
    assert_true(b.v->cursor == 1000 * MS); /* while the program goes on */
    assert_false(logged(&b, "signal"));
    press(&b.ui, "G");
    assert_true(shows(&b.ui.canvas, "LIVE"));
    assert_false(shows(&b.ui.canvas, "PAUSED"));
    close_stage(&b);
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    golden_options(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pictures_made_on_purpose),
        cmocka_unit_test(space_pauses_and_end_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
