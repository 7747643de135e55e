/* lockstep replay: the same execution again, from a token or a recording. */
#include "cmd.h"

#include "plain.h"
#include "port.h"
#include "store.h"
#include "tui.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is to be replayed. */
struct source {
    struct schedule schedule;
    struct recording recording;
    int is_recording;
};

static int looks_like_token(const char *s)
{
    return s[0] == 'l' && s[1] == 's' && s[2 + strspn(s + 2, "0123456789")] == ':';
}

static int source_open(struct source *s, const char *what, struct err *e)
{
    *s = (struct source){0};
    schedule_init(&s->schedule);
    if (looks_like_token(what))
        return schedule_parse(&s->schedule, what, e);
    int r = recording_read(&s->recording, what, e);
    if (r < 0)
        return r;
    s->is_recording = 1;
    schedule_copy(&s->schedule, &s->recording.schedule);
    return 0;
}

static void source_fini(struct source *s)
{
    schedule_fini(&s->schedule);
    if (s->is_recording)
        recording_fini(&s->recording);
}

/* The program: of the command line, else of the recording. */
static int source_given(const struct source *s, const struct options *o, struct given *g,
                        struct err *e)
{
    int n = o->noperands - 1;
    if (n > 0 || !s->is_recording)
        return given_open(g, o->operands + 1, n, o->args, o->nargs, e);
    const struct recording *r = &s->recording;
    return given_open(g, r->files, r->nfiles, o->nargs ? o->args : r->args,
                      o->nargs ? o->nargs : r->nargs, e);
}

/* How it was run, unless the command line says otherwise. */
static int source_run(const struct source *s, const struct options *o, struct given *g,
                      struct err *e)
{
    const struct recording *r = &s->recording;
    struct conditions how = {o->stdin_file, o->values, o->adversity, 0};
    if (s->is_recording) {
        how.input = how.input ? how.input : r->input;
        how.values = how.values ? how.values : r->values;
        how.adversity = how.adversity ? how.adversity : r->adversity;
    }
    return given_run(g, &how, e);
}

/* The program is another than the schedule was made for: say where it first shows. */
static int other_program(struct plain *p, struct source *s, struct err *e)
{
    char hash[sizeof s->schedule.hash];
    struct err where = {0};
    memcpy(hash, s->schedule.hash, sizeof hash);
    memcpy(s->schedule.hash, p->program->hash, sizeof hash);
    p->muted = 1;
    int r = plain_replay(p, &s->schedule, s->is_recording ? &s->recording.trace : NULL, &where);
    if (r < 0 && r != -ERR_DIVERGED) {
        *e = where;
        return r;
    }
    if (r < 0)
        return err_set(e, ERR_DIVERGED,
                       "the program is not the one this schedule was made for (%s, now %s): the "
                       "source or the arguments changed. The first difference: %s",
                       hash, p->program->hash, where.message);
    return err_set(e, ERR_DIVERGED,
                   "the program is not the one this schedule was made for (%s, now %s): the source "
                   "or the arguments changed. The schedule still fits every step.",
                   hash, p->program->hash);
}

static int replay(struct plain *p, struct source *s, struct err *e)
{
    if (s->schedule.hash[0] && strcmp(s->schedule.hash, p->program->hash) != 0)
        return other_program(p, s, e);
    return plain_replay(p, &s->schedule, s->is_recording ? &s->recording.trace : NULL, e);
}

static int replay_plain(const struct options *o, const struct given *g, struct program *program,
                        struct source *s, struct err *e)
{
    struct plain p;
    int r = plain_open(&p, g, program, s->schedule.main_exit_wait,
                       o->json ? PLAIN_JSON : PLAIN_LINES, e);
    int is_conversation = !o->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    p.muted = is_conversation;
    if (r == 0)
        r = replay(&p, s, e);
    if (r == 0 && is_conversation)
        plain_greet(o);
    if (r == 0 && is_conversation)
        r = plain_converse(&p, NULL, e);
    else if (r == 0)
        plain_summary(&p);
    int status = plain_status(&p);
    plain_close(&p);
    return r < 0 ? r : status;
}

static int replay_screens(const struct given *g, struct program *program, struct source *s,
                          struct err *e)
{
    struct plain p; /* first without screens: a difference is an error message, not a picture */
    int r = plain_open(&p, g, program, s->schedule.main_exit_wait, PLAIN_LINES, e);
    p.muted = 1;
    if (r == 0)
        r = replay(&p, s, e);
    int status = plain_status(&p);
    plain_close(&p);
    if (r < 0)
        return r;
    struct tui_options t;
    tui_options_init(&t);
    t.main_exit_wait = s->schedule.main_exit_wait;
    struct store *store = open_store();
    r = tui_run(&t, program, &s->schedule, store, e);
    store_close(store);
    return r ? r : status;
}

/* ---- a free run: nothing to replay, it is shown ---- */
/* Its program under control: built when somebody asks for it. */
struct controlled {
    const struct options *o;
    struct source source; /* the files and arguments alone */
    struct given given;
    int opened;
    struct program *program;
};

static int build_controlled(void *ctx, struct err *e)
{
    struct controlled *c = ctx;
    int r = 0;
    if (!c->opened) {
        r = source_given(&c->source, c->o, &c->given, e);
        c->opened = 1;
        if (r == 0)
            r = source_run(&c->source, c->o, &c->given, e);
    }
    if (r == 0 && !c->program)
        r = given_build(&c->given, &c->program, e);
    return r;
}

static int control(void *ctx, struct port *out, struct err *e)
{
    struct controlled *c = ctx;
    int r = build_controlled(c, e);
    return r < 0 ? r : port_open(out, c->program, NULL, e);
}

/* The recording goes to the screen; what is needed to build its program stays here. */
static void keep_source(struct controlled *c, struct recording *r)
{
    struct recording *own = &c->source.recording;
    recording_init(own);
    c->source.is_recording = 1;
    own->files = r->files;
    own->nfiles = r->nfiles;
    own->args = r->args;
    own->nargs = r->nargs;
    own->input = r->input;
    own->values = r->values;
    own->adversity = r->adversity;
    r->files = r->args = NULL;
    r->nfiles = r->nargs = 0;
    r->input = r->values = r->adversity = NULL;
}

static int show_screens(const struct options *o, struct source *s, struct err *e)
{
    struct controlled c = {.o = o};
    struct tui_options t;
    const char *name = s->recording.nfiles ? s->recording.files[0] : o->operands[0];
    const char *slash = strrchr(name, '/');
    char *title = xstrdup(slash ? slash + 1 : name);
    int found = s->recording.finding && s->recording.finding[0];
    keep_source(&c, &s->recording);
    tui_options_init(&t);
    struct store *store = open_store();
    int r = tui_recording(&t, &s->recording, title,
                          &(struct port_control){build_controlled, control, &c}, store, e);
    store_close(store);
    if (c.program)
        program_free(c.program);
    if (c.opened)
        given_fini(&c.given);
    source_fini(&c.source);
    free(title);
    return r ? r : found;
}

static int show_recording(const struct options *o, struct source *s, struct err *e)
{
    if (o->json || use_plain(o))
        return plain_recording(&s->recording, o->json ? PLAIN_JSON : PLAIN_LINES, e);
    return show_screens(o, s, e);
}

static int replay_given(const struct options *o, const struct given *g, struct source *s,
                        struct err *e)
{
    struct program *program = NULL;
    int r = given_build(g, &program, e);
    if (r == 0)
        r = o->json || use_plain(o) ? replay_plain(o, g, program, s, e)
                                    : replay_screens(g, program, s, e);
    if (program)
        program_free(program);
    return r;
}

int cmd_replay(const struct options *o)
{
    struct source s;
    struct given g;
    struct err e = {0};
    int r = source_open(&s, o->operands[0], &e);
    if (r == 0 && !s.is_recording && o->noperands == 1)
        r = err_set(&e, ERR_USAGE, "a token needs its program: lockstep replay TOKEN FILE.c");
    if (r == 0 && s.is_recording && s.recording.is_free) {
        r = show_recording(o, &s, &e);
    } else if (r == 0) {
        r = source_given(&s, o, &g, &e);
        if (r == 0)
            r = source_run(&s, o, &g, &e);
        if (r == 0)
            r = replay_given(o, &g, &s, &e);
        given_fini(&g);
    }
    source_fini(&s);
    return r < 0 ? cmd_fail(o, &e) : r;
}
