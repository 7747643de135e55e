#include "cmd.h"

#include "config.h"

#include "lesson.h"
#include "store.h"
#include "tui.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int copy_stream(FILE *from, FILE *to)
{
    char block[65536];
    for (size_t n; (n = fread(block, 1, sizeof block, from)) > 0;)
        if (fwrite(block, 1, n, to) != n)
            return -1;
    return ferror(from) ? -1 : 0;
}

/* A stream as a file of its own: NAME in a folder for such. */
static int spool(struct given *g, FILE *from, const char *name, char **path, struct err *e)
{
    const char *tmp = getenv("TMPDIR");
    if (!tmp || !*tmp)
        tmp = "/tmp";
    if (!g->spool) {
        char *dir = xasprintf("%s/lockstep-stdin-XXXXXX", tmp);
        if (!mkdtemp(dir)) {
            int r = err_set(e, ERR_CREATE, "%s: %s; set TMPDIR to a folder you can write", dir,
                            strerror(errno));
            free(dir);
            return r;
        }
        g->spool = dir;
    }
    *path = xasprintf("%s/%s", g->spool, name);
    FILE *f = fopen(*path, "wxe");
    int bad = !f || copy_stream(from, f) < 0;
    if (f && fclose(f) != 0)
        bad = 1;
    return bad ? err_set(e, ERR_WRITE, "standard input to %s: %s", *path, strerror(errno)) : 0;
}

/* The file, or where there is none of that name the program of a lesson: "race/lost-update/fixed.c"
 * is one wherever we are. */
static char *path_of(const char *file)
{
    const char *lessons = path_lessons();
    if (access(file, F_OK) == 0 || !lessons || *file == '/' || strstr(file, ".."))
        return xstrdup(file);
    char *path = xasprintf("%s/%s", lessons, file);
    if (access(path, R_OK) == 0)
        return path;
    free(path);
    return xstrdup(file);
}

int given_open(struct given *g, char *const *files, int nfiles, char *const *args, int nargs,
               struct err *e)
{
    *g = (struct given){.nfiles = nfiles, .args = args, .nargs = nargs};
    g->files = xcalloc((size_t)nfiles + 1, sizeof *g->files);
    g->names = xcalloc((size_t)nfiles + 1, sizeof *g->names);
    for (int i = 0; i < nfiles; i++) {
        g->names[i] = xstrdup(files[i]);
        if (strcmp(files[i], "-") != 0) {
            g->files[i] = path_of(files[i]);
            continue;
        }
        if (g->spool)
            return err_set(e, ERR_USAGE, "'-' (standard input) can be given only once");
        int r = spool(g, stdin, "stdin.c", &g->files[i], e);
        if (r < 0)
            return r;
    }
    return 0;
}

static int is_own_input(const struct given *g)
{
    return g->input && strcmp(g->input, "-") == 0;
}

/* What can be read again from its beginning is used as it is; the rest is copied. */
static int open_input(struct given *g, struct err *e)
{
    struct stat st;
    if (is_own_input(g))
        return g->spool ? err_set(e, ERR_USAGE, "'-' (standard input) can be given only once")
                        : spool(g, stdin, "input", &g->input_file, e);
    FILE *f = fopen(g->input, "re");
    if (!f || fstat(fileno(f), &st) != 0 || S_ISDIR(st.st_mode)) {
        if (f)
            fclose(f);
        return err_set(e, ERR_OPEN, "cannot open %s, the standard input of the program: %s",
                       g->input, f ? _("it is a folder") : strerror(errno));
    }
    int r = 0;
    if (S_ISREG(st.st_mode))
        g->input_file = xstrdup(g->input);
    else
        r = spool(g, f, "input", &g->input_file, e);
    fclose(f);
    return r;
}

int given_run(struct given *g, const struct conditions *how, struct err *e)
{
    g->how = *how;
    g->input = how->input;
    return how->input ? open_input(g, e) : 0;
}

void given_fini(struct given *g)
{
    if (g->spool && g->input_file)
        unlink(g->input_file);
    for (int i = 0; i < g->nfiles; i++) {
        if (g->spool && strcmp(g->names[i], "-") == 0 && g->files[i])
            unlink(g->files[i]);
        free(g->files[i]);
        free(g->names[i]);
    }
    if (g->spool)
        rmdir(g->spool);
    free(g->files);
    free(g->names);
    free(g->spool);
    free(g->input_file);
    *g = (struct given){0};
}

int given_build(const struct given *g, struct program **out, struct err *e)
{
    int r = program_build(out, g->files, g->nfiles, g->args, g->nargs, e);
    struct conditions how = g->how;
    how.input = g->input_file;
    if (r == 0)
        r = program_conditions(*out, &how, e);
    if (r < 0)
        return r;
    const char *warnings = (*out)->warnings;
    if (warnings && *warnings)
        fprintf(stderr, "%s%s", warnings, warnings[strlen(warnings) - 1] == '\n' ? "" : "\n");
    return 0;
}

void shell_quote(struct buf *out, const char *s)
{
    static const char harmless[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:,@%";
    if (*s && s[strspn(s, harmless)] == '\0') {
        buf_puts(out, s);
        return;
    }
    buf_puts(out, "'");
    for (; *s; s++)
        if (*s == '\'')
            buf_puts(out, "'\\''");
        else
            buf_add(out, s, 1);
    buf_puts(out, "'");
}

static void put_option(struct buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    buf_printf(out, " %s ", name);
    shell_quote(out, value);
}

void given_replay_line(struct buf *out, const struct given *g, const struct schedule *s)
{
    struct buf token = {0};
    schedule_format(s, &token);
    buf_puts(out, "lockstep replay ");
    shell_quote(out, token.data ? token.data : "");
    buf_fini(&token);
    put_option(out, "--stdin", g->input);
    put_option(out, "--values", g->how.values);
    put_option(out, "--adversity", g->how.adversity);
    for (int i = 0; i < g->nfiles; i++) {
        buf_puts(out, " ");
        if (g->names[i][0] == '-' && g->names[i][1])
            buf_puts(out, "./");
        shell_quote(out, g->names[i]);
    }
    if (g->nargs > 0)
        buf_puts(out, " --");
    for (int i = 0; i < g->nargs; i++) {
        buf_puts(out, " ");
        shell_quote(out, g->args[i]);
    }
}

int cmd_fail(const struct options *o, const struct err *e)
{
    const char *name = commands[o->command].name;
    const char *message = e->message[0] ? e->message : err_text(e->code);
    fflush(stdout);
    if (signal_caught()) /* what failed, failed because of it */
        return 128 + signal_caught();
    size_t n = strlen(message);
    while (n > 0 && message[n - 1] == '\n') /* of a compiler */
        n--;
    fprintf(stderr, "lockstep: %s%s%.*s\n", name, *name ? ": " : "", (int)n, message);
    if (e->code == ERR_USAGE)
        fprintf(stderr, _("Try 'lockstep %s%s--help'.\n"), name, *name ? " " : "");
    return err_exit_status(e->code);
}

int out_flush(void)
{
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : -1;
}

int out_buf(struct buf *b)
{
    if (b->len)
        fwrite(b->data, 1, b->len, stdout);
    b->len = 0;
    return out_flush();
}

static volatile sig_atomic_t caught, broken;

static void on_signal(int number)
{
    if (caught) {
        signal(number, SIG_DFL);
        raise(number);
    }
    caught = number;
}

static void on_broken_pipe(int number)
{
    broken = number; /* a handler, not SIG_IGN: exec puts it back to the default */
}

void signals_init(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction a = {.sa_handler = on_signal}; /* no SA_RESTART: reading a prompt must end */
    sigemptyset(&a.sa_mask);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct sigaction old;
        if (sigaction(ends[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(ends[i], &a, NULL); /* nohup stays in force */
    }
    a.sa_handler = on_broken_pipe;
    a.sa_flags = SA_RESTART;
    sigaction(SIGPIPE, &a, NULL);
}

int signal_caught(void)
{
    return (int)caught;
}

void signal_forget(void)
{
    caught = 0;
}

int pipe_broken(void)
{
    return broken != 0;
}

int progress_possible(void)
{
    const char *term = getenv("TERM"), *accessible = getenv("ACCESSIBLE");
    if (!term || strcmp(term, "dumb") == 0 || !isatty(STDERR_FILENO))
        return 0;
    return !accessible || !*accessible || strcmp(accessible, "0") == 0;
}

void progress_wipe(int shown)
{
    if (shown)
        fputs("\r\033[K", stderr);
}

int use_plain(const struct options *o)
{
    return o->plain || config_is(CONFIG_PLAIN, "yes") || !tui_possible();
}

/* Which translations to look for, as gettext does: LANGUAGE counts unless the locale is C. */
static const char *language(void)
{
    const char *locale = setlocale(LC_MESSAGES, NULL), *list = getenv("LANGUAGE");
    if (!locale || !strcmp(locale, "C") || !strcmp(locale, "POSIX"))
        return NULL;
    return list && *list ? list : locale;
}

int open_catalogue(struct catalogue *c, const char *dir, struct err *e)
{
    if (!dir)
        dir = path_lessons();
    if (!dir)
        return err_set(e, ERR_NOT_FOUND,
                       "the lessons were not found; install them with 'make install', or run "
                       "lockstep from its build folder");
    int r = catalogue_read(c, dir, language(), e);
    if (r < 0)
        return r;
    for (size_t i = 0; i < c->nproblems; i++)
        fprintf(stderr, "lockstep: %s\n", c->problems[i].message);
    return 0;
}

struct store *open_store(void)
{
    struct store *s;
    struct err e = {0};
    if (store_open(&s, NULL, &e) == 0) {
        if (store_notice(s)[0])
            fprintf(stderr, "lockstep: %s\n", store_notice(s));
        return s;
    }
    fprintf(stderr, _("lockstep: %s; nothing will be kept\n"), e.message);
    if (store_open_memory(&s, NULL, &e) < 0)
        base_fatal("no store, not even in memory: %s", e.message);
    return s;
}
