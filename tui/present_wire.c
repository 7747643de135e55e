#include "present_wire.h"

#include "keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 6000 };

static const struct {
    const char *word;
    size_t offset;
} numbers[] =
    {
#define WIRE_NUMBER(field, word) {word, offsetof(struct wire_state, field)},
#include "present_wire.def"
},
  texts[] = {
#define WIRE_TEXT(field, word) {word, offsetof(struct wire_state, field)},
#include "present_wire.def"
};
enum { NNUMBERS = sizeof numbers / sizeof *numbers, NTEXTS = sizeof texts / sizeof *texts };

static const struct {
    const char *word;
    int key;
} requests[] = {
#define WIRE_DO(word, key) {word, key},
#include "present_wire.def"
};
enum { NREQUESTS = sizeof requests / sizeof *requests };

static char **text_at(struct wire_state *s, size_t i)
{
    return (char **)(void *)((char *)s + texts[i].offset);
}

static int64_t *number_at(struct wire_state *s, size_t i)
{
    return (int64_t *)(void *)((char *)s + numbers[i].offset);
}

void wire_init(struct wire_state *s)
{
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < NTEXTS; i++)
        *text_at(s, i) = xstrdup("");
}

void wire_fini(struct wire_state *s)
{
    for (size_t i = 0; i < NTEXTS; i++) {
        free(*text_at(s, i));
        *text_at(s, i) = NULL;
    }
}

void wire_set(char **text, const char *value)
{
    free(*text);
    *text = xstrdup(value ? value : "");
}

/* -------- writing -------- */

static void add_text(struct buf *out, const char *s)
{
    for (size_t from = out->len; *s && out->len - from < TEXT_MOST; s++) {
        if (*s == '\n')
            buf_puts(out, "\\n");
        else if (*s == '\\')
            buf_puts(out, "\\\\");
        else
            buf_add(out, s, 1);
    }
}

void wire_write(const struct wire_state *s, struct buf *out)
{
    struct wire_state state = *s;
    buf_printf(out, "lockstep-present %d\n", WIRE_VERSION);
    for (size_t i = 0; i < NNUMBERS; i++)
        if (*number_at(&state, i))
            buf_printf(out, "%s %lld\n", numbers[i].word, (long long)*number_at(&state, i));
    for (size_t i = 0; i < NTEXTS; i++) {
        const char *text = *text_at(&state, i);
        if (!*text)
            continue;
        buf_printf(out, "%s ", texts[i].word);
        add_text(out, text);
        buf_puts(out, "\n");
    }
    buf_puts(out, ".\n");
}

/* -------- reading -------- */

static char *plain_text(const char *s, size_t n)
{
    char *out = xcalloc(n + 1, 1);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\\' && i + 1 < n)
            out[k++] = s[++i] == 'n' ? '\n' : s[i];
        else if (s[i])
            out[k++] = s[i];
    }
    out[k] = 0;
    return out;
}

static void take_line(struct wire_state *s, const char *line, size_t n)
{
    const char *blank = memchr(line, ' ', n);
    size_t word = blank ? (size_t)(blank - line) : n;
    const char *value = blank ? blank + 1 : line + n;
    size_t nvalue = n - (size_t)(value - line);
    for (size_t i = 0; i < NTEXTS; i++)
        if (strlen(texts[i].word) == word && !memcmp(texts[i].word, line, word)) {
            free(*text_at(s, i));
            *text_at(s, i) = plain_text(value, nvalue);
            return;
        }
    for (size_t i = 0; i < NNUMBERS; i++)
        if (strlen(numbers[i].word) == word && !memcmp(numbers[i].word, line, word)) {
            char digits[24] = "";
            memcpy(digits, value, nvalue < sizeof digits - 1 ? nvalue : sizeof digits - 1);
            *number_at(s, i) = strtoll(digits, NULL, 10);
            return;
        }
}

/* Where the message at the beginning of *in ends; 0: not yet. */
static size_t message_end(const struct buf *in)
{
    const char *end = in->len >= 3 ? memmem(in->data, in->len, "\n.\n", 3) : NULL;
    return end ? (size_t)(end - in->data) + 3 : 0;
}

static int check_header(const struct buf *in, struct err *e)
{
    static const char word[] = "lockstep-present ";
    size_t n = sizeof word - 1;
    if (in->len < n + 2)
        return memcmp(in->data ? in->data : "", word, in->len < n ? in->len : n) == 0
                   ? 0
                   : err_set(e, ERR_DATA, _("this is no presentation of lockstep"));
    if (memcmp(in->data, word, n) != 0)
        return err_set(e, ERR_DATA, _("this is no presentation of lockstep"));
    if (in->data[n] != '0' + WIRE_VERSION || in->data[n + 1] != '\n')
        return err_set(
            e, ERR_NEWER,
            _("the presentation is of another version of lockstep; use the same for both"));
    return 0;
}

int wire_read(struct buf *in, struct wire_state *s, struct err *e)
{
    if (!in->len)
        return 0;
    int rc = check_header(in, e);
    if (rc < 0)
        return rc;
    size_t end = message_end(in);
    if (!end)
        return in->len <= WIRE_MOST
                   ? 0
                   : err_set(e, ERR_DATA, _("this is no presentation of lockstep"));
    wire_fini(s);
    wire_init(s);
    const char *line = memchr(in->data, '\n', end);
    for (line++; line < in->data + end - 2;) {
        const char *newline = memchr(line, '\n', (size_t)(in->data + end - line));
        size_t n = (size_t)(newline - line); /* the message ends with one */
        take_line(s, line, n);
        line += n + 1;
    }
    memmove(in->data, in->data + end, in->len - end);
    in->len -= end;
    in->data[in->len] = 0;
    return 1;
}

/* -------- requests -------- */

int wire_request(const char *line, size_t n)
{
    for (size_t i = 0; i < NREQUESTS; i++)
        if (strlen(requests[i].word) == n && !memcmp(requests[i].word, line, n))
            return requests[i].key;
    return 0;
}

const char *wire_word(int key)
{
    for (size_t i = 0; i < NREQUESTS; i++)
        if (requests[i].key == key)
            return requests[i].word;
    return NULL;
}
