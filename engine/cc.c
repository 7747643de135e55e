/* lockstep cc and lockstep c++: the compiler, with what lockstep needs added and what gets in its
 * way left out. The command line is read only as far as that takes; then the process becomes the
 * compiler, so that its messages, its status and its standard input are the compiler's own. */
#include "compile.h"
#include "program.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum how { EXACT, PREFIX };
enum meaning {
    KEEP,
    PAIR,
    OUTPUT,
    LANGUAGE,
    LINK_INPUT,
    NO_LINK,
    QUERY,
    STATIC,
    RELOCATABLE,
    OWN_LIBRARIES,
    STATIC_CXX,
    OTHER_MACHINE,
    OPTIMISE,
    LTO,
    STRIP,
    FORTIFY,
    SANITIZE,
    OPENMP,
    MEANINGS
};
static const struct row {
    enum how how;
    const char *word;
    enum meaning meaning;
} rows[] = {
#define CC(how, word, meaning) {how, word, meaning},
#include "cc.def"
#undef CC
};

/* What a command line turned out to be. */
struct line {
    struct command args; /* as they are passed on */
    int has[MEANINGS];
    int sources, inputs, undefined;
    const char *output;
    const char *given_language;
    char optimise[16], sanitizer[64];
};

/* ---- @file ---- */
/* The next word of *s, by the rules of the compiler's own reader: quotes, backslashes, blanks. */
static char *next_word(const char **s)
{
    struct buf word = {0};
    char quote = 0;
    while (isspace((unsigned char)**s))
        ++*s;
    if (!**s)
        return NULL;
    for (; **s && (quote || !isspace((unsigned char)**s)); ++*s) {
        if (**s == '\\' && (*s)[1])
            buf_add(&word, ++*s, 1);
        else if (quote ? **s == quote : **s == '\'' || **s == '"')
            quote = quote ? 0 : **s;
        else
            buf_add(&word, *s, 1);
    }
    return word.data ? word.data : xstrdup("");
}

static char *read_text(const char *path)
{
    FILE *f = fopen(path, "re");
    struct buf text = {0};
    char chunk[4096];
    if (!f)
        return NULL;
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buf_add(&text, chunk, n);
    fclose(f);
    return text.data ? text.data : xstrdup("");
}

/* The words of @file in its place; a file that cannot be read is left to the compiler. */
static void expand(struct command *out, const char *arg, int depth)
{
    char *text = arg[0] == '@' && depth < 8 ? read_text(arg + 1) : NULL;
    if (!text) {
        command_add(out, arg);
        return;
    }
    const char *s = text;
    for (char *w; (w = next_word(&s)); free(w))
        expand(out, w, depth + 1);
    free(text);
}

/* ---- reading ---- */
static const struct row *find_row(const char *arg)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = strlen(rows[i].word);
        if (strncmp(arg, rows[i].word, n) == 0 && (rows[i].how == PREFIX || !arg[n]))
            return &rows[i];
    }
    return NULL;
}

static void note_input(struct line *l, const char *arg)
{
    static const char *const assembler[] = {".s", ".S", ".sx", ".m", ".mm", ".h", ".hh", ".hpp"};
    const char *dot = strrchr(arg, '.');
    int source = l->given_language || strcmp(arg, "-") == 0 || compile_language(arg) >= 0;
    for (size_t i = 0; dot && i < sizeof assembler / sizeof *assembler; i++)
        source |= strcmp(dot, assembler[i]) == 0;
    l->inputs++;
    l->sources += source;
}

/* Sanitisers that only look at values can stay; the others bring a run-time of their own for the
 * same calls. */
static int note_sanitizer(struct line *l, const char *list)
{
    static const char *const values[] = {"undefined",
                                         "alignment",
                                         "bool",
                                         "bounds",
                                         "enum",
                                         "null",
                                         "shift",
                                         "return",
                                         "signed-integer-overflow",
                                         "unreachable",
                                         "vla-bound",
                                         "float-divide-by-zero",
                                         "integer-divide-by-zero"};
    int keep = 0;
    for (size_t n; *list; list += n + (list[n] == ',')) {
        n = strcspn(list, ",");
        int of_values = 0;
        for (size_t i = 0; i < sizeof values / sizeof *values; i++)
            of_values |= strlen(values[i]) == n && strncmp(list, values[i], n) == 0;
        keep |= of_values;
        if (!of_values && !(n == 6 && strncmp(list, "thread", n) == 0))
            snprintf(l->sanitizer, sizeof l->sanitizer, "%.*s", (int)n, list);
    }
    l->undefined |= keep;
    return keep;
}

/* Is this argument passed on? */
static int read_option(struct line *l, const struct row *row, const char *arg, const char *value)
{
    l->has[row->meaning] = 1;
    switch (row->meaning) {
    case OUTPUT:
        l->output = value;
        return 1;
    case LANGUAGE:
        l->given_language = value && strcmp(value, "none") != 0 ? value : NULL;
        return 1;
    case LINK_INPUT:
        l->inputs++;
        return 1;
    case OPTIMISE:
        snprintf(l->optimise, sizeof l->optimise, "%s", arg);
        return 1;
    case SANITIZE:
        return note_sanitizer(l, arg + strlen(row->word));
    case LTO:
    case STRIP:
    case FORTIFY:
        return 0;
    default:
        return 1;
    }
}

static void read_line(struct line *l, const struct command *all)
{
    for (int i = 0; all->argv && all->argv[i]; i++) {
        const char *arg = all->argv[i];
        if (arg[0] != '-' || !arg[1]) {
            note_input(l, arg);
            command_add(&l->args, arg);
            continue;
        }
        const struct row *row = find_row(arg);
        int pair = row && (row->meaning == PAIR || row->meaning == OUTPUT ||
                           row->meaning == LANGUAGE || row->meaning == LINK_INPUT);
        const char *rest = pair ? arg + strlen(row->word) : "";
        int joined = *rest != '\0';
        const char *value = joined ? rest : all->argv[i + 1];
        if (!row || read_option(l, row, arg, value))
            command_add(&l->args, arg);
        if (pair && !joined && value)
            command_add(&l->args, all->argv[++i]);
    }
}

/* ---- saying ---- */
static int cannot(struct line *l, struct err *e)
{
    if (l->has[STATIC] && !l->has[NO_LINK])
        return err_set(e, ERR_UNSUPPORTED,
                       "-static cannot be: lockstep takes the place of functions of the C library, "
                       "which a static program has inside; leave -static out");
    if (l->has[OTHER_MACHINE])
        return err_set(e, ERR_UNSUPPORTED,
                       "only programs of 64 bits can be stepped; leave -m32 out");
    if (*l->sanitizer)
        return err_set(e, ERR_UNSUPPORTED,
                       "-fsanitize=%s cannot be combined with lockstep, which takes the hooks of "
                       "the thread sanitiser for itself; leave it out",
                       l->sanitizer);
    return 0;
}

/* The tests of configure and cmake compare what the compiler says; they are left alone. */
static int is_trial(const struct line *l)
{
    const char *out = l->output ? l->output : "a.out", *slash = strrchr(out, '/');
    out = slash ? slash + 1 : out;
    return strncmp(out, "conftest", 8) == 0 || strncmp(out, "cmTC_", 5) == 0 ||
           strncmp(out, "libconftest", 11) == 0;
}

/* Once a program, when it is linked. */
static void notes(const struct line *l, const char *name)
{
    if (is_trial(l))
        return;
    if (l->has[OPTIMISE] && strcmp(l->optimise, "-O0") != 0)
        fprintf(stderr,
                "lockstep %s: note: %s is kept, but it hides steps: the compiler keeps values in "
                "registers, joins and drops accesses; -O0 shows them all\n",
                name, l->optimise);
    if (l->has[LTO])
        fprintf(stderr,
                "lockstep %s: note: link-time optimisation is left out, as it could inline past "
                "the hooks\n",
                name);
    if (l->has[OPENMP])
        fprintf(stderr,
                "lockstep %s: note: OpenMP waits in the kernel by itself, which lockstep cannot "
                "control; such a program runs by itself only\n",
                name);
}

/* ---- the command ---- */
static void add_link(struct command *c, const struct line *l, enum language language)
{
    int own = l->has[OWN_LIBRARIES];
    if (l->undefined)
        command_add(c, "-lubsan");
    if (own || !l->sources)
        return; /* the compiler's own way of linking, as -fsanitize is not among the flags */
    if (language == LANGUAGE_CXX && l->has[STATIC_CXX])
        command_add(c, "-l:libstdc++.a");
    compile_libraries(c, language);
}

static int build_line(struct command *c, const struct line *l, enum language language,
                      struct err *e)
{
    const char *probe = path_probe();
    int link = !l->has[NO_LINK] && !l->has[RELOCATABLE];
    if (!probe)
        return err_set(
            e, ERR_COMPILER,
            "liblockstep-probe.so is missing beside lockstep; install lockstep again, or run make");
    compile_begin(c, language);
    if (l->sources) {
        compile_flags(c, language, 0);
        compile_include(c);
    }
    if (link)
        compile_probe(c, probe);
    for (int i = 0; i < l->args.n; i++)
        command_add(c, l->args.argv[i]);
    if (link)
        add_link(c, l, language);
    return 0;
}

static int become(const struct command *c, enum language language, struct err *e)
{
    fflush(NULL);
    if (c->argv)
        execvp(c->argv[0], c->argv);
    return err_set(e, ERR_COMPILER, "cannot run '%s': %s; install gcc, or name one in %s",
                   compile_name(language), strerror(errno), compile_variable(language));
}

int program_cc(int cxx, int argc, char *const *argv, struct err *e)
{
    enum language language = cxx ? LANGUAGE_CXX : LANGUAGE_C;
    struct command all = {0}, c = {0};
    struct line l = {0};
    for (int i = 0; i < argc; i++)
        expand(&all, argv[i], 0);
    read_line(&l, &all);
    int rc = 0;
    if (l.has[QUERY] || !l.inputs) { /* a question to the compiler */
        compile_begin(&c, language);
        for (int i = 0; i < argc; i++)
            command_add(&c, argv[i]);
    } else {
        rc = cannot(&l, e);
        if (rc == 0)
            rc = build_line(&c, &l, language, e);
        if (rc == 0 && !l.has[NO_LINK])
            notes(&l, cxx ? "c++" : "cc");
    }
    if (rc == 0)
        rc = become(&c, language, e);
    command_fini(&c);
    command_fini(&l.args);
    command_fini(&all);
    return rc;
}
