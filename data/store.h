/* The store: who learns here, how far each is, what was answered and tried, what was kept.
 *
 * One SQLite file, lockstep.db. Every function that saves has put it on the disk when it returns 0
 * (one transaction each, synchronous=FULL): nothing acknowledged is lost by kill -9 or a power cut.
 * Several processes may use the file at once; a writer waits up to STORE_BUSY_MS for the other.
 *
 * How to call: one thread per struct store, never across fork(); every function blocks for the disk
 * (well below 5 ms on a local one) and allocates. Strings given are copied; NULL stands for ""
 * where a text may be empty. All that concerns a learner concerns the selected one, see
 * store_learner.
 *
 * What comes back as a list (`*list`, count as the result) is one block: rows and their strings
 * together, to be released by one free(*list); *list is NULL when the count is 0. A single row
 * (`*row`) is the same: a block to free(). Times are milliseconds since 1970, UTC.
 *
 * Errors of every function: -ERR_WRITE disk full, input/output error, read-only store, or busy for
 * too long; -ERR_NEWER (saving into a store of a newer lockstep); -ERR_DATA a parameter out of its
 * range, or a file found damaged meanwhile; -ERR_NOT_FOUND the learner was removed meanwhile;
 * -ERR_INTERNAL what SQLite says that nobody foresaw; and those named at the function. After an
 * error nothing has been changed. */
#ifndef LOCKSTEP_STORE_H
#define LOCKSTEP_STORE_H

#include "base.h"

#define STORE_BUSY_MS     5000
#define STORE_ID_MAX      200       /* bytes of a lesson, question, challenge id, name or key */
#define STORE_TEXT_MAX    (4 << 20) /* bytes of a source, token, position, message, note */
#define STORE_SECTION_MAX 9999      /* the highest number of a section */
#define STORE_LEARNER_MAX 64        /* bytes of a learner's name: printable UTF-8, no blank ends */

struct store;

/* ---- opening ---- */

enum store_mode {
    STORE_WRITABLE,
    STORE_READ_ONLY, /* folder or file cannot be written: reads work, saves give -ERR_WRITE */
    STORE_NEWER,     /* made by a newer lockstep: reads work, saves give -ERR_NEWER */
    STORE_MEMORY     /* all works, all is lost at the end */
};

enum store_journal {
    STORE_JOURNAL_AUTO, /* write-ahead log on local file systems, rollback journal on others */
    STORE_JOURNAL_WAL,
    STORE_JOURNAL_ROLLBACK
};

/* All that enters from outside. Zero-initialised is what the program uses. */
struct store_options {
    const char *path;               /* of the file; NULL: store_path() */
    const char *login;              /* name of the default learner; NULL: the user's login */
    int64_t (*now_ms)(void *clock); /* NULL: the system's clock */
    void *clock;
    enum store_journal journal;
};

/* Where the store lies: $LOCKSTEP_DATA, else $XDG_DATA_HOME/lockstep, else ~/.local/share/lockstep,
 * each with /lockstep.db. *out: absolute, to free(). -ERR_OPEN when none of the three is set. */
int store_path(char **out, struct err *e);
/* The folder it lies in, to free(); NULL when there is none. */
char *store_folder(struct err *e);

/* Open the store, making folder and file if there are none, and bringing an older schema up to date
 * (after a backup copy beside it). A damaged file is renamed to lockstep.db.damaged-TIME and a new
 * one begun. options: borrowed during the call; NULL: all defaults.
 * Success may come with something to tell the user: see store_notice and store_mode.
 * -ERR_OPEN no place for it or not readable; -ERR_CREATE folder or file cannot be made; -ERR_DATA
 * it is a database of another program (left as it is); -ERR_WRITE. *out is NULL on error, and the
 * caller goes on with store_open_memory, saying that nothing will be kept. */
int store_open(struct store **out, const struct store_options *options, struct err *e);
/* A store without a file: works alike, forgets all at store_close. options->path is not used. */
int store_open_memory(struct store **out, const struct store_options *options, struct err *e);
void store_close(struct store *s); /* NULL allowed */

enum store_mode store_mode(const struct store *s);
/* What the user must be told about the opening (damage, newer, read-only): a sentence or more in
 * one line, "" if nothing. Lives as long as s. */
const char *store_notice(const struct store *s);
/* The file; ":memory:" for a store in memory. Lives as long as s. */
const char *store_file(const struct store *s);
/* "wal", "truncate", "memory": for doctor. Lives as long as s. */
const char *store_journal_mode(const struct store *s);
/* Read the whole file and check it, however large (opening checks up to 32 MiB). For doctor.
 * 0, or -ERR_DATA with the first damage found. */
int store_check(struct store *s, struct err *e);

/* ---- learners ---- */

struct store_learner {
    int64_t id; /* > 0 */
    const char *name;
    int64_t created_ms;
    int selected; /* 1 for the one whose progress is shown and saved */
};

/* The selected learner's name; at first the user's login. "" only if read-only and without any.
 * Lives until the next select, rename or remove. */
const char *store_learner(const struct store *s);
/* All, by name. */
int store_learners(struct store *s, struct store_learner **list, struct err *e);
/* -ERR_CREATE when there is one of that name. Does not select. */
int store_learner_create(struct store *s, const char *name, struct err *e);
/* From now on, in later runs too (other processes that are open keep theirs). -ERR_NOT_FOUND. */
int store_learner_select(struct store *s, const char *name, struct err *e);
/* -ERR_NOT_FOUND, -ERR_CREATE when `to` exists. */
int store_learner_rename(struct store *s, const char *from, const char *to, struct err *e);
/* Forget a learner: all that is stored about them goes, for good. When it is the selected one, the
 * default learner is selected (and made again, empty, if it was that one). -ERR_NOT_FOUND. */
int store_learner_remove(struct store *s, const char *name, struct err *e);

/* ---- progress ---- */

enum store_status { STORE_NEW, STORE_BEGUN, STORE_DONE, STORE_SKIPPED, STORE_NSTATUS };
/* "new", "begun", "done", "skipped". */
const char *store_status_word(enum store_status status);
/* -ERR_DATA if the word is none of them. */
int store_status_parse(const char *word);

/* A lesson as the learner left it, with the section they were in. */
struct store_lesson {
    const char *lesson;   /* id: "race/lost-update" */
    int status;           /* enum store_status of the whole lesson */
    int section;          /* from 0: where they were last */
    const char *position; /* in that section; the caller's own words, e.g. "ls1:… 10"; "" */
    int64_t updated_ms;
};

struct store_section {
    int section; /* from 0 */
    int status;  /* enum store_status */
    const char *position;
    int64_t updated_ms;
};

/* The learner is here now: saves section and position and makes this the place to come back to.
 * A new lesson or section becomes begun; done and skipped stay. position NULL: the one stored for
 * that section stays. section 0..STORE_SECTION_MAX. */
int store_place_save(struct store *s, const char *lesson, int section, const char *position,
                     struct err *e);
/* Where the learner left off, whatever the lesson. 1 and *row, or 0 when nothing was begun. */
int store_place_last(struct store *s, struct store_lesson **row, struct err *e);
/* The same for one lesson; status STORE_NEW never comes back: 0 instead. */
int store_place_get(struct store *s, const char *lesson, struct store_lesson **row, struct err *e);
/* All lessons that are not new, the last visited first. */
int store_lessons(struct store *s, struct store_lesson **list, struct err *e);
/* All sections of a lesson that are not new, by number. */
int store_sections(struct store *s, const char *lesson, struct store_section **list, struct err *e);

/* Set the status of a section or of a lesson, whatever it was; STORE_NEW takes a section back to
 * the beginning (for a lesson: store_lesson_reset). Setting a section's makes a new lesson begun;
 * neither moves the place to come back to, unless the lesson was new. */
int store_section_set(struct store *s, const char *lesson, int section, enum store_status status,
                      struct err *e);
int store_lesson_set(struct store *s, const char *lesson, enum store_status status, struct err *e);

/* Forget one lesson: its sections, answers and attempts. Bookmarks and recordings stay. */
int store_lesson_reset(struct store *s, const char *lesson, struct err *e);

/* ---- answers to predict questions ---- */

struct store_answer {
    const char *lesson, *question;
    const char *answer; /* the last one, as given */
    int right;          /* 1 if the last one was */
    int64_t at_ms;
    const char *first_answer; /* never changes after the first */
    int first_right;
    int64_t first_ms;
    int tries; /* from 1 */
};

int store_answer_save(struct store *s, const char *lesson, const char *question, const char *answer,
                      int right, struct err *e);
/* 1 and *row, or 0 when it was never answered. */
int store_answer_get(struct store *s, const char *lesson, const char *question,
                     struct store_answer **row, struct err *e);
/* All of a lesson (NULL: of every lesson), by lesson and question. */
int store_answers(struct store *s, const char *lesson, struct store_answer **list, struct err *e);

/* ---- attempts at challenges ---- */

enum store_attempt_kind { STORE_BREAK, STORE_FIND, STORE_FIX, STORE_NKIND };
/* "break", "find", "fix". */
const char *store_attempt_word(enum store_attempt_kind kind);

struct store_attempt {
    int64_t id; /* when saving: not read */
    const char *lesson, *challenge;
    int kind;            /* enum store_attempt_kind */
    const char *tried;   /* source text (fix), schedule token (break), what was pointed at (find) */
    int passed;          /* 0 or 1 */
    const char *verdict; /* a word of the checker: "deadlock", "does-not-compile"; or "" */
    const char *message; /* what the learner was told */
    int64_t at_ms;       /* when saving: not read */
};

int store_attempt_save(struct store *s, const struct store_attempt *attempt, struct err *e);
/* lesson, challenge: NULL is any. The newest first. */
int store_attempts(struct store *s, const char *lesson, const char *challenge,
                   struct store_attempt **list, struct err *e);
/* The newest attempt at a challenge (so its text can be worked on again): 1 and *row, or 0. */
int store_attempt_last(struct store *s, const char *lesson, const char *challenge,
                       struct store_attempt **row, struct err *e);

/* ---- recordings, bookmarks, settings ---- */

struct store_recording {
    int64_t id;          /* when saving: not read */
    const char *name;    /* one of each per learner */
    const char *program; /* as the user named it */
    const char *path;    /* of a recording file, or "" */
    const char *token;   /* schedule token, or "" ; path or token is there */
    const char *finding; /* its word, or "" */
    int64_t created_ms;  /* when saving: not read */
};

/* -ERR_CREATE when the name is taken. */
int store_recording_save(struct store *s, const struct store_recording *recording, struct err *e);
/* The newest first. */
int store_recordings(struct store *s, struct store_recording **list, struct err *e);
/* 1 and *row, or 0. */
int store_recording_get(struct store *s, const char *name, struct store_recording **row,
                        struct err *e);
/* -ERR_NOT_FOUND, -ERR_CREATE when `to` is taken. */
int store_recording_rename(struct store *s, const char *from, const char *to, struct err *e);
/* The entry only; a file it names is left alone. -ERR_NOT_FOUND. */
int store_recording_remove(struct store *s, const char *name, struct err *e);

struct store_bookmark {
    int64_t id;          /* when saving: not read */
    const char *lesson;  /* or "" */
    const char *program; /* or "" */
    const char *token;   /* schedule token, or "" */
    int64_t step;        /* from 0 */
    const char *note;
    int64_t created_ms; /* when saving: not read */
};

/* The new bookmark's id (> 0) goes to *id, which may be NULL. */
int store_bookmark_save(struct store *s, const struct store_bookmark *bookmark, int64_t *id,
                        struct err *e);
/* lesson, program: NULL is any. By step, then age. */
int store_bookmarks(struct store *s, const char *lesson, const char *program,
                    struct store_bookmark **list, struct err *e);
/* -ERR_NOT_FOUND. */
int store_bookmark_note(struct store *s, int64_t id, const char *note, struct err *e);
int store_bookmark_remove(struct store *s, int64_t id, struct err *e);

struct store_setting {
    const char *key, *value;
};

/* value NULL: forget it. */
int store_setting_set(struct store *s, const char *key, const char *value, struct err *e);
/* 1 and *value to free(), or 0 and NULL when it was never set. */
int store_setting_get(struct store *s, const char *key, char **value, struct err *e);
/* By key. */
int store_settings(struct store *s, struct store_setting **list, struct err *e);

/* ---- export and import ---- */

enum store_scope { STORE_ONE_LEARNER, STORE_ALL_LEARNERS };

/* Append everything stored as one JSON object ("schema":"lockstep.progress/1", data/README.md). The
 * same content gives the same bytes. Bytes that are no UTF-8 become U+FFFD. */
int store_export_json(struct store *s, enum store_scope scope, struct buf *out, struct err *e);
/* Append a table for spreadsheets, RFC 4180: a header, then one row for each thing stored. Cells
 * that a spreadsheet would take for a formula get an apostrophe in front. Not for import. */
int store_export_csv(struct store *s, enum store_scope scope, struct buf *out, struct err *e);

struct store_imported {
    int learners; /* in the file */
    int rows;     /* in the file, of all kinds */
    int changed;  /* of them added or newer than what was here */
};

/* Merge what store_export_json wrote: learners by name, made when missing; of a lesson or section
 * the newer state stays; of an answer the earliest first and the latest last; attempts, recordings,
 * bookmarks and settings are added if not there yet (a recording whose name is taken by another
 * gets " (2)"). Importing twice changes nothing more. text: nbytes, need not end in NUL. -ERR_DATA
 * with line and column, or the path of what is wrong (`learners[0].answers[3].tries`); then nothing
 * was changed. *done may be NULL. Fuzzed. */
int store_import_json(struct store *s, const char *text, size_t nbytes, struct store_imported *done,
                      struct err *e);

#endif
