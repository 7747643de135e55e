/* Paragraphs broken into lines. */
#include "plain_lesson.h"

#include "canvas.h"
#include "tui.h"

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

static void begin_line(struct buf *out, const char *lead, int indent, int *column)
{
    *column = indent;
    if (!lead) {
        buf_printf(out, "%*s", indent, "");
        return;
    }
    buf_puts(out, lead);
    *column = utf8_cols(lead, strlen(lead));
}

static void wrap_line(struct buf *out, const char *s, size_t n, const char *lead, int indent)
{
    int column;
    begin_line(out, lead, indent, &column);
    while (n > 0) {
        size_t next, now = utf8_line(s, n, line_width() - column, &next);
        buf_add(out, s, now);
        s += next;
        n -= next;
        if (n > 0) {
            buf_puts(out, "\n");
            begin_line(out, NULL, indent, &column);
        }
    }
    buf_puts(out, "\n");
}

/* Whether signs beyond ASCII have to be replaced by their twins here. */
static int only_ascii(void)
{
    static int known = -1;
    if (known < 0) {
        struct tui_options o;
        tui_options_init(&o);
        known = o.ascii && !o.wide;
    }
    return known;
}

static void add_twins(struct buf *out, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        wchar_t c;
        size_t n = utf8_next(text, left, &c);
        char twin = c == L'\n' ? '\n' : glyph_twin(c);
        buf_add(out, &twin, 1);
        text += n;
        left -= n;
    }
}

static void wrap_lines(struct buf *out, const char *text, const char *lead, int indent)
{
    do {
        size_t n = strcspn(text, "\n");
        wrap_line(out, text, n, lead, indent);
        lead = NULL;
        text += n + (text[n] == '\n');
    } while (*text);
}

void plain_wrap(struct buf *out, const char *text, const char *lead, int indent)
{
    struct buf twins = {0};
    if (only_ascii())
        add_twins(&twins, text);
    wrap_lines(out, twins.len ? twins.data : text, lead, indent);
    buf_fini(&twins);
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
