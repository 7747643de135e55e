/* Recordings: read back identical, written whole or not at all, and every damage named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "made_trace.h"
#include "recording_format.h"

static char folder[] = "/tmp/lockstep-recording-XXXXXX";
static char path[80];

static int setup(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/a.rec", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void make(struct recording *r, size_t nevents)
{
    recording_init(r);
    strcpy(r->schedule.hash, "0123abcd");
    for (unsigned i = 0; i < nevents; i++)
        schedule_add(
            &r->schedule,
            (uint16_t)(made_chance(9) ? made_chance(MAX_TASKS) : CHOICE_ALT | made_chance(9)),
            (uint8_t)(made_chance(2) ? made_chance(32) : CHECK_UNKNOWN));
    r->schedule.nshared = 2;
    r->schedule.shared = xcalloc(2, sizeof *r->schedule.shared);
    r->schedule.shared[0] = (struct shared_range){3, 128, 16};
    r->schedule.shared[1] = (struct shared_range){255, UINT32_MAX - 7, 8};
    r->schedule.main_exit_wait = 1;
    made_run(&r->trace, 5, 2, 10, nevents);
    struct event odd = MADE(CALL, 1, .addr = UINT64_MAX, .addr2 = 1, .a = UINT64_MAX, .b = 1u << 31,
                            .result = INT32_MIN, .size = UINT32_MAX, .ref = UINT32_MAX,
                            .flags = 255, .process = MAX_PROCESSES - 1, .pc = 0x8000000000000000);
    made_add(&r->trace, odd, "text with \xff bytes\n");
    made_add(&r->trace, MADE(FINISHED, NO_TASK, .result = -1), NULL);
    r->files = xcalloc(2, sizeof *r->files);
    r->files[r->nfiles++] = xstrdup("/home/x/a b.c");
    r->files[r->nfiles++] = xstrdup("");
    r->args = xcalloc(1, sizeof *r->args);
    r->args[r->nargs++] = xstrdup("-n\t3");
    r->finding = xstrdup("data-race");
}

static void assert_same(const struct recording *a, const struct recording *b)
{
    assert_string_equal(a->schedule.hash, b->schedule.hash);
    assert_int_equal(a->schedule.n, b->schedule.n);
    assert_memory_equal(a->schedule.choices, b->schedule.choices, 2 * a->schedule.n);
    assert_memory_equal(a->schedule.checks, b->schedule.checks, a->schedule.n);
    assert_int_equal(a->schedule.nshared, b->schedule.nshared);
    for (size_t i = 0; i < a->schedule.nshared; i++) {
        assert_int_equal(a->schedule.shared[i].task, b->schedule.shared[i].task);
        assert_int_equal(a->schedule.shared[i].offset, b->schedule.shared[i].offset);
        assert_int_equal(a->schedule.shared[i].size, b->schedule.shared[i].size);
    }
    assert_int_equal(a->schedule.main_exit_wait, b->schedule.main_exit_wait);
    assert_int_equal(a->trace.nevents, b->trace.nevents);
    assert_int_equal(a->trace.nsteps, b->trace.nsteps);
    assert_memory_equal(a->trace.events, b->trace.events,
                        a->trace.nevents * sizeof *a->trace.events);
    assert_int_equal(a->trace.text.len, b->trace.text.len);
    assert_memory_equal(a->trace.text.data, b->trace.text.data, a->trace.text.len);
    assert_int_equal(a->nfiles, b->nfiles);
    for (int i = 0; i < a->nfiles; i++)
        assert_string_equal(a->files[i], b->files[i]);
    assert_int_equal(a->nargs, b->nargs);
    for (int i = 0; i < a->nargs; i++)
        assert_string_equal(a->args[i], b->args[i]);
    assert_string_equal(a->finding, b->finding);
}

static void it_comes_back_identical(void **state)
{
    (void)state;
    static const size_t sizes[] = {10, 3000, 60000}; /* the last: several EVNT sections */
    for (size_t i = 0; i < 3; i++) {
        struct recording r, back;
        struct err e;
        make(&r, sizes[i]);
        assert_int_equal(recording_write(&r, path, &e), 0);
        assert_int_equal(recording_read(&back, path, &e), 0);
        assert_same(&r, &back);
        struct buf one = {0}, two = {0};
        recording_encode(&r, &one);
        recording_encode(&back, &two);
        assert_int_equal(one.len, two.len);
        assert_memory_equal(one.data, two.data, one.len);
        buf_fini(&one);
        buf_fini(&two);
        recording_fini(&r);
        recording_fini(&back);
    }
}

static void an_empty_one_works(void **state)
{
    (void)state;
    struct recording r, back;
    recording_init(&r);
    assert_int_equal(recording_write(&r, path, NULL), 0);
    assert_int_equal(recording_read(&back, path, NULL), 0);
    assert_int_equal(back.trace.nevents, 0);
    assert_int_equal(back.schedule.n, 0);
    assert_string_equal(back.finding, "");
    recording_fini(&back);
    recording_fini(&back); /* twice does no harm */
    recording_fini(&r);
}

static unsigned files_in_folder(void)
{
    unsigned n = 0;
    DIR *d = opendir(folder);
    assert_non_null(d);
    for (const struct dirent *f; (f = readdir(d));)
        n += f->d_name[0] != '.';
    closedir(d);
    return n;
}

static void it_is_written_whole_or_not_at_all(void **state)
{
    (void)state;
    struct recording r, back;
    struct err e;
    char link_path[100], bad[120];
    make(&r, 100);
    snprintf(link_path, sizeof link_path, "%s/link", folder);
    snprintf(bad, sizeof bad, "%s/none/a.rec", folder);
    assert_int_equal(recording_write(&r, path, &e), 0);
    assert_int_equal(symlink("a.rec", link_path), 0);
    assert_int_equal(recording_write(&r, link_path, &e), 0);
    struct stat st;
    assert_int_equal(lstat(link_path, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    unlink(link_path);
    assert_int_equal(files_in_folder(), 1); /* nothing left over */
    struct rlimit little;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    little = before;
    little.rlim_cur = 100;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    assert_int_equal(recording_write(&r, path, &e), -ERR_WRITE);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(files_in_folder(), 1);
    assert_int_equal(recording_read(&back, path, &e), 0); /* the old one is whole */
    recording_fini(&back);
    assert_int_equal(recording_write(&r, bad, &e), -ERR_CREATE);
    assert_non_null(strstr(e.message, bad));
    assert_int_equal(recording_write(&r, folder, &e), -ERR_CREATE);
    assert_int_equal(recording_write(&r, "", &e), -ERR_CREATE);
    assert_int_equal(recording_write(&r, "/dev/full", &e), -ERR_WRITE);
    assert_int_equal(recording_write(&r, "/dev/null", &e), 0);
    assert_int_equal(recording_read(&back, bad, &e), -ERR_OPEN);
    assert_non_null(strstr(e.message, bad));
    assert_int_equal(recording_read(&back, folder, &e), -ERR_OPEN);
    recording_fini(&back);
    recording_fini(&r);
}

/* Decode and expect an error that says `part`. */
static void assert_wrong(const void *bytes, size_t n, int code, const char *part)
{
    struct recording back;
    struct err e = {0};
    assert_int_equal(recording_decode(&back, bytes, n, "x.rec", &e), -code);
    assert_int_equal(e.code, code);
    if (!strstr(e.message, part) || strncmp(e.message, "x.rec: ", 7) != 0)
        fail_msg("\"%s\" does not say \"%s\"", e.message, part);
    assert_null(back.trace.events);
    assert_null(back.schedule.choices);
}

static void every_cut_is_noticed(void **state)
{
    (void)state;
    struct recording r;
    struct buf b = {0};
    make(&r, 60);
    recording_encode(&r, &b);
    for (size_t n = 0; n < b.len; n++)
        assert_wrong(b.data, n, ERR_DATA, n < 19 ? "no recording of lockstep" : "damaged");
    buf_puts(&b, "x");
    assert_wrong(b.data, b.len, ERR_DATA, "something follows after the end");
    buf_fini(&b);
    recording_fini(&r);
}

static void every_wrong_byte_is_noticed(void **state)
{
    (void)state;
    struct recording r, back;
    struct buf b = {0};
    make(&r, 60);
    recording_encode(&r, &b);
    for (size_t i = 0; i < b.len; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            b.data[i] = (char)(b.data[i] ^ 1 << bit);
            assert_true(recording_decode(&back, b.data, b.len, "x", NULL) < 0);
            b.data[i] = (char)(b.data[i] ^ 1 << bit);
        }
    assert_int_equal(recording_decode(&back, b.data, b.len, "x", NULL), 0);
    recording_fini(&back);
    buf_fini(&b);
    recording_fini(&r);
}

/* Of a free run: names come back, and spell what they spelled. */
static void make_free(struct recording *r)
{
    recording_init(r);
    r->is_free = 1;
    r->finding = xstrdup("");
    r->notes = xstrdup("3 operations of that time were not kept\n");
    made_run(&r->trace, 5, 2, 10, 300);
    made_add(&r->trace, MADE(CREATE, 0, .other = 9, .addr = 0x1000 * F_DEC, .pc = PC(F_MAIN, 30)),
             NULL);
    recording_learn(r, &made_names);
}

static void a_free_one_knows_its_names(void **state)
{
    (void)state;
    struct recording r, back;
    struct err e;
    char name[64];
    struct place place;
    make_free(&r);
    assert_int_equal(recording_write(&r, path, &e), 0);
    assert_int_equal(recording_read(&back, path, &e), 0);
    assert_true(back.is_free);
    assert_string_equal(back.notes, r.notes);
    assert_int_equal(back.nnames, r.nnames);
    const struct names names = recording_names(&back);
    names.object(names.ctx, MUTEX_M, 0, name, sizeof name);
    assert_string_equal(name, "m");
    names.place(names.ctx, PC(F_INC, 8) - 1, &place);
    assert_string_equal(place.file, "dir/counter.c");
    assert_string_equal(place.function, "inc");
    assert_int_equal(place.line, 8);
    names.place(names.ctx, 0x1000 * F_DEC, &place);
    assert_string_equal(place.function, "dec");
    names.object(names.ctx, 0x1234, 0, name, sizeof name); /* nothing tells of it */
    assert_string_equal(name, "0x1234");
    names.value(names.ctx, COUNTER, 4, 7, name, sizeof name);
    assert_string_equal(name, "?");
    recording_fini(&back);
    recording_fini(&r);
}

static void every_cut_of_a_free_one_is_noticed(void **state)
{
    (void)state;
    struct recording r;
    struct buf b = {0};
    make_free(&r);
    recording_encode(&r, &b);
    for (size_t n = 19; n < b.len; n += 7)
        assert_wrong(b.data, n, ERR_DATA, "damaged");
    buf_fini(&b);
    recording_fini(&r);
}

/* A file of sections with right sums: pairs of tag and content, NULL at the end. */
struct part {
    const char *tag, *content;
    uint32_t length;
};

static void build(struct buf *b, const struct part *p)
{
    buf_puts(b, "lockstep recording 1\n");
    for (; p->tag; p++) {
        size_t start = b->len;
        uint32_t n = p->length;
        const uint8_t length[4] = {(uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16),
                                   (uint8_t)(n >> 24)};
        buf_add(b, p->tag, 4);
        buf_add(b, length, 4);
        buf_add(b, p->content, n);
        uint32_t c = recording_crc((const uint8_t *)b->data + start, b->len - start);
        const uint8_t crc[4] = {(uint8_t)c, (uint8_t)(c >> 8), (uint8_t)(c >> 16),
                                (uint8_t)(c >> 24)};
        buf_add(b, crc, 4);
    }
}

#define PART(tag, bytes)                                                                           \
    {                                                                                              \
        tag, bytes, sizeof(bytes) - 1                                                              \
    }
#define GOOD_HEAD   PART("HEAD", "\1\0\0\0")
#define GOOD_SCHD   PART("SCHD", "\0")
#define GOOD_STRG   PART("STRG", "\0")
#define HUGE_NUMBER "\xff\xff\xff\xff\xff\xff\xff\xff\xff\1"

static const struct {
    struct part parts[7];
    int code;
    const char *says;
} wrong[] = {
    {{{0}}, ERR_DATA, "cut short"},
    {{PART("DONE", "\0\0")}, ERR_DATA, "a part is missing"},
    {{GOOD_HEAD, GOOD_SCHD, PART("DONE", "\0\0")}, ERR_DATA, "a part is missing"},
    {{GOOD_HEAD, GOOD_HEAD}, ERR_DATA, "out of order"},
    {{GOOD_HEAD, GOOD_SCHD, PART("FILE", "\1x")}, ERR_DATA, "out of order"},
    {{PART("HEAD", "\2\0\0\0")}, ERR_NEWER, "another version of events"},
    {{PART("HEAD", "\1\2\0\0")}, ERR_DATA, "a number is too large"},
    {{PART("HEAD", "\1\0\3abc\0")}, ERR_DATA, "hash"},
    {{PART("HEAD", "\1\0\x09"
                   "012345678\0")},
     ERR_DATA,
     "hash"},
    {{PART("HEAD", "\1\0\0\0\0")}, ERR_DATA, "longer than what it holds"},
    {{PART("HEAD", "\1\0\0")}, ERR_DATA, "a number is cut short"},
    {{GOOD_HEAD, PART("FILE", "\5ab")}, ERR_DATA, "a text is cut short"},
    {{GOOD_HEAD, PART("FILE", "\2a\0")}, ERR_DATA, "zero byte"},
    {{GOOD_HEAD, PART("FILE", HUGE_NUMBER)}, ERR_DATA, "a number is too large"},
    {{GOOD_HEAD, PART("SCHD", HUGE_NUMBER)}, ERR_DATA, "a number is too large"},
    {{GOOD_HEAD, PART("SCHD", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\2")}, ERR_DATA, "too large"},
    {{GOOD_HEAD, PART("SCHD", "\x80\xad\xe2\4")}, ERR_DATA, "a number is cut short"},
    {{GOOD_HEAD, PART("SCHD", "\1\x80\2\0")}, ERR_DATA, "a task that cannot be"},
    {{GOOD_HEAD, PART("SCHD", "\1\1")}, ERR_DATA, "a byte is missing"},
    {{GOOD_HEAD, GOOD_SCHD, PART("STRG", "\xff\xff\xff\7")}, ERR_DATA, "too large"},
    {{GOOD_HEAD, GOOD_SCHD, PART("STRG", "\1\x80\2\0\0")}, ERR_DATA, "too large"},
    {{GOOD_HEAD, GOOD_SCHD, GOOD_STRG, PART("EVNT", "\x63\0\0")}, ERR_DATA, "cannot be"},
    {{GOOD_HEAD, GOOD_SCHD, GOOD_STRG, PART("EVNT", "\1\x80\2\0")}, ERR_DATA, "cannot be"},
    {{GOOD_HEAD, GOOD_SCHD, GOOD_STRG, PART("EVNT", "\1\0\2\x80\2")}, ERR_DATA, "too large"},
    {{GOOD_HEAD, GOOD_SCHD, GOOD_STRG, PART("EVNT", "\1\0\x40\7abc")}, ERR_DATA, "text is cut"},
    {{GOOD_HEAD, GOOD_SCHD, GOOD_STRG, PART("DONE", "\1\0")}, ERR_DATA, "events are missing"},
    {{GOOD_HEAD, PART("NEWS", "")}, ERR_NEWER, "a kind unknown here"},
    {{GOOD_HEAD, GOOD_SCHD, GOOD_STRG, PART("NAME", "\1\0\1x")}, ERR_DATA, "out of order"},
    {{GOOD_HEAD, GOOD_SCHD, GOOD_STRG, PART("FREE", "\0"), PART("FREE", "\0")}, ERR_DATA, "twice"},
    {{GOOD_HEAD, GOOD_SCHD, GOOD_STRG, PART("FREE", "\0"), PART("NAME", "\2\0\1x\1\0\1x")},
     ERR_DATA,
     "out of order"},
    {{GOOD_HEAD, GOOD_SCHD, GOOD_STRG, PART("FREE", "\0"), PART("NAME", "\2\4\1x")},
     ERR_DATA,
     "too large"},
    {{PART("HEAD", "\1\0\0\0"), PART("skip", "anything"), GOOD_SCHD, GOOD_STRG},
     ERR_DATA,
     "cut short"},
};

static void wrong_contents_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct buf b = {0};
        build(&b, wrong[i].parts);
        assert_wrong(b.data, b.len, wrong[i].code, wrong[i].says);
        buf_fini(&b);
    }
}

static void an_unknown_part_may_be_skipped(void **state)
{
    (void)state;
    static const struct part parts[] = {
        GOOD_HEAD, PART("note", "for later versions"), GOOD_SCHD, GOOD_STRG, PART("DONE", "\0\0"),
        {0}};
    struct recording back;
    struct buf b = {0};
    build(&b, parts);
    assert_int_equal(recording_decode(&back, b.data, b.len, "x", NULL), 0);
    recording_fini(&back);
    buf_fini(&b);
}

static void first_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int code;
        const char *says;
    } lines[] = {
        {"", ERR_DATA, "no recording of lockstep"},
        {"#include <stdio.h>\nint main", ERR_DATA, "no recording of lockstep"},
        {"lockstep recording 2\n", ERR_NEWER, "newer lockstep"},
        {"lockstep recording 99999999999999999\n", ERR_NEWER, "newer lockstep"},
        {"lockstep recording 0\n", ERR_DATA, "offset 20: the version"},
        {"lockstep recording \n", ERR_DATA, "the version"},
        {"lockstep recording 1", ERR_DATA, "the version"},
        {"lockstep recording 1\r\n", ERR_DATA, "the version"},
        {"lockstep recording 1\n", ERR_DATA, "offset 21: the file is cut short"},
        {"lockstep recording 1\nHEAD\xff\xff\xff\xff....", ERR_DATA, "a length is wrong"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_wrong(lines[i].text, strlen(lines[i].text), lines[i].code, lines[i].says);
}

static void fields_survive_one_by_one(void **state)
{
    (void)state;
    for (unsigned i = 0; i < RECORDING_FIELDS; i++) {
        struct event e;
        memset(&e, 0, sizeof e);
        for (unsigned bit = 0; bit < 8 * recording_fields[i].bytes; bit++) {
            recording_field_set(&e, i, (uint64_t)1 << bit);
            assert_int_equal(recording_field_get(&e, i), (uint64_t)1 << bit);
        }
        recording_field_set(&e, i, 0);
        struct event zero;
        memset(&zero, 0, sizeof zero);
        assert_memory_equal(&e, &zero, sizeof e);
    }
    assert_int_equal(recording_crc((const uint8_t *)"123456789", 9), 0xcbf43926);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_comes_back_identical),
        cmocka_unit_test(an_empty_one_works),
        cmocka_unit_test(it_is_written_whole_or_not_at_all),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(a_free_one_knows_its_names),
        cmocka_unit_test(every_cut_of_a_free_one_is_noticed),
        cmocka_unit_test(every_wrong_byte_is_noticed),
        cmocka_unit_test(wrong_contents_are_named),
        cmocka_unit_test(an_unknown_part_may_be_skipped),
        cmocka_unit_test(first_lines),
        cmocka_unit_test(fields_survive_one_by_one),
    };
    return cmocka_run_group_tests_name("recording", tests, setup, teardown);
}
