#include "lesson.h"
#include "document.h"
#include "reader.h"
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const levels[] = {
    [LEVEL_CORE] = N_("core"), [LEVEL_MORE] = N_("more"), [LEVEL_DEEP] = N_("deep")};
enum { NLEVELS = sizeof levels / sizeof levels[0] };

const char *lesson_level_word(enum lesson_level level)
{
    return (unsigned)level < NLEVELS ? levels[level] : "?";
}

/* -------- front matter -------- */

/* "unit/name", both of small letters, digits and hyphens. */
static int is_id(const char *s)
{
    const char *slash = strchr(s, '/');
    if (!slash || slash == s || !slash[1] || strlen(s) > 100)
        return 0;
    for (const char *p = s; *p; p++)
        if (p != slash && !islower((unsigned char)*p) && !isdigit((unsigned char)*p) && *p != '-')
            return 0;
    return 1;
}

static int set_id(struct reader *r, void *block, const struct field *f)
{
    struct lesson *l = block;
    if (!is_id(f->value))
        return reader_fail(r, f->line, "\"%.60s\" is no id; write unit/name like race/lost-update",
                           f->value);
    const char *slash = strchr(f->value, '/');
    l->id = pool_strdup(r->mem, f->value);
    l->unit = pool_strndup(r->mem, f->value, (size_t)(slash - f->value));
    l->name = pool_strdup(r->mem, slash + 1);
    return 0;
}

static int set_level(struct reader *r, void *block, const struct field *f)
{
    struct lesson *l = block;
    for (int i = 0; i < NLEVELS; i++)
        if (!strcmp(levels[i], f->value)) {
            l->level = (enum lesson_level)i;
            return 0;
        }
    return reader_fail(r, f->line, "\"%.40s\" is no level; it is core, more or deep", f->value);
}

static int set_needs(struct reader *r, void *block, const struct field *f)
{
    struct lesson *l = block;
    const char *s = f->value;
    for (size_t n; (n = strcspn(s, " ,")) > 0; s += n, s += strspn(s, " ,")) {
        const char **need = pool_push(r->mem, &l->needs, &l->nneeds, sizeof *need);
        *need = pool_strndup(r->mem, s, n);
        if (!is_id(*need))
            return reader_fail(r, f->line, "\"%.60s\" in needs is no id of a lesson", *need);
    }
    return 0;
}

static int set_string(struct reader *r, const struct field *f, const char **out)
{
    *out = pool_strdup(r->mem, f->value);
    return *f->value ? 0 : reader_fail(r, f->line, "\"%s\" needs a value", f->key);
}

static int set_title(struct reader *r, void *block, const struct field *f)
{
    return set_string(r, f, &((struct lesson *)block)->title);
}

static int set_summary(struct reader *r, void *block, const struct field *f)
{
    return set_string(r, f, &((struct lesson *)block)->summary);
}

static int set_python(struct reader *r, void *block, const struct field *f)
{
    return set_string(r, f, &((struct lesson *)block)->python);
}

static int set_minutes(struct reader *r, void *block, const struct field *f)
{
    long n = 0;
    int rc = value_number(r, f, 1, 600, &n);
    ((struct lesson *)block)->minutes = (int)n;
    return rc;
}

static int set_order(struct reader *r, void *block, const struct field *f)
{
    long n = 0;
    int rc = value_number(r, f, 0, 1000, &n);
    ((struct lesson *)block)->order = (int)n;
    return rc;
}

static const struct field_rule front_rules[] = {
    {"id", 1, 1, set_id},       {"title", 1, 1, set_title},     {"summary", 0, 1, set_summary},
    {"level", 1, 1, set_level}, {"minutes", 1, 1, set_minutes}, {"order", 0, 1, set_order},
    {"needs", 0, 1, set_needs}, {"python", 0, 1, set_python},
};

/* The lines between the first line, "---", and the next "---"; *body is where the text begins. */
static int front_parse(struct reader *r, struct lesson *l, size_t *body)
{
    static const char fence[] = "---\n", end[] = "\n---\n";
    if (r->nsrc < 4 || memcmp(r->src, fence, 4) != 0)
        return reader_fail(r, 1, "no front matter; the first line is ---");
    /* from the newline on, so that an empty front matter is found too */
    const char *from = r->src + 3;
    const char *close = memmem(from, r->nsrc - 3, end, 5);
    if (!close)
        return reader_fail(r, 1, "the front matter does not end; close it with a line ---");
    *body = (size_t)(close - r->src) + 5;
    struct field *fields;
    size_t nfields;
    size_t n = close > from ? (size_t)(close - from) : 0;
    int rc = fields_split(r, from + 1, n ? n - 1 : 0, 2, &fields, &nfields);
    return rc ? rc
              : fields_apply(r, l, "the front matter", 1, front_rules,
                             sizeof front_rules / sizeof front_rules[0], fields, nfields);
}

/* -------- the whole -------- */

static void lines_find(struct reader *r)
{
    for (size_t i = 0; i <= r->nsrc; i++)
        if (i == 0 || r->src[i - 1] == '\n')
            *(size_t *)pool_push(r->mem, &r->line_start, &r->nlines, sizeof(size_t)) = i;
}

/* The store remembers answers and attempts by id: none may stand for two. */
static int ids_check(struct reader *r, const struct lesson *l)
{
    const struct lesson_challenge *c, *c2;
    for (size_t i = 0; (c = lesson_challenge_at(l, i)); i++)
        for (size_t k = 0; k < i && (c2 = lesson_challenge_at(l, k)); k++)
            if (!strcmp(c->id, c2->id))
                return reader_fail(r, c->line, "a second challenge \"%.40s\"; give it an `id:`",
                                   c->id);
    const struct lesson_question *q, *q2;
    for (size_t i = 0; (q = lesson_question_at(l, i)); i++)
        for (size_t k = 0; k < i && (q2 = lesson_question_at(l, k)); k++)
            if (!strcmp(q->id, q2->id))
                return reader_fail(r, q->line, "a second question \"%.40s\"", q->id);
    return 0;
}

/* A question without an id is named by its place: q1, q2 … */
static void ids_give(struct reader *r, struct lesson *l)
{
    int n = 0;
    for (size_t s = 0; s < l->nsections; s++)
        for (size_t b = 0; b < l->sections[s].nblocks; b++) {
            struct lesson_question *q = l->sections[s].blocks[b].question;
            n += q != NULL;
            if (q && !*q->id) {
                char id[16];
                snprintf(id, sizeof id, "q%d", n);
                q->id = pool_strdup(r->mem, id);
            }
        }
}

static int parse(struct reader *r, struct lesson *l)
{
    const char *what = "";
    size_t body = 0;
    lines_find(r);
    if (r->nsrc > LESSON_MAX_BYTES)
        return reader_fail(r, 1, "more than %d bytes; a lesson is a few pages", LESSON_MAX_BYTES);
    size_t bad = text_check(r->src, r->nsrc, &what);
    if (bad < r->nsrc)
        return reader_fail(r, reader_line(r, r->src + bad), "%s", what);
    if (front_parse(r, l, &body) || document_parse(r, body, l))
        return -ERR_DATA;
    ids_give(r, l);
    return ids_check(r, l);
}

static int read_source(struct reader *r, struct lesson **out)
{
    struct lesson *l = xcalloc(1, sizeof *l);
    l->memory = xcalloc(1, sizeof *l->memory);
    r->mem = l->memory;
    l->dir = l->summary = l->python = "";
    l->file = pool_strdup(r->mem, r->name);
    l->order = 1000;
    int rc = parse(r, l);
    if (rc) {
        lesson_free(l);
        l = NULL;
    }
    *out = l;
    return rc;
}

int lesson_parse(struct lesson **out, const char *name, const char *data, size_t n, struct err *e)
{
    struct reader r = {.name = name, .src = data, .nsrc = n, .e = e};
    return read_source(&r, out);
}

void lesson_free(struct lesson *l)
{
    if (!l)
        return;
    pool_fini(l->memory);
    free(l->memory);
    free(l);
}

/* -------- from a folder -------- */

/* The whole file, one byte more than the limit at most. */
static int slurp(const char *path, struct buf *out, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        st.st_mode = 0;
    int rc = 0;
    if (fd < 0)
        rc = err_set(e, ERR_OPEN, "%s: %s", path, strerror(errno));
    else if (!S_ISREG(st.st_mode))
        rc = err_set(e, ERR_OPEN, "%s: not a file", path);
    char bytes[16384];
    ssize_t got = 0;
    while (!rc && out->len <= LESSON_MAX_BYTES && (got = read(fd, bytes, sizeof bytes)) > 0)
        buf_add(out, bytes, (size_t)got);
    if (!rc && got < 0)
        rc = err_set(e, ERR_OPEN, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return rc;
}

/* One of a list of locales, without what comes after "." or "@", or with the country left out. */
static char *translation(const char *dir, const char *locale, size_t n, const char *stop)
{
    size_t name = 0;
    while (name < n && !strchr(stop, locale[name]))
        name++;
    if (name == 0 || memchr(locale, '/', n))
        return NULL;
    char *path = xasprintf("%s/lesson.%.*s.md", dir, (int)name, locale);
    if (access(path, R_OK) == 0)
        return path;
    free(path);
    return NULL;
}

/* The lessons are written in English: who asks for that, or for no language at all, gets it. */
static int is_original(const char *locale, size_t n)
{
    return (n == 1 && *locale == 'C') || (n == 5 && !memcmp(locale, "POSIX", 5)) ||
           (n >= 2 && !memcmp(locale, "en", 2) && (n == 2 || strchr("_.@", locale[2]))) ||
           (n > 1 && !memcmp(locale, "C.", 2));
}

static char *lesson_md(const char *dir, const char *locale)
{
    char *path = NULL;
    for (const char *s = locale ? locale : ""; *s && !path;) {
        size_t n = strcspn(s, ":");
        if (is_original(s, n))
            break;
        path = translation(dir, s, n, ".@");
        if (!path)
            path = translation(dir, s, n, "_.@");
        s += n + (s[n] == ':');
    }
    return path ? path : xasprintf("%s/lesson.md", dir);
}

/* The last two parts of the folder's full name are the id. */
static int id_fits(struct reader *r, const struct lesson *l)
{
    char *full = realpath(l->dir, NULL);
    const char *dir = full ? full : l->dir;
    size_t n = strlen(dir), nid = strlen(l->id);
    int fits = n > nid && !strcmp(dir + n - nid, l->id) && dir[n - nid - 1] == '/';
    int rc = fits ? 0
                  : reader_fail(r, 1, "the id is %s, so the folder must end in that; it is %s",
                                l->id, dir);
    free(full);
    return rc;
}

static int programs_exist(struct reader *r, const struct lesson *l)
{
    for (size_t i = 0; i < r->nrefs; i++) {
        char *path = lesson_file(l, r->refs[i].file);
        int missing = access(path, R_OK) != 0;
        free(path);
        if (missing)
            return reader_fail(r, r->refs[i].line, "the program %s is not in %s (%s)",
                               r->refs[i].file, l->dir, strerror(errno));
    }
    return 0;
}

int lesson_read(struct lesson **out, const char *dir, const char *locale, struct err *e)
{
    struct buf source = {0};
    char *path = lesson_md(dir, locale);
    struct lesson *l = NULL;
    int rc = slurp(path, &source, e);
    struct reader r = {
        .name = path, .src = source.data ? source.data : "", .nsrc = source.len, .e = e};
    if (!rc)
        rc = read_source(&r, &l);
    if (!rc) {
        size_t n = strlen(dir);
        while (n > 1 && dir[n - 1] == '/')
            n--;
        l->dir = pool_strndup(r.mem, dir, n);
        rc = id_fits(&r, l) || programs_exist(&r, l) ? -ERR_DATA : 0;
    }
    if (rc) {
        lesson_free(l);
        l = NULL;
    }
    *out = l;
    free(path);
    buf_fini(&source);
    return rc;
}

/* -------- looking things up -------- */

char *lesson_file(const struct lesson *l, const char *file)
{
    return *l->dir ? xasprintf("%s/%s", l->dir, file) : xstrdup(file);
}

const struct lesson_program *lesson_program_at(const struct lesson *l, size_t section, size_t block)
{
    if (section >= l->nsections)
        return NULL;
    const struct lesson_section *s = &l->sections[section];
    const struct lesson_program *found = NULL;
    for (size_t i = 0; i < s->nblocks && (i <= block || !found); i++)
        if (s->blocks[i].program)
            found = s->blocks[i].program;
    return found;
}

const struct lesson_question *lesson_question_at(const struct lesson *l, size_t i)
{
    for (size_t s = 0; s < l->nsections; s++)
        for (size_t b = 0; b < l->sections[s].nblocks; b++)
            if (l->sections[s].blocks[b].question && i-- == 0)
                return l->sections[s].blocks[b].question;
    return NULL;
}

const struct lesson_challenge *lesson_challenge_at(const struct lesson *l, size_t i)
{
    for (size_t s = 0; s < l->nsections; s++)
        for (size_t b = 0; b < l->sections[s].nblocks; b++)
            if (l->sections[s].blocks[b].challenge && i-- == 0)
                return l->sections[s].blocks[b].challenge;
    return NULL;
}

const struct lesson_challenge *lesson_challenge_find(const struct lesson *l, const char *id)
{
    const struct lesson_challenge *c;
    for (size_t i = 0; (c = lesson_challenge_at(l, i)); i++)
        if (!strcmp(c->id, id))
            return c;
    return NULL;
}
