#include "options.h"

#include "canvas.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMN_COMMAND = 12, COLUMN_OPTION = 30, COLUMN_STATUS = 40 };

static void pad_to(struct buf *out, size_t start, int column)
{
    int used = utf8_cols(out->data + start, out->len - start);
    buf_printf(out, "%*s", used < column ? column - used : 1, "");
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
    if (utf8_cols(out->data + start, out->len - start) >= COLUMN_OPTION) {
        buf_puts(out, "\n");
        start = out->len;
    }
    pad_to(out, start, COLUMN_OPTION);
    buf_printf(out, "%s\n", _(help));
}

static void help_options(enum command_id command, struct buf *out)
{
    size_t n;
    const struct option_row *rows = option_rows(&n);
    buf_printf(out, "\n%s\n", _("Options:"));
    for (size_t i = 0; i < n; i++)
        if (rows[i].command == command)
            help_row(out, rows[i].letter, rows[i].name, rows[i].meta, rows[i].help);
    help_row(out, 'h', "help", "", N_("this help"));
}

static void help_commands(struct buf *out)
{
    buf_printf(out, "\n%s\n", _("Commands:"));
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (!commands[i].name[0])
            continue;
        size_t start = out->len;
        buf_printf(out, "  %s", commands[i].name);
        pad_to(out, start, COLUMN_COMMAND);
        buf_printf(out, "%s\n", _(commands[i].summary));
    }
}

/* Each with its meaning, two in a row. */
static const struct {
    const char *status, *meaning;
} statuses[] = {
    {"0", N_("nothing found, and complete")},
    {"65", N_("bad input, or it does not compile")},
    {"1", N_("a finding, or a failed check")},
    {"66", N_("cannot open, or not found")},
    {"2", N_("wrong usage")},
    {"69", N_("no compiler, or a feature is missing")},
    {"3", N_("the replay diverged")},
    {"70", N_("a bug in lockstep")},
    {"4", N_("nothing found, not complete")},
    {"73, 74", N_("cannot create, cannot write")},
    {"128+n", N_("ended by signal n")},
};

static void help_statuses(struct buf *out)
{
    buf_printf(out, "\n%s\n", _("Exit status:"));
    size_t n = sizeof statuses / sizeof *statuses, start = out->len;
    for (size_t i = 0; i < n; i++) {
        int right = i % 2 == 1;
        if (right)
            pad_to(out, start, COLUMN_STATUS);
        else
            start = out->len;
        buf_printf(out, right ? "%-3s %s\n" : "  %-3s %s", statuses[i].status,
                   _(statuses[i].meaning));
    }
    buf_puts(out, n % 2 ? "\n" : "");
}

/* A summary as a sentence. */
static void help_summary(const struct command *c, struct buf *out)
{
    char *text = xstrdup(_(c->summary));
    text[0] = (char)toupper((unsigned char)text[0]);
    /* TRANSLATORS: the end of a sentence: what a command does */
    buf_printf(out, _("%s.\n"), text);
    free(text);
}

void options_help(enum command_id command, struct buf *out)
{
    const struct command *c = &commands[command];
    if (command == COMMAND_HOME) {
        buf_puts(out, _("Usage: lockstep [OPTION]...\n"
                        "       lockstep COMMAND [OPTION]... [ARGUMENT]...\n"
                        "Learn concurrency by stepping real C programs.\n"
                        "Without a command: the lessons, where you left off.\n"));
        help_commands(out);
        help_options(command, out);
        help_statuses(out);
        buf_printf(out, "\n%s\n",
                   _("'lockstep COMMAND --help' tells more of a command, 'man lockstep' of all."));
        return;
    }
    struct buf synopsis = {0};
    buf_puts(&synopsis, c->name);
    buf_puts(&synopsis, command == COMMAND_CC ? "" : " [OPTION]...");
    if (c->operands[0])
        buf_printf(&synopsis, " %s", c->operands);
    buf_printf(out, _("Usage: lockstep %s\n"), synopsis.data);
    buf_fini(&synopsis);
    help_summary(c, out);
    if (c->detail[0])
        buf_printf(out, "\n%s\n", _(c->detail));
    if (command != COMMAND_CC)
        help_options(command, out);
}
