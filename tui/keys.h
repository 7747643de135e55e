/* Keys and what they do. One table (keys.def) a screen gives the dispatch, the footer, the help
 * screen, the manual page and the README. Pure. */
#ifndef LOCKSTEP_KEYS_H
#define LOCKSTEP_KEYS_H

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
/* The row of an action. */
const struct key_row *keys_row(enum action action);
/* The name of a key as the learner reads it ("→", "space", "Ctrl-L"), UTF-8; returns its length. */
int keys_spell(int key, char *out, size_t n);
/* All keys of a row, a blank between: "→ l .". */
int keys_spell_row(const struct key_row *row, char *out, size_t n);

#endif
