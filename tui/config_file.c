/* The configuration of this process: the file on the disk, the environment, what was set since. */
#include "config.h"

#include "language.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is known of the file, and what was set in this process, which comes before all. */
static struct {
    int started;
    char *path;
    struct config file;
    char *set[CONFIG_COUNT];
} now;

const char *config_path(void)
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    free(now.path);
    if (xdg && *xdg == '/')
        now.path = xasprintf("%s/lockstep/config", xdg);
    else if (home && *home)
        now.path = xasprintf("%s/.config/lockstep/config", home);
    else
        now.path = xstrdup("");
    return now.path;
}

/* -------- reading -------- */

/* At most a byte more than is taken; waits for nobody (a pipe there is no file of ours). */
static int read_bytes(int fd, struct buf *out)
{
    char block[16384];
    ssize_t n;
    while (out->len <= CONFIG_BYTES_MAX && (n = read(fd, block, sizeof block)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        buf_add(out, block, (size_t)n);
    }
    return 0;
}

/* 1 with the bytes, 0 when there is no such file; -ERR_OPEN. */
static int read_file(const char *path, struct buf *out, struct err *e)
{
    struct stat st;
    int fd = *path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
    if (fd < 0)
        return !*path || errno == ENOENT || errno == ENOTDIR
                   ? 0
                   : err_set(e, ERR_OPEN, _("cannot be read: %s"), strerror(errno));
    int bad = fstat(fd, &st) != 0 || !S_ISREG(st.st_mode);
    if (bad)
        err_set(e, ERR_OPEN, _("it is no file"));
    else if (read_bytes(fd, out) < 0)
        bad = err_set(e, ERR_OPEN, _("cannot be read: %s"), strerror(errno)) < 0;
    close(fd);
    return bad ? -ERR_OPEN : 1;
}

static void add_problem(struct config *c, int line, const char *message)
{
    c->problems = xrealloc(c->problems, c->nproblems + 1, sizeof *c->problems);
    c->problems[c->nproblems++] = (struct config_problem){line, xstrdup(message)};
}

static void take_binds(struct config *c)
{
    keys_bind(c->binds, c->nbinds);
    for (size_t i = 0; i < c->nbinds; i++)
        if (c->binds[i].refused)
            add_problem(c, c->bind_lines[i], c->binds[i].why.message);
}

static void load(void)
{
    struct buf text = {0};
    struct err e = {0};
    config_fini(&now.file);
    int rc = read_file(config_path(), &text, &e);
    config_parse(&now.file, text.data ? text.data : "", text.len);
    if (rc < 0)
        add_problem(&now.file, 0, e.message);
    take_binds(&now.file);
    buf_fini(&text);
}

void config_start(void)
{
    for (int i = 0; i < CONFIG_COUNT; i++) {
        free(now.set[i]);
        now.set[i] = NULL;
    }
    load();
    now.started = 1;
    config_language();
}

size_t config_problems(struct buf *out, size_t most)
{
    for (size_t i = 0; i < now.file.nproblems && i < most; i++) {
        const struct config_problem *p = &now.file.problems[i];
        buf_path(out, now.path);
        if (p->line)
            buf_printf(out, ":%d", p->line);
        buf_printf(out, ": %s\n", p->message);
    }
    return now.file.nproblems;
}

/* -------- what holds -------- */

static const char *environment(enum config_id id)
{
    const char *variable = config_row(id)->variable;
    const char *s = *variable ? getenv(variable) : NULL;
    if (!s || !*s)
        return NULL;
    if (config_check(id, s, NULL) == 0)
        return s;
    /* LOCKSTEP_ASCII=1 */
    return id == CONFIG_ASCII || id == CONFIG_PLAIN ? (strcmp(s, "0") != 0 ? "yes" : "no") : NULL;
}

/* NO_COLOR asks every program for no colours; the theme of LOCKSTEP_THEME is a closer wish. */
static const char *no_colour(enum config_id id)
{
    const char *s = getenv("NO_COLOR");
    return id == CONFIG_THEME && s && *s ? "mono" : NULL;
}

const char *config_value(enum config_id id)
{
    const char *value = now.set[id];
    if (!value)
        value = environment(id);
    if (!value)
        value = no_colour(id);
    if (!value)
        value = now.file.values[id];
    return value ? value : config_row(id)->standard;
}

int config_is(enum config_id id, const char *value)
{
    return !strcmp(config_value(id), value);
}

enum config_from config_from(enum config_id id)
{
    if (environment(id) || no_colour(id))
        return CONFIG_ENVIRONMENT;
    return now.file.values[id] ? CONFIG_FILE : CONFIG_DEFAULT;
}

const char *config_editor(void)
{
    const char *const wishes[] = {config_value(CONFIG_EDITOR), getenv("VISUAL"), getenv("EDITOR")};
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
        if (wishes[i] && *wishes[i])
            return wishes[i];
    return "vi";
}

void config_language(void)
{
    const char *language = config_value(CONFIG_LANGUAGE);
    language_use(!strcmp(language, "auto") ? "" : language);
}

/* -------- writing -------- */

static int make_folder(const char *path, struct err *e)
{
    char *folder = xstrdup(path);
    int rc = 0;
    for (char *s = folder + 1; (s = strchr(s, '/')) != NULL && rc == 0; *s++ = '/') {
        *s = 0;
        if (mkdir(folder, 0700) < 0 && errno != EEXIST)
            rc = err_set(e, ERR_CREATE, _("%s: cannot be made: %s"), folder, strerror(errno));
    }
    free(folder);
    return rc;
}

static int write_bytes(int fd, const struct buf *text)
{
    for (size_t at = 0; at < text->len;) {
        ssize_t n = write(fd, text->data + at, text->len - at);
        if (n < 0 && errno != EINTR)
            return -1;
        at += n > 0 ? (size_t)n : 0;
    }
    return fsync(fd);
}

/* Beside the file, then in its place: the old one is there until the new one is whole. */
static int replace_file(const char *path, const struct buf *text, struct err *e)
{
    struct stat st;
    char *beside = xasprintf("%s.XXXXXX", path);
    int fd = mkostemp(beside, O_CLOEXEC), rc = 0;
    if (fd < 0) {
        rc = err_set(e, ERR_CREATE, _("%s: cannot be written: %s"), path, strerror(errno));
        free(beside);
        return rc;
    }
    if (stat(path, &st) == 0 && fchmod(fd, st.st_mode & 0777) < 0)
        rc = -1;
    if (rc < 0 || write_bytes(fd, text) < 0)
        rc = err_set(e, ERR_WRITE, _("%s: cannot be written: %s"), path, strerror(errno));
    close(fd);
    if (rc == 0 && rename(beside, path) < 0)
        rc = err_set(e, ERR_WRITE, _("%s: cannot be written: %s"), path, strerror(errno));
    if (rc < 0)
        unlink(beside);
    free(beside);
    return rc;
}

/* Is it a file that can be edited, or none yet? What stands in it goes to *text. */
static int read_for_change(const char *path, struct buf *text, struct err *e)
{
    struct config c;
    struct err why = {0};
    if (!*path)
        return err_set(e, ERR_CREATE, _("neither HOME nor XDG_CONFIG_HOME says where to keep it"));
    int rc = read_file(path, text, &why);
    if (rc < 0)
        return err_set(e, ERR_OPEN, _("%s: %s"), path, why.message);
    config_parse(&c, text->data ? text->data : "", text->len);
    if (c.unparsable)
        rc = err_set(e, ERR_DATA,
                     _("%s is no configuration file and is left as it is; move it away"), path);
    config_fini(&c);
    return rc < 0 ? rc : 0;
}

/* Set keys of the file (value NULL: they go). What others wrote into it meanwhile stays. */
static int keep(const char *const *keys, const char *value, struct err *e)
{
    char *path = xstrdup(config_path()), *real = realpath(path, NULL);
    struct buf text = {0};
    int rc = read_for_change(path, &text, e);
    for (size_t i = 0; rc == 0 && keys[i]; i++) {
        struct buf changed = {0};
        config_edit(text.data ? text.data : "", text.len, keys[i], value, &changed);
        buf_fini(&text);
        text = changed;
    }
    if (rc == 0)
        rc = make_folder(path, e);
    if (rc == 0) /* a link stays one */
        rc = replace_file(real ? real : path, &text, e);
    free(real);
    free(path);
    buf_fini(&text);
    return rc;
}

int config_set(enum config_id id, const char *value, struct err *e)
{
    const char *keys[] = {config_row(id)->key, NULL};
    if (value && config_check(id, value, e) < 0)
        return -ERR_USAGE;
    free(now.set[id]);
    now.set[id] = xstrdup(value ? value : config_row(id)->standard);
    int rc = keep(keys, value, e);
    if (rc == 0) {
        free(now.file.values[id]);
        now.file.values[id] = value ? xstrdup(value) : NULL;
    }
    return rc;
}

/* -------- keys -------- */

static void spell_keys(const int *keys, struct buf *out)
{
    char name[32];
    for (int i = 0; i < KEYS_PER_ACTION && keys[i]; i++) {
        keys_write(keys[i], name, sizeof name);
        buf_printf(out, "%s%s", i ? " " : "", name);
    }
}

static void forget_bind(struct config *c, enum action action)
{
    size_t n = 0;
    for (size_t i = 0; i < c->nbinds; i++)
        if (c->binds[i].action != action) {
            c->binds[n] = c->binds[i];
            c->bind_lines[n++] = c->bind_lines[i];
        }
    c->nbinds = n;
}

static void add_bind(struct config *c, enum action action, const int *keys)
{
    struct key_bind bind = {.action = action};
    memcpy(bind.keys, keys, sizeof bind.keys);
    c->binds = xrealloc(c->binds, c->nbinds + 1, sizeof *c->binds);
    c->bind_lines = xrealloc(c->bind_lines, c->nbinds + 1, sizeof *c->bind_lines);
    c->binds[c->nbinds] = bind;
    c->bind_lines[c->nbinds++] = 0;
}

static int check_bind(enum action action, const int *keys, struct err *e)
{
    char name[32];
    int key = 0;
    if (keys_may_bind(action, keys, e) < 0)
        return -ERR_USAGE;
    enum action other = keys_taken(action, keys, &key);
    if (!other)
        return 0;
    keys_write(key, name, sizeof name);
    return err_set(e, ERR_USAGE, _("%s is the key of %s (%s) already"), name, keys_name(other),
                   keys_says(keys_row(other)));
}

int config_bind(enum action action, const int *keys, struct err *e)
{
    struct buf value = {0};
    if (check_bind(action, keys ? keys : keys_standard(action)->keys, e) < 0)
        if (keys || keys_taken(action, keys_standard(action)->keys, NULL))
            return -ERR_USAGE;
    forget_bind(&now.file, action);
    if (keys)
        add_bind(&now.file, action, keys);
    keys_bind(now.file.binds, now.file.nbinds);
    char *key = xasprintf("bind %s", keys_name(action));
    const char *all[] = {key, NULL};
    if (keys)
        spell_keys(keys, &value);
    int rc = keep(all, keys ? value.data : NULL, e);
    free(key);
    buf_fini(&value);
    return rc;
}

int config_unbind_all(struct err *e)
{
    const char *all[ACT_COUNT + 1] = {NULL};
    size_t n = 0;
    for (int i = ACT_NONE + 1; i < ACT_COUNT; i++)
        all[n++] = xasprintf("bind %s", keys_name((enum action)i));
    now.file.nbinds = 0;
    keys_bind(NULL, 0);
    int rc = keep(all, NULL, e);
    for (size_t i = 0; i < n; i++)
        free((void *)(uintptr_t)all[i]);
    return rc;
}

/* Broken at blanks, four columns in. */
static void print_wrapped(FILE *out, const char *text)
{
    for (size_t width = 70; *text;) {
        size_t n = strlen(text);
        if (n > width)
            for (n = width; n && text[n] != ' ';)
                n--;
        fprintf(out, "    %.*s\n", (int)n, text);
        text += n + strspn(text + n, " ");
    }
}

void config_print_text(FILE *out)
{
    for (int i = 0; i < CONFIG_COUNT; i++) {
        const struct config_row *row = config_row((enum config_id)i);
        char *text = xasprintf("%s (%s; %s)", row->help, *row->standard ? row->standard : "empty",
                               row->variable);
        fprintf(out, "%s = %s\n", row->key, *row->values ? row->values : "...");
        print_wrapped(out, text);
        free(text);
    }
}
