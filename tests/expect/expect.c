/* Check what lockstep says about a program against what the program's own header expects.
 *
 *     expect LOCKSTEP PROGRAM.c
 *
 * The header is the block of // comments at the top; tests/programs/README.md lists the
 * directives. Everything is compared: each outcome and each finding that is reported must be
 * expected, and each expected one reported; every schedule must replay. Exit status 0, 1 when
 * something differs, 2 when the header is wrong. */
#include "base.h"
#include "header.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_REPLAYS = 8 };

static const char *lockstep, *program;
static int failures;

static void differ(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void differ(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    printf("  ");
    vprintf(format, ap);
    putchar('\n');
    va_end(ap);
    failures++;
}

/* Run argv, collect its standard output; the exit status, 128 + n for a signal. */
static int run_command(const char *const *argv, struct buf *out)
{
    int p[2];
    if (pipe(p) < 0)
        base_fatal("pipe: %s", strerror(errno));
    fflush(stdout);
    pid_t pid = fork();
    if (pid < 0)
        base_fatal("fork: %s", strerror(errno));
    if (pid == 0) {
        dup2(p[1], STDOUT_FILENO);
        close(p[0]);
        close(p[1]);
        execv(argv[0], (char *const *)(uintptr_t)argv);
        fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
        _exit(127);
    }
    close(p[1]);
    char chunk[65536];
    ssize_t n;
    while ((n = read(p[0], chunk, sizeof chunk)) > 0)
        buf_add(out, chunk, (size_t)n);
    close(p[0]);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int is_true(json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

/* The number under key, -1 when it is null or missing. */
static long number_of(json_t *object, const char *key)
{
    json_t *v = json_object_get(object, key);
    return json_is_integer(v) ? (long)json_integer_value(v) : -1;
}

static int same_outcome(const struct outcome *o, json_t *j)
{
    json_t *out = json_object_get(j, "stdout");
    if (!json_is_string(out) || strlen(o->out) != json_string_length(out) ||
        strcmp(o->out, json_string_value(out)) != 0)
        return 0;
    return o->deadlock == is_true(j, "deadlock") && o->livelock == is_true(j, "livelock") &&
           o->exit_status == number_of(j, "exit") && o->signal == number_of(j, "signal");
}

static void print_json(const char *what, json_t *j)
{
    char *text = json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY);
    differ("%s: %s", what, text ? text : "?");
    free(text);
}

static void compare_outcomes(struct run *r, json_t *list)
{
    size_t i;
    json_t *j;
    json_array_foreach (list, i, j) {
        struct outcome *o = NULL;
        for (int k = 0; k < r->noutcomes && !o; k++)
            if (same_outcome(&r->outcomes[k], j))
                o = &r->outcomes[k];
        if (!o || o->seen)
            print_json(o ? "outcome reported twice" : "outcome that was not expected", j);
        else if (o->executions >= 0 && o->executions != number_of(j, "executions"))
            print_json("outcome with another number of executions", j);
        if (o)
            o->seen = 1;
    }
    for (int k = 0; k < r->noutcomes; k++) {
        const struct outcome *o = &r->outcomes[k];
        struct buf b = {0};
        buf_json(&b, o->out, strlen(o->out));
        if (!o->seen)
            differ("expected outcome is missing: %s exit %d signal %d%s%s", b.data, o->exit_status,
                   o->signal, o->deadlock ? " deadlock" : "", o->livelock ? " livelock" : "");
        buf_fini(&b);
    }
}

static int has_kind(const char *kinds, const char *kind)
{
    size_t n = strlen(kind);
    for (const char *s = kinds; s; s = strchr(s, '|') ? strchr(s, '|') + 1 : NULL)
        if (strncmp(s, kind, n) == 0 && (s[n] == '|' || !s[n]))
            return 1;
    return 0;
}

static int same_finding(const struct finding *f, json_t *j)
{
    json_t *kind = json_object_get(j, "kind");
    if (!json_is_string(kind) || !has_kind(f->kinds, json_string_value(kind)))
        return 0;
    for (int i = 0; i < f->nlines; i++)
        if (f->lines[i] == number_of(j, "line"))
            return 1;
    return f->nlines == 0;
}

static void compare_findings(struct run *r, json_t *list)
{
    size_t i;
    json_t *j;
    json_array_foreach (list, i, j) {
        struct finding *f = NULL;
        for (int k = 0; k < r->nfindings && !f; k++)
            if (same_finding(&r->findings[k], j) && (r->findings[k].many || !r->findings[k].seen))
                f = &r->findings[k];
        json_t *message = json_object_get(j, "message");
        if (!f)
            print_json("finding that was not expected", j);
        else if (!json_is_string(message) || !json_string_length(message))
            print_json("finding without a message", j);
        if (f)
            f->seen = 1;
    }
    for (int k = 0; k < r->nfindings; k++)
        if (!r->findings[k].seen && !r->findings[k].optional)
            differ("expected finding is missing: %s line %d", r->findings[k].kinds,
                   r->findings[k].nlines ? r->findings[k].lines[0] : 0);
}

/* Every schedule that was printed must run again: with a finding (status 1) when it was given for
 * one, and never with a divergence. */
static void replay(const struct run *r, json_t *row, int is_finding)
{
    json_t *schedule = json_object_get(row, "schedule");
    if (!json_is_string(schedule)) {
        print_json("no schedule", row);
        return;
    }
    const char *argv[2 * MAX_WORDS + 8] = {lockstep, "replay", "--json"};
    int n = 3;
    for (int i = 0; i < r->noptions; i++) /* how it is run, which the schedule does not tell */
        if (strncmp(r->options[i], "--adversity=", 12) == 0)
            argv[n++] = r->options[i];
    argv[n++] = json_string_value(schedule);
    argv[n++] = program;
    argv[n++] = "--";
    memcpy(&argv[n], r->args, (size_t)r->nargs * sizeof *r->args);
    struct buf out = {0};
    int status = run_command(argv, &out);
    if (status != 1 && (is_finding || status != 0))
        differ("replay of %s ends with status %d", json_string_value(schedule), status);
    if (!out.len)
        differ("replay of %s says nothing", json_string_value(schedule));
    buf_fini(&out);
}

static void replay_all(const struct run *r, json_t *list, int is_finding)
{
    size_t i;
    json_t *j;
    json_array_foreach (list, i, j)
        if (i < MAX_REPLAYS)
            replay(r, j, is_finding);
}

static void compare_totals(const struct run *r, json_t *root, int status)
{
    json_t *outcomes = json_object_get(root, "outcomes"), *j;
    size_t i;
    long sum = 0, executions = number_of(root, "executions");
    int complete = is_true(root, "complete");
    json_array_foreach (outcomes, i, j)
        sum += number_of(j, "executions");
    if (sum != executions)
        differ("the outcomes count %ld executions, the total says %ld", sum, executions);
    if (r->complete >= 0 && r->complete != complete)
        differ("complete is %s", complete ? "true" : "false");
    if (r->executions >= 0 && r->executions != executions)
        differ("%ld executions (and %ld blocked), expected %ld", executions,
               number_of(root, "blocked"), r->executions);
    int found = json_array_size(json_object_get(root, "findings")) > 0;
    long want = r->exit_status >= 0 ? r->exit_status : found ? 1 : complete ? 0 : 4;
    if (status != want)
        differ("exit status %d, expected %ld", status, want);
}

static void compare(struct run *r, const char *text, int status)
{
    json_error_t error;
    json_t *root = json_loads(text ? text : "", 0, &error);
    if (!root) {
        differ("no JSON (exit status %d): %s: %.400s", status, error.text, text ? text : "");
        return;
    }
    json_t *schema = json_object_get(root, "schema");
    if (!json_is_string(schema) || strcmp(json_string_value(schema), "lockstep.explore/1") != 0)
        print_json("another schema", schema);
    compare_outcomes(r, json_object_get(root, "outcomes"));
    compare_findings(r, json_object_get(root, "findings"));
    compare_totals(r, root, status);
    replay_all(r, json_object_get(root, "findings"), 1);
    replay_all(r, json_object_get(root, "outcomes"), 0);
    json_decref(root);
}

static void explore(struct run *r)
{
    const char *argv[2 * MAX_WORDS + 8] = {lockstep, "explore", "--json"};
    int n = 3;
    for (int i = 0; i < r->noptions; i++)
        argv[n++] = r->options[i];
    argv[n++] = program;
    argv[n++] = "--";
    for (int i = 0; i < r->nargs; i++)
        argv[n++] = r->args[i];
    printf("explore");
    for (int i = 2; i < n; i++)
        printf(" %s", argv[i]);
    putchar('\n');
    struct buf out = {0};
    int status = run_command(argv, &out);
    compare(r, out.data, status);
    buf_fini(&out);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: expect LOCKSTEP PROGRAM.c\n");
        return 2;
    }
    lockstep = argv[1];
    program = argv[2];
    static struct run runs[MAX_ROWS];
    int n = header_read(program, runs);
    for (int i = 0; i < n; i++)
        explore(&runs[i]);
    return failures ? 1 : 0;
}
