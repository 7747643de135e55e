/* What the store's own files share: the connection, statements, tables. Not for other folders. */
#ifndef LOCKSTEP_STORE_INTERNAL_H
#define LOCKSTEP_STORE_INTERNAL_H

#include "store.h"

struct sqlite3;
struct sqlite3_stmt;

/* Schema version n is reached by steps[n - 1] from version n - 1; version 0 is an empty file.
 * A published step is never changed: a new one is added after it. */
struct store_schema {
    const char *const *steps;
    int n;
};
extern const struct store_schema store_schema_current;
/* In the header of the file, so that another program's database is told from ours: "lksp". */
#define STORE_APPLICATION_ID 0x6c6b7370

struct store {
    struct sqlite3 *db;
    const struct store_schema *schema;
    char *path;
    char *login;
    struct buf notice;
    char journal[16];
    enum store_mode mode;
    int64_t (*now_ms)(void *clock);
    void *clock;
    int64_t learner; /* 0: none (read-only and nobody in it) */
    char *learner_name;
};

/* store_open with another list of migrations: how they are tested. */
int store_open_with(struct store **out, const struct store_options *options,
                    const struct store_schema *schema, struct err *e);

/* ---- statements (store_db.c) ---- */

/* A parameter of a statement: ?1, ?2, … in order. */
struct value {
    const char *text; /* NULL and !is_int: SQL NULL */
    int64_t number;
    int is_int;
};
#define TEXT(t)   ((struct value){.text = (t)})
#define NUMBER(i) ((struct value){.number = (i), .is_int = 1})
#define VALUES(...)                                                                                \
    (const struct value[]){__VA_ARGS__},                                                           \
        (int)(sizeof((const struct value[]){__VA_ARGS__}) / sizeof(struct value))
#define NO_VALUES NULL, 0

/* Turn the connection's last error into the caller's: "<doing>: what is wrong; what to do". */
int store_db_error(struct store *s, const char *doing, struct err *e);
/* A statement ready to step, its parameters bound by copy. */
int store_db_prepare(struct store *s, const char *sql, const struct value *values, int nvalues,
                     struct sqlite3_stmt **out, struct err *e);
/* Run to the end; rows that come are dropped. 0 or an error. */
int store_db_run(struct store *s, const char *sql, const struct value *values, int nvalues,
                 struct err *e);
/* Run several statements without parameters. */
int store_db_script(struct store *s, const char *sql, struct err *e);
/* The first column of the first row: 1 and *number, or 0 when there is no row. */
int store_db_number(struct store *s, const char *sql, const struct value *values, int nvalues,
                    int64_t *number, struct err *e);
/* The same for text: *text is to free(), NULL when there is none. */
int store_db_text(struct store *s, const char *sql, const struct value *values, int nvalues,
                  char **text, struct err *e);
/* Rows changed by the last statement. */
int store_db_changes(const struct store *s);

/* A saving transaction: begin checks that the store may be written and is not newer meanwhile; end
 * commits when rc >= 0 and takes everything back otherwise, and returns rc or its own error. */
int store_save_begin(struct store *s, struct err *e);
int store_save_end(struct store *s, int rc, struct err *e);
/* Both around one statement. */
int store_save(struct store *s, const char *sql, const struct value *values, int nvalues,
               struct err *e);
/* The same, and -ERR_NOT_FOUND "<what> not found" when the statement changed nothing. */
int store_save_found(struct store *s, const char *what, const char *sql, const struct value *values,
                     int nvalues, struct err *e);

int64_t store_now_ms(const struct store *s);
/* "20261121T013419Z", for names of files. */
void store_stamp(const struct store *s, char stamp[32]);

/* Parameters from outside: 0 or -ERR_DATA naming the parameter. An id is printable UTF-8 of 1 to
 * STORE_ID_MAX bytes; a text (NULL allowed) has up to STORE_TEXT_MAX. */
int store_check_id(const char *what, const char *id, struct err *e);
int store_check_text(const char *what, const char *text, struct err *e);
int store_check_learner_name(const char *name, struct err *e);
int store_printable(const char *text);

/* ---- tables (store_tables.c): one description for reading, export and import ---- */

enum column_kind {
    COLUMN_ID,    /* const char *: see store_check_id */
    COLUMN_TEXT,  /* const char * */
    COLUMN_INT,   /* int, least..most */
    COLUMN_BOOL,  /* int 0 or 1; true or false in JSON */
    COLUMN_COUNT, /* int64_t, least..most */
    COLUMN_WORD   /* int in C, one of words[] in the file and in JSON */
};
#define COLUMN_NO_MEMBER ((size_t)-1)

struct column {
    const char *name; /* in SQL and JSON */
    enum column_kind kind;
    size_t offset;            /* in the row's struct; COLUMN_NO_MEMBER: only in exports */
    int64_t least, most;      /* of a word: the first that may be stored */
    const char *const *words; /* nwords */
    int nwords;
    const char *expression; /* SQL when it is not simply the column; then not exported */
};

struct table {
    const char *name;  /* in SQL */
    const char *json;  /* name of its list in the export; NULL: not exported */
    const char *order; /* SQL: the order of the export */
    /* SQL that merges one imported row: ?1 is the learner, then the exported columns in order. */
    const char *merge;
    size_t size; /* of the row's struct */
    const struct column *columns;
    int ncolumns;
};
extern const struct table store_learner_table, store_lesson_table, store_section_table,
    store_answer_table, store_attempt_table, store_recording_table, store_bookmark_table,
    store_setting_table;
/* Those that are exported for each learner, parents before children; NULL ends. */
extern const struct table *const store_tables[];

int store_column_exported(const struct column *c);
/* "SELECT columns FROM table": all for reading, or the exported ones only. To free(). */
char *store_table_select(const struct table *t, int exported_only, const char *tail);
/* The rows of a table as one block (store.h): their number, or an error. tail: WHERE, ORDER, … */
int store_table_read(struct store *s, const struct table *t, const char *tail,
                     const struct value *values, int nvalues, void *list, struct err *e);
int store_word_index(const char *const *words, int nwords, const char *word);

/* Append a cell of a CSV file, quoted where it must be (store_export_csv says how). */
void store_csv_cell(struct buf *out, const char *text);

/* ---- places and files (store_where.c) ---- */

/* 1 when the file system's number (statfs f_type) is one that is known to be local. */
int store_where_is_local(unsigned long magic);
/* 1 when the folder of path lies on a local file system. */
int store_where_local(const char *path);
/* Make the folder of path and its parents, mode 0700. -ERR_CREATE. */
int store_where_make(const char *path, struct err *e);
/* Hold <path>.lock for changing the file as a whole: a descriptor to close(), or -1 when the file
 * system has no locks or the lock stays taken for STORE_BUSY_MS (the change then goes on without).
 */
int store_where_lock(const char *path);
/* Move path, path-wal, path-shm and path-journal to a free name <path>.<tag>-<stamp>. *to: the new
 * name of the first, to free(). */
int store_where_set_aside(const char *path, const char *tag, const char *stamp, char **to,
                          struct err *e);
/* A name <path>.<tag>-<stamp>[-n] that is free. To free(). */
char *store_where_free_name(const char *path, const char *tag, const char *stamp);
void store_where_sync_folder(const char *path);

/* ---- connection (store_connect.c) ---- */

/* Open name with SQLite's flags into s->db, protected from what may be in the file. */
int store_connect_as(struct store *s, const char *name, int flags, struct err *e);
/* Open s->path and find out whether it can be written (s->mode). */
int store_connect_file(struct store *s, struct err *e);
void store_disconnect(struct store *s);
/* Bytes of the file s->path + suffix; 0 if there is none. */
off_t store_size_beside(const struct store *s, const char *suffix);
/* To be called before the first look at the file, and after it to choose the journal. */
int store_journal_before(struct store *s, enum store_journal wanted, struct err *e);
int store_journal_set(struct store *s, enum store_journal wanted, struct err *e);

/* ---- looking (store_look.c) ---- */

/* What a file turned out to be. */
enum look {
    LOOK_GOOD,
    LOOK_FRESH, /* empty */
    LOOK_OLD,
    LOOK_NEWER,
    LOOK_FOREIGN, /* another program's database */
    LOOK_DAMAGED
};

/* An enum look, or an error. A newer file is not judged: its making may be beyond this program. */
int store_look(struct store *s, struct err *e);
/* 1 when SQLite finds the file in order, 0 when damaged. *found (may be NULL): to free(). */
int store_check_file(struct store *s, const char *pragma, char **found, struct err *e);

/* ---- schema (store_migrate.c) ---- */

int store_migrate_version(struct store *s, int *version, struct err *e);
/* From the version it has to the newest, after a copy of the file (unless it is empty or in
 * memory). All or nothing. */
int store_migrate(struct store *s, struct err *e);

/* Take the stored selection, else the login's learner, made if missing and writable. */
int store_learner_settle(struct store *s, struct err *e);

#endif
