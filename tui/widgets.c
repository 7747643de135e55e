#include "widgets.h"

#include "base.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

void bar_title(struct canvas *c, const char *what, const char *right)
{
    canvas_fill(c, (struct rect){0, 0, c->cols, 1}, ROLE_BAR);
    int nright = right ? utf8_cols(right, strlen(right)) : 0;
    int x = 1 + canvas_text(c, 1, 0, ROLE_BAR | ATTR_BOLD, "lockstep");
    int room = c->cols - x - nright - 5;
    if (room < 8 && nright) { /* what it is matters more than its state */
        nright = c->cols - x - 5 - utf8_cols(what, strlen(what));
        room = c->cols;
    }
    canvas_fit(c, x + 2, 0, room, ROLE_BAR, what);
    if (nright > 0 && right)
        canvas_fit(c, c->cols - nright - 1, 0, nright, ROLE_BAR, right);
}

/* One entry of the footer: its columns, drawn or not. */
static int footer_entry(struct canvas *c, int x, const struct key_row *row, int draw)
{
    char key[32];
    keys_spell(row->keys[0], key, sizeof key);
    int nkey = utf8_cols(key, strlen(key));
    const char *word = keys_word(row);
    if (draw) {
        canvas_text(c, x, c->rows - 1, ROLE_KEY, key);
        canvas_text(c, x + nkey + 1, c->rows - 1, ROLE_WORD, word);
    }
    return nkey + 1 + utf8_cols(word, strlen(word)) + 2;
}

static int in_footer(const struct key_row *row, int rank, const enum action *without)
{
    for (; *without != ACT_NONE; without++)
        if (row->action == *without)
            return 0;
    return row->rank && row->rank <= rank && *row->footer;
}

void bar_footer_but(struct canvas *c, enum screen_id screen, const enum action *without)
{
    size_t n;
    const struct key_row *rows = keys_of(screen, &n);
    int room = c->cols, best = 0;
    for (int rank = 1; rank <= (int)n && room > 0; rank++)
        for (size_t i = 0; i < n; i++)
            if (rows[i].rank == rank && in_footer(&rows[i], rank, without)) {
                room -= footer_entry(c, 0, &rows[i], 0);
                if (room >= -1)
                    best = rank;
            }
    int x = 1;
    for (size_t i = 0; i < n; i++)
        if (in_footer(&rows[i], best, without))
            x += footer_entry(c, x, &rows[i], 1);
}

void bar_footer(struct canvas *c, enum screen_id screen, enum action without)
{
    bar_footer_but(c, screen, (const enum action[]){without, ACT_NONE});
}

struct rect panel_inside(struct rect r)
{
    return (struct rect){r.x + 1, r.y + 1, r.w - 2, r.h - 2};
}

void panel_head(struct canvas *c, struct rect r, const char *title, const char *more, int focused)
{
    int x = r.x + 1, room = r.w - 4;
    if (focused)
        x += canvas_put(c, x, r.y, ROLE_BORDER_FOCUS | ATTR_BOLD, L'▶');
    int used = canvas_fit(c, x + !focused, r.y, room, focused ? ROLE_HEADING : ROLE_PANEL, title);
    x += used + !focused;
    canvas_put(c, x, r.y, ROLE_BORDER, L' ');
    if (!focused)
        canvas_put(c, r.x + 1, r.y, ROLE_BORDER, L' ');
    room = r.w - (x - r.x) - 4;
    if (!more || !*more || room < 6)
        return;
    int nmore = utf8_cols(more, strlen(more));
    nmore = nmore > room ? room : nmore;
    x = r.x + r.w - 3 - nmore;
    canvas_put(c, x, r.y, ROLE_BORDER, L' ');
    canvas_fit(c, x + 1, r.y, nmore, ROLE_DIM, more);
    canvas_put(c, x + 1 + nmore, r.y, ROLE_BORDER, L' ');
}

void panel_box(struct canvas *c, struct rect r, const char *title, const char *more, int focused)
{
    canvas_box(c, r, ROLE_BORDER);
    panel_head(c, r, title, more, focused);
}

/* -------- wrapped text -------- */

/* Where the line that begins at `from` ends (bytes), and where the next one begins. */
static size_t line_end(const char *text, size_t n, size_t from, int width, size_t *next)
{
    const char *newline = memchr(text + from, '\n', n - from);
    size_t limit = newline ? (size_t)(newline - text) : n;
    size_t end = from + utf8_line(text + from, limit - from, width, next);
    *next = end >= limit ? limit + (newline != NULL) : from + *next;
    return end;
}

static void draw_spans(struct canvas *c, int x, int y, unsigned style, const char *text,
                       size_t from, size_t to, const struct span *spans, size_t nspans)
{
    if (!nspans) {
        canvas_textn(c, x, y, style, text + from, to - from);
        return;
    }
    for (size_t i = 0; i < nspans; i++) {
        size_t a = spans[i].start > from ? spans[i].start : from;
        size_t end = spans[i].start + spans[i].n;
        size_t b = end < to ? end : to;
        if (a < b)
            x += canvas_textn(c, x, y, spans[i].style, text + a, b - a);
    }
}

int text_wrap(struct canvas *c, struct rect r, int first_line, unsigned style, const char *text,
              const struct span *spans, size_t nspans)
{
    size_t n = strlen(text), next = 0;
    int line = 0;
    int width = r.w > 0 ? r.w : 1;
    struct rect before = {0};
    if (c) {
        before = c->clip;
        int x0 = r.x > before.x ? r.x : before.x, y0 = r.y > before.y ? r.y : before.y;
        int x1 = r.x + r.w < before.x + before.w ? r.x + r.w : before.x + before.w;
        int y1 = r.y + r.h < before.y + before.h ? r.y + r.h : before.y + before.h;
        canvas_clip(c, (struct rect){x0, y0, x1 - x0, y1 - y0});
    }
    for (size_t from = 0; from < n; from = next, line++) {
        size_t to = line_end(text, n, from, width, &next);
        int y = r.y + line - first_line;
        if (c && y >= r.y && y < r.y + r.h)
            draw_spans(c, r.x, y, style, text, from, to, spans, nspans);
    }
    if (c)
        c->clip = before;
    return line;
}

int text_lines(int width, const char *text)
{
    return text_wrap(NULL, (struct rect){0, 0, width, 0}, 0, 0, text, NULL, 0);
}

int text_holds(const char *text, const char *letters)
{
    size_t n = strlen(letters);
    for (; *text; text++) {
        size_t i = 0;
        while (i < n && tolower((unsigned char)text[i]) == tolower((unsigned char)letters[i]))
            i++;
        if (i == n)
            return 1;
    }
    return !n;
}

void message_draw(struct canvas *c, int y, unsigned style, const char *text)
{
    if (!*text)
        return;
    int width = c->cols < 100 ? c->cols : 100;
    int lines = text_lines(width - 4, text), row = y < 0 ? c->rows - 1 : y;
    if (!strchr(text, '\n') && (y < 0 || text_lines(c->cols - 2, text) == 1)) {
        canvas_fill(c, (struct rect){0, row, c->cols, 1}, ROLE_TEXT);
        canvas_fit(c, 1, row, c->cols - 2, style, text);
        return;
    }
    int height = lines + 2 < c->rows - 2 ? lines + 2 : c->rows - 2;
    if (height < 3) {
        canvas_fit(c, 1, row, c->cols - 2, style, text);
        return;
    }
    struct rect box = {(c->cols - width) / 2, (c->rows - height) / 2, width, height};
    canvas_fill(c, box, ROLE_TEXT);
    c->boxed = 1;
    panel_box(c, box, _("Message"),
              lines > height - 2 ? _("cut; any key closes it") : _("any key closes it"), 1);
    struct rect in = panel_inside(box);
    size_t first = strcspn(text, "\n");
    struct span spans[] = {{0, first, style}, {first, strlen(text) - first, ROLE_TEXT}};
    text_wrap(c, (struct rect){in.x + 1, in.y, in.w - 2, in.h}, 0, ROLE_TEXT, text, spans, 2);
}

/* -------- a line being typed -------- */

void edit_clear(struct line_edit *l)
{
    l->n = 0;
    l->text[0] = 0;
}

void edit_type(struct line_edit *l, int key)
{
    if (key < ' ' || key == 0x7f || key >= K_FIRST || l->n + 5 > sizeof l->text)
        return;
    l->n += utf8_put(key, l->text + l->n);
    l->text[l->n] = 0;
}

/* With the marks that stand on it. */
void edit_rub(struct line_edit *l)
{
    int cols = 0;
    while (l->n && !cols) {
        size_t end = l->n--;
        while (l->n && ((unsigned char)l->text[l->n] & 0xc0) == 0x80)
            l->n--;
        cols = utf8_cols(l->text + l->n, end - l->n);
    }
    l->text[l->n] = 0;
}

void edit_draw(struct canvas *c, int y, const char *label, const struct line_edit *l)
{
    canvas_fill(c, (struct rect){0, y, c->cols, 1}, ROLE_TEXT);
    int x = 1 + canvas_text(c, 1, y, ROLE_KEY, label) + 1;
    size_t from = 0;
    wchar_t ch;
    while (from < l->n && x + utf8_cols(l->text + from, l->n - from) >= c->cols)
        from += utf8_next(l->text + from, l->n - from, &ch);
    x += canvas_textn(c, x, y, ROLE_TEXT, l->text + from, l->n - from);
    c->cursor_x = x < c->cols ? x : c->cols - 1;
    c->cursor_y = y;
}

/* -------- a list -------- */

void list_clear(struct list *l, const char *title)
{
    l->n = l->at = l->top = 0;
    snprintf(l->title, sizeof l->title, "%s", title);
}

void list_add(struct list *l, int digit, long value, const char *text)
{
    if (l->n == LIST_ROWS)
        return;
    struct list_row *row = &l->rows[l->n++];
    row->digit = digit;
    row->value = value;
    snprintf(row->text, sizeof row->text, "%s", text);
}

void list_draw(struct canvas *c, struct list *l)
{
    int width = utf8_cols(l->title, strlen(l->title)) + 6;
    for (int i = 0; i < l->n; i++) {
        int w = utf8_cols(l->rows[i].text, strlen(l->rows[i].text)) + 9;
        width = w > width ? w : width;
    }
    width = width > c->cols ? c->cols : width;
    int height = l->n + 2 > c->rows - 2 ? c->rows - 2 : l->n + 2;
    struct rect box = {(c->cols - width) / 2, (c->rows - height) / 2, width, height};
    canvas_fill(c, box, ROLE_TEXT);
    panel_box(c, box, l->title, NULL, 1);
    l->drawn = panel_inside(box);
    if (l->at < l->top)
        l->top = l->at;
    if (l->at >= l->top + l->drawn.h)
        l->top = l->at - l->drawn.h + 1;
    for (int i = l->top; i < l->n && i < l->top + l->drawn.h; i++) {
        int y = l->drawn.y + i - l->top, x = l->drawn.x;
        if (l->rows[i].digit >= 0)
            canvas_printf(c, x + 1, y, ROLE_KEY, "%d", l->rows[i].digit);
        canvas_fit(c, x + 4, y, l->drawn.w - 5, ROLE_TEXT, l->rows[i].text);
        if (i == l->at)
            canvas_restyle(c, (struct rect){x, y, l->drawn.w, 1}, ATTR_REVERSE);
    }
}

static int list_click(struct list *l, const struct input *in)
{
    int row = in->y - l->drawn.y + l->top;
    if (in->wheel) {
        int at = l->at + in->wheel;
        l->at = at < 0 ? 0 : at >= l->n ? l->n - 1 : at;
        return 0;
    }
    if (in->y < l->drawn.y || in->y >= l->drawn.y + l->drawn.h || in->x < l->drawn.x ||
        in->x >= l->drawn.x + l->drawn.w || row >= l->n)
        return 0;
    l->at = row;
    return 1;
}

int list_act(struct list *l, enum action action, const struct input *in)
{
    switch (action) {
    case ACT_list_down:
        l->at += l->at + 1 < l->n;
        return 0;
    case ACT_list_up:
        l->at -= l->at > 0;
        return 0;
    case ACT_list_digit:
        for (int i = 0; i < l->n; i++)
            if (l->rows[i].digit == in->key - '0') {
                l->at = i;
                return 1;
            }
        return 0;
    case ACT_list_take:
        return l->n ? 1 : -1;
    case ACT_list_mouse:
        return list_click(l, in);
    case ACT_list_close:
        return -1;
    default:
        return 0;
    }
}
