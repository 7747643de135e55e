/* Frames, locals, globals and their values, on real programs stopped at known places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "symbols_specimen.h"

static const char *const commands[] = {
    "gcc -gdwarf-5 -O0",
    "gcc -gdwarf-4 -O0",
    "gcc -gdwarf-5 -O0 -no-pie",
    "gcc -gdwarf-5 -O0 -fno-omit-frame-pointer -fno-asynchronous-unwind-tables -fno-unwind-tables",
    "gcc -gdwarf-4 -O0 -fdebug-types-section -gz",
    "clang -gdwarf-5 -O0",
    "clang -gdwarf-4 -O0",
    "gcc -gdwarf-5 -O2",
    "gcc -gdwarf-4 -O2",
    "gcc -gdwarf-5 -O1 -no-pie -fomit-frame-pointer",
    "clang -gdwarf-5 -O2",
    "clang -gdwarf-4 -O1",
};

static const struct {
    const char *name, *type, *value;
} globals[] = {
    {"counter", "int", "3"},
    {"negative", "long", "-5"},
    {"byte", "unsigned char", "200"},
    {"letter", "char", "'a'"},
    {"newline", "char", "'\\n'"},
    {"quote", "char", "'\\''"},
    {"yes", "bool", "true"},
    {"third", "float", "0.1"},
    {"tenth", "double", "0.1"},
    {"big", "long double", "1.5"},
    {"z", "complex double", "1 + 2i"},
    {"shade", "enum color", "BLUE"},
    {"no_color", "enum color", "5"},
    {"rights", "enum flags", "READ|EXEC"},
    {"odd_rights", "enum flags", "WRITE|0x40"},
    {"buf", "int[10]", "{1, 2, 3, 4, 5, 6, 7, 8, ...}"},
    {"grid", "int[2][3]", "{{1, 2, 3}, {4, 5, 6}}"},
    {"text", "char[16]", "\"hi \\\"you\\\"\\n\""},
    {"full", "char[3]", "\"abc\""},
    {"message", "const char *", "\"a message\""},
    {"long_message", "const char *", "\"a message that is much too long \"..."},
    {"wild", "const char *", "0x10 <unreadable>"},
    {"null_pointer", "int *", "0x0"},
    {"to_counter", "int *", "&counter"},
    {"to_buf", "int *", "&buf[3]"},
    {"to_anything", "void *", "&buf[2]"},
    {"compare", "int (*)(const void *, const void *)", "by_number"},
    {"nodes", "struct node[3]",
     "{{value = 1, next = &nodes[1]}, {value = 2, next = &nodes[2]}, "
     "{value = 3, next = &nodes[0]}}"},
    {"q", "struct queue", "{lock = <mutex>, head = &nodes[0], n = 3}"},
    {"bits", "struct packed_bits", "{a = 5, b = -3, c = 300, after = 9}"},
    {"number", "union number", "{i = 1, f = 1.4013e-45, bytes = {1, 0, 0, 0}}"},
    {"atomic_count", "_Atomic int", "4"},
    {"stubborn", "const volatile int *const volatile", "&counter"},
    {"wide", "int64_t", "-9223372036854775808"},
    {"unsigned_wide", "uint64_t", "18446744073709551615"},
    {"widest", "__int128", "-7"},
    {"m", "mutex", ""},
    {"sem", "semaphore", ""},
    {"conditions", "pthread_cond_t[2]", "{<condition>, <condition>}"},
    {"limit", "const int", "12"},
    {"stream", "FILE *", NULL},
    {"in_other_file", "int", "1"},
};

/* Optimised code may not have a variable, but what is shown must be true. */
static int optimised;

static void expect_local(struct specimen *t, const char *name, const char *value)
{
    const char *got = specimen_value(t, name);
    if (optimised && (strcmp(got, "<optimized out>") == 0 || strcmp(got, "<in a register>") == 0))
        return;
    if (strcmp(got, value) != 0)
        fail_msg("%s: %s is %s, not %s", t->binary, name, got, value);
}

static void check_frames(struct specimen *t, const char *const *functions)
{
    struct frame f[16] = {0};
    int n = symbols_frames(t->symbols, &t->regs, &t->memory, f, 16);
    for (int i = 0; i < n; i++) {
        if (!functions[i] || strcmp(functions[i], f[i].place.function) != 0) {
            fail_msg("frame %d is %s, not %s", i, f[i].place.function,
                     functions[i] ? functions[i] : "(none)");
            return;
        }
        assert_true(f[i].place.line > 0);
        assert_true(i == 0 || f[i].cfa > f[i - 1].cfa);
    }
    assert_null(functions[n]);
}

/* The line of a place, in the words of the source itself. */
static void check_line(const struct place *p, const char *source, const char *expected)
{
    char line[256] = "";
    FILE *f = fopen(fixture(source), "r");
    assert_non_null(f);
    for (int i = 0; i < p->line; i++)
        assert_non_null(fgets(line, sizeof line, f));
    fclose(f);
    if (!strstr(line, expected))
        fail_msg("%s:%d is not %s", p->file, p->line, expected);
}

/* DWARF 4 has no word for it. */
static int knows_atomic;

static const char *without_atomic(const char *type)
{
    return !knows_atomic && strncmp(type, "_Atomic ", 8) == 0 ? type + 8 : type;
}

static void check_globals(struct specimen *t)
{
    specimen_globals(t);
    for (size_t i = 0; i < sizeof globals / sizeof *globals; i++) {
        const struct variable *v = specimen_row(t, globals[i].name);
        if (strcmp(v->type, without_atomic(globals[i].type)) != 0)
            fail_msg("type of %s is %s, not %s", v->name, v->type, globals[i].type);
        if (globals[i].value && strcmp(v->value, globals[i].value) != 0)
            fail_msg("%s is %s, not %s", v->name, v->value, globals[i].value);
        assert_true(v->line > 0);
    }
    assert_string_equal(specimen_value(t, "per_thread"), "<thread-local>");
    assert_false(specimen_has_row(t, "stdout"));
    assert_false(specimen_has_row(t, "calls")); /* a static of a function */
    assert_false(specimen_has_row(t, "declared_only_elsewhere"));
    const struct variable *row = specimen_row(t, "counter");
    assert_int_equal(row->size, 4);
    assert_true(row->addr == symbols_address(t->symbols, "counter"));
}

/* In the order of declaration, and the children of a struct behind it. */
static void check_order(struct specimen *t)
{
    const struct variable *q = specimen_row(t, "q");
    assert_string_equal(q[1].name, "lock");
    assert_string_equal(q[1].type, "mutex");
    assert_string_equal(q[1].value, "");
    assert_int_equal(q[1].depth, 1);
    assert_string_equal(q[3].name, "n");
    assert_string_equal(q[3].value, "3");
    assert_true(specimen_row(t, "buf") < specimen_row(t, "grid"));
    assert_true(specimen_row(t, "grid") < specimen_row(t, "in_other_file"));
    const struct variable *table = specimen_row(t, "table");
    assert_string_equal(table[1].name, "[0]");
    assert_string_equal(table[2].name, "name");
    assert_string_equal(table[2].value, "\"first\"");
    assert_string_equal(table[5].name, "hidden"); /* of an unnamed struct */
    assert_int_equal(table[5].depth, 2);
}

static void check_innermost(struct specimen *t)
{
    static const char *const stack[] = {"innermost", "middle", "main", NULL};
    specimen_next_in(t, "innermost");
    check_globals(t);
    check_order(t);
    check_frames(t, stack);
    struct frame f[4] = {0};
    symbols_frames(t->symbols, &t->regs, &t->memory, f, 4);
    check_line(&f[0].place, "types.c", "STOP(); /* innermost */");
    specimen_locals(t, 0);
    expect_local(t, "depth", "4");
    expect_local(t, "list", "&nodes[0]");
    expect_local(t, "word", "\"word\"");
    expect_local(t, "calls", "41");
    assert_string_equal(specimen_value(t, "local"), "8");
    expect_local(t, "mine", "&local");
    assert_string_equal(specimen_value(t, "here"), "{value = 4, next = &nodes[0]}");
    if (!optimised) {
        assert_false(specimen_has_row(t, "later")); /* not declared yet */
        check_line(&f[1].place, "types.c", "innermost(n, q.head");
        check_line(&f[2].place, "types.c", "middle(4)");
    }
    assert_string_equal(t->rows[0].name, "depth"); /* parameters first */
}

static void check_callers(struct specimen *t)
{
    specimen_locals(t, 1);
    expect_local(t, "n", "4");
    if (!optimised) {
        assert_string_equal(specimen_value(t, "numbers"), "{0, 1, 4, 9}");
        assert_int_equal(specimen_row(t, "numbers")->size, 16);
        assert_false(specimen_has_row(t, "i")); /* out of its block */
    }
    specimen_locals(t, 2);
    assert_string_equal(specimen_value(t, "args"), "{{n = 7, tag = 'x'}, {n = 8, tag = 'y'}}");
    expect_local(t, "argc", "1");
    specimen_locals(t, 3);
    assert_int_equal(t->nrows, 0);
    specimen_locals(t, -1);
    assert_int_equal(t->nrows, 0);
}

static void check_block(struct specimen *t)
{
    specimen_next_in(t, "innermost");
    specimen_locals(t, 0);
    assert_string_equal(specimen_value(t, "local"), "99"); /* hides the outer one */
    int n = 0;
    for (int i = 0; i < t->nrows; i++)
        n += t->rows[i].depth == 0 && strcmp(t->rows[i].name, "local") == 0;
    assert_int_equal(n, 1);
    expect_local(t, "later", "9");
}

static void check_other_file(struct specimen *t)
{
    static const char *const stack[] = {"other_file", "main", NULL};
    specimen_next_in(t, "other_file");
    check_frames(t, stack);
    struct frame f[2] = {0};
    assert_int_equal(symbols_frames(t->symbols, &t->regs, &t->memory, f, 1), 1);
    check_line(&f[0].place, "other.c", "STOP(); /* other_file */");
    specimen_globals(t);
    assert_string_equal(specimen_value(t, "in_other_file"), "1");
}

/* A variable whose initialiser is at work has no value to show yet; a loop's has. */
static void check_initialisers(struct specimen *t)
{
    specimen_next_in(t, "stopping");
    specimen_locals(t, 1);
    assert_true(specimen_has_row(t, "n"));
    if (!optimised) {
        expect_local(t, "sum", "0");
        expect_local(t, "i", "0");
        assert_false(specimen_has_row(t, "got"));
        specimen_next_in(t, "stopping"); /* in the initialiser of got */
        specimen_locals(t, 1);
        expect_local(t, "i", "0");
        assert_false(specimen_has_row(t, "got"));
        specimen_next_in(t, "stopping"); /* back in the head of the loop */
        specimen_locals(t, 1);
        expect_local(t, "i", "1");
        expect_local(t, "sum", "7");
    }
}

static void check_inlined(struct specimen *t)
{
    struct frame f[4] = {0};
    specimen_next_in(t, "in_line");
    assert_int_equal(symbols_frames(t->symbols, &t->regs, &t->memory, f, 4), 2);
    assert_string_equal(f[0].place.function, "in_line");
    check_line(&f[0].place, "other.c", "STOP(); /* in_line */");
    assert_string_equal(f[1].place.function, "main");
    specimen_locals(t, 0);
    assert_string_equal(specimen_value(t, "twice"), "4");
    expect_local(t, "n", "2");
}

/* The caller of a callback is code that is not the program's: known when its file is told. */
static void check_callback(struct specimen *t)
{
    static const char *const alone[] = {"by_number", NULL};
    static const char *const whole[] = {"by_number", "main", NULL};
    char path[512];
    specimen_next_in(t, "by_number");
    check_frames(t, alone);
    uint64_t low = specimen_mapped(t, "libc.so", path, sizeof path);
    assert_true(low != 0);
    assert_int_equal(symbols_add_library(t->symbols, path, low, NULL), 0);
    check_frames(t, whole);
}

/* A fiber: a stack of its own, in a global array; below its first function is none of ours. */
static void check_fiber(struct specimen *t)
{
    static const char *const stack[] = {"worker", "fiber_main", NULL};
    static const char *const inlined[] = {"worker", NULL};
    struct frame f[8];
    specimen_next_in(t, "worker");
    int n = symbols_frames(t->symbols, &t->regs, &t->memory, f, 8);
    check_frames(t, optimised && n == 1 ? inlined : stack);
    specimen_locals(t, 0);
    expect_local(t, "id", "11");
    expect_local(t, "argument", "&worker_id");
}

static void test_programs(void **state)
{
    (void)state;
    int ran = 0;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        static struct specimen t;
        char cc[16];
        snprintf(cc, sizeof cc, "%.*s", (int)strcspn(commands[i], " "), commands[i]);
        if (!have_compiler(cc))
            continue;
        print_message("           %s\n", commands[i]);
        optimised = strstr(commands[i], "-O0") == NULL;
        knows_atomic = strstr(commands[i], "dwarf-5") != NULL;
        specimen_build(&t, commands[i]);
        specimen_start(&t);
        check_innermost(&t);
        check_callers(&t);
        check_block(&t);
        check_other_file(&t);
        check_initialisers(&t);
        check_inlined(&t);
        if (!strstr(commands[i], "-fno-asynchronous"))
            check_callback(&t);
        check_fiber(&t);
        assert_int_equal(specimen_next(&t), 0);
        specimen_end(&t);
        ran++;
    }
    assert_true(ran > 0);
}

/* As lockstep builds it: instrumented, with a library in place of the usual run-time. */
static void test_instrumented(void **state)
{
    (void)state;
    static struct specimen t;
    const char *dir = specimen_dir();
    run("cc -shared -fPIC -o %s/libhooks.so %s", dir, fixture("hooks.c"));
    run("cc -g -O0 -fsanitize=thread -fno-omit-frame-pointer -c -o %s/t.o %s", dir,
        fixture("types.c"));
    run("cc -g -O0 -fsanitize=thread -fno-omit-frame-pointer -c -o %s/o.o %s", dir,
        fixture("other.c"));
    t = (struct specimen){.pid = -1};
    snprintf(t.binary, sizeof t.binary, "%s/fixture", dir);
    run("cc -o %s %s/t.o %s/o.o -L%s -lhooks -Wl,-rpath,%s", t.binary, dir, dir, dir, dir);
    specimen_start(&t);
    assert_true(t.bias == 0x555555554000);
    optimised = 0;
    knows_atomic = 1;
    check_innermost(&t);
    check_callers(&t);
    check_block(&t);
    check_other_file(&t);
    check_initialisers(&t);
    check_inlined(&t);
    check_callback(&t);
    check_fiber(&t);
    assert_int_equal(specimen_next(&t), 0);
    specimen_end(&t);
}

/* Without memory, or with memory that refuses, nothing is made up. */
static int refuse(void *ctx, uint64_t addr, void *out, size_t n)
{
    (void)ctx;
    (void)addr;
    (void)out;
    (void)n;
    return -1;
}

static void test_unreadable(void **state)
{
    (void)state;
    static struct specimen t;
    specimen_build(&t, "cc -g -O0");
    specimen_start(&t);
    specimen_next_in(&t, "innermost");
    t.memory = (struct memory){NULL, refuse};
    specimen_globals(&t);
    assert_string_equal(specimen_value(&t, "counter"), "<unreadable>");
    assert_string_equal(specimen_value(&t, "buf"), "<unreadable>");
    assert_string_equal(specimen_value(&t, "q"), "<unreadable>");
    assert_string_equal(specimen_value(&t, "m"), "");
    assert_string_equal(specimen_value(&t, "limit"), "12"); /* a constant, in the file itself */
    specimen_locals(&t, 0);
    assert_string_equal(specimen_value(&t, "depth"), "<unreadable>");
    struct frame f[4];
    assert_int_equal(symbols_frames(t.symbols, &t.regs, &t.memory, f, 4), 1);
    struct regs nowhere = {.pc = 0x1234, .sp = 8, .bp = 8};
    assert_int_equal(symbols_frames(t.symbols, &nowhere, &t.memory, f, 4), 0);
    assert_int_equal(symbols_locals(t.symbols, &nowhere, &t.memory, 0, t.rows, SPECIMEN_ROWS), 0);
    specimen_end(&t);
}

/* Rows stop at the caller's limit. */
static void test_few_rows(void **state)
{
    (void)state;
    static struct specimen t;
    specimen_build(&t, "cc -g -O0");
    specimen_start(&t);
    specimen_next_in(&t, "innermost");
    memset(t.rows, 0x55, sizeof t.rows);
    for (int max = 0; max < 30; max++) {
        assert_int_equal(symbols_globals(t.symbols, &t.memory, t.rows, max), max);
        assert_int_equal(t.rows[max].depth, 0x55555555);
    }
    specimen_end(&t);
}

static void test_thread_local(void **state)
{
    (void)state;
    static struct specimen t;
    specimen_build(&t, "cc -g -O0");
    specimen_start(&t);
    specimen_next_in(&t, "innermost");
    symbols_set_thread_pointer(t.symbols, 3, t.thread_pointer);
    uint64_t addr = 0;
    for (uint64_t a = t.thread_pointer - 64; a < t.thread_pointer; a += 4)
        if (strcmp(specimen_object_name(t.symbols, a, 4), "T3:per_thread") == 0)
            addr = a;
    int value = 0;
    assert_true(addr != 0);
    assert_int_equal(t.memory.read(t.memory.ctx, addr, &value, 4), 0);
    assert_int_equal(value, 7);
    specimen_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_programs),     cmocka_unit_test(test_instrumented),
        cmocka_unit_test(test_unreadable),   cmocka_unit_test(test_few_rows),
        cmocka_unit_test(test_thread_local),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    specimen_cleanup();
    return failed;
}
