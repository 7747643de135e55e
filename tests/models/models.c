/* Hold a table of the standard against the real library and against the models of lockstep.
 *
 *     models LOCKSTEP PROGRAM.c
 *
 * PROGRAM.c makes calls in known states and prints a line for each, `what = result`; PROGRAM.tab
 * says what POSIX or C demands, and `#` begins the reason where that is not plain. The program runs
 * once by itself on the library of this machine, and then in every schedule under lockstep: each
 * run must print exactly the table. Exit status 0, 1 when something differs, 2 on a mistake. */
#include "base.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_LINES = 2000 };

struct lines {
    const char *line[MAX_LINES];
    int n;
};

static const char *lockstep, *program;
static int failures;

_Noreturn static void bad(const char *what, const char *why)
{
    fprintf(stderr, "models: %s: %s\n", what, why);
    exit(2);
}

/* Run argv, collect its standard output; the exit status, 128 + n for a signal. */
static int run_command(const char *const *argv, struct buf *out)
{
    int p[2];
    if (pipe(p) < 0)
        bad("pipe", strerror(errno));
    pid_t pid = fork();
    if (pid < 0)
        bad("fork", strerror(errno));
    if (pid == 0) {
        dup2(p[1], STDOUT_FILENO);
        close(p[0]);
        close(p[1]);
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
        _exit(127);
    }
    close(p[1]);
    char chunk[65536];
    ssize_t n;
    while ((n = read(p[0], chunk, sizeof chunk)) > 0)
        buf_add(out, chunk, (size_t)n);
    buf_add(out, "", 0);
    close(p[0]);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Several spaces are one, none at the ends; a comment is none of it. */
static void normalise(char *line)
{
    char *to = line;
    line[strcspn(line, "#")] = '\0';
    for (const char *from = line; *from; from++)
        if (*from != ' ' || (to > line && to[-1] != ' '))
            *to++ = *from;
    if (to > line && to[-1] == ' ')
        to--;
    *to = '\0';
}

/* Split text (written to) into lines without comments, without what is empty. */
static void split(char *text, struct lines *to)
{
    char *save = NULL;
    to->n = 0;
    for (char *l = strtok_r(text, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
        normalise(l);
        if (!*l)
            continue;
        if (to->n == MAX_LINES)
            bad(program, "too many lines");
        to->line[to->n++] = l;
    }
}

static void read_table(struct lines *table)
{
    char path[4096];
    size_t n = strlen(program);
    if (n < 3 || n >= sizeof path - 4 || strcmp(program + n - 2, ".c") != 0)
        bad(program, "not a C file");
    snprintf(path, sizeof path, "%.*s.tab", (int)(n - 2), program);
    FILE *f = fopen(path, "r");
    if (!f)
        bad(path, strerror(errno));
    struct buf b = {0};
    char chunk[4096];
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_add(&b, chunk, n);
    fclose(f);
    buf_add(&b, "", 0);
    split(b.data, table);
    if (!table->n)
        bad(path, "an empty table");
}

/* How many characters of a line say what was called. */
static size_t cell_length(const char *line)
{
    const char *s = strstr(line, " = ");
    return s ? (size_t)(s - line) : strlen(line);
}

/* Is there a line in `in` about the same call? */
static const char *same_cell(const struct lines *in, const char *line)
{
    size_t n = cell_length(line);
    for (int i = 0; i < in->n; i++)
        if (cell_length(in->line[i]) == n && strncmp(in->line[i], line, n) == 0)
            return in->line[i];
    return NULL;
}

/* Is one of the words in `allowed`, with bars between them, the word of n characters? */
static int word_fits(const char *allowed, size_t nallowed, const char *word, size_t n)
{
    for (const char *a = allowed, *end = allowed + nallowed; a < end;) {
        const char *bar = memchr(a, '|', (size_t)(end - a));
        size_t len = (size_t)((bar ? bar : end) - a);
        if (len == n && memcmp(a, word, n) == 0)
            return 1;
        a += len + 1;
    }
    return 0;
}

/* Does a line say what the line of the table allows? Where the standard leaves it open, words
 * stand with bars between them. */
static int line_fits(const char *table, const char *line)
{
    for (;;) {
        size_t a = strcspn(table, " "), b = strcspn(line, " ");
        if (!(a == b && memcmp(table, line, a) == 0) && !word_fits(table, a, line, b))
            return 0;
        if (!table[a] || !line[b])
            return !table[a] && !line[b];
        table += a + 1;
        line += b + 1;
    }
}

static void compare(const char *who, const struct lines *table, char *text)
{
    static struct lines got;
    int before = failures;
    split(text, &got);
    if (!got.n) {
        printf("%s says nothing\n", who);
        failures++;
        return;
    }
    for (int i = 0; i < table->n; i++) {
        const char *line = table->line[i], *other = same_cell(&got, line);
        if (!other)
            printf("%s does not say: %s\n", who, line);
        else if (!line_fits(line, other))
            printf("%s says %s; the table says%s\n", who, other, line + cell_length(line) + 2);
        failures += !other || !line_fits(line, other);
    }
    for (int i = 0; i < got.n; i++)
        if (!same_cell(table, got.line[i])) {
            printf("%s says %s; the table has no such line\n", who, got.line[i]);
            failures++;
        }
    for (int i = 0; before == failures && i < table->n; i++)
        if (!line_fits(table->line[i], got.line[i])) {
            printf("%s says %s where the table has %s\n", who, got.line[i], table->line[i]);
            failures++;
        }
}

static void native(const struct lines *table)
{
    const char *cc = getenv("CC"), *tmp = getenv("TMPDIR");
    char binary[4096];
    snprintf(binary, sizeof binary, "%s/models-%ld", tmp && *tmp ? tmp : "/tmp", (long)getpid());
    const char *compile[] = {cc && *cc ? cc : "cc", "-g", "-O0", "-pthread", program, "-o", binary,
                             "-Wno-unused-result",  NULL},
               *const run[] = {binary, NULL};
    struct buf out = {0};
    if (run_command(compile, &out) != 0)
        bad(program, "does not compile");
    out.len = 0;
    int status = run_command(run, &out);
    unlink(binary);
    if (status != 0) {
        printf("the library: the program ends with status %d\n", status);
        failures++;
    }
    compare("the library", table, out.data);
    buf_fini(&out);
}

static void compare_outcome(const struct lines *table, json_t *outcome)
{
    const char *text = json_string_value(json_object_get(outcome, "stdout"));
    json_t *status = json_object_get(outcome, "exit");
    char *copy = xstrdup(text ? text : "");
    if (!json_is_integer(status) || json_integer_value(status) != 0) {
        json_object_del(outcome, "stdout");
        char *how = json_dumps(outcome, JSON_COMPACT);
        printf("the model: an execution does not end with exit 0: %s\n", how ? how : "?");
        free(how);
        failures++;
    }
    compare("the model", table, copy);
    free(copy);
}

static void model(const struct lines *table)
{
    const char *const argv[] = {lockstep, "explore", "--json", program, NULL};
    struct buf out = {0};
    json_error_t error;
    int status = run_command(argv, &out);
    json_t *root = json_loads(out.data, 0, &error), *j;
    json_t *outcomes = json_object_get(root, "outcomes");
    size_t i;
    if (!root || json_array_size(outcomes) == 0) {
        printf("the model: no outcome, status %d: %.400s\n", status, out.data);
        failures++;
    }
    if (!json_is_true(json_object_get(root, "complete"))) {
        printf("the model: the search is not complete\n");
        failures++;
    }
    json_array_foreach (outcomes, i, j)
        compare_outcome(table, j);
    json_decref(root);
    buf_fini(&out);
}

int main(int argc, char **argv)
{
    static struct lines table;
    if (argc != 3)
        bad("usage", "models LOCKSTEP PROGRAM.c");
    lockstep = argv[1];
    program = argv[2];
    setvbuf(stdout, NULL, _IONBF, 0);
    read_table(&table);
    native(&table);
    model(&table);
    return failures ? 1 : 0;
}
