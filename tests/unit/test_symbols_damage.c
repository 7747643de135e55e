/* Files that are no programs, programs without what we like to have, and damaged ones. Changing
 * bytes at random is done by tests/fuzz/fuzz_symbols.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "symbols_specimen.h"

static struct specimen t;

static int cleanup(void **state)
{
    (void)state;
    specimen_cleanup();
    return 0;
}

static void write_file(const char *path, const void *data, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static void expect_error(const char *path, int code, const char *text)
{
    struct symbols *s = NULL;
    struct err e = {0};
    assert_int_equal(symbols_open(&s, path, 0, &e), -code);
    assert_null(s);
    assert_int_equal(e.code, code);
    if (!strstr(e.message, text) || !strstr(e.message, path))
        fail_msg("not helpful: %s", e.message);
    assert_int_equal(symbols_open(&s, path, 0, NULL), -code);
}

static void test_no_program(void **state)
{
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s/none", specimen_dir());
    expect_error(path, ERR_OPEN, "No such file");
    expect_error(specimen_dir(), ERR_NOT_A_PROGRAM, "not a regular file");
    write_file(path, "", 0);
    expect_error(path, ERR_NOT_A_PROGRAM, "no ELF file");
    write_file(path, "int main(void) {}\n", 18);
    expect_error(path, ERR_NOT_A_PROGRAM, "no ELF file");
    write_file(path, "\177ELF", 4);
    expect_error(path, ERR_NOT_A_PROGRAM, "");
    run("cc -g -c -o %s %s", path, fixture("other.c"));
    expect_error(path, ERR_NOT_A_PROGRAM, "object file");
    symbols_close(NULL);
}

static void test_wrong_machine(void **state)
{
    (void)state;
    char path[256];
    static unsigned char file[1 << 20];
    specimen_build(&t, "cc -g");
    FILE *f = fopen(t.binary, "rb");
    assert_non_null(f);
    size_t n = fread(file, 1, sizeof file, f);
    fclose(f);
    file[18] = 8; /* MIPS */
    snprintf(path, sizeof path, "%s/mips", specimen_dir());
    write_file(path, file, n);
    expect_error(path, ERR_NOT_A_PROGRAM, "another machine");
}

/* Cut at many lengths: an error or a program about which less is known. */
static void test_cut_short(void **state)
{
    (void)state;
    char path[256];
    static unsigned char file[1 << 20];
    int opened = 0;
    specimen_build(&t, "cc -g");
    FILE *f = fopen(t.binary, "rb");
    assert_non_null(f);
    size_t n = fread(file, 1, sizeof file, f);
    fclose(f);
    snprintf(path, sizeof path, "%s/cut", specimen_dir());
    for (size_t cut = 0; cut < n; cut += cut < 1024 ? 37 : 1009) {
        struct symbols *s;
        struct err e = {0};
        write_file(path, file, cut);
        if (symbols_open(&s, path, 0, &e) != 0) {
            assert_true(e.message[0] != '\0');
            continue;
        }
        opened++;
        symbols_globals(s, NULL, t.rows, SPECIMEN_ROWS);
        specimen_object_name(s, 0x4000, 4);
        symbols_close(s);
    }
    assert_true(opened > 0);
}

/* Without DWARF the symbol table gives names, and the frame information still the stack. */
static void test_without_debug(void **state)
{
    (void)state;
    specimen_build(&t, "cc -O0");
    specimen_start(&t);
    struct frame f[8];
    struct place p;
    const struct names *names = symbols_names(t.symbols);
    specimen_next_in(&t, "innermost");
    int n = symbols_frames(t.symbols, &t.regs, &t.memory, f, 8);
    assert_int_equal(n, 3);
    assert_string_equal(f[1].place.function, "middle");
    assert_string_equal(f[2].place.function, "main");
    assert_string_equal(f[0].place.file, "");
    assert_int_equal(f[0].place.line, 0);
    specimen_locals(&t, 0);
    assert_int_equal(t.nrows, 0);
    specimen_globals(&t);
    assert_int_equal(t.nrows, 0);
    uint64_t counter = symbols_address(t.symbols, "counter");
    assert_string_equal(specimen_object_name(t.symbols, counter, 4), "counter");
    assert_string_equal(specimen_object_name(t.symbols, counter + 2, 1), "counter+2");
    assert_string_equal(
        specimen_object_name(t.symbols, symbols_address(t.symbols, "middle") + 3, 1), "middle+0x3");
    assert_int_equal(
        t.memory.read(t.memory.ctx, symbols_address(t.symbols, "message"), &counter, 8), 0);
    assert_string_equal(specimen_object_name(t.symbols, counter, 1), "\"a message\"");
    char out[32];
    names->value(names->ctx, symbols_address(t.symbols, "negative"), 8, (uint64_t)-5, out,
                 sizeof out);
    assert_string_equal(out, "-5");
    names->place(names->ctx, symbols_address(t.symbols, "main"), &p);
    assert_string_equal(p.function, "main");
    const char *const *files;
    assert_int_equal(symbols_files(t.symbols, &files), 0);
    specimen_end(&t);
}

static void test_stripped(void **state)
{
    (void)state;
    struct frame f[8];
    specimen_build(&t, "cc -g -O0 -s");
    specimen_start(&t);
    assert_int_equal(specimen_next(&t), 1);
    int n = symbols_frames(t.symbols, &t.regs, &t.memory, f, 8);
    assert_true(n >= 3); /* nothing says where main is; the start-up code ends it */
    assert_string_equal(f[0].place.function, "");
    assert_true(f[2].cfa > f[1].cfa && f[1].cfa > f[0].cfa);
    assert_int_equal(symbols_address(t.symbols, "main"), 0);
    specimen_end(&t);
}

/* Neither call frame information nor DWARF: the chain of frame pointers is left. */
static void test_frame_pointers(void **state)
{
    (void)state;
    struct frame f[8];
    specimen_build(&t, "cc -O0 -fno-asynchronous-unwind-tables -fno-unwind-tables");
    specimen_start(&t);
    specimen_next_in(&t, "innermost");
    assert_int_equal(symbols_frames(t.symbols, &t.regs, &t.memory, f, 8), 3);
    assert_string_equal(f[2].place.function, "main");
    t.regs.bp = t.regs.sp + 1; /* no frame pointer: not even aligned */
    assert_int_equal(symbols_frames(t.symbols, &t.regs, &t.memory, f, 8), 1);
    t.regs.bp = 0;
    assert_int_equal(symbols_frames(t.symbols, &t.regs, &t.memory, f, 8), 1);
    specimen_end(&t);
}

/* Memory in which every word points back at the frame: the walk must end. */
static int read_loop(void *ctx, uint64_t addr, void *out, size_t n)
{
    uint64_t pair[2] = {0x7000, *(uint64_t *)ctx};
    (void)addr;
    memcpy(out, pair, n < sizeof pair ? n : sizeof pair);
    return 0;
}

static void test_stack_in_a_circle(void **state)
{
    (void)state;
    static struct frame f[4096];
    specimen_build(&t, "cc -g -O0 -fno-asynchronous-unwind-tables -fno-unwind-tables");
    specimen_start(&t);
    uint64_t pc = symbols_address(t.symbols, "middle") + 20;
    struct memory m = {&pc, read_loop};
    struct regs r = {.pc = pc, .sp = 0x7000, .bp = 0x7000};
    int n = symbols_frames(t.symbols, &r, &m, f, 4096);
    assert_in_range(n, 1, 4);
    symbols_locals(t.symbols, &r, &m, 0, t.rows, SPECIMEN_ROWS);
    specimen_end(&t);
}

/* A relative directory of the compilation is looked for beside the program. */
static void test_relative_directory(void **state)
{
    (void)state;
    const char *dir = specimen_dir();
    const char *const *files;
    struct symbols *s;
    char path[256];
    run("mkdir -p %s/src && cp %s %s %s/src", dir, fixture("other.c"), fixture("types.h"), dir);
    run("echo 'int other_file(int); int main(void) { return other_file(1); }' > %s/src/m.c", dir);
    run("cd %s && cc -g -O0 -fdebug-prefix-map=%s=. -o rel src/m.c src/other.c", dir, dir);
    snprintf(path, sizeof path, "%s/rel", dir);
    assert_int_equal(symbols_open(&s, path, 0, NULL), 0);
    assert_int_equal(symbols_files(s, &files), 2);
    assert_int_equal(files[1][0], '/');
    assert_int_equal(access(files[1], R_OK), 0);
    struct place p;
    const struct names *names = symbols_names(s);
    names->place(names->ctx, symbols_address(s, "other_file"), &p);
    assert_string_equal(p.file, "src/other.c"); /* as given to the compiler */
    assert_string_equal(symbols_file_path(s, p.file), files[1]);
    symbols_close(s);
    run("rm %s/src/other.c", dir); /* gone: named as the program does */
    assert_int_equal(symbols_open(&s, path, 0, NULL), 0);
    assert_int_equal(symbols_files(s, &files), 2);
    assert_non_null(strstr(files[1], "src/other.c"));
    assert_int_equal(symbols_line_has_code(s, "src/other.c", p.line), 1);
    symbols_close(s);
}

/* A program whose DWARF is noise is a program without DWARF. */
static void test_noise(void **state)
{
    (void)state;
    char path[256];
    const char *dir = specimen_dir();
    struct symbols *s;
    specimen_build(&t, "cc -g");
    snprintf(path, sizeof path, "%s/noise", dir);
    for (unsigned seed = 1; seed < 9; seed++) {
        run("head -c 30000 /dev/zero | tr '\\0' '\\%03o' > %s/raw", seed * 29, dir);
        run("objcopy --update-section .debug_info=%s/raw --update-section .debug_line=%s/raw %s %s",
            dir, dir, t.binary, path);
        assert_int_equal(symbols_open(&s, path, 0, NULL), 0);
        symbols_globals(s, NULL, t.rows, SPECIMEN_ROWS);
        assert_string_equal(specimen_object_name(s, symbols_address(s, "counter"), 4), "counter");
        symbols_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_program),
        cmocka_unit_test(test_wrong_machine),
        cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_without_debug),
        cmocka_unit_test(test_stripped),
        cmocka_unit_test(test_frame_pointers),
        cmocka_unit_test(test_stack_in_a_circle),
        cmocka_unit_test(test_relative_directory),
        cmocka_unit_test(test_noise),
    };
    return cmocka_run_group_tests(tests, NULL, cleanup);
}
