/* Plain mode: a program of one's own, opened from the list of lessons. */
#include "plain_lesson.h"

#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

void plain_greet(const struct options *o)
{
    const char *accessible = getenv("ACCESSIBLE");
    if (o->plain || config_is(CONFIG_PLAIN, "yes"))
        return;
    if (accessible && *accessible)
        plain_say(_("Lines in place of screens, since ACCESSIBLE is set."));
    else
        plain_say(_("Lines in place of screens, since this terminal cannot show screens."));
}

/* A command of lockstep as if it were given at the shell; Ctrl-C ends it and not us. */
static void run_command(const char *command, const char *option, const char *file,
                        int (*run)(const struct options *o))
{
    char *words[] = {xstrdup("lockstep"), xstrdup(command), xstrdup(option), xstrdup(file), NULL};
    struct options o;
    struct err e = {0};
    out_flush();
    if (options_parse(&o, 4, words, &e) < 0)
        plain_say("%s", e.message);
    else
        run(&o);
    options_fini(&o);
    for (int i = 0; i < 4; i++)
        free(words[i]);
    if (signal_caught() != SIGINT)
        return;
    signal_forget();
    plain_say(_("Stopped."));
}

enum talk_answer plain_live(const char *file)
{
    plain_say(_("Running free, at full speed; Ctrl-C ends it."));
    run_command("live", "--plain", file, cmd_live);
    return ANSWER_STAY;
}

enum talk_answer plain_explore(const char *file)
{
    plain_say(_("Searching the schedules; Ctrl-C stops."));
    run_command("explore", "--", file, cmd_explore);
    return ANSWER_STAY;
}

/* Replay the schedule, if there is one. */
static int begin(struct plain *p, const char *token, struct err *e)
{
    struct schedule s;
    schedule_init(&s);
    int r = schedule_parse(&s, token, e);
    p->muted = 1;
    if (r == 0)
        r = plain_replay(p, &s, NULL, e);
    schedule_fini(&s);
    return r;
}

int plain_step_file(const char *file, const char *token, struct store *s, struct err *e)
{
    struct talk_setup setup = {.store = s};
    struct given g;
    struct plain p = {0};
    struct program *program = NULL;
    char *name = xstrdup(file);
    int r = given_open(&g, &name, 1, NULL, 0, e);
    if (r == 0)
        r = given_build(&g, &program, e);
    if (r == 0)
        r = plain_open(&p, &g, program, 0, PLAIN_LINES, e);
    if (r == 0 && token)
        r = begin(&p, token, e);
    if (r == 0)
        r = plain_converse(&p, &setup, e);
    plain_close(&p);
    if (program)
        program_free(program);
    given_fini(&g);
    free(name);
    return r;
}
