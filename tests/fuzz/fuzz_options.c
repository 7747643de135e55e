/* Command lines: words separated by newlines. Whatever they are, the answer is a command with its
 * operands inside the words, or an error of usage with a message; the help can always be told. */
#include "options.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_WORDS = 40 };

static int is_word(char *const *words, int n, const char *s)
{
    for (int i = 0; i < n; i++)
        if (s >= words[i] && s <= words[i] + strlen(words[i]))
            return 1;
    return 0;
}

static void check(const struct options *o, const struct err *e, int r, char *const *words, int n)
{
    if (r != 0 && (r != -ERR_USAGE || !e->message[0]))
        abort();
    for (int i = 0; r == 0 && i < o->noperands; i++)
        if (!is_word(words, n, o->operands[i]))
            abort();
    if (o->noperands + o->nargs >= n || o->command >= COMMAND_COUNT)
        abort();
    struct buf help = {0};
    options_help(o->command, &help);
    buf_fini(&help);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xcalloc(size + 1, 1), *words[MAX_WORDS + 1] = {(char[]){"lockstep"}}, *rest = NULL;
    int n = 1;
    if (size)
        memcpy(text, data, size);
    for (char *w = strtok_r(text, "\n", &rest); w && n < MAX_WORDS; w = strtok_r(NULL, "\n", &rest))
        words[n++] = w;
    words[n] = NULL;
    char *before[MAX_WORDS + 1]; /* getopt may put them in another order */
    memcpy(before, words, sizeof before);
    struct options o;
    struct err e = {0};
    int r = options_parse(&o, n, words, &e);
    check(&o, &e, r, before, n);
    options_fini(&o);
    free(text);
    return 0;
}
