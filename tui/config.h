/* Settings: the file ~/.config/lockstep/config, what the environment says, and the defaults.
 *
 * The file is text: `key = value` a line, the keys and values of config.def, and
 * `bind ACTION = KEYS` (tui/keys.h); empty lines and lines that begin with # are comments. A line
 * that is wrong is a problem to be told, nothing more: the others hold.
 *
 * What holds: an option of the command line, then the environment, then the file, then the default.
 * config_parse and config_edit are pure; the rest works on the one configuration of the process.
 * Host thread. */
#ifndef LOCKSTEP_CONFIG_H
#define LOCKSTEP_CONFIG_H

#include "base.h"
#include "keys.h"

#include <stdio.h>

enum config_id {
#define CONFIG(id, key, type, values, standard, variable, title, help) CONFIG_##id,
#include "config.def"
#undef CONFIG
    CONFIG_COUNT
};
enum config_type { CONFIG_WORD, CONFIG_TEXT };

struct config_row {
    const char *key;
    enum config_type type;
    const char *values;   /* of CONFIG_WORD: "auto|dark|light" */
    const char *standard; /* the default */
    const char *variable; /* of the environment; "" none */
    const char *title, *help;
};
const struct config_row *config_row(enum config_id id);

enum { CONFIG_VALUE_MAX = 200, CONFIG_BYTES_MAX = 256 * 1024, CONFIG_PROBLEMS_MAX = 100 };

struct config_problem {
    int line; /* from 1; 0: of the file as a whole */
    char *message;
};
struct config {
    char *values[CONFIG_COUNT]; /* NULL: the file does not say */
    struct key_bind *binds;
    int *bind_lines;
    size_t nbinds;
    struct config_problem *problems;
    size_t nproblems;
    int unparsable; /* it is no text, or too large: nothing of it was taken */
};

/* Read a configuration. *c is overwritten and needs config_fini. Whatever the bytes are, it comes
 * back with what could be used and what was wrong. Fuzzed. */
void config_parse(struct config *c, const char *text, size_t nbytes);
void config_fini(struct config *c);
/* 0 when the value is one of the key's, else -ERR_USAGE with what it could be. */
int config_check(enum config_id id, const char *value, struct err *e);
/* Append the text with `key` (as "theme" or "bind step_next") set to the value: the last line of
 * that key is replaced, or one added at the end. value NULL: all its lines go. Everything else
 * stays as it is, comments and lines nobody understands, too. */
void config_edit(const char *text, size_t nbytes, const char *key, const char *value,
                 struct buf *out);

/* -------- the configuration of this process -------- */

/* Read the file, take its binds over, keep its problems. Never fails: without a file there is
 * nothing to say. */
void config_start(void);
/* The path of the file: $XDG_CONFIG_HOME/lockstep/config, else ~/.config/lockstep/config; "" when
 * neither is set. Static. */
const char *config_path(void);
/* What was wrong with it: "FILE:LINE: what" a line, at most `most` of them. Appended. */
size_t config_problems(struct buf *out, size_t most);
/* What holds now; never NULL, "" where the default is empty. Lives until it is set anew. */
const char *config_value(enum config_id id);
int config_is(enum config_id id, const char *value);
/* Where that comes from. */
enum config_from { CONFIG_DEFAULT, CONFIG_FILE, CONFIG_ENVIRONMENT };
enum config_from config_from(enum config_id id);
/* Set a value for this process, and keep it in the file. NULL: the default again. Over what the
 * environment says it holds until the end of this process. When the file cannot be written the
 * value holds all the same, and the error says that it is not kept: -ERR_OPEN, -ERR_CREATE,
 * -ERR_WRITE; -ERR_DATA when the file is none that can be edited (it is left as it is). -ERR_USAGE
 * for a value that is none. */
int config_set(enum config_id id, const char *value, struct err *e);
/* The same for the keys of an action; NULL: those of the table again. -ERR_USAGE when they cannot
 * be bound or are another's. */
int config_bind(enum action action, const int *keys, struct err *e);
/* All bindings as in the table again. */
int config_unbind_all(struct err *e);

/* The command that opens a file in the learner's editor: words for a shell, never "". */
const char *config_editor(void);
/* Let gettext speak the language that is set. */
void config_language(void);

/* The settings for the manual page, a table in plain text. */
void config_print_text(FILE *out);

#endif
