#include "options.h"

#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct command commands[COMMAND_COUNT] = {
#define COMMAND(id, function, name, operands, min, max, takes_args, summary, detail)               \
    {name, operands, min, max, takes_args, summary, detail},
#include "commands.def"
#undef COMMAND
};

static const struct option_row rows[] = {
#define OPTION(command, letter, name, type, field, meta, help)                                     \
    {COMMAND_##command, letter, name, OPTION_##type, offsetof(struct options, field), meta, help},
#include "options.def"
#undef OPTION
};
#define NROWS (sizeof rows / sizeof rows[0])

enum {
    CODE_OPERAND = 1,
    CODE_HELP_LETTER = 'h',
    CODE_LONG = 1000,
    CODE_HELP = CODE_LONG,
    CODE_ROW
};

const struct option_row *option_rows(size_t *n)
{
    *n = NROWS;
    return rows;
}

int command_find(const char *name)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].name[0] && strcmp(commands[i].name, name) == 0)
            return i;
    return -1;
}

/* Distance of two words: insertions, deletions, replacements and swaps of neighbours (optimal
 * string alignment). Words longer than the table count as far apart. */
static int distance(const char *a, const char *b)
{
    enum { MAX = 32 };
    size_t na = strlen(a), nb = strlen(b);
    if (na >= MAX || nb >= MAX)
        return MAX;
    int d[MAX][MAX];
    for (size_t i = 0; i <= na; i++)
        d[i][0] = (int)i;
    for (size_t j = 0; j <= nb; j++)
        d[0][j] = (int)j;
    for (size_t i = 1; i <= na; i++)
        for (size_t j = 1; j <= nb; j++) {
            int best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (d[i - 1][j] + 1 < best)
                best = d[i - 1][j] + 1;
            if (d[i][j - 1] + 1 < best)
                best = d[i][j - 1] + 1;
            int swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped && d[i - 2][j - 2] + 1 < best)
                best = d[i - 2][j - 2] + 1;
            d[i][j] = best;
        }
    return d[na][nb];
}

const char *nearest_word(const char *word, const char *const *names, size_t n)
{
    const char *best = NULL;
    size_t len = strlen(word);
    int limit = len <= 3 ? 1 : len <= 7 ? 2 : 3;
    for (size_t i = 0; i < n; i++) {
        int prefix = len >= 2 && strncmp(names[i], word, len) == 0;
        int d = prefix ? 1 : distance(word, names[i]);
        if (d <= limit && (!best || d < limit)) {
            best = names[i];
            limit = d;
        }
    }
    return best;
}

static int unknown_command(const char *word, struct err *e)
{
    const char *names[COMMAND_COUNT];
    size_t n = 0;
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].name[0])
            names[n++] = commands[i].name;
    const char *near = nearest_word(word, names, n);
    size_t len = strlen(word);
    if (len > 2 && strcmp(word + len - 2, ".c") == 0)
        return err_set(e, ERR_USAGE, "'%s' is no command; did you mean 'lockstep run %s'?", word,
                       word);
    if (near)
        return err_set(e, ERR_USAGE, "'%s' is no command; did you mean '%s'?", word, near);
    return err_set(e, ERR_USAGE, "'%s' is no command", word);
}

/* How to write in a message the option getopt stopped at; it leaves in optopt a letter, or no
 * character for a long one. */
static const char *spelled(const char *arg, char out[3])
{
    if (optopt <= 0 || optopt >= CODE_LONG)
        return arg;
    out[0] = '-';
    out[1] = (char)optopt;
    out[2] = '\0';
    return out;
}

static int unknown_option(const struct options *o, const char *arg, struct err *e)
{
    char shown[3];
    if (spelled(arg, shown) == shown)
        return err_set(e, ERR_USAGE, "unknown option '%s'", shown);
    size_t len = strcspn(arg + 2, "=");
    const char *names[NROWS + 1];
    size_t n = 0, begin_alike = 0;
    for (size_t i = 0; i < NROWS; i++)
        if (rows[i].command == o->command)
            names[n++] = rows[i].name;
    names[n++] = "help";
    for (size_t i = 0; i < n; i++)
        begin_alike += strncmp(names[i], arg + 2, len) == 0;
    if (begin_alike == 1) /* getopt knows it, so it was given a value it does not take */
        return err_set(e, ERR_USAGE, "option '--%.*s' takes no value", (int)len, arg + 2);
    if (begin_alike > 1)
        return err_set(e, ERR_USAGE, "option '--%.*s' could mean several; write it out", (int)len,
                       arg + 2);
    char *word = xasprintf("%.*s", (int)len, arg + 2);
    const char *near = nearest_word(word, names, n);
    int r = near ? err_set(e, ERR_USAGE, "unknown option '--%s'; did you mean '--%s'?", word, near)
                 : err_set(e, ERR_USAGE, "unknown option '--%s'", word);
    free(word);
    return r;
}

static int parse_number(const char *s, uint64_t least, uint64_t *out)
{
    char *end;
    if (*s < '0' || *s > '9')
        return -1;
    errno = 0;
    unsigned long long v = strtoull(s, &end, 10);
    if (errno || *end || v < least)
        return -1;
    *out = v;
    return 0;
}

static int parse_seconds(const char *s, double *out)
{
    char *end;
    double v = strtod(s, &end);
    if (end == s || *end || !isfinite(v) || v <= 0 || v > 1e9)
        return -1;
    *out = v;
    return 0;
}

/* Index of `word` among the '|'-separated words, or -1. */
static int parse_word(const char *word, const char *words)
{
    size_t len = strlen(word);
    for (int i = 0; *words; i++) {
        size_t n = strcspn(words, "|");
        if (n == len && strncmp(words, word, n) == 0)
            return i;
        words += n + (words[n] == '|');
    }
    return -1;
}

static int store_value(struct options *o, const struct option_row *row, const char *arg,
                       struct err *e)
{
    void *field = (char *)o + row->field;
    int word;
    switch (row->type) {
    case OPTION_FLAG:
        *(int *)field = 1;
        return 0;
    case OPTION_TEXT:
        *(const char **)field = arg;
        return 0;
    case OPTION_NUMBER:
    case OPTION_COUNT:
        if (parse_number(arg, row->type == OPTION_COUNT, field) == 0)
            return 0;
        return err_set(e, ERR_USAGE, "--%s: '%s' is no whole number of %s or more", row->name, arg,
                       row->type == OPTION_COUNT ? "1" : "0");
    case OPTION_SECONDS:
        if (parse_seconds(arg, field) == 0)
            return 0;
        return err_set(e, ERR_USAGE, "--%s: '%s' is no positive number of seconds", row->name, arg);
    case OPTION_WORD:
        word = parse_word(arg, row->meta);
        if (word < 0)
            return err_set(e, ERR_USAGE, "--%s: '%s' is none of %s", row->name, arg, row->meta);
        *(int *)field = word;
        return 0;
    }
    return err_set(e, ERR_INTERNAL, "option '--%s' has no type", row->name);
}

/* getopt's tables for one command. '-' first: operands come in order, so that "--" is seen. */
static void getopt_tables(enum command_id command, struct option *longs, char *letters)
{
    static const char always[] = "-:h";
    size_t n = 0;
    memcpy(letters, always, sizeof always - 1);
    letters += sizeof always - 1;
    for (size_t i = 0; i < NROWS; i++) {
        if (rows[i].command != command)
            continue;
        int arg = rows[i].type == OPTION_FLAG ? no_argument : required_argument;
        longs[n++] = (struct option){rows[i].name, arg, NULL, CODE_ROW + (int)i};
        if (rows[i].letter) {
            *letters++ = rows[i].letter;
            if (arg == required_argument)
                *letters++ = ':';
        }
    }
    *letters = '\0';
    longs[n++] = (struct option){"help", no_argument, NULL, CODE_HELP};
    longs[n] = (struct option){0};
}

static const struct option_row *row_of_code(enum command_id command, int code)
{
    if (code >= CODE_ROW)
        return &rows[code - CODE_ROW];
    for (size_t i = 0; i < NROWS; i++)
        if (rows[i].command == command && rows[i].letter == code)
            return &rows[i];
    return NULL;
}

static int one_option(struct options *o, int code, char **argv, struct err *e)
{
    char shown[3];
    if (code == CODE_OPERAND) {
        o->operands[o->noperands++] = optarg;
        return 0;
    }
    if (code == CODE_HELP || code == CODE_HELP_LETTER) {
        o->help = 1;
        return 0;
    }
    if (code == ':')
        return err_set(e, ERR_USAGE, "option '%s' needs a value", spelled(argv[optind - 1], shown));
    const struct option_row *row = row_of_code(o->command, code);
    if (row)
        return store_value(o, row, optarg, e);
    return unknown_option(o, argv[optind - 1], e);
}

/* Options and operands of o->command; argv[0] is its name. */
static int parse_command(struct options *o, int argc, char **argv, struct err *e)
{
    struct option longs[NROWS + 2];
    char letters[2 * NROWS + 4];
    getopt_tables(o->command, longs, letters);
    opterr = 0;
    optind = 0; /* 0, not 1: glibc starts afresh */
    for (int code; (code = getopt_long(argc, argv, letters, longs, NULL)) != -1;) {
        int r = one_option(o, code, argv, e);
        if (r < 0)
            return r;
    }
    if (commands[o->command].takes_args) {
        o->args = argv + optind;
        o->nargs = argc - optind;
        return 0;
    }
    while (optind < argc)
        o->operands[o->noperands++] = argv[optind++];
    return 0;
}

static int check_operands(const struct options *o, struct err *e)
{
    const struct command *c = &commands[o->command];
    if (o->noperands < c->min)
        return err_set(e, ERR_USAGE, "%s is missing", c->operands);
    if (c->max >= 0 && o->noperands > c->max)
        return err_set(e, ERR_USAGE, "'%s' is one argument too many", o->operands[c->max]);
    return 0;
}

/* The commands that pass everything on: a compiler has options of the same names. */
static int parse_cc(struct options *o, int argc, char **argv)
{
    o->args = argv + 1;
    o->nargs = argc - 1;
    o->help = argc == 2 && strcmp(argv[1], "--help") == 0;
    return 0;
}

/* The name it was called by stands for a command: lockstep-cc is lockstep cc. -1: it does not. */
static int command_of_name(const char *called)
{
    const char *slash = strrchr(called, '/'), *name = slash ? slash + 1 : called;
    static const char head[] = "lockstep-";
    return strncmp(name, head, sizeof head - 1) == 0 ? command_find(name + sizeof head - 1) : -1;
}

int options_parse(struct options *o, int argc, char **argv, struct err *e)
{
    *o = (struct options){.command = COMMAND_HOME};
    o->operands = xcalloc((size_t)argc + 1, sizeof *o->operands);
    int called = argc > 0 ? command_of_name(argv[0]) : -1;
    if (called == COMMAND_CC || called == COMMAND_CXX) {
        o->command = (enum command_id)called;
        return parse_cc(o, argc, argv);
    }
    if (argc > 1 && argv[1][0] != '-') {
        int found = command_find(argv[1]);
        if (found < 0)
            return unknown_command(argv[1], e);
        o->command = (enum command_id)found;
        argc--;
        argv++;
    }
    if (o->command == COMMAND_CC || o->command == COMMAND_CXX)
        return parse_cc(o, argc, argv);
    enum { UNLESS_TOLD = 2 }; /* a setting, which a schedule overrides as the option does */
    if (o->command == COMMAND_RUN && config_is(CONFIG_MAIN_EXIT, "wait"))
        o->main_exit = UNLESS_TOLD;
    int r = parse_command(o, argc, argv, e);
    if (o->main_exit == UNLESS_TOLD)
        o->main_exit = !o->schedule;
    if (r < 0 || o->help || o->version)
        return r;
    if (o->command == COMMAND_HOME && o->noperands && command_find(o->operands[0]) >= 0)
        return err_set(e, ERR_USAGE, "options follow the command: 'lockstep %s %s'", o->operands[0],
                       argv[1]);
    return check_operands(o, e);
}

void options_fini(struct options *o)
{
    free(o->operands);
    o->operands = NULL;
}
