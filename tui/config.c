/* The configuration file as text: reading it, checking it, changing a line of it. */
#include "config.h"

#include "options.h"

#include <stdlib.h>
#include <string.h>

static const struct config_row config_rows[CONFIG_COUNT] = {
#define CONFIG(id, key, type, values, standard, variable, title, help)                             \
    [CONFIG_##id] = {key, CONFIG_##type, values, standard, variable, title, help},
#include "config.def"
#undef CONFIG
};

const struct config_row *config_row(enum config_id id)
{
    return &config_rows[id];
}

static void problem(struct config *c, int line, const char *message)
{
    if (c->nproblems == CONFIG_PROBLEMS_MAX)
        return;
    c->problems = xrealloc(c->problems, c->nproblems + 1, sizeof *c->problems);
    c->problems[c->nproblems++] = (struct config_problem){line, xstrdup(message)};
}

static void problem_of(struct config *c, int line, struct err *e)
{
    problem(c, line, e->message);
}

/* -------- values -------- */

static int is_word_of(const char *values, const char *word)
{
    size_t n = strlen(word);
    for (const char *s = values; n; s++) {
        if (!strncmp(s, word, n) && (s[n] == '|' || !s[n]))
            return 1;
        s = strchr(s, '|');
        if (!s)
            break;
    }
    return 0;
}

int config_check(enum config_id id, const char *value, struct err *e)
{
    const struct config_row *row = &config_rows[id];
    if (row->type == CONFIG_WORD && !is_word_of(row->values, value))
        return err_set(e, ERR_USAGE, _("%s cannot be \"%.60s\"; it is one of %s"), row->key, value,
                       row->values);
    if (strlen(value) > CONFIG_VALUE_MAX || strpbrk(value, "\r\n"))
        return err_set(e, ERR_USAGE, _("%s: at most %d bytes, in one line"), row->key,
                       CONFIG_VALUE_MAX);
    return 0;
}

/* -------- lines -------- */

/* A line `key = value`, both without blanks around them. */
struct line {
    const char *key, *value;
    size_t nkey, nvalue;
    int is_comment, has_value;
};

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void trim(const char **s, size_t *n)
{
    while (*n && is_blank(**s)) {
        ++*s;
        --*n;
    }
    while (*n && is_blank((*s)[*n - 1]))
        --*n;
}

/* "bind = =" has the value "=": the key ends at the first = */
static struct line split(const char *s, size_t n)
{
    struct line l = {0};
    trim(&s, &n);
    l.is_comment = !n || *s == '#';
    const char *equals = n ? memchr(s, '=', n) : NULL;
    l.key = s;
    l.nkey = equals ? (size_t)(equals - s) : n;
    if (equals) {
        l.has_value = 1;
        l.value = equals + 1;
        l.nvalue = n - l.nkey - 1;
        trim(&l.value, &l.nvalue);
    }
    trim(&l.key, &l.nkey);
    return l;
}

/* The key with one blank between its words: "bind  step_next" is "bind step_next". */
static void plain_key(const struct line *l, char *out, size_t room)
{
    size_t used = 0;
    for (size_t i = 0; i < l->nkey && used + 1 < room; i++) {
        char c = is_blank(l->key[i]) ? ' ' : l->key[i];
        if (c != ' ' || (used && out[used - 1] != ' '))
            out[used++] = c;
    }
    out[used] = 0;
}

static int read_keys(const char *s, size_t n, int *keys, struct err *e)
{
    int count = 0;
    for (size_t i = 0; i < n;) {
        size_t from = i;
        while (i < n && !is_blank(s[i]))
            i++;
        int key = keys_read(s + from, i - from);
        if (i > from && !key)
            return err_set(e, ERR_USAGE, _("\"%.*s\" is no key"),
                           (int)(i - from < 40 ? i - from : 40), s + from);
        if (key && count == KEYS_PER_ACTION)
            return err_set(e, ERR_USAGE, _("at most %d keys for one action"), KEYS_PER_ACTION);
        if (key)
            keys[count++] = key;
        while (i < n && is_blank(s[i]))
            i++;
    }
    return 0;
}

static int unknown_action(const char *name, struct err *e)
{
    const char *names[ACT_COUNT];
    for (int i = ACT_NONE + 1; i < ACT_COUNT; i++)
        names[i - 1] = keys_name((enum action)i);
    const char *near = nearest_word(name, names, ACT_COUNT - 1);
    if (near)
        return err_set(e, ERR_USAGE, _("there is no action \"%.60s\"; did you mean \"%s\"?"), name,
                       near);
    return err_set(e, ERR_USAGE, _("there is no action \"%.60s\""), name);
}

static void take_bind(struct config *c, int line, const char *name, const struct line *l)
{
    struct key_bind bind = {.action = keys_action(name)};
    struct err e = {0};
    int rc = bind.action ? read_keys(l->value, l->nvalue, bind.keys, &e) : unknown_action(name, &e);
    if (rc == 0)
        rc = keys_may_bind(bind.action, bind.keys, &e);
    if (rc < 0) {
        problem_of(c, line, &e);
        return;
    }
    c->binds = xrealloc(c->binds, c->nbinds + 1, sizeof *c->binds);
    c->bind_lines = xrealloc(c->bind_lines, c->nbinds + 1, sizeof *c->bind_lines);
    c->binds[c->nbinds] = bind;
    c->bind_lines[c->nbinds++] = line;
}

static int unknown_key(const char *key, struct err *e)
{
    const char *names[CONFIG_COUNT];
    for (int i = 0; i < CONFIG_COUNT; i++)
        names[i] = config_rows[i].key;
    const char *near = nearest_word(key, names, CONFIG_COUNT);
    if (near)
        return err_set(e, ERR_USAGE, _("there is no setting \"%.60s\"; did you mean \"%s\"?"), key,
                       near);
    return err_set(e, ERR_USAGE, _("there is no setting \"%.60s\""), key);
}

static void take_value(struct config *c, int line, const char *key, const struct line *l)
{
    char value[CONFIG_VALUE_MAX + 2];
    struct err e = {0};
    int id = 0;
    while (id < CONFIG_COUNT && strcmp(config_rows[id].key, key) != 0)
        id++;
    size_t n = l->nvalue < sizeof value - 1 ? l->nvalue : sizeof value - 1;
    memcpy(value, l->value, n);
    value[n] = 0;
    int rc = id < CONFIG_COUNT ? config_check((enum config_id)id, value, &e) : unknown_key(key, &e);
    if (rc < 0) {
        problem_of(c, line, &e);
        return;
    }
    free(c->values[id]);
    c->values[id] = xstrdup(value);
}

static void take_line(struct config *c, int number, const char *s, size_t n)
{
    char key[100];
    struct line l = split(s, n);
    if (l.is_comment)
        return;
    plain_key(&l, key, sizeof key);
    if (!l.has_value || !*key)
        problem(c, number, _("a line is \"key = value\", or begins with #"));
    else if (!strncmp(key, "bind ", 5))
        take_bind(c, number, key + 5, &l);
    else
        take_value(c, number, key, &l);
}

static int is_text(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] < ' ' && s[i] != '\n' && !is_blank(s[i]))
            return 0;
    return 1;
}

void config_parse(struct config *c, const char *text, size_t nbytes)
{
    *c = (struct config){0};
    c->unparsable = nbytes > CONFIG_BYTES_MAX || !is_text(text, nbytes);
    if (nbytes > CONFIG_BYTES_MAX)
        problem(c, 0, _("it is larger than 256 KiB; nothing of it was taken"));
    else if (c->unparsable)
        problem(c, 0, _("it is no text; nothing of it was taken"));
    if (c->unparsable)
        return;
    int number = 1;
    for (size_t i = 0; i < nbytes; number++) {
        const char *newline = memchr(text + i, '\n', nbytes - i);
        size_t n = newline ? (size_t)(newline - (text + i)) : nbytes - i;
        take_line(c, number, text + i, n);
        i += n + 1;
    }
}

void config_fini(struct config *c)
{
    for (int i = 0; i < CONFIG_COUNT; i++)
        free(c->values[i]);
    for (size_t i = 0; i < c->nproblems; i++)
        free(c->problems[i].message);
    free(c->binds);
    free(c->bind_lines);
    free(c->problems);
    *c = (struct config){0};
}

/* -------- changing a line -------- */

static int line_is(const char *s, size_t n, const char *key)
{
    char found[100];
    struct line l = split(s, n);
    plain_key(&l, found, sizeof found);
    return !l.is_comment && l.has_value && !strcmp(found, key);
}

static size_t line_length(const char *s, size_t n)
{
    const char *newline = n ? memchr(s, '\n', n) : NULL;
    return newline ? (size_t)(newline - s) + 1 : n;
}

static size_t last_line_of(const char *text, size_t nbytes, const char *key)
{
    size_t last = SIZE_MAX;
    for (size_t i = 0, n; i < nbytes; i += n) {
        n = line_length(text + i, nbytes - i);
        if (line_is(text + i, n - (text[i + n - 1] == '\n'), key))
            last = i;
    }
    return last;
}

void config_edit(const char *text, size_t nbytes, const char *key, const char *value,
                 struct buf *out)
{
    size_t last = last_line_of(text, nbytes, key);
    for (size_t i = 0, n; i < nbytes; i += n) {
        n = line_length(text + i, nbytes - i);
        int is_it = line_is(text + i, n - (text[i + n - 1] == '\n'), key);
        if (is_it && i == last && value)
            buf_printf(out, "%s = %s\n", key, value);
        else if (!is_it || value)
            buf_add(out, text + i, n);
    }
    if (last != SIZE_MAX || !value)
        return;
    if (out->len && out->data[out->len - 1] != '\n')
        buf_puts(out, "\n");
    buf_printf(out, "%s = %s\n", key, value);
}
