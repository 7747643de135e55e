/* Opening what is there: nothing, damage, an older or newer schema, another program's file, a
 * folder that cannot be written, a full disk, several at once. */
#include "test_store_help.h"
#include "store_internal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define OLDER  "/lockstep.db.schema1-"
#define MARKED "race/lost-update"

/* The next schema as it might come: a column and a table more, and a table rebuilt. */
static const char to_version_2[] =
    "ALTER TABLE learner ADD COLUMN motto TEXT NOT NULL DEFAULT 'step by step';"
    "CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;"
    "CREATE TABLE setting_2 (learner INTEGER NOT NULL REFERENCES learner ON DELETE CASCADE,"
    " key TEXT NOT NULL, value TEXT NOT NULL, since TEXT, PRIMARY KEY (learner, key)) STRICT;"
    "INSERT INTO setting_2 SELECT learner, key, value, NULL FROM setting;"
    "DROP TABLE setting; ALTER TABLE setting_2 RENAME TO setting;";
static const char broken[] = "CREATE TABLE extra (id INTEGER) STRICT; CREATE TABLE oops (";
static const char orphan[] = "INSERT INTO setting VALUES (4711, 'k', 'v')";

/* version_1 of the schema that ships, and then the given one. */
static struct store_schema with_next(const char *next, const char *steps[2])
{
    steps[0] = store_schema_current.steps[0];
    steps[1] = next;
    return (struct store_schema){steps, 2};
}

static void mark(struct fixture *f)
{
    assert_ok(store_open(&f->s, &f->options, &error));
    assert_ok(store_place_save(f->s, MARKED, 2, "ls1:x 7", &error));
    assert_ok(store_setting_set(f->s, "theme", "dark", &error));
    store_close(f->s);
    f->s = NULL;
}

static int is_marked(struct store *s)
{
    struct store_lesson *row;
    int marked = store_place_last(s, &row, &error) == 1 && strcmp(row->lesson, MARKED) == 0 &&
                 row->section == 2;
    free(row);
    return marked;
}

static void folders_are_made_private(void **state)
{
    struct fixture *f = *state;
    struct stat st;
    char path[256];
    snprintf(path, sizeof path, "%s/a/b/lockstep.db", f->folder);
    f->options.path = path;
    assert_ok(store_open(&f->s, &f->options, &error));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    path[strlen(path) - strlen("/lockstep.db")] = '\0';
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
}

static void the_path_follows_the_environment(void **state)
{
    (void)state;
    char *path, *home = getenv("HOME") ? xstrdup(getenv("HOME")) : NULL, here[4096];
    setenv("LOCKSTEP_DATA", "/data", 1);
    setenv("XDG_DATA_HOME", "/xdg", 1);
    setenv("HOME", "/home/x", 1);
    assert_ok(store_path(&path, &error));
    assert_string_equal(path, "/data/lockstep.db");
    free(path);
    setenv("LOCKSTEP_DATA", "sub", 1);
    assert_ok(store_path(&path, &error));
    assert_non_null(getcwd(here, sizeof here));
    assert_memory_equal(path, here, strlen(here));
    assert_string_equal(path + strlen(here), "/sub/lockstep.db");
    free(path);
    unsetenv("LOCKSTEP_DATA");
    assert_ok(store_path(&path, &error));
    assert_string_equal(path, "/xdg/lockstep/lockstep.db");
    free(path);
    setenv("XDG_DATA_HOME", "relative", 1);
    assert_ok(store_path(&path, &error));
    assert_string_equal(path, "/home/x/.local/share/lockstep/lockstep.db");
    free(path);
    unsetenv("HOME");
    assert_rc(store_path(&path, &error), -ERR_OPEN);
    assert_null(path);
    assert_non_null(strstr(error.message, "HOME is not set"));
    unsetenv("XDG_DATA_HOME");
    if (home)
        setenv("HOME", home, 1);
    free(home);
}

static void local_file_systems_are_known(void **state)
{
    (void)state;
    const unsigned long local[] = {0xef53, 0x01021994, 0x9123683e, 0x58465342};
    /* NFS, CIFS, SMB2, FUSE, 9p, AFS, Ceph, and a number nobody has given */
    const unsigned long remote[] = {0x6969,     0xff534d42, 0xfe534d42, 0x65735546,
                                    0x01021997, 0x5346414f, 0x00c36400, 0x12345};
    for (size_t i = 0; i < sizeof local / sizeof *local; i++)
        assert_int_equal(store_where_is_local(local[i]), 1);
    for (size_t i = 0; i < sizeof remote / sizeof *remote; i++)
        assert_int_equal(store_where_is_local(remote[i]), 0);
    /* as statfs gives it where f_type is a signed word of 32 bits */
    assert_int_equal(store_where_is_local((unsigned long)(int32_t)0x9123683e), 1);
}

static void the_journal_is_chosen_and_can_change(void **state)
{
    struct fixture *f = *state;
    f->options.journal = STORE_JOURNAL_WAL;
    mark(f);
    reopen(f);
    assert_string_equal(store_journal_mode(f->s), "wal");
    f->options.journal = STORE_JOURNAL_ROLLBACK;
    reopen(f);
    assert_string_equal(store_journal_mode(f->s), "truncate");
    assert_true(is_marked(f->s));
    assert_int_equal(count_files(f, "-wal", NULL), 0);
    struct store *other;
    assert_ok(store_open(&other, &f->options, &error));
    assert_ok(store_place_save(other, "other", 0, NULL, &error));
    assert_ok(store_place_save(f->s, MARKED, 2, NULL, &error));
    store_close(other);
    f->options.journal = STORE_JOURNAL_WAL;
    reopen(f);
    assert_string_equal(store_journal_mode(f->s), "wal");
    assert_true(is_marked(f->s));
}

static int64_t pragma(struct store *s, const char *name)
{
    int64_t number = -1;
    char *sql = xasprintf("PRAGMA %s", name);
    assert_rc(store_db_number(s, sql, NO_VALUES, &number, &error), 1);
    free(sql);
    return number;
}

static void the_connection_is_durable_and_protected(void **state)
{
    struct fixture *f = *state;
    static const enum store_journal journals[] = {STORE_JOURNAL_WAL, STORE_JOURNAL_ROLLBACK};
    for (size_t i = 0; i < sizeof journals / sizeof *journals; i++) {
        f->options.journal = journals[i];
        reopen(f);
        assert_int_equal(pragma(f->s, "synchronous"), 2);
        assert_int_equal(pragma(f->s, "foreign_keys"), 1);
        assert_int_equal(pragma(f->s, "trusted_schema"), 0);
        assert_int_equal(pragma(f->s, "busy_timeout"), STORE_BUSY_MS);
        assert_true(store_db_script(f->s,
                                    "PRAGMA writable_schema = ON;"
                                    "UPDATE sqlite_schema SET sql = sql WHERE name = 'lesson'",
                                    &error) < 0);
    }
}

static void the_lock_keeps_others_out(void **state)
{
    struct fixture *f = *state;
    char name[256];
    snprintf(name, sizeof name, "%s.lock", f->path);
    int held = store_where_lock(f->path), other = open(name, O_RDWR);
    assert_true(held >= 0 && other >= 0);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
    close(held);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    close(other);
}

/* ---- damage ---- */

/* Opens with a notice; the old bytes are kept under another name; the new store works. */
static void expect_set_aside(struct fixture *f, const char *bytes, size_t n)
{
    char aside[512];
    size_t kept_n;
    assert_ok(store_open(&f->s, &f->options, &error));
    assert_int_equal(store_mode(f->s), STORE_WRITABLE);
    assert_int_equal(count_files(f, ".damaged-2027", aside), 1);
    assert_non_null(strstr(store_notice(f->s), aside));
    char *kept = read_bytes(aside, &kept_n);
    assert_int_equal(kept_n, n);
    assert_memory_equal(kept, bytes, n);
    free(kept);
    assert_false(is_marked(f->s));
    assert_ok(store_place_save(f->s, MARKED, 2, NULL, &error));
    reopen(f);
    assert_string_equal(store_notice(f->s), "");
    assert_true(is_marked(f->s));
    assert_int_equal(count_files(f, ".damaged-", NULL), 1);
}

static void what_is_no_database_is_set_aside(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "Dear diary, this is no database at all. And long enough to have a "
                               "header: ....................................................";
    write_bytes(f->path, text, sizeof text);
    expect_set_aside(f, text, sizeof text);
}

static void a_truncated_file_is_set_aside(void **state)
{
    struct fixture *f = *state;
    size_t n;
    mark(f);
    char *bytes = read_bytes(f->path, &n);
    write_bytes(f->path, bytes, n / 2);
    expect_set_aside(f, bytes, n / 2);
    free(bytes);
}

static void overwritten_pages_are_set_aside(void **state)
{
    struct fixture *f = *state;
    size_t n;
    mark(f);
    char *bytes = read_bytes(f->path, &n);
    memset(bytes + n / 2, 0xa5, 8192);
    write_bytes(f->path, bytes, n);
    expect_set_aside(f, bytes, n);
    free(bytes);
}

static void a_missing_table_is_set_aside(void **state)
{
    struct fixture *f = *state;
    struct err ignored;
    size_t n;
    mark(f);
    assert_ok(store_open(&f->s, &f->options, &error));
    assert_ok(store_db_script(f->s, "DROP TABLE bookmark", &ignored));
    store_close(f->s);
    char *bytes = read_bytes(f->path, &n);
    expect_set_aside(f, bytes, n);
    free(bytes);
}

/* Whatever byte is wrong: opening gives a store that works, or an error with words; never a crash,
 * and the bytes are somewhere still. */
static void any_damage_is_survived(void **state)
{
    struct fixture *f = *state;
    size_t n;
    unsigned seed = 12345;
    mark(f);
    char *bytes = read_bytes(f->path, &n), *worse = xcalloc(n, 1);
    for (int round = 0; round < 80; round++) {
        memcpy(worse, bytes, n);
        for (int k = 0; k < 1 + round % 8; k++) {
            seed = seed * 1103515245 + 12345;
            size_t where = (seed >> 8) % (round % 2 ? n : 2048);
            worse[where] = (char)(seed >> 3);
        }
        write_bytes(f->path, worse, n);
        struct err why = {0};
        struct store *s;
        int rc = store_open(&s, &f->options, &why);
        if (rc == 0) {
            if (store_mode(s) == STORE_WRITABLE)
                store_place_save(s, "x", 0, NULL, NULL);
            store_close(s);
        } else {
            assert_null(s);
            assert_int_equal(why.code, -rc);
            assert_non_null(strstr(why.message, "lockstep.db"));
        }
        char *command = xasprintf("rm -f '%s'*", f->path);
        assert_int_equal(system(command), 0);
        free(command);
    }
    free(bytes);
    free(worse);
}

static void an_unfinished_log_goes_aside_too(void **state)
{
    struct fixture *f = *state;
    char log[256], found[512];
    snprintf(log, sizeof log, "%s-wal", f->path);
    write_bytes(f->path, "not a database at all, no, no, no", 33);
    write_bytes(log, "nor a log", 9);
    assert_ok(store_open(&f->s, &f->options, &error));
    assert_int_equal(count_files(f, "Z-wal", found), 1);
    assert_non_null(strstr(found, ".damaged-"));
}

static void another_programs_database_is_left_alone(void **state)
{
    struct fixture *f = *state;
    size_t n, again;
    mark(f);
    assert_ok(store_open(&f->s, &f->options, &error));
    assert_ok(store_db_script(f->s, "PRAGMA application_id = 77", &error));
    store_close(f->s);
    char *before = read_bytes(f->path, &n);
    assert_rc(store_open(&f->s, &f->options, &error), -ERR_DATA);
    assert_null(f->s);
    assert_non_null(strstr(error.message, "another program"));
    assert_int_equal(count_files(f, ".damaged-", NULL), 0);
    char *after = read_bytes(f->path, &again);
    assert_int_equal(n, again);
    assert_memory_equal(before, after, n);
    free(before);
    free(after);
}

static void what_is_no_file_is_refused(void **state)
{
    struct fixture *f = *state;
    f->options.path = f->folder;
    assert_rc(store_open(&f->s, &f->options, &error), -ERR_OPEN);
    f->options.path = "/dev/null";
    assert_rc(store_open(&f->s, &f->options, &error), -ERR_OPEN);
    f->options.path = "/dev/null/lockstep.db";
    assert_rc(store_open(&f->s, &f->options, &error), -ERR_OPEN);
    f->options.path = "/proc/lockstep/lockstep.db";
    assert_rc(store_open(&f->s, &f->options, &error), -ERR_CREATE);
    assert_non_null(strstr(error.message, "LOCKSTEP_DATA"));
}

static void a_store_that_is_moved_away_takes_no_more(void **state)
{
    struct fixture *f = *state;
    char other[256];
    mark(f);
    assert_ok(store_open(&f->s, &f->options, &error));
    snprintf(other, sizeof other, "%s/elsewhere", f->folder);
    assert_int_equal(rename(f->path, other), 0);
    assert_rc(store_place_save(f->s, "a", 0, NULL, &error), -ERR_WRITE);
    assert_non_null(strstr(error.message, "moved"));
}

/* ---- schemas ---- */

static void an_older_schema_is_brought_up_to_date(void **state)
{
    struct fixture *f = *state;
    const char *steps[2];
    struct store_schema next = with_next(to_version_2, steps);
    char copy[512], *motto, *value;
    mark(f);
    assert_ok(store_open_with(&f->s, &f->options, &next, &error));
    assert_int_equal(store_mode(f->s), STORE_WRITABLE);
    assert_true(is_marked(f->s));
    assert_rc(store_db_text(f->s, "SELECT motto FROM learner", NO_VALUES, &motto, &error), 1);
    assert_string_equal(motto, "step by step");
    free(motto);
    assert_rc(store_setting_get(f->s, "theme", &value, &error), 1);
    free(value);
    assert_int_equal(count_files(f, OLDER + 1, copy), 1);
    assert_non_null(strstr(store_notice(f->s), copy));
    store_close(f->s);
    /* the copy is a store of the older schema with all that was in it */
    f->options.path = copy;
    assert_ok(store_open(&f->s, &f->options, &error));
    assert_string_equal(store_notice(f->s), "");
    assert_true(is_marked(f->s));
    assert_ok(store_check(f->s, &error));
}

static void a_new_file_has_no_copy(void **state)
{
    struct fixture *f = *state;
    const char *steps[2];
    struct store_schema next = with_next(to_version_2, steps);
    assert_ok(store_open_with(&f->s, &f->options, &next, &error));
    assert_int_equal(count_files(f, ".schema", NULL), 0);
    assert_string_equal(store_notice(f->s), "");
}

static void a_migration_that_fails_changes_nothing(void **state)
{
    struct fixture *f = *state;
    const char *const bad[] = {broken, orphan};
    mark(f);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *steps[2];
        struct store_schema next = with_next(bad[i], steps);
        assert_rc(store_open_with(&f->s, &f->options, &next, &error), -ERR_INTERNAL);
        assert_null(f->s);
        assert_non_null(strstr(error.message, "nothing was changed"));
        assert_ok(store_open(&f->s, &f->options, &error));
        assert_true(is_marked(f->s));
        int64_t extra = -1;
        assert_rc(store_db_number(f->s, "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'",
                                  NO_VALUES, &extra, &error),
                  1);
        assert_int_equal(extra, 0);
        store_close(f->s);
        f->s = NULL;
    }
}

static void a_newer_schema_is_only_read(void **state)
{
    struct fixture *f = *state;
    const char *steps[2];
    struct store_schema next = with_next(to_version_2, steps);
    char *value;
    mark(f);
    assert_ok(store_open_with(&f->s, &f->options, &next, &error));
    store_close(f->s);
    assert_ok(store_open(&f->s, &f->options, &error));
    assert_int_equal(store_mode(f->s), STORE_NEWER);
    assert_non_null(strstr(store_notice(f->s), "newer lockstep"));
    assert_true(is_marked(f->s));
    assert_string_equal(store_learner(f->s), "anna");
    assert_rc(store_place_save(f->s, "a", 0, NULL, &error), -ERR_NEWER);
    assert_rc(store_learner_create(f->s, "ben", &error), -ERR_NEWER);
    assert_rc(store_setting_get(f->s, "theme", &value, &error), 1);
    free(value);
    store_close(f->s);
    assert_ok(store_open_with(&f->s, &f->options, &next, &error));
    assert_int_equal(store_mode(f->s), STORE_WRITABLE);
}

/* An older lockstep that is running while a newer one changes the schema. */
static void a_schema_that_changes_meanwhile_stops_saving(void **state)
{
    struct fixture *f = *state;
    const char *steps[2];
    struct store_schema next = with_next(to_version_2, steps);
    struct store *newer;
    mark(f);
    assert_ok(store_open(&f->s, &f->options, &error));
    assert_ok(store_place_save(f->s, MARKED, 2, NULL, &error));
    assert_ok(store_open_with(&newer, &f->options, &next, &error));
    assert_rc(store_place_save(f->s, MARKED, 3, NULL, &error), -ERR_NEWER);
    assert_true(is_marked(f->s));
    store_close(newer);
}

/* ---- folders and disks ---- */

/* Run `check` in a child that is not root; its result is 0, or the line that failed. */
static void as_nobody(struct fixture *f, int (*check)(struct fixture *))
{
    pid_t pid = fork();
    if (pid == 0) {
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(1);
        _exit(check(f));
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status))
        print_error("check %d failed\n", WEXITSTATUS(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int read_only_store_reads(struct fixture *f)
{
    struct store *s;
    if (store_open(&s, &f->options, &error) != 0) {
        print_error("%s\n", error.message);
        return 1;
    }
    if (store_mode(s) != STORE_READ_ONLY || !strstr(store_notice(s), "cannot be written"))
        return 2;
    if (!is_marked(s))
        return 3;
    if (store_place_save(s, "a", 0, NULL, &error) != -ERR_WRITE ||
        !strstr(error.message, "read-only"))
        return 4;
    store_close(s);
    return 0;
}

static void a_read_only_folder_can_be_read(void **state)
{
    struct fixture *f = *state;
    static const enum store_journal journals[] = {STORE_JOURNAL_WAL, STORE_JOURNAL_ROLLBACK};
    for (size_t i = 0; i < sizeof journals / sizeof *journals; i++) {
        f->options.journal = journals[i];
        mark(f);
        assert_int_equal(chmod(f->path, 0444), 0);
        assert_int_equal(chmod(f->folder, 0555), 0);
        as_nobody(f, read_only_store_reads);
        assert_int_equal(chmod(f->folder, 0755), 0);
        assert_int_equal(chmod(f->path, 0644), 0);
    }
}

static int no_store_can_be_made(struct fixture *f)
{
    struct store *s;
    if (store_open(&s, &f->options, &error) != -ERR_CREATE || s)
        return 1;
    if (!strstr(error.message, f->path) || !strstr(error.message, "LOCKSTEP_DATA"))
        return 2;
    if (store_open_memory(&s, &f->options, &error) != 0)
        return 3;
    store_close(s);
    return 0;
}

static void in_a_read_only_folder_none_can_be_made(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(chmod(f->folder, 0555), 0);
    as_nobody(f, no_store_can_be_made);
}

/* A limit on the size of files stands for a disk that is full. */
static int full_disk_is_told(struct fixture *f)
{
    struct store *s;
    struct err why = {0};
    struct stat st;
    struct store_attempt a = {.lesson = "a", .challenge = "c", .kind = STORE_FIX};
    char *source = xcalloc(1, 600001);
    memset(source, 'x', 600000);
    a.tried = source;
    signal(SIGXFSZ, SIG_IGN);
    if (store_open(&s, &f->options, &why) != 0 || stat(f->path, &st) != 0)
        return 1;
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){400000, RLIM_INFINITY});
    int rc = store_attempt_save(s, &a, &why);
    if (rc != -ERR_WRITE) {
        print_error("%d: %s\n", rc, why.message);
        return 2;
    }
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY});
    if (!is_marked(s) || store_check(s, &why) != 0)
        return 3;
    if (store_attempt_save(s, &a, &why) != 0)
        return 4;
    store_close(s);
    free(source);
    return 0;
}

static void a_full_disk_loses_nothing(void **state)
{
    struct fixture *f = *state;
    static const enum store_journal journals[] = {STORE_JOURNAL_WAL, STORE_JOURNAL_ROLLBACK};
    for (size_t i = 0; i < sizeof journals / sizeof *journals; i++) {
        f->options.journal = journals[i];
        mark(f);
        assert_int_equal(chmod(f->path, 0666), 0);
        assert_int_equal(chmod(f->folder, 0777), 0);
        as_nobody(f, full_disk_is_told);
    }
}

/* ---- several at once ---- */

#define WRITERS 4
#define EACH    15

static int write_much(struct fixture *f, int who)
{
    struct store *s;
    struct err why;
    if (store_open(&s, &f->options, &why) != 0) {
        print_error("%s\n", why.message);
        return 1;
    }
    if (*store_notice(s))
        return 2;
    for (int i = 0; i < EACH; i++) {
        char question[32];
        snprintf(question, sizeof question, "w%d-%d", who, i);
        if (store_answer_save(s, "a", question, "x", 1, &why) != 0 ||
            store_answer_save(s, "a", "shared", question, 1, &why) != 0) {
            print_error("%s\n", why.message);
            return 3;
        }
    }
    store_close(s);
    return 0;
}

/* All open a store that does not exist yet, all write: nothing is lost and each try is counted. */
static void several_processes_at_once(void **state)
{
    struct fixture *f = *state;
    static const enum store_journal journals[] = {STORE_JOURNAL_WAL, STORE_JOURNAL_ROLLBACK};
    for (size_t k = 0; k < sizeof journals / sizeof *journals; k++) {
        char path[256];
        pid_t pids[WRITERS];
        snprintf(path, sizeof path, "%s/%zu.db", f->folder, k);
        f->options.path = path;
        f->options.journal = journals[k];
        for (int i = 0; i < WRITERS; i++)
            if ((pids[i] = fork()) == 0)
                _exit(write_much(f, i));
        int failed = 0;
        for (int i = 0; i < WRITERS; i++) {
            int status = 0;
            failed += waitpid(pids[i], &status, 0) != pids[i] || status != 0;
        }
        assert_int_equal(failed, 0);
        struct store_answer *list;
        assert_ok(store_open(&f->s, &f->options, &error));
        assert_rc(store_answers(f->s, "a", &list, &error), WRITERS * EACH + 1);
        free(list);
        assert_rc(store_answer_get(f->s, "a", "shared", &list, &error), 1);
        assert_int_equal(list->tries, WRITERS * EACH);
        free(list);
        store_close(f->s);
        f->s = NULL;
    }
}

/* 1 if this process was the one to set the damaged file aside, 0 if another was, -1 on failure. */
static int open_damaged(struct fixture *f)
{
    struct store *s;
    struct err why;
    if (store_open(&s, &f->options, &why) != 0 ||
        store_answer_save(s, "a", "q", "x", 1, &why) != 0) {
        print_error("%s\n", why.message);
        return -1;
    }
    int aside = strstr(store_notice(s), "damaged") != NULL;
    store_close(s);
    return aside;
}

/* WRITERS processes open and save at once; how many of them set the file aside. */
static int open_by_several(struct fixture *f)
{
    pid_t pids[WRITERS];
    int aside = 0, good = 1, status;
    for (int i = 0; i < WRITERS; i++)
        if ((pids[i] = fork()) == 0)
            _exit(1 + open_damaged(f));
    for (int i = 0; i < WRITERS; i++) {
        good &=
            waitpid(pids[i], &status, 0) == pids[i] && WIFEXITED(status) && WEXITSTATUS(status) > 0;
        aside += WIFEXITED(status) && WEXITSTATUS(status) == 2;
    }
    assert_true(good);
    return aside;
}

static void expect_all_saved(struct fixture *f)
{
    struct store_answer *row;
    assert_ok(store_open(&f->s, &f->options, &error));
    assert_rc(store_answer_get(f->s, "a", "q", &row, &error), 1);
    assert_int_equal(row->tries, WRITERS);
    free(row);
    store_close(f->s);
    f->s = NULL;
}

static void a_store_made_by_several_at_once_is_one(void **state)
{
    struct fixture *f = *state;
    for (int round = 1; round <= 16; round++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%d.db", f->folder, round);
        f->options.path = path;
        f->options.journal = round % 2 ? STORE_JOURNAL_WAL : STORE_JOURNAL_ROLLBACK;
        assert_int_equal(open_by_several(f), 0);
        expect_all_saved(f);
    }
}

/* All find the same damage at the same time: it is set aside once, and all go on with the new one.
 */
static void damage_found_by_several_is_set_aside_once(void **state)
{
    struct fixture *f = *state;
    for (int round = 1; round <= 10; round++) {
        write_bytes(f->path, "this was once a database, they say", 34);
        assert_int_equal(open_by_several(f), 1);
        assert_int_equal(count_files(f, ".damaged-", NULL), round);
        expect_all_saved(f);
    }
}

static void a_removed_learner_takes_no_more(void **state)
{
    struct fixture *f = *state;
    struct store *other;
    assert_ok(store_open(&f->s, &f->options, &error));
    assert_ok(store_learner_create(f->s, "ben", &error));
    assert_ok(store_learner_select(f->s, "ben", &error));
    assert_ok(store_open(&other, &f->options, &error));
    assert_ok(store_learner_remove(other, "ben", &error));
    assert_ok(store_learner_create(other, "carl", &error));
    assert_rc(store_place_save(f->s, "a", 0, NULL, &error), -ERR_NOT_FOUND);
    assert_non_null(strstr(error.message, "removed"));
    store_close(other);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(folders_are_made_private),
        cmocka_unit_test(the_path_follows_the_environment),
        cmocka_unit_test(local_file_systems_are_known),
        FRESH(the_journal_is_chosen_and_can_change),
        FRESH(the_connection_is_durable_and_protected),
        FRESH(the_lock_keeps_others_out),
        FRESH(what_is_no_database_is_set_aside),
        FRESH(a_truncated_file_is_set_aside),
        FRESH(overwritten_pages_are_set_aside),
        FRESH(a_missing_table_is_set_aside),
        FRESH(any_damage_is_survived),
        FRESH(an_unfinished_log_goes_aside_too),
        FRESH(another_programs_database_is_left_alone),
        FRESH(what_is_no_file_is_refused),
        FRESH(a_store_that_is_moved_away_takes_no_more),
        FRESH(an_older_schema_is_brought_up_to_date),
        FRESH(a_new_file_has_no_copy),
        FRESH(a_migration_that_fails_changes_nothing),
        FRESH(a_newer_schema_is_only_read),
        FRESH(a_schema_that_changes_meanwhile_stops_saving),
        FRESH(a_read_only_folder_can_be_read),
        FRESH(in_a_read_only_folder_none_can_be_made),
        FRESH(a_full_disk_loses_nothing),
        FRESH(several_processes_at_once),
        FRESH(a_store_made_by_several_at_once_is_one),
        FRESH(damage_found_by_several_is_set_aside_once),
        FRESH(a_removed_learner_takes_no_more),
    };
    return cmocka_run_group_tests_name("store_open", tests, NULL, NULL);
}
