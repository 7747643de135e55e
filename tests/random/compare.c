/* Run lockstep on a program by plain enumeration and by dpor, and compare what it says. */
#include "random.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* ---- running a command ---- */
/* What a command wrote, on both streams if `all`; to be freed. Its exit status in *status. */
static char *output_of(const char *command, int *status)
{
    size_t n = 0, cap = 1 << 16;
    char *text = malloc(cap);
    FILE *f = popen(command, "r");
    *status = 126;
    if (!f || !text)
        abort();
    for (size_t got; (got = fread(text + n, 1, cap - n - 1, f)) > 0;) {
        n += got;
        if (cap - n >= 2)
            continue;
        char *more = realloc(text, cap *= 2);
        if (!more)
            abort();
        text = more;
    }
    text[n] = '\0';
    int rc = pclose(f);
    *status = WIFEXITED(rc) ? WEXITSTATUS(rc) : 125;
    return text;
}

int compare_build(const struct tools *t, const struct random_program *p, int n, const char *name)
{
    char path[512], command[2048];
    snprintf(path, sizeof path, "%s/%s.c", t->folder, name);
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        return -1;
    }
    program_write(f, p, n);
    fclose(f);
    snprintf(command, sizeof command, "cd '%s' && '%s' cc -o %s %s.c 2>&1", t->folder, t->lockstep,
             name, name);
    int status;
    char *said = output_of(command, &status);
    if (status)
        fprintf(stderr, "%s\n%s\n", command, said);
    free(said);
    return status;
}

/* ---- what a search said, as sorted lines ---- */
#define LINES_MAX 600
struct said {
    json_t *all;
    int status;
    char *line[LINES_MAX];
    const char *schedule[LINES_MAX]; /* borrowed from all */
    bool finding[LINES_MAX];
    int n;
    bool complete;
    long executions;
};

static const char *text_of(json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

static void add_line(struct said *s, json_t *from, bool finding, const char *format, ...)
{
    char text[4096];
    va_list args;
    if (s->n == LINES_MAX)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    s->schedule[s->n] = text_of(from, "schedule");
    s->finding[s->n] = finding;
    s->line[s->n++] = strdup(text);
}

static void add_outcome(struct said *s, json_t *o)
{
    char *out = json_dumps(json_object_get(o, "stdout"), JSON_ENCODE_ANY);
    char *end = json_dumps(json_object_get(o, "exit"), JSON_ENCODE_ANY);
    char *sig = json_dumps(json_object_get(o, "signal"), JSON_ENCODE_ANY);
    add_line(s, o, false, "outcome %s exit %s signal %s%s%s%s", out, end, sig,
             json_object_get(o, "deadlock") ? " deadlock" : "",
             json_object_get(o, "livelock") ? " livelock" : "",
             json_object_get(o, "cut") ? " cut" : "");
    free(out);
    free(end);
    free(sig);
}

/* The variable of a data race, as its sentence names it: the word before "at step". */
static void race_place(const char *message, char *out, size_t size)
{
    const char *end = strstr(message, " at step"), *from = end;
    while (from && from > message && from[-1] != ' ')
        from--;
    snprintf(out, size, "%.*s", from ? (int)(end - from) : 0, from ? from : "");
}

static void add_finding(struct said *s, json_t *o)
{
    const char *kind = text_of(o, "kind");
    char place[64] = "";
    if (strcmp(kind, "data-race") == 0)
        race_place(text_of(o, "message"), place, sizeof place);
    else if (strcmp(kind, "deadlock") != 0 && strcmp(kind, "livelock") != 0)
        snprintf(place, sizeof place, "line %d",
                 (int)json_integer_value(json_object_get(o, "line")));
    char wanted[160];
    snprintf(wanted, sizeof wanted, "finding %s %s", kind, place);
    for (int i = 0; i < s->n; i++)
        if (strcmp(s->line[i], wanted) == 0)
            return;
    add_line(s, o, true, "%s", wanted);
}

static bool search(const struct tools *t, const char *name, int k, const char *strategy, long limit,
                   struct said *s, char *why, size_t size)
{
    char command[2048];
    json_error_t error;
    *s = (struct said){0};
    snprintf(command, sizeof command,
             "cd '%s' && timeout -k 5 90 '%s' explore --json --strategy %s --executions %ld %s %s "
             "-- %d 2>&1",
             t->folder, t->lockstep, strategy, limit, t->options, name, k);
    char *text = output_of(command, &s->status);
    s->all = json_loads(text, 0, &error);
    if (s->status > 4 || !s->all)
        snprintf(why, size, "%s\nended with status %d and said: %.400s\n", command, s->status,
                 text);
    free(text);
    if (s->status > 4 || !s->all)
        return false;
    size_t i;
    json_t *o;
    s->complete = json_is_true(json_object_get(s->all, "complete"));
    s->executions = (long)json_integer_value(json_object_get(s->all, "executions"));
    json_array_foreach (json_object_get(s->all, "outcomes"), i, o)
        add_outcome(s, o);
    json_array_foreach (json_object_get(s->all, "findings"), i, o)
        add_finding(s, o);
    return true;
}

static void forget(struct said *s)
{
    for (int i = 0; i < s->n; i++)
        free(s->line[i]);
    json_decref(s->all);
}

static bool has(const struct said *s, const char *line)
{
    for (int i = 0; i < s->n; i++)
        if (strcmp(s->line[i], line) == 0)
            return true;
    return false;
}

struct text {
    char *at;
    size_t left;
    bool any;
};

static void tell(struct text *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(w->at, w->left, format, args);
    va_end(args);
    size_t used = (size_t)n < w->left ? (size_t)n : w->left - 1;
    w->at += used;
    w->left -= used;
    w->any = true;
}

static void compare_said(const struct said *dfs, const struct said *dpor, struct text *w)
{
    if (!dpor->complete)
        tell(w, "dpor is not complete (%s), dfs is, with %ld executions\n",
             text_of(dpor->all, "why_not"), dfs->executions);
    for (int i = 0; i < dfs->n; i++)
        if (!has(dpor, dfs->line[i]))
            tell(w, "dpor misses: %s\n", dfs->line[i]);
    for (int i = 0; i < dpor->n; i++)
        if (!has(dfs, dpor->line[i]))
            tell(w, "dfs misses: %s\n", dpor->line[i]);
    if (dpor->executions > dfs->executions)
        tell(w, "dpor makes %ld executions, dfs %ld\n", dpor->executions, dfs->executions);
    if (dfs->status != dpor->status)
        tell(w, "exit status: dfs %d, dpor %d\n", dfs->status, dpor->status);
}

/* ---- replays ---- */
static void replay(const struct tools *t, const char *name, int k, const char *strategy,
                   const struct said *s, int i, struct text *w)
{
    char command[16384];
    int status;
    snprintf(command, sizeof command,
             "cd '%s' && timeout -k 5 60 '%s' replay '%s' --plain %s %s -- %d 2>&1", t->folder,
             t->lockstep, s->schedule[i], t->options, name, k);
    if (strlen(command) > sizeof command - 2)
        return;
    char *text = output_of(command, &status);
    char wanted[64] = "";
    if (s->finding[i])
        sscanf(s->line[i], "finding %60s", wanted);
    if (status > 1)
        tell(w, "%s: replay ends with status %d: %s\n  %s\n  %.300s\n", strategy, status,
             s->line[i], s->schedule[i], text + (strlen(text) > 300 ? strlen(text) - 300 : 0));
    else if (!strstr(text, wanted))
        tell(w, "%s: the replay does not show: %s\n  %s\n", strategy, s->line[i], s->schedule[i]);
    free(text);
}

static void replay_some(const struct tools *t, const char *name, int k, const char *strategy,
                        const struct said *s, struct text *w)
{
    for (int i = s->n - 1, n = 0; i >= 0 && n < t->replays; i--, n++)
        replay(t, name, k, strategy, s, i, w);
}

enum verdict compare_run(const struct tools *t, const char *name, int k, char *why, size_t size)
{
    struct said dfs, dpor;
    struct text w = {why, size, false};
    if (!search(t, name, k, "dfs", t->limit, &dfs, why, size))
        return BROKEN;
    if (!dfs.complete || dfs.n == LINES_MAX) {
        forget(&dfs);
        return PASSED_OVER;
    }
    if (!search(t, name, k, "dpor", 2 * t->limit, &dpor, why, size)) {
        forget(&dfs);
        return BROKEN;
    }
    compare_said(&dfs, &dpor, &w);
    replay_some(t, name, k, "dfs", &dfs, &w);
    replay_some(t, name, k, "dpor", &dpor, &w);
    if (t->native_runs && !w.any)
        w.any = free_compare(t, name, k, dfs.all, &w.at, &w.left) > 0;
    forget(&dfs);
    forget(&dpor);
    return w.any ? DIFFERS : SAME;
}
