#include "header.h"
#include "base.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *program; /* path of the program */
static char *source;        /* its text */

_Noreturn static void bad_header(int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", program, line, what);
    exit(2);
}

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(2);
    }
    struct buf b = {0};
    char chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_add(&b, chunk, n);
    fclose(f);
    buf_add(&b, "", 0);
    return b.data;
}

/* The next word of *s: bare, or a C string in double quotes. NULL at the end. */
static char *next_word(char **s, int line)
{
    struct buf b = {0};
    while (**s == ' ')
        ++*s;
    if (!**s)
        return NULL;
    buf_puts(&b, "");
    if (**s != '"') {
        size_t n = strcspn(*s, " ");
        buf_add(&b, *s, n);
        *s += n;
        return b.data;
    }
    for (++*s; **s != '"'; ++*s) {
        char c = **s;
        if (!c)
            bad_header(line, "a string without its closing quote");
        if (c == '\\') {
            ++*s;
            c = **s == 'n' ? '\n' : **s == 't' ? '\t' : **s;
        }
        buf_add(&b, &c, 1);
    }
    ++*s;
    return b.data;
}

static int split(char *s, const char **words, int line)
{
    int n = 0;
    for (char *w; (w = next_word(&s, line)); n++) {
        if (n == MAX_WORDS - 1)
            bad_header(line, "too many words");
        words[n] = w;
    }
    words[n] = NULL;
    return n;
}

static long number(const char *word, int line)
{
    char *end;
    if (!word || !isdigit((unsigned char)*word))
        bad_header(line, "a number is missing");
    long n = strtol(word, &end, 10);
    if (*end)
        bad_header(line, "not a number");
    return n;
}

/* Add every line of the source that carries the comment `// @mark`. */
static void add_marked(struct finding *f, const char *mark, size_t n, int line)
{
    int at = 1, found = 0;
    for (const char *s = source; *s; s++) {
        if (*s == '\n')
            at++;
        if (strncmp(s, "// @", 4) != 0 || strncmp(s + 3, mark, n) != 0 ||
            isalnum((unsigned char)s[3 + n]))
            continue;
        if (f->nlines == MAX_LINES)
            bad_header(line, "too many lines");
        f->lines[f->nlines++] = at;
        found = 1;
    }
    if (!found)
        bad_header(line, "no line carries that mark");
}

/* "12", "@mark", or several with bars between them. */
static void parse_lines(struct finding *f, const char *word, int line)
{
    while (word && *word) {
        size_t n = strcspn(word, "|");
        char *one = xcalloc(n + 1, 1);
        memcpy(one, word, n);
        if (*one == '@')
            add_marked(f, one, n, line);
        else
            f->lines[f->nlines++] = (int)number(one, line);
        free(one);
        word += n + (word[n] == '|');
    }
    if (!f->nlines)
        bad_header(line, "line: a number or a mark is missing");
}

static void parse_finding(struct run *r, const char **w, int line)
{
    if (!w[1] || r->nfindings == MAX_ROWS)
        bad_header(line, "finding: a kind is missing, or too many");
    struct finding *f = &r->findings[r->nfindings++];
    f->kinds = w[1];
    f->many = strcmp(w[0], "findings") == 0;
    f->optional = strcmp(w[0], "may-find") == 0;
    if (w[2] && strcmp(w[2], "line") == 0)
        parse_lines(f, w[3], line);
    else if (w[2])
        bad_header(line, "after the kind comes `line`");
}

static void parse_outcome(struct run *r, const char **w, int line)
{
    if (!w[1] || !w[2] || r->noutcomes == MAX_ROWS)
        bad_header(line, "outcome: text and ending are missing, or too many");
    struct outcome *o = &r->outcomes[r->noutcomes++];
    *o = (struct outcome){.out = w[1], .exit_status = -1, .signal = -1, .executions = -1};
    for (const char **p = w + 2; *p; p++) {
        if (strcmp(*p, "deadlock") == 0)
            o->deadlock = 1;
        else if (strcmp(*p, "livelock") == 0)
            o->livelock = 1;
        else if (strcmp(*p, "exit") == 0)
            o->exit_status = (int)number(*++p, line);
        else if (strcmp(*p, "signal") == 0)
            o->signal = (int)number(*++p, line);
        else if (strcmp(*p, "executions") == 0)
            o->executions = number(*++p, line);
        else
            bad_header(line, "outcome: exit N, signal N, deadlock, livelock or executions N");
    }
}

static void parse_expect(struct run *r, char *text, int line)
{
    const char *w[MAX_WORDS];
    if (!split(text, w, line))
        bad_header(line, "EXPECT what?");
    r->nexpects++;
    if (strcmp(w[0], "complete") == 0 || strcmp(w[0], "incomplete") == 0)
        r->complete = w[0][0] == 'c';
    else if (strcmp(w[0], "outcome") == 0)
        parse_outcome(r, w, line);
    else if (strcmp(w[0], "no-findings") == 0)
        r->no_findings = 1;
    else if (strcmp(w[0], "executions") == 0)
        r->executions = number(w[1], line);
    else if (strcmp(w[0], "exit-status") == 0)
        r->exit_status = number(w[1], line);
    else if (strstr("finding findings may-find", w[0]))
        parse_finding(r, w, line);
    else
        bad_header(line, "an expectation that is none");
}

static void parse_free(struct run *r, char *text, int line)
{
    const char *w[MAX_WORDS];
    int n = split(text, w, line);
    if (n == 1 && strcmp(w[0], "alone") == 0)
        r->free_alone = 1;
    else if (n == 2 && strcmp(w[0], "outside") == 0)
        r->free_outside = w[1];
    else if (n == 2 && strcmp(w[0], "not") == 0)
        r->free_not = w[1];
    else
        bad_header(line, "FREE: alone, outside \"why\" or not \"why\"");
}

/* A line of options or arguments begins a new run when the present one has expectations. */
static struct run *run_for_words(struct run *runs, int *n, int line)
{
    if (runs[*n - 1].nexpects == 0)
        return &runs[*n - 1];
    if (*n == MAX_ROWS)
        bad_header(line, "too many runs");
    struct run *r = &runs[(*n)++];
    *r = (struct run){.complete = -1, .executions = -1, .exit_status = -1};
    return r;
}

int header_read(const char *path, struct run *runs)
{
    program = path;
    source = read_file(path);
    int n = 1, line = 0;
    runs[0] = (struct run){.complete = -1, .executions = -1, .exit_status = -1};
    char *text = xstrdup(source), *save = NULL;
    for (char *l = strtok_r(text, "\n", &save); l && strncmp(l, "//", 2) == 0;
         l = strtok_r(NULL, "\n", &save)) {
        line++;
        if (strncmp(l, "// EXPECT ", 10) == 0)
            parse_expect(&runs[n - 1], l + 10, line);
        else if (strncmp(l, "// FREE ", 8) == 0)
            parse_free(&runs[n - 1], l + 8, line);
        else if (strncmp(l, "// OPTIONS ", 11) == 0) {
            struct run *r = run_for_words(runs, &n, line);
            r->noptions = split(l + 11, r->options, line);
        } else if (strncmp(l, "// ARGS ", 8) == 0) {
            struct run *r = run_for_words(runs, &n, line);
            r->nargs = split(l + 8, r->args, line);
        }
    }
    free(text);
    for (int i = 0; i < n; i++)
        if (runs[i].noutcomes == 0 || (!runs[i].no_findings && runs[i].nfindings == 0))
            bad_header(line, "each run needs its outcomes and its findings, or no-findings");
    return n;
}
