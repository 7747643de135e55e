/* Paragraphs broken into lines. */
#include "plain_lesson.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

static int line_width(void)
{
    struct winsize w;
    int cols = ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col ? w.ws_col : 80;
    return cols < 20 ? 20 : cols > 100 ? 100 : cols;
}

/* The next character of s[0..n), n > 0: its bytes, *cols its columns. A byte that is no character
 * counts one. */
static size_t next_char(const char *s, size_t n, wchar_t *c, int *cols)
{
    mbstate_t state = {0};
    size_t used = mbrtowc(c, s, n, &state);
    if (used == (size_t)-1 || used == (size_t)-2 || used == 0) {
        *c = L'?';
        *cols = 1;
        return 1;
    }
    int w = wcwidth(*c);
    *cols = w > 0 ? w : 0;
    return used;
}

static int width_of(const char *s, size_t n)
{
    int width = 0, cols;
    wchar_t c;
    for (size_t i = 0; i < n; width += cols)
        i += next_char(s + i, n - i, &c, &cols);
    return width;
}

/* Marks that belong to the character before them, where words are not told apart by blanks. */
static int may_not_begin(wchar_t c)
{
    return wcschr(L"，。、；：？！）】》」』”’…", c) != NULL;
}

/* How much of s[0..n) stands on a line of `width` columns: up to a blank, or between two wide
 * characters. At least a word, however long. */
static size_t fitting(const char *s, size_t n, int width)
{
    size_t fits = 0;
    int used = 0, was_wide = 0;
    for (size_t i = 0; i < n;) {
        wchar_t c;
        int cols;
        size_t bytes = next_char(s + i, n - i, &c, &cols);
        int wide = cols == 2 && !may_not_begin(c);
        if (i > 0 && (c == L' ' || wide || (was_wide && !may_not_begin(c))))
            fits = i;
        used += cols;
        if (used > width && fits && c != L' ')
            return fits;
        was_wide = cols == 2;
        i += bytes;
    }
    return n;
}

static void begin_line(struct buf *out, const char *lead, int indent, int *column)
{
    *column = indent;
    if (!lead) {
        buf_printf(out, "%*s", indent, "");
        return;
    }
    int width = width_of(lead, strlen(lead));
    buf_puts(out, lead);
    *column = width;
}

static void wrap_line(struct buf *out, const char *s, size_t n, const char *lead, int indent)
{
    int column;
    begin_line(out, lead, indent, &column);
    while (n > 0) {
        size_t now = fitting(s, n, line_width() - column);
        buf_add(out, s, now);
        while (now < n && s[now] == ' ')
            now++;
        s += now;
        n -= now;
        if (n > 0) {
            buf_puts(out, "\n");
            begin_line(out, NULL, indent, &column);
        }
    }
    buf_puts(out, "\n");
}

void plain_wrap(struct buf *out, const char *text, const char *lead, int indent)
{
    do {
        size_t n = strcspn(text, "\n");
        wrap_line(out, text, n, lead, indent);
        lead = NULL;
        text += n + (text[n] == '\n');
    } while (*text);
}

void plain_words(const char *text, const char *lead, int indent)
{
    struct buf out = {0};
    plain_wrap(&out, text, lead, indent);
    out_buf(&out);
    buf_fini(&out);
}

void plain_say(const char *format, ...)
{
    char text[4096];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    int blanks = (int)strspn(text, " "); /* of an item: its further lines stand deeper */
    plain_words(text, "", blanks ? blanks + 2 : 0);
}

/* Code stands in backquotes, unless there is nothing else; the other styles need no marks to be
 * understood. */
void plain_spell_text(const struct lesson_text *text, struct buf *out)
{
    for (size_t i = 0; i < text->nruns; i++) {
        const struct lesson_run *run = &text->runs[i];
        const char *mark = run->style == STYLE_CODE && text->nruns > 1 ? "`" : "";
        buf_puts(out, mark);
        buf_add(out, text->text + run->start, run->n);
        buf_puts(out, mark);
    }
}

void plain_text(const struct lesson_text *text, const char *lead, int indent)
{
    struct buf words = {0};
    plain_spell_text(text, &words);
    if (words.len)
        plain_words(words.data, lead, indent);
    buf_fini(&words);
}
