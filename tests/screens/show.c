#include "show.h"

#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

static const char *const role_names[ROLE_COUNT] = {
#define ROLE(id, d256, l256, c16, attrs, mono) #id,
#include "theme.def"
#undef ROLE
};

static const struct {
    const char *name;
    int key;
} key_names[] = {
    {"Right", K_RIGHT},    {"Left", K_LEFT}, {"Up", K_UP},     {"Down", K_DOWN},
    {"Enter", K_ENTER},    {"Esc", K_ESC},   {"Tab", K_TAB},   {"BackTab", K_BACKTAB},
    {"PgDn", K_PGDN},      {"PgUp", K_PGUP}, {"Home", K_HOME}, {"End", K_END},
    {"Back", K_BACKSPACE},
};

static int rewriting;

void golden_options(int argc, char **argv)
{
    const char *asked = getenv("LOCKSTEP_GOLDEN");
    rewriting = (asked && *asked) || (argc > 1 && !strcmp(argv[1], "--golden"));
}

static void add_row(const struct canvas *c, int y, struct buf *out)
{
    size_t keep = out->len;
    for (int x = 0; x < c->cols; x++) {
        const struct cell *cell = canvas_at(c, x, y);
        char bytes[MB_LEN_MAX];
        mbstate_t state = {0};
        if (!cell->ch)
            continue;
        size_t n = wcrtomb(bytes, cell->ch, &state);
        if (n == (size_t)-1)
            buf_puts(out, "?");
        else
            buf_add(out, bytes, n);
        if (cell->ch != L' ')
            keep = out->len;
    }
    if (out->data)
        out->data[out->len = keep] = 0;
}

void show_text(const struct canvas *c, struct buf *out)
{
    for (int y = 0; y < c->rows; y++) {
        add_row(c, y, out);
        buf_puts(out, "\n");
    }
}

static void add_style(struct buf *out, int x, int n, unsigned style)
{
    buf_printf(out, " %d+%d %s%s%s%s%s", x, n, role_names[style & ROLE_MASK],
               style & ATTR_BOLD ? " bold" : "", style & ATTR_REVERSE ? " reverse" : "",
               style & ATTR_UNDERLINE ? " underline" : "", style & ATTR_DIM ? " dim" : "");
}

void show_styles(const struct canvas *c, struct buf *out)
{
    for (int y = 0; y < c->rows; y++) {
        size_t before = out->len;
        buf_printf(out, "%d:", y);
        size_t empty = out->len;
        for (int x = 0, from; x < c->cols;) {
            unsigned style = canvas_at(c, x, y)->style;
            for (from = x; x < c->cols && canvas_at(c, x, y)->style == style;)
                x++;
            if (style != ROLE_TEXT)
                add_style(out, from, x - from, style);
        }
        if (out->len == empty)
            out->data[out->len = before] = 0;
        else
            buf_puts(out, "\n");
    }
}

static char *read_all(const char *path)
{
    FILE *f = fopen(path, "re");
    struct buf all = {0};
    char bytes[4096];
    size_t n;
    if (!f)
        return NULL;
    while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
        buf_add(&all, bytes, n);
    fclose(f);
    return all.data ? all.data : xstrdup("");
}

static void write_all(const char *path, const struct buf *text)
{
    FILE *f = fopen(path, "we");
    size_t written = f ? fwrite(text->data, 1, text->len, f) : 0;
    if (!f || fclose(f) != 0 || written != text->len)
        fail_msg("cannot write %s", path);
}

void golden_text(const char *name, const char *now)
{
    char *path = xasprintf("tests/screens/golden/%s.txt", name);
    struct buf text = {.data = NULL};
    buf_puts(&text, now);
    if (rewriting)
        write_all(path, &text);
    char *then = read_all(path);
    if (!then || strcmp(then, now) != 0) {
        fprintf(stderr, "%s is not what is drawn now:\n%s", path, now);
        fail_msg("%s differs; make golden rewrites it", path);
    }
    free(then);
    free(path);
    buf_fini(&text);
}

void show_picture(const struct canvas *c, struct buf *out)
{
    show_text(c, out);
    buf_puts(out, "--- styles\n");
    show_styles(c, out);
}

void golden_check(const char *name, const struct canvas *c)
{
    struct buf now = {0};
    show_picture(c, &now);
    golden_text(name, now.data);
    buf_fini(&now);
}

int shows(const struct canvas *c, const char *text)
{
    struct buf all = {0};
    show_text(c, &all);
    int found = all.data && strstr(all.data, text) != NULL;
    buf_fini(&all);
    return found;
}

int key_named(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof key_names / sizeof *key_names; i++)
        if (strlen(key_names[i].name) == n && !memcmp(key_names[i].name, name, n))
            return key_names[i].key;
    return 0;
}

void until_quiet(struct ui *ui)
{
    enum { SLICE_MS = 50, SLICES = 1200 };
    for (int i = 0; i < SLICES && ui->depth; i++) {
        const struct screen_ops *ops = ui->stack[ui->depth - 1].ops;
        void *state = ui->stack[ui->depth - 1].state;
        int fd = -1, due = ops->wait ? ops->wait(state, ui->now, &fd) : -1;
        if (fd < 0 && due != 0)
            break;
        if (fd >= 0)
            poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, due == 0 ? 0 : SLICE_MS);
        ops->tick(state, ui);
    }
    ui_draw(ui);
}

void press(struct ui *ui, const char *keys)
{
    static const char quiet[] = "<Quiet>";
    while (*keys) {
        if (!strncmp(keys, quiet, sizeof quiet - 1)) {
            until_quiet(ui);
            keys += sizeof quiet - 1;
            continue;
        }
        const char *end = *keys == '<' ? strchr(keys, '>') : NULL;
        int named = end ? key_named(keys + 1, (size_t)(end - keys - 1)) : 0;
        struct input in = {.key = named ? named : (unsigned char)*keys, .clicks = 1};
        keys = named ? end + 1 : keys + 1;
        ui_input(ui, &in);
        ui_draw(ui);
    }
}

const char *columns_broken(const struct canvas *c)
{
    static char what[96];
    for (int y = 0; y < c->rows; y++)
        for (int x = 0; x < c->cols; x++) {
            wchar_t ch = canvas_at(c, x, y)->ch;
            int wide = ch && wcwidth(ch) == 2, after = x > 0 && !canvas_at(c, x, y)->ch;
            const char *wrong = wide && (x + 1 == c->cols || canvas_at(c, x + 1, y)->ch)
                                    ? "has no right half"
                                : !ch && !(after && wcwidth(canvas_at(c, x - 1, y)->ch) == 2)
                                    ? "is a right half of nothing"
                                : ch == 0xfffd ? "is a torn character"
                                               : NULL;
            if (wrong) {
                snprintf(what, sizeof what, "row %d, column %d %s", y, x, wrong);
                return what;
            }
        }
    return NULL;
}

int lines_cut(const struct canvas *c)
{
    int n = 0;
    for (int y = 0; y + 1 < c->rows; y++)
        for (int x = 0; x < c->cols; x++)
            n += wcschr(L"│┌┐├┤┬┼", canvas_at(c, x, y)->ch) && canvas_at(c, x, y)->ch &&
                 !(canvas_at(c, x, y + 1)->ch && wcschr(L"│└┘├┤┴┼", canvas_at(c, x, y + 1)->ch));
    return n;
}
