/* Other keys for an action: how they are written, and which can be. */
#include "canvas.h"
#include "keys_private.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *const action_names[ACT_COUNT] = {
#define SCREEN(id, title)
#define KEY(id, keys, footer, rank, help) [ACT_##id] = #id,
#include "keys.def"
#undef KEY
#undef SCREEN
};

/* As they are written; the first name of a key is the one it gets. */
static const struct {
    int key;
    const char *name;
} written[] = {
    {K_UP, "Up"},
    {K_DOWN, "Down"},
    {K_LEFT, "Left"},
    {K_RIGHT, "Right"},
    {K_HOME, "Home"},
    {K_END, "End"},
    {K_PGUP, "PgUp"},
    {K_PGDN, "PgDn"},
    {K_TAB, "Tab"},
    {K_TAB, "Ctrl-I"},
    {K_BACKTAB, "Shift-Tab"},
    {K_ENTER, "Enter"},
    {K_ENTER, "Ctrl-J"},
    {K_ESC, "Esc"},
    {K_BACKSPACE, "Backspace"},
    {K_DELETE, "Delete"},
    {K_F1, "F1"},
    {' ', "space"},
    {K_UP, "↑"},
    {K_DOWN, "↓"},
    {K_LEFT, "←"},
    {K_RIGHT, "→"},
    {K_DIGIT, "0-9"},
    {K_MOUSE, "mouse"},
};
enum { NWRITTEN = sizeof written / sizeof *written };

const char *keys_name(enum action action)
{
    return action > ACT_NONE && action < ACT_COUNT ? action_names[action] : "";
}

enum action keys_action(const char *name)
{
    for (int i = ACT_NONE + 1; i < ACT_COUNT; i++)
        if (!strcmp(action_names[i], name))
            return (enum action)i;
    return ACT_NONE;
}

int keys_write(int key, char *out, size_t n)
{
    for (int i = 0; i < NWRITTEN; i++)
        if (written[i].key == key)
            return snprintf(out, n, "%s", written[i].name);
    return keys_spell(key, out, n);
}

static int same_word(const char *word, size_t n, const char *name)
{
    size_t i = 0;
    while (i < n && name[i] && tolower((unsigned char)word[i]) == tolower((unsigned char)name[i]))
        i++;
    return i == n && !name[i];
}

/* Ctrl-X, ^X: the control character. */
static int read_control(const char *word, size_t n)
{
    size_t prefix = n == 6 && same_word(word, 5, "Ctrl-") ? 5 : n == 2 && word[0] == '^' ? 1 : 0;
    int letter = prefix ? toupper((unsigned char)word[prefix]) : 0;
    return letter > '@' && letter <= '_' ? K_CTRL(letter) : 0;
}

int keys_read(const char *word, size_t n)
{
    wchar_t ch;
    for (int i = 0; i < NWRITTEN; i++)
        if (same_word(word, n, written[i].name))
            return written[i].key;
    int control = read_control(word, n);
    if (control)
        return control == '\r' ? K_ENTER : control;
    if (!n || utf8_next(word, n, &ch) != n || ch == 0xfffd || ch <= ' ' || ch == 0x7f)
        return 0;
    return (int)ch;
}

static int row_has(const struct key_row *row, int key)
{
    for (int i = 0; i < KEYS_PER_ACTION && row->keys[i]; i++)
        if (row->keys[i] == key)
            return 1;
    return 0;
}

static int is_digit(int key)
{
    return key >= '0' && key <= '9';
}

static int overlap(int a, int b)
{
    return a == b || (a == K_DIGIT && is_digit(b)) || (b == K_DIGIT && is_digit(a));
}

/* Where lines are typed, characters are text. */
static int is_text(enum screen_id screen, int key)
{
    return screen == SCREEN_PROMPT && key >= ' ' && key < K_FIRST;
}

/* What the terminal keeps to itself: stop, go on, suspend, quit; Ctrl-C ends. */
static int is_kept(int key)
{
    return key == K_CTRL('S') || key == K_CTRL('Q') || key == K_CTRL('Z') || key == K_CTRL('\\') ||
           key == K_CTRL('C');
}

/* Why a key that the action does not have by itself cannot become one of it. */
static int may_add(enum action action, int key, struct err *e)
{
    char name[32];
    keys_write(key, name, sizeof name);
    if (key == K_ESC)
        return err_set(e, ERR_USAGE, _("Esc always leads back and cannot be bound"));
    if (key == K_DIGIT || key == K_MOUSE)
        return err_set(e, ERR_USAGE, _("\"%s\" cannot be bound to another action"), name);
    if (is_kept(key))
        return err_set(e, ERR_USAGE, _("%s is kept by the terminal, no program gets it"), name);
    if (is_text(keys_screen(action), key))
        return err_set(e, ERR_USAGE, _("\"%s\" is a character there that can be typed"), name);
    return 0;
}

static int is_fixed(const struct key_row *row)
{
    return row_has(row, K_DIGIT) || row_has(row, K_MOUSE);
}

int keys_may_bind(enum action action, const int *keys, struct err *e)
{
    const struct key_row *row = keys_standard(action);
    int n = 0;
    if (is_fixed(row))
        return err_set(e, ERR_USAGE,
                       _("\"%s\" belongs to its digits or the mouse; no key can be "
                         "bound to it"),
                       keys_name(action));
    for (; n < KEYS_PER_ACTION && keys[n]; n++)
        if (!row_has(row, keys[n]) && may_add(action, keys[n], e) < 0)
            return -ERR_USAGE;
    if (!n)
        return err_set(e, ERR_USAGE, _("an action needs a key"));
    return 0;
}

/* The row with these keys, and Esc where it had it. */
static void set_row(struct key_row *row, const int *keys)
{
    int keep_esc = row_has(keys_standard(row->action), K_ESC), n = 0;
    memset(row->keys, 0, sizeof row->keys);
    for (int i = 0; i < KEYS_PER_ACTION && keys[i]; i++)
        if (!row_has(row, keys[i]))
            row->keys[n++] = keys[i];
    if (keep_esc && !row_has(row, K_ESC))
        row->keys[n < KEYS_PER_ACTION ? n : KEYS_PER_ACTION - 1] = K_ESC;
}

static enum action taken_on(enum screen_id screen, enum action action, int key)
{
    size_t n;
    const struct key_row *row = keys_of(screen, &n);
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < KEYS_PER_ACTION && row[i].keys[k]; k++)
            if (row[i].action != action && overlap(row[i].keys[k], key))
                return row[i].action;
    return ACT_NONE;
}

enum action keys_taken(enum action action, const int *keys, int *key)
{
    enum screen_id screen = keys_screen(action);
    for (int i = 0; i < KEYS_PER_ACTION && keys[i]; i++) {
        enum action other = taken_on(screen, action, keys[i]);
        if (key)
            *key = keys[i];
        if (other)
            return other;
    }
    return ACT_NONE;
}

static struct key_bind *bind_of(struct key_bind *binds, size_t n, enum action action)
{
    while (n-- > 0)
        if (binds[n].action == action && !binds[n].refused)
            return &binds[n];
    return NULL;
}

/* It does not hold: what does is an earlier one of the same action, or the table. */
static void refuse(struct key_bind *binds, size_t n, struct key_bind *b, const struct err *why)
{
    b->refused = 1;
    b->why = *why;
    const struct key_bind *before = bind_of(binds, n, b->action);
    set_row(keys_row_bound(b->action), before ? before->keys : keys_standard(b->action)->keys);
}

/* The last bind that stands in the way of an earlier one, or of a key in the table. */
static int refuse_one(struct key_bind *binds, size_t n)
{
    for (size_t i = n; i-- > 0;) {
        struct key_bind *b = &binds[i];
        struct err why = {0};
        char name[32];
        int key;
        if (b->refused || bind_of(binds, n, b->action) != b)
            continue;
        enum action other = keys_taken(b->action, keys_row_bound(b->action)->keys, &key);
        if (!other)
            continue;
        keys_write(key, name, sizeof name);
        err_set(&why, ERR_USAGE, _("%s is the key of %s (%s) already"), name, keys_name(other),
                keys_says(keys_row(other)));
        refuse(binds, n, b, &why);
        return 1;
    }
    return 0;
}

size_t keys_bind(struct key_bind *binds, size_t n)
{
    size_t refused = 0;
    for (int action = ACT_NONE + 1; action < ACT_COUNT; action++)
        memcpy(keys_row_bound((enum action)action)->keys, keys_standard((enum action)action)->keys,
               sizeof binds->keys);
    for (size_t i = 0; i < n; i++) {
        struct err why = {0};
        binds[i].refused = 0;
        if (keys_may_bind(binds[i].action, binds[i].keys, &why) < 0)
            refuse(binds, i + 1, &binds[i], &why);
        else
            set_row(keys_row_bound(binds[i].action), binds[i].keys);
    }
    while (refuse_one(binds, n))
        continue;
    for (size_t i = 0; i < n; i++)
        refused += binds[i].refused != 0;
    return refused;
}
