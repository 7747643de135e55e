#include "plan_parser.h"

#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const kind_words[PLAN_KINDS] = {
#define PLAN_KIND(id, word, help) word,
#include "plan.def"
#undef PLAN_KIND
};

const char *plan_kind_word(enum plan_kind kind)
{
    return (unsigned)kind < PLAN_KINDS ? kind_words[kind] : "?";
}

/* -------- problems -------- */

void plan_complain(struct plan *p, int line, const char *message)
{
    pool_push(p->memory, &p->problems, &p->nproblems, sizeof *p->problems);
    size_t i = p->nproblems - 1;
    for (; i > 0 && p->problems[i - 1].line > line; i--)
        p->problems[i] = p->problems[i - 1];
    p->problems[i] = (struct plan_problem){line, pool_strdup(p->memory, message)};
}

void plan_parser_complain(struct parser *p, const char *format, ...)
{
    char message[400];
    va_list ap;
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    plan_complain(p->plan, p->line, message);
}

/* An entry in which something is wrong is taken away: better none than another one than meant. */
static void drop_entry(struct parser *p)
{
    p->plan->nentries--;
    p->entry = NULL;
}

static void take_detail(struct parser *p, const char *key, const char *value)
{
    const struct plan_detail *d = plan_detail_find(key);
    if (!p->began) {
        plan_parser_complain(
            p, _("an indented line belongs to the entry above it, and there is none yet"));
        return;
    }
    if (!p->entry)
        return; /* said already */
    if (!d)
        plan_parser_complain(p, _("an entry has no \"%.40s\"; see lessons/README.md, \"Plans\""),
                             key);
    else if (!(d->kinds & (1U << p->entry->kind)))
        plan_parser_complain(p, _("\"%s\" does not belong to \"%s\""), key,
                             plan_kind_word(p->entry->kind));
    else if (!*value)
        plan_parser_complain(p, _("\"%s\" needs something after its colon"), key);
    else if (d->set(p, value) == 0)
        return;
    drop_entry(p);
}

/* -------- entries -------- */

/* "unit/name" of small letters, digits and hyphens: what ids of lessons look like. */
static size_t id_length(const char *s)
{
    size_t n = strcspn(s, " \t"), slashes = 0;
    for (size_t i = 0; i < n; i++) {
        slashes += s[i] == '/';
        if (s[i] != '/' && s[i] != '-' && !islower((unsigned char)s[i]) &&
            !isdigit((unsigned char)s[i]))
            return 0;
    }
    return slashes == 1 && s[0] != '/' && s[n - 1] != '/' ? n : 0;
}

/* "race/lost-update counter.c" to its two parts. 0 when it does not begin with an id. */
static int split_id(struct parser *p, struct plan_entry *e, const char *value)
{
    size_t n = id_length(value);
    if (!n)
        return 0;
    e->lesson = pool_strndup(p->plan->memory, value, n);
    e->what = pool_strdup(p->plan->memory, value + n + strspn(value + n, " \t"));
    return 1;
}

static int fill_entry(struct parser *p, struct plan_entry *e, const char *value)
{
    int has_id = split_id(p, e, value);
    switch (e->kind) {
    case PLAN_LESSON:
        if (!has_id) { /* the name alone will do where it is the only one */
            e->lesson = pool_strdup(p->plan->memory, value);
            return 0;
        }
        if (!*e->what)
            return 0;
        plan_parser_complain(p, _("one lesson a line; \"%.40s\" is too much"), e->what);
        return -1;
    case PLAN_SECTION:
    case PLAN_QUESTION:
        if (has_id && *e->what)
            return 0;
        plan_parser_complain(
            p, e->kind == PLAN_SECTION
                   ? _("write the lesson and the number or title of the section, as in "
                       "\"section: race/lost-update 2\"")
                   : _("write the lesson and the question, as in \"question: race/lost-update "
                       "q1\""));
        return -1;
    case PLAN_STEP:
    case PLAN_LIVE:
        if (has_id && *e->what)
            return 0;
        e->lesson = "";
        break;
    case PLAN_ASK:
        e->lesson = "";
        e->ask = pool_alloc(p->plan->memory, sizeof *e->ask);
        *e->ask = (struct lesson_question){.id = "", .file = "", .line = p->line};
        e->ask->explain.text = e->ask->path.text = "";
        if (plan_get_text(p, value, &e->ask->ask) != 0)
            return -1;
        break;
    default:
        e->lesson = "";
    }
    e->what = pool_strdup(p->plan->memory, value);
    return 0;
}

static void begin_entry(struct parser *p, enum plan_kind kind, const char *value)
{
    p->began = 1;
    p->entry = NULL;
    if (p->plan->nentries == PLAN_MAX_ENTRIES) {
        plan_parser_complain(p, _("more than %d entries"), PLAN_MAX_ENTRIES);
        return;
    }
    if (!*value) {
        plan_parser_complain(p, _("\"%s\" needs something after its colon"), plan_kind_word(kind));
        return;
    }
    struct plan_entry e = {.kind = kind, .line = p->line, .lesson = "", .what = ""};
    e.path.text = e.then.text = e.schedule = e.panel = e.text.text = e.note = "";
    if (fill_entry(p, &e, value) != 0)
        return;
    p->entry = pool_push(p->plan->memory, &p->plan->entries, &p->plan->nentries, sizeof e);
    *p->entry = e;
}

/* A question of one's own is whole when its last line was read. */
static void end_entry(struct parser *p)
{
    struct plan_entry *e = p->entry;
    if (!e || e->kind != PLAN_ASK || (e->ask->nchoices >= 2 && e->ask->nright))
        return;
    p->line = e->line;
    plan_parser_complain(
        p, e->ask->nchoices < 2
               ? _("a question needs two choices or more, each in a line \"choice: …\"")
               : _("a question needs a line \"right: …\" with the numbers of what is so"));
    drop_entry(p);
}

static void take_top(struct parser *p, const char *key, const char *value)
{
    struct plan *plan = p->plan;
    long n;
    int line = p->line;
    end_entry(p);
    p->line = line;
    for (int kind = 0; kind < PLAN_KINDS; kind++)
        if (!strcmp(kind_words[kind], key)) {
            begin_entry(p, (enum plan_kind)kind, value);
            return;
        }
    if (!strcmp(key, "title") && *value)
        plan->title = pool_strdup(plan->memory, value);
    else if (!strcmp(key, "minutes") && plan_get_number(p, value, 1, PLAN_MAX_MINUTES, &n) == 0)
        plan->minutes = (int)n;
    else if (plan_detail_find(key) && strcmp(key, "minutes") != 0)
        plan_parser_complain(p, _("\"%s\" belongs to an entry: indent this line"), key);
    else if (strcmp(key, "minutes") != 0)
        plan_parser_complain(
            p,
            _("\"%.40s\" begins no entry; entries begin with lesson, section, question, "
              "ask, step, live or text"),
            key);
    p->entry = NULL;
    p->began |= strcmp(key, "title") != 0 && strcmp(key, "minutes") != 0;
}

/* -------- lines -------- */

/* Notes of several lines are one text. */
static void take_note(struct parser *p, const char *note)
{
    const char **to = p->entry ? &p->entry->note : &p->plan->note;
    if (!p->entry && p->began)
        return; /* of an entry that was left out */
    struct buf all = {0};
    buf_printf(&all, "%s%s%s", *to, **to ? "\n" : "", note);
    *to = pool_strdup(p->plan->memory, all.data ? all.data : "");
    buf_fini(&all);
}

static char *trim(char *s)
{
    s += strspn(s, " \t");
    size_t n = strlen(s);
    while (n && strchr(" \t\r", s[n - 1]))
        s[--n] = 0;
    return s;
}

static void take_line(struct parser *p, char *s)
{
    int indented = *s == ' ' || *s == '\t';
    s = trim(s);
    if (!*s || *s == '#')
        return;
    if (*s == '>') {
        take_note(p, trim(s + 1));
        return;
    }
    char *colon = strchr(s, ':');
    if (!colon || strcspn(s, " \t") < (size_t)(colon - s)) {
        plan_parser_complain(
            p, _("a line is \"word: …\", \"> a note\" or \"# a comment\"; this is \"%.40s\""), s);
        return;
    }
    *colon = 0;
    if (indented)
        take_detail(p, s, trim(colon + 1));
    else
        take_top(p, s, trim(colon + 1));
}

static int parse_lines(struct plan *plan, char *text, struct err *e)
{
    struct parser p = {.plan = plan, .line = 1};
    for (char *s = text; *s; p.line++) {
        size_t n = strcspn(s, "\n");
        char *next = s + n + (s[n] == '\n');
        s[n] = 0;
        take_line(&p, s);
        s = next;
    }
    end_entry(&p);
    if (plan->nentries)
        return 0;
    if (plan->nproblems)
        return err_set(e, ERR_DATA, "%s:%d: %s", plan->file, plan->problems[0].line,
                       plan->problems[0].message);
    return err_set(e, ERR_DATA,
                   _("%s: there is nothing to show in this plan; an entry is a line such as "
                     "\"lesson: race/lost-update\""),
                   plan->file);
}

/* -------- the whole -------- */

static struct plan *plan_new(const char *file)
{
    struct plan *p = xcalloc(1, sizeof *p);
    p->memory = xcalloc(1, sizeof *p->memory);
    p->file = pool_strdup(p->memory, file);
    const char *slash = strrchr(p->file, '/'), *name = slash ? slash + 1 : p->file;
    const char *dot = strrchr(name, '.');
    size_t n = dot && dot != name ? (size_t)(dot - name) : strlen(name);
    p->dir = !slash             ? "."
             : slash == p->file ? "/"
                                : pool_strndup(p->memory, p->file, (size_t)(slash - p->file));
    p->title = pool_strndup(p->memory, name, n);
    p->note = "";
    return p;
}

/* A copy as other editors write it, too: no mark of UTF-8 at the beginning, no returns at the ends
 * of lines. *n becomes its bytes. */
static char *plain_lines(const char *data, size_t *n)
{
    size_t from = *n >= 3 && !memcmp(data, "\xef\xbb\xbf", 3) ? 3 : 0, to = 0;
    char *text = xcalloc(*n + 1, 1);
    for (size_t i = from; i < *n; i++)
        if (data[i] != '\r' || i + 1 == *n || data[i + 1] != '\n')
            text[to++] = data[i];
    *n = to;
    text[to] = 0;
    return text;
}

int plan_parse(struct plan **out, const char *name, const char *data, size_t n, struct err *e)
{
    const char *what = "";
    *out = NULL;
    if (n > PLAN_MAX_BYTES)
        return err_set(e, ERR_DATA, _("%s: more than %d bytes; a plan is a page or two"), name,
                       PLAN_MAX_BYTES);
    char *text = plain_lines(data, &n);
    size_t bad = text_check(text, n, &what);
    int rc = 0, line = 1;
    for (size_t i = 0; i < bad; i++)
        line += text[i] == '\n';
    struct plan *p = plan_new(name);
    if (bad < n)
        rc = err_set(e, ERR_DATA, "%s:%d: %s", name, line, what);
    else
        rc = parse_lines(p, text, e);
    free(text);
    if (rc < 0)
        plan_free(p);
    else
        *out = p;
    return rc;
}

int plan_read(struct plan **out, const char *path, struct err *e)
{
    struct buf all = {0};
    char block[4096];
    struct stat st;
    size_t n;
    *out = NULL;
    FILE *f = fopen(path, "re");
    if (!f)
        return err_set(e, ERR_OPEN, _("%s: %s"), path, strerror(errno));
    if (fstat(fileno(f), &st) != 0 || S_ISDIR(st.st_mode)) {
        fclose(f);
        return err_set(e, ERR_OPEN, _("%s: this is a folder, not a plan"), path);
    }
    while ((n = fread(block, 1, sizeof block, f)) > 0 && all.len <= PLAN_MAX_BYTES)
        buf_add(&all, block, n);
    fclose(f);
    int rc = plan_parse(out, path, all.data ? all.data : "", all.len, e);
    buf_fini(&all);
    return rc;
}

struct plan *plan_of_lessons(char *const *ids, size_t n)
{
    struct plan *p = plan_new("");
    p->title = n == 1 ? pool_strdup(p->memory, ids[0]) : pool_strdup(p->memory, _("Lessons"));
    for (size_t i = 0; i < n; i++) {
        struct plan_entry *e = pool_push(p->memory, &p->entries, &p->nentries, sizeof *e);
        *e = (struct plan_entry){.kind = PLAN_LESSON, .what = ""};
        e->path.text = e->then.text = e->schedule = e->panel = e->text.text = e->note = "";
        e->lesson = pool_strdup(p->memory, ids[i]);
    }
    return p;
}

void plan_free(struct plan *p)
{
    if (!p)
        return;
    pool_fini(p->memory);
    free(p->memory);
    free(p);
}

char *plan_path(const struct plan *p, const char *file)
{
    const char *home = getenv("HOME");
    if (file[0] == '/')
        return xstrdup(file);
    if (file[0] == '~' && file[1] == '/' && home && *home)
        return xasprintf("%s/%s", home, file + 2);
    return xasprintf("%s/%s", p->dir, file);
}
