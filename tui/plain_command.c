#include "plain_command.h"

#include "plain_lesson.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *title, *how;
} prompts[TALK_PROMPTS] = {
#define PROMPT(id, title, how) {title, how},
#define COMMAND(function, letter, word, args, help)
#include "plain_talk.def"
#undef PROMPT
#undef COMMAND
};

/* A row without a function begins a prompt: its number, its title as the help. */
static const struct talk_command rows[] = {
#define PROMPT(id, title, how) {TALK_##id, "", "", "", title, NULL},
#define COMMAND(function, letter, word, args, help)                                                \
    {TALK_PROMPTS, letter, word, args, help, talk_##function},
#include "plain_talk.def"
#undef PROMPT
#undef COMMAND
};
enum { NROWS = sizeof rows / sizeof rows[0], NEAR = 2, NAME_MAX_BYTES = 24 };

/* The commands of a prompt: *first to the row before *end. */
static void rows_of(enum talk_prompt prompt, size_t *first, size_t *end)
{
    size_t i = 0;
    while (rows[i].run || rows[i].prompt != prompt)
        i++;
    *first = ++i;
    while (i < NROWS && rows[i].run)
        i++;
    *end = i;
}

static int is_name(const char *name, const char *word, size_t n)
{
    return *name && strlen(name) == n && strncasecmp(name, word, n) == 0;
}

static const struct talk_command *find_in(enum talk_prompt prompt, const char *word, size_t n)
{
    size_t i, end;
    for (rows_of(prompt, &i, &end); i < end; i++)
        if (is_name(rows[i].letter, word, n) || is_name(rows[i].word, word, n))
            return &rows[i];
    return NULL;
}

const struct talk_command *talk_find(enum talk_prompt prompt, const char *word, size_t n)
{
    const struct talk_command *c = find_in(prompt, word, n);
    return c ? c : find_in(TALK_COMMON, word, n);
}

/* -------- the nearest name -------- */

/* How many letters must be inserted, deleted, changed or swapped with their neighbour to make one
 * word of the other (optimal string alignment). */
static int distance(const char *a, size_t na, const char *b, size_t nb)
{
    int d[NAME_MAX_BYTES + 1][NAME_MAX_BYTES + 1];
    for (size_t i = 0; i <= na; i++)
        d[i][0] = (int)i;
    for (size_t j = 0; j <= nb; j++)
        d[0][j] = (int)j;
    for (size_t i = 1; i <= na; i++)
        for (size_t j = 1; j <= nb; j++) {
            int best = d[i - 1][j - 1] + (tolower((unsigned char)a[i - 1]) != b[j - 1]);
            best = d[i - 1][j] + 1 < best ? d[i - 1][j] + 1 : best;
            best = d[i][j - 1] + 1 < best ? d[i][j - 1] + 1 : best;
            if (i > 1 && j > 1 && tolower((unsigned char)a[i - 1]) == b[j - 2] &&
                tolower((unsigned char)a[i - 2]) == b[j - 1] && d[i - 2][j - 2] + 1 < best)
                best = d[i - 2][j - 2] + 1;
            d[i][j] = best;
        }
    return d[na][nb];
}

static void nearest_in(enum talk_prompt prompt, const char *word, size_t n, int *best,
                       const char **name)
{
    size_t i, end;
    for (rows_of(prompt, &i, &end); i < end; i++) {
        size_t length = strlen(rows[i].word);
        if (length == 0 || length > NAME_MAX_BYTES)
            continue;
        /* the beginning of a name is as near as can be */
        int far = n >= 2 && n < length && strncasecmp(rows[i].word, word, n) == 0
                      ? 1
                      : distance(word, n, rows[i].word, length);
        if (far < *best && far <= (n > 4 ? NEAR : 1)) {
            *best = far;
            *name = rows[i].word;
        }
    }
}

const char *talk_nearest(enum talk_prompt prompt, const char *word, size_t n)
{
    const char *name = NULL;
    int best = NEAR + 1;
    if (n < 2 || n > NAME_MAX_BYTES)
        return NULL;
    nearest_in(prompt, word, n, &best, &name);
    nearest_in(TALK_COMMON, word, n, &best, &name);
    return name;
}

/* -------- help -------- */

/* "next, n [WHAT]" */
static void spell(const struct talk_command *c, struct buf *out)
{
    buf_puts(out, *c->word ? c->word : c->letter);
    if (*c->word && *c->letter)
        buf_printf(out, ", %s", c->letter);
    if (*c->args)
        buf_printf(out, " %s", c->args);
}

static int is_about(const struct talk_command *c, const char *about)
{
    return !*about || strcasestr(c->word, about) || strcasestr(_(c->help), about) ||
           strcasecmp(c->letter, about) == 0;
}

static int help_rows(enum talk_prompt prompt, const char *about, struct buf *out)
{
    size_t i, end;
    int n = 0;
    for (rows_of(prompt, &i, &end); i < end; i++) {
        if (!is_about(&rows[i], about))
            continue;
        struct buf line = {0};
        spell(&rows[i], &line);
        buf_printf(&line, ": %s.", _(rows[i].help));
        plain_wrap(out, line.data, "  ", 4);
        buf_fini(&line);
        n++;
    }
    return n;
}

const struct talk_command *talk_command_at(enum talk_prompt prompt, size_t i)
{
    size_t first, end;
    rows_of(prompt, &first, &end);
    return first + i < end ? &rows[first + i] : NULL;
}

void talk_help(enum talk_prompt prompt, const char *about, struct buf *out)
{
    if (!*about && *prompts[prompt].how)
        plain_wrap(out, _(prompts[prompt].how), NULL, 0);
    if (!*about)
        plain_wrap(out, _("Commands, the long name and the short one:"), NULL, 0);
    int n = help_rows(prompt, about, out);
    n += prompt == TALK_COMMON ? 0 : help_rows(TALK_COMMON, about, out);
    if (n == 0) {
        char *none = xasprintf(_("No command here has to do with '%s'."), about);
        plain_wrap(out, none, NULL, 0);
        free(none);
    }
}

void talk_print_text(FILE *out)
{
    for (size_t i = 0; i < NROWS; i++) {
        if (!rows[i].run) {
            fprintf(out, "%s%s\n", i ? "\n" : "", rows[i].help);
            continue;
        }
        struct buf name = {0};
        spell(&rows[i], &name);
        fprintf(out, "  %s\n      %s\n", name.data, rows[i].help);
        buf_fini(&name);
    }
}

/* -------- running -------- */

static void say_unknown(enum talk_prompt prompt, const char *word, size_t n)
{
    const char *near = talk_nearest(prompt, word, n);
    struct buf shown = {0};
    buf_visible(&shown, word, n < 60 ? n : 60);
    if (near)
        plain_say(_("'%s' is no command here; did you mean '%s'? ? lists them."), shown.data, near);
    else
        plain_say(_("'%s' is no command here; ? lists them."), shown.data);
    buf_fini(&shown);
}

enum talk_answer talk_run(enum talk_prompt prompt, void *ctx, const char *line)
{
    char rest[512];
    line += strspn(line, " \t");
    if (!*line || isdigit((unsigned char)*line))
        return ANSWER_NONE;
    size_t n = strcspn(line, " \t");
    if (ispunct((unsigned char)*line)) /* "?word", "/word", ":T1 *": no blank is needed */
        n = 1;
    const struct talk_command *c = talk_find(prompt, line, n);
    if (!c) {
        n = strcspn(line, " \t");
        say_unknown(prompt, line, n);
        return ANSWER_STAY;
    }
    line += n + strspn(line + n, " \t");
    n = strlen(line);
    while (n > 0 && (line[n - 1] == ' ' || line[n - 1] == '\t'))
        n--;
    if (n >= sizeof rest) {
        plain_say(_("That is too long."));
        return ANSWER_STAY;
    }
    memcpy(rest, line, n);
    rest[n] = '\0';
    if (c->run != talk_common_help)
        return c->run(ctx, rest);
    struct buf out = {0};
    talk_help(prompt, rest, &out);
    out_buf(&out);
    buf_fini(&out);
    return ANSWER_STAY;
}

/* What talk_run does itself, since it needs to know the prompt. */
enum talk_answer talk_common_help(void *ctx, const char *rest)
{
    (void)ctx, (void)rest;
    return ANSWER_STAY;
}

enum talk_answer talk_common_quit(void *ctx, const char *rest)
{
    (void)ctx, (void)rest;
    return ANSWER_BACK;
}

enum talk_answer talk_common_exit(void *ctx, const char *rest)
{
    (void)ctx, (void)rest;
    return ANSWER_EXIT;
}
