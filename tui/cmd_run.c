/* lockstep run: step a program, on screens or in lines. */
#include "cmd.h"

#include "plain.h"
#include "store.h"
#include "tui.h"

#include <string.h>
#include <unistd.h>

static int is_conversation(const struct options *o)
{
    return !o->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* Begin as the options say: a schedule, then choices. */
static int begin(struct plain *p, const struct options *o, const struct schedule *start,
                 struct err *e)
{
    int r = 0;
    if (o->schedule)
        r = plain_replay(p, start, NULL, e);
    if (r == 0 && o->choose)
        r = plain_choose(p, o->choose, e);
    return r;
}

/* Said once, before the first step. */
static void say_notes(const struct plain *p)
{
    struct buf notes = {0};
    session_notes(p->session, &notes);
    for (const char *s = notes.data; s && *s; s += strcspn(s, "\n") + 1)
        fprintf(stderr, _("lockstep: note: %.*s\n"), (int)strcspn(s, "\n"), s);
    buf_fini(&notes);
}

static int converse(struct plain *p, struct err *e)
{
    struct talk_setup setup = {.store = open_store()};
    int r = plain_converse(p, &setup, e);
    store_close(setup.store);
    return r;
}

static int run_plain(const struct options *o, const struct given *g, struct program *program,
                     const struct schedule *start, struct err *e)
{
    struct plain p;
    int wait = o->main_exit || start->main_exit_wait;
    int r = plain_open(&p, g, program, wait, o->json ? PLAIN_JSON : PLAIN_LINES, e);
    if (r == 0)
        say_notes(&p);
    p.muted = is_conversation(o);
    if (r == 0)
        r = begin(&p, o, start, e);
    if (r == 0 && is_conversation(o))
        plain_greet(o);
    if (r == 0)
        r = is_conversation(o) ? converse(&p, e) : plain_finish(&p, e);
    if (p.session && r < 0)
        plain_tell(&p); /* what was done until then */
    if (r == -ERR_INTERRUPTED || (r == 0 && !is_conversation(o)))
        plain_summary(&p);
    int status = plain_status(&p);
    plain_close(&p);
    return r < 0 ? r : status;
}

/* The schedule the screens begin with: that of --schedule, then the choices of --choose. */
static int run_screens(const struct options *o, const struct given *g, struct program *program,
                       struct schedule *start, struct err *e)
{
    if (o->choose) {
        struct plain p;
        int r = plain_open(&p, g, program, o->main_exit || start->main_exit_wait, PLAIN_LINES, e);
        p.muted = 1;
        if (r == 0)
            r = begin(&p, o, start, e);
        if (r == 0)
            schedule_copy(start, session_schedule(p.session));
        plain_close(&p);
        if (r < 0)
            return r;
    }
    struct tui_options t;
    tui_options_init(&t);
    t.main_exit_wait = o->main_exit || start->main_exit_wait;
    struct store *store = open_store();
    int r = tui_run(&t, program, o->schedule || o->choose ? start : NULL, store, e);
    store_close(store);
    return r;
}

int cmd_run(const struct options *o)
{
    struct given g;
    struct err e = {0};
    struct program *program = NULL;
    struct schedule start;
    schedule_init(&start);
    int r = o->schedule ? schedule_parse(&start, o->schedule, &e) : 0;
    int opened = r == 0;
    if (r == 0)
        r = given_open(&g, o->operands, o->noperands, o->args, o->nargs, &e);
    if (r == 0)
        r = given_run(&g, &(struct conditions){o->stdin_file, o->values, o->adversity, o->steps},
                      &e);
    if (r == 0)
        r = given_build(&g, &program, &e);
    if (r == 0)
        r = o->json || use_plain(o) ? run_plain(o, &g, program, &start, &e)
                                    : run_screens(o, &g, program, &start, &e);
    if (program)
        program_free(program);
    if (opened)
        given_fini(&g);
    schedule_fini(&start);
    return r < 0 ? cmd_fail(o, &e) : r;
}
