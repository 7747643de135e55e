/* Keys and what they do. One table (keys.def) a screen gives the dispatch, the footer, the help
 * screen, the manual page and the README. The learner can bind other keys to an action
 * (keys_bind): from then on every one of these shows them, but for the manual page and the README.
 * Pure, but for the keys bound now, which are one table for all; host thread. */
#ifndef LOCKSTEP_KEYS_H
#define LOCKSTEP_KEYS_H

#include "base.h"

#include <stddef.h>

/* A key is a Unicode character, or one of these. */
enum {
    K_FIRST = 0x110000,
    K_UP = K_FIRST,
    K_DOWN,
    K_LEFT,
    K_RIGHT,
    K_HOME,
    K_END,
    K_PGUP,
    K_PGDN,
    K_BACKTAB,
    K_BACKSPACE,
    K_DELETE,
    K_F1,
    K_DIGIT, /* in tables only: any of 0 to 9 */
    K_MOUSE, /* a click or the wheel; struct input has the rest */
    K_LAST,
    K_TAB = '\t',
    K_ENTER = '\n',
    K_ESC = 0x1b
};
#define K_CTRL(letter) ((letter)&0x1f)

enum screen_id {
#define SCREEN(id, title) SCREEN_##id,
#define KEY(id, keys, footer, rank, help)
#include "keys.def"
#undef KEY
#undef SCREEN
    SCREEN_COUNT
};

/* One action a row: ACT_step_next … */
enum action {
    ACT_NONE,
#define SCREEN(id, title)
#define KEY(id, keys, footer, rank, help) ACT_##id,
#include "keys.def"
#undef KEY
#undef SCREEN
    ACT_COUNT
};

enum { KEYS_PER_ACTION = 6 };
struct key_row {
    enum action action;        /* ACT_NONE: the row that begins a screen; help is its title */
    int keys[KEYS_PER_ACTION]; /* ends with 0 */
    const char *footer;        /* a word or two; "" when it is not in the footer */
    int rank;                  /* footer: the lowest stay when there is little room */
    const char *help;          /* a sentence without a full stop */
};

/* The rows of a screen; *n says how many. Static. */
const struct key_row *keys_of(enum screen_id screen, size_t *n);
/* In the reader's language: the title of a screen, the footer word of a row ("" when it has none)
 * and its help sentence. */
const char *keys_title(enum screen_id screen);
const char *keys_word(const struct key_row *row);
const char *keys_says(const struct key_row *row);
/* The row whose keys hold `key`, NULL if there is none. */
const struct key_row *keys_find(enum screen_id screen, int key);
/* The row of the help of a screen, whatever key it has; NULL where there is none. */
const struct key_row *keys_help(enum screen_id screen);
/* The row of an action. */
const struct key_row *keys_row(enum action action);
/* Which screen an action belongs to. */
enum screen_id keys_screen(enum action action);
/* The row as it is before anything is bound. */
const struct key_row *keys_standard(enum action action);
/* The name of a key as the learner reads it ("→", "space", "Ctrl-L"), UTF-8; returns its length. */
int keys_spell(int key, char *out, size_t n);
/* The first key of an action, for a sentence. Valid until the next call. */
const char *keys_first(enum action action);
/* All keys of a row, a blank between: "→ l .". */
int keys_spell_row(const struct key_row *row, char *out, size_t n);

/* -------- binding -------- */

/* The name of an action in the configuration ("step_next"); the action of a name, ACT_NONE when
 * there is none. Static. */
const char *keys_name(enum action action);
enum action keys_action(const char *name);
/* A key as the configuration spells it, in ASCII ("Right", "space", "Ctrl-L"), and back: 0 when it
 * is none. Arrows and other characters beyond ASCII are read, too. */
int keys_write(int key, char *out, size_t n);
int keys_read(const char *word, size_t n);

struct key_bind {
    enum action action;
    int keys[KEYS_PER_ACTION]; /* ends with 0; nothing: none was given */
    int refused;               /* set by keys_bind: it does not hold … */
    struct err why;            /* … for this reason */
};
/* May these keys be bound to the action, whatever else is bound? 0, or -ERR_USAGE with the reason:
 * none; one that the terminal keeps; Esc, digits and the mouse, which stay where they are; a
 * printable character where a line is typed; too many. */
int keys_may_bind(enum action action, const int *keys, struct err *e);
/* The other action of the same screen that one of these keys belongs to now, ACT_NONE when there is
 * none; *key (may be NULL) is that key. */
enum action keys_taken(enum action action, const int *keys, int *key);
/* From now on these hold, and nothing but these; of several for one action the last. An action that
 * has Esc keeps it. Of two that want one key on a screen the later one is refused, and one that
 * wants a key of an action that is not bound. Returns how many were refused. */
size_t keys_bind(struct key_bind *binds, size_t n);

#endif
