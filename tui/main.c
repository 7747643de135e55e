/* lockstep: the command line's entry. */
#include "cmd.h"
#include "config.h"
#include "language.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#ifndef LOCKSTEP_VERSION
#define LOCKSTEP_VERSION "0.1.0"
#endif

static int (*const functions[COMMAND_COUNT])(const struct options *o) = {
#define COMMAND(id, function, name, operands, min, max, takes_args, summary, detail)               \
    [COMMAND_##id] = cmd_##function,
#include "commands.def"
#undef COMMAND
};

static int print_help(enum command_id command)
{
    struct buf text = {0};
    options_help(command, &text);
    out_buf(&text);
    buf_fini(&text);
    return 0;
}

int cmd_help(const struct options *o)
{
    if (o->noperands == 0)
        return print_help(COMMAND_HOME);
    int command = command_find(o->operands[0]);
    if (command >= 0)
        return print_help((enum command_id)command);
    struct err e;
    err_set(&e, ERR_USAGE, "'%s' is no command", o->operands[0]);
    return cmd_fail(o, &e);
}

/* What is wrong in the configuration, unless a compiler is expected to speak. */
static void tell_config(const struct options *o)
{
    enum { MOST = 5 };
    struct buf text = {0};
    size_t n = config_problems(&text, MOST);
    if (n && o->command != COMMAND_CC && o->command != COMMAND_CXX) {
        fputs(text.data, stderr);
        if (n > MOST)
            fprintf(stderr, _("and %zu more of this kind\n"), n - MOST);
    }
    buf_fini(&text);
}

static int run_command(const struct options *o)
{
    if (o->help)
        return print_help(o->command);
    if (o->version) {
        puts("lockstep " LOCKSTEP_VERSION);
        return 0;
    }
    tell_config(o);
    return functions[o->command](o);
}

/* Results that could not be written were not delivered: say so, unless the reader simply left. */
static int close_stdout(int status)
{
    int failed = ferror(stdout) != 0;
    errno = 0;
    failed |= fflush(stdout) != 0;
    if (!failed)
        return status;
    if (pipe_broken())
        return 128 + SIGPIPE;
    const char *why = errno ? strerror(errno) : err_text(ERR_WRITE);
    fprintf(stderr, _("lockstep: standard output: %s\n"), why);
    return err_exit_status(ERR_WRITE);
}

int main(int argc, char **argv)
{
    language_init();
    config_start();
    signals_init();
    struct options o;
    struct err e = {0};
    int rc = options_parse(&o, argc, argv, &e);
    if (o.json || o.csv)
        language_none();
    int status = rc < 0 ? cmd_fail(&o, &e) : run_command(&o);
    options_fini(&o);
    return close_stdout(status);
}
