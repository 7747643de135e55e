#include "options.h"

#include <ctype.h>
#include <string.h>

enum { COLUMN_COMMAND = 12, COLUMN_OPTION = 30 };

static void pad_to(struct buf *out, size_t start, size_t column)
{
    size_t used = out->len - start;
    buf_printf(out, "%*s", used < column ? (int)(column - used) : 1, "");
}

static void help_row(struct buf *out, char letter, const char *name, const char *meta,
                     const char *help)
{
    size_t start = out->len;
    if (letter)
        buf_printf(out, "  -%c, --%s", letter, name);
    else
        buf_printf(out, "      --%s", name);
    if (meta[0])
        buf_printf(out, "=%s", meta);
    if (out->len - start >= COLUMN_OPTION) {
        buf_puts(out, "\n");
        start = out->len;
    }
    pad_to(out, start, COLUMN_OPTION);
    buf_printf(out, "%s\n", help);
}

static void help_options(enum command_id command, struct buf *out)
{
    size_t n;
    const struct option_row *rows = option_rows(&n);
    buf_puts(out, "\nOptions:\n");
    for (size_t i = 0; i < n; i++)
        if (rows[i].command == command)
            help_row(out, rows[i].letter, rows[i].name, rows[i].meta, rows[i].help);
    help_row(out, 'h', "help", "", "this help");
}

static void help_commands(struct buf *out)
{
    buf_puts(out, "\nCommands:\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (!commands[i].name[0])
            continue;
        size_t start = out->len;
        buf_printf(out, "  %s", commands[i].name);
        pad_to(out, start, COLUMN_COMMAND);
        buf_printf(out, "%s\n", commands[i].summary);
    }
}

static const char statuses[] =
    "\nExit status:\n"
    "  0   nothing found, and complete       65  bad input, or it does not compile\n"
    "  1   a finding, or a failed check      66  cannot open, or not found\n"
    "  2   wrong usage                       69  no compiler, or a feature is missing\n"
    "  3   the replay diverged               70  a bug in lockstep\n"
    "  4   nothing found, not complete       73, 74  cannot create, cannot write\n"
    "  128+n  ended by signal n\n";

void options_help(enum command_id command, struct buf *out)
{
    const struct command *c = &commands[command];
    if (command == COMMAND_HOME) {
        buf_puts(out, "Usage: lockstep [OPTION]...\n"
                      "       lockstep COMMAND [OPTION]... [ARGUMENT]...\n"
                      "Learn concurrency by stepping real C programs.\n"
                      "Without a command: the lessons, where you left off.\n");
        help_commands(out);
        help_options(command, out);
        buf_puts(out, statuses);
        buf_puts(out,
                 "\n'lockstep COMMAND --help' tells more of a command, 'man lockstep' of all.\n");
        return;
    }
    const char *optional = command == COMMAND_CC ? "" : " [OPTION]...";
    buf_printf(out, "Usage: lockstep %s%s%s%s\n%c%s.\n", c->name, optional,
               c->operands[0] ? " " : "", c->operands, toupper((unsigned char)c->summary[0]),
               c->summary + 1);
    if (c->detail[0])
        buf_printf(out, "\n%s\n", c->detail);
    if (command != COMMAND_CC)
        help_options(command, out);
}
