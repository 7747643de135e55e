#include "keys_private.h"

#include "canvas.h"

#include <stdio.h>
#include <string.h>

#define K(...)                                                                                     \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

#define SCREEN(id, title)                 {ACT_NONE, {0}, "", 0, title},
#define KEY(id, keys, footer, rank, help) {ACT_##id, keys, footer, rank, help},
static const struct key_row standard[] = {
#include "keys.def"
};
#undef KEY
#define KEY(id, keys, footer, rank, help) {ACT_##id, keys, footer, rank, help},
/* The same with the keys that are bound now. */
static struct key_row rows[] = {
#include "keys.def"
};
#undef KEY
#undef SCREEN
enum { NROWS = sizeof rows / sizeof *rows };

static const struct {
    int key;
    const char *name;
} names[] = {
    {K_UP, "↑"},
    {K_DOWN, "↓"},
    {K_LEFT, "←"},
    {K_RIGHT, "→"},
    {K_HOME, "Home"},
    {K_END, "End"},
    {K_PGUP, "PgUp"},
    {K_PGDN, "PgDn"},
    {K_TAB, "Tab"},
    {K_ENTER, "Enter"},
    {K_ESC, "Esc"},
    {K_BACKTAB, "Shift-Tab"},
    {K_F1, "F1"},
    {K_DIGIT, "0-9"},
    {K_MOUSE, "mouse"},
    {K_DELETE, "Delete"},
    {K_BACKSPACE, "Backspace"},
    {' ', "space"},
};

const struct key_row *keys_of(enum screen_id screen, size_t *n)
{
    size_t first = 0;
    for (int seen = -1; first + 2 < NROWS; first++)
        if (rows[first].action == ACT_NONE && ++seen == (int)screen)
            break;
    *n = 0;
    while (first + 1 + *n < NROWS && rows[first + 1 + *n].action != ACT_NONE)
        ++*n;
    return &rows[first + 1];
}

const char *keys_title(enum screen_id screen)
{
    size_t n;
    return _(keys_of(screen, &n)[-1].help);
}

const char *keys_word(const struct key_row *row)
{
    return *row->footer ? _(row->footer) : ""; /* the translation of "" is something else */
}

const char *keys_says(const struct key_row *row)
{
    return *row->help ? _(row->help) : "";
}

static int holds(const struct key_row *row, int key)
{
    for (int i = 0; i < KEYS_PER_ACTION && row->keys[i]; i++)
        if (row->keys[i] == key || (row->keys[i] == K_DIGIT && key >= '0' && key <= '9'))
            return 1;
    return 0;
}

const struct key_row *keys_find(enum screen_id screen, int key)
{
    size_t n;
    const struct key_row *row = keys_of(screen, &n);
    for (size_t i = 0; i < n; i++)
        if (holds(&row[i], key))
            return &row[i];
    return NULL;
}

const struct key_row *keys_help(enum screen_id screen)
{
    size_t n;
    const struct key_row *row = keys_of(screen, &n);
    for (size_t i = 0; i < n; i++)
        if (holds(&standard[&row[i] - rows], '?'))
            return &row[i];
    return NULL;
}

const struct key_row *keys_row(enum action action)
{
    for (int i = 0; i < NROWS; i++)
        if (rows[i].action == action)
            return &rows[i];
    return &rows[0];
}

static int row_of(enum action action)
{
    int i = 0;
    while (i < NROWS - 1 && rows[i].action != action)
        i++;
    return i;
}

const struct key_row *keys_standard(enum action action)
{
    return &standard[row_of(action)];
}

struct key_row *keys_row_bound(enum action action)
{
    return &rows[row_of(action)];
}

enum screen_id keys_screen(enum action action)
{
    int screen = -1, at = row_of(action);
    for (int i = 0; i <= at; i++)
        screen += rows[i].action == ACT_NONE;
    return (enum screen_id)screen;
}

int keys_spell(int key, char *out, size_t n)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].key == key)
            return snprintf(out, n, "%s", names[i].name);
    if (key > 0 && key < ' ')
        return snprintf(out, n, "Ctrl-%c", key + '@');
    char bytes[8];
    bytes[utf8_put(key, bytes)] = 0;
    return snprintf(out, n, "%s", bytes);
}

const char *keys_first(enum action action)
{
    static char name[32];
    keys_spell(keys_row(action)->keys[0], name, sizeof name);
    return name;
}

int keys_spell_row(const struct key_row *row, char *out, size_t n)
{
    size_t used = 0;
    out[0] = 0;
    for (int i = 0; i < KEYS_PER_ACTION && row->keys[i] && used < n; i++) {
        if (i)
            used += (size_t)snprintf(out + used, n - used, " ");
        if (used < n)
            used += (size_t)keys_spell(row->keys[i], out + used, n - used);
    }
    return (int)(used < n ? used : n - 1);
}

/* roff: a leading dot, a backslash and a hyphen mean something else there; arrows become words. */
static void print_roff(FILE *out, const char *s)
{
    static const struct {
        const char *glyph, *roff;
    } escapes[] = {{"↑", "Up"},    {"↓", "Down"}, {"←", "Left"},
                   {"→", "Right"}, {"-", "\\-"},  {"\\", "\\e"}};
    while (*s) {
        size_t i = 0, n = sizeof escapes / sizeof *escapes;
        while (i < n && strncmp(s, escapes[i].glyph, strlen(escapes[i].glyph)) != 0)
            i++;
        fputs(i < n ? escapes[i].roff : (char[]){*s, 0}, out);
        s += i < n ? strlen(escapes[i].glyph) : 1;
    }
}

void keys_print_man(FILE *out)
{
    char text[96];
    for (int i = 0; i < NROWS; i++) {
        if (standard[i].action == ACT_NONE) {
            fprintf(out, ".SS \"%s\"\n", standard[i].help);
            continue;
        }
        keys_spell_row(&standard[i], text, sizeof text);
        fputs(".TP\n.B \"\\&", out);
        if (!strcmp(text, "\""))
            fputs("\\(dq", out);
        else
            print_roff(out, text);
        fputs("\"\n", out);
        print_roff(out, standard[i].help);
        fputs(".\n", out);
    }
}

void keys_print_text(FILE *out)
{
    char text[96];
    for (int i = 0; i < NROWS; i++) {
        if (standard[i].action == ACT_NONE) {
            fprintf(out, "%s%s\n", i ? "\n" : "", standard[i].help);
            continue;
        }
        int used = keys_spell_row(&standard[i], text, sizeof text);
        int pad = 16 - utf8_cols(text, (size_t)used);
        fprintf(out, "  %s%*s  %s\n", text, pad > 0 ? pad : 0, "", standard[i].help);
    }
}
