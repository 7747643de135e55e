/* Paragraphs broken into lines. */
#include "plain_lesson.h"

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

/* Columns of s[0..n); bytes that are no character count one each. */
static int width_of(const char *s, size_t n)
{
    int width = 0;
    mbstate_t state = {0};
    while (n > 0) {
        wchar_t c;
        size_t used = mbrtowc(&c, s, n, &state);
        if (used == (size_t)-1 || used == (size_t)-2 || used == 0) {
            memset(&state, 0, sizeof state);
            used = 1;
            width++;
        } else {
            int w = wcwidth(c);
            width += w > 0 ? w : 0;
        }
        s += used;
        n -= used;
    }
    return width;
}

static void begin_line(struct buf *out, const char *lead, int indent, int *column)
{
    *column = indent;
    if (!lead) {
        buf_printf(out, "%*s", indent, "");
        return;
    }
    int width = width_of(lead, strlen(lead));
    buf_printf(out, "%s%*s", lead, width < indent ? indent - width : 0, "");
    if (width > indent)
        *column = width;
}

static void wrap_line(struct buf *out, const char *s, size_t n, const char *lead, int indent)
{
    int width = line_width(), column, first = 1;
    begin_line(out, lead, indent, &column);
    while (n > 0) {
        size_t word = 0;
        while (word < n && s[word] != ' ')
            word++;
        int w = width_of(s, word);
        if (!first && column + 1 + w > width) {
            buf_puts(out, "\n");
            begin_line(out, NULL, indent, &column);
            first = 1;
        }
        if (word) {
            buf_puts(out, first ? "" : " ");
            buf_add(out, s, word);
            column += w + !first;
            first = 0;
        }
        s += word;
        n -= word;
        if (n > 0) {
            s++;
            n--;
        }
    }
    buf_puts(out, "\n");
}

void plain_words(const char *text, const char *lead, int indent)
{
    struct buf out = {0};
    do {
        size_t n = strcspn(text, "\n");
        wrap_line(&out, text, n, lead, indent);
        lead = NULL;
        text += n + (text[n] == '\n');
    } while (*text);
    out_buf(&out);
    buf_fini(&out);
}

/* Code stands in backquotes; the other styles need no marks to be understood. */
void plain_text(const struct lesson_text *text, const char *lead, int indent)
{
    struct buf words = {0};
    for (size_t i = 0; i < text->nruns; i++) {
        const struct lesson_run *run = &text->runs[i];
        const char *mark = run->style == STYLE_CODE ? "`" : "";
        buf_puts(&words, mark);
        buf_add(&words, text->text + run->start, run->n);
        buf_puts(&words, mark);
    }
    if (words.len)
        plain_words(words.data, lead, indent);
    buf_fini(&words);
}
