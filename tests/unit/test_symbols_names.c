/* Addresses to words: objects, code places, values; and how long that takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "symbols_specimen.h"

static struct specimen t;

static int stop_in_innermost(void **state)
{
    (void)state;
    specimen_build(&t, "cc -g -O0");
    specimen_start(&t);
    specimen_next_in(&t, "innermost");
    return 0;
}

static int end(void **state)
{
    (void)state;
    specimen_end(&t);
    specimen_cleanup();
    return 0;
}

static void expect_object(uint64_t addr, uint32_t size, const char *name)
{
    assert_string_equal(specimen_object_name(t.symbols, addr, size), name);
}

static uint64_t address(const char *name)
{
    uint64_t addr = symbols_address(t.symbols, name);
    if (!addr)
        fail_msg("no address of %s", name);
    return addr;
}

static void test_globals(void **state)
{
    (void)state;
    expect_object(address("counter"), 4, "counter");
    expect_object(address("counter"), 0, "counter");
    expect_object(address("counter") + 1, 1, "counter+1");
    expect_object(address("buf"), 4, "buf[0]");
    expect_object(address("buf") + 12, 4, "buf[3]");
    expect_object(address("buf") + 12, 0, "buf[3]");
    expect_object(address("buf") + 13, 1, "buf[3]+1");
    expect_object(address("buf"), 40, "buf");
    expect_object(address("buf") + 8, 16, "buf[2..5]");
    expect_object(address("buf") + 40 - 4, 4, "buf[9]");
    expect_object(address("grid") + 16, 4, "grid[1][1]");
    expect_object(address("grid") + 12, 12, "grid[1]");
    expect_object(address("text") + 3, 1, "text[3]");
    expect_object(address("nodes") + 24, 8, "nodes[1].next");
    expect_object(address("nodes") + 16, 16, "nodes[1]");
    expect_object(address("table") + 48, 1, "table[2].name[0]");
    expect_object(address("table") + 24 + 18, 2, "table[1].at.y");
    expect_object(address("table") + 24 + 20, 4, "table[1].hidden");
    expect_object(address("number"), 4, "number.i");
    expect_object(address("number") + 2, 1, "number.bytes[2]");
}

static void test_library_objects(void **state)
{
    (void)state;
    expect_object(address("q"), 0, "q.lock");
    expect_object(address("q"), 40, "q.lock");
    expect_object(address("q") + 40, 8, "q.head");
    expect_object(address("q") + 48, 4, "q.n");
    expect_object(address("m"), 0, "m");
    expect_object(address("conditions") + 48, 0, "conditions[1]");
}

static void test_bit_fields(void **state)
{
    (void)state;
    expect_object(address("bits"), 1, "bits.{a,b}");
    expect_object(address("bits") + 1, 2, "bits.c");
    expect_object(address("bits") + 4, 4, "bits.after");
}

static void test_code_and_constants(void **state)
{
    (void)state;
    uint64_t literal = 0;
    expect_object(address("middle"), 0, "middle");
    expect_object(address("middle") + 4, 0, "middle+0x4");
    assert_int_equal(t.memory.read(t.memory.ctx, address("message"), &literal, 8), 0);
    expect_object(literal, 1, "\"a message\"");
    expect_object(literal + 2, 1, "\"message\"");
    expect_object(0x7fff00000010, 4, "0x7fff00000010");
    expect_object(0, 4, "0x0");
    expect_object(UINT64_MAX, 4, "0xffffffffffffffff");
}

/* A static of a function is not somebody else's of that name. */
static void test_statics(void **state)
{
    (void)state;
    specimen_locals(&t, 0);
    expect_object(specimen_row(&t, "calls")->addr, 4, "innermost.calls");
}

static void test_stacks(void **state)
{
    (void)state;
    specimen_locals(&t, 2);
    uint64_t args = specimen_row(&t, "args")->addr;
    specimen_locals(&t, 0);
    uint64_t local = specimen_row(&t, "local")->addr;
    char hex[32];
    snprintf(hex, sizeof hex, "0x%llx", (unsigned long long)args);
    expect_object(args, 4, hex);
    symbols_set_stack(t.symbols, 2, args - 4096, args + 0x20);
    expect_object(args, 4, "T2's stack+0x20");
    symbols_set_frames(t.symbols, 2, &t.regs, &t.memory);
    expect_object(args, 4, "main.args[0].n");
    expect_object(args + 8 + 4, 1, "main.args[1].tag");
    expect_object(args + 5, 1, "main.args[0]+5"); /* padding */
    expect_object(local, 4, "T2:innermost.local");
    symbols_set_stack(t.symbols, 2, 0, 0);
    expect_object(args, 4, "main.args[0].n");
    struct regs none = {0};
    symbols_set_frames(t.symbols, 2, &none, &t.memory);
    expect_object(args, 4, hex);
}

static void test_two_stacks(void **state)
{
    (void)state;
    symbols_set_stack(t.symbols, 1, 0x7000, 0x8000);
    symbols_set_stack(t.symbols, 0, 0x8000, 0x9000);
    symbols_set_stack(t.symbols, 5, 0x5000, 0x6000);
    expect_object(0x7ff0, 4, "T1's stack+0x10");
    expect_object(0x8000, 4, "T0's stack+0x1000");
    expect_object(0x5ffc, 4, "T5's stack+0x4");
    expect_object(0x6000, 4, "0x6000");
    for (unsigned i = 0; i < 6; i++)
        symbols_set_stack(t.symbols, i, 0, 0);
    expect_object(0x7ff0, 4, "0x7ff0");
}

static void test_heap(void **state)
{
    (void)state;
    const uint64_t base = 0x100000000000;
    symbols_add_block(t.symbols, base, 32, 0, 0);
    symbols_add_block(t.symbols, base + 64, 16, 1, 0);
    expect_object(base, 4, "heap#1");
    expect_object(base + 31, 1, "heap#1+31");
    expect_object(base + 72, 8, "heap#2+8");
    expect_object(base + 80, 8, "0x100000000050");
    symbols_add_block(t.symbols, base, 16, 0, 0); /* freed and taken again */
    expect_object(base + 8, 4, "heap#3+8");
    symbols_clear_blocks(t.symbols);
    expect_object(base, 4, "0x100000000000");
    symbols_add_block(t.symbols, base, 0, 0, 0);
    symbols_add_block(t.symbols, UINT64_MAX - 3, 16, 0, 0); /* wraps round: no block */
    expect_object(base, 4, "heap#1");
    symbols_clear_blocks(t.symbols);
}

/* The types of pointers tell what blocks hold; from block to block as well. */
static void test_typed_heap(void **state)
{
    (void)state;
    uint64_t nodes = 0, list = 0, note = 0;
    const struct memory *m = &t.memory;
    assert_int_equal(m->read(m->ctx, address("heap_node"), &nodes, 8), 0);
    assert_int_equal(m->read(m->ctx, address("heap_list"), &list, 8), 0);
    assert_int_equal(m->read(m->ctx, list + 8, &note, 8), 0);
    symbols_add_block(t.symbols, nodes, 64, 0, 0);
    symbols_add_block(t.symbols, list, 16, 0, 0);
    symbols_add_block(t.symbols, note, 48, 0, 0);
    expect_object(nodes + 40, 8, "heap#1+40");
    symbols_learn_blocks(t.symbols, m);
    expect_object(nodes + 40, 8, "heap#1[2].next");
    expect_object(nodes, 4, "heap#1[0].value");
    expect_object(list + 8, 8, "heap#2.note");
    expect_object(list, 4, "heap#2.length");
    expect_object(note, 4, "heap#3.n");
    expect_object(note + 20, 1, "heap#3.text[16]");
    specimen_globals(&t);
    assert_string_equal(specimen_value(&t, "heap_node"), "heap#1");
    assert_string_equal(specimen_value(&t, "inside_heap"), "&heap#1[1].value");
    symbols_add_block(t.symbols, nodes, 64, 0, 0); /* another life */
    expect_object(nodes + 40, 8, "heap#4+40");
    symbols_clear_blocks(t.symbols);
}

/* Many blocks told in any order, against a table kept the simple way. */
static void test_many_blocks(void **state)
{
    (void)state;
    enum { PLACES = 512, TOLD = 5000 };
    static unsigned owner[PLACES];
    memset(owner, 0, sizeof owner);
    uint32_t random = 7;
    for (unsigned n = 1; n <= TOLD; n++) {
        random = random * 1103515245 + 12345;
        unsigned at = random >> 16 & (PLACES - 1), size = 1 + (random >> 26 & 3);
        symbols_add_block(t.symbols, 0x200000000000 + at * 16, size * 16, 0, 0);
        for (unsigned i = at; i < at + size && i < PLACES; i++) {
            unsigned old = owner[i];
            for (unsigned j = 0; old && j < PLACES; j++)
                owner[j] = owner[j] == old ? 0 : owner[j];
        }
        for (unsigned i = at; i < at + size && i < PLACES; i++)
            owner[i] = n;
        if (n % 61)
            continue;
        for (unsigned i = 0; i < PLACES; i++) {
            char name[32] = "", got[32];
            snprintf(name, sizeof name, "heap#%u", owner[i]);
            snprintf(got, sizeof got, "%s",
                     specimen_object_name(t.symbols, 0x200000000000 + i * 16, 1));
            got[strcspn(got, "+")] = '\0';
            if (owner[i])
                assert_string_equal(got, name);
        }
    }
    symbols_clear_blocks(t.symbols);
}

static void expect_spelling(uint64_t addr, uint32_t size, uint64_t value, const char *text)
{
    char out[128];
    const struct names *names = symbols_names(t.symbols);
    names->value(names->ctx, addr, size, value, out, sizeof out);
    assert_string_equal(out, text);
}

static void test_values(void **state)
{
    (void)state;
    expect_spelling(address("counter"), 4, (uint32_t)-1, "-1");
    expect_spelling(address("byte"), 1, 200, "200");
    expect_spelling(address("letter"), 1, 'b', "'b'");
    expect_spelling(address("letter"), 1, 0, "'\\0'");
    expect_spelling(address("yes"), 1, 0, "false");
    expect_spelling(address("shade"), 4, 1, "GREEN");
    expect_spelling(address("rights"), 4, 6, "WRITE|EXEC");
    expect_spelling(address("buf") + 8, 4, 5, "5");
    expect_spelling(address("to_counter"), 8, address("counter"), "&counter");
    expect_spelling(address("to_counter"), 8, 0, "0x0");
    expect_spelling(address("compare"), 8, address("by_number"), "by_number");
    expect_spelling(address("q") + 40, 8, address("nodes") + 16, "&nodes[1]");
    expect_spelling(address("unsigned_wide"), 8, UINT64_MAX, "18446744073709551615");
    expect_spelling(address("wide"), 8, UINT64_MAX, "-1");
    expect_spelling(address("tenth"), 8, 0x3fe0000000000000, "0.5");
    expect_spelling(0x10, 4, (uint32_t)-7, "-7"); /* unknown: a signed number */
    expect_spelling(0x10, 8, 12, "12");
    expect_spelling(address("counter"), 2, 0xffff, "-1"); /* not the whole of it */
    expect_spelling(address("m"), 4, 1, "1");
}

static void test_places(void **state)
{
    (void)state;
    const struct names *names = symbols_names(t.symbols);
    struct place p;
    names->place(names->ctx, address("other_file"), &p);
    assert_string_equal(p.function, "other_file");
    assert_non_null(strstr(p.file, "other.c"));
    assert_int_equal(symbols_line_has_code(t.symbols, p.file, p.line), 1);
    assert_int_equal(symbols_line_has_code(t.symbols, "other.c", p.line), 1);
    assert_int_equal(symbols_line_has_code(t.symbols, "symbols/other.c", p.line), 1);
    assert_int_equal(symbols_line_has_code(t.symbols, "er.c", p.line), 0);
    assert_int_equal(symbols_line_has_code(t.symbols, "other.c", 1), 0);
    assert_int_equal(symbols_line_has_code(t.symbols, "other.c", -5), 0);
    assert_int_equal(symbols_line_has_code(t.symbols, "other.c", 1 << 30), 0);
    assert_int_equal(symbols_line_has_code(t.symbols, "none.c", 5), 0);
    names->place(names->ctx, 0x7fff12345678, &p);
    assert_string_equal(p.file, "");
    assert_string_equal(p.function, "");
    assert_int_equal(p.line, 0);
}

static void test_files(void **state)
{
    (void)state;
    const char *const *files;
    int n = symbols_files(t.symbols, &files), seen = 0;
    for (int i = 0; i < n; i++) {
        assert_int_equal(files[i][0], '/');
        seen += strstr(files[i], "/types.c") != NULL || strstr(files[i], "/other.c") != NULL;
        assert_null(strstr(files[i], "/usr/include"));
    }
    assert_int_equal(seen, 2);
    assert_string_equal(symbols_file_path(t.symbols, "other.c"), files[n - 1]);
    assert_null(symbols_file_path(t.symbols, "none.c"));
}

static void test_addresses(void **state)
{
    (void)state;
    assert_int_equal(symbols_address(t.symbols, "no such name"), 0);
    assert_int_equal(symbols_address(t.symbols, "printf"), 0);
    assert_true(address("main") > t.bias);
    assert_true(address("_start") > t.bias); /* from the symbol table */
}

static void test_short_buffers(void **state)
{
    (void)state;
    const struct names *names = symbols_names(t.symbols);
    char out[16];
    for (size_t n = 0; n < sizeof out; n++) {
        memset(out, 'z', sizeof out);
        names->object(names->ctx, address("table") + 48, 1, out, n);
        assert_int_equal(out[n], 'z');
        if (n)
            assert_true(memchr(out, '\0', n) != NULL);
    }
}

static double now_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

/* Bars for a screen of rows, ten times what is measured on a quiet machine: this is to notice a
 * search that became linear, on any machine and under sanitizers. */
static void test_speed(void **state)
{
    (void)state;
    enum { TIMES = 20000 };
    const struct names *names = symbols_names(t.symbols);
    struct place p;
    char out[64];
    for (unsigned i = 0; i < 20000; i++)
        symbols_add_block(t.symbols, 0x300000000000 + i * 64, 48, 0, 0);
    uint64_t field = address("table") + 48, code = address("innermost") + 20;
    double start = now_us();
    for (int i = 0; i < TIMES; i++)
        names->object(names->ctx, field, 1, out, sizeof out);
    double object_us = (now_us() - start) / TIMES;
    start = now_us();
    for (int i = 0; i < TIMES; i++)
        names->object(names->ctx, 0x300000000000 + (unsigned)i * 64 + 8, 1, out, sizeof out);
    double heap_us = (now_us() - start) / TIMES;
    start = now_us();
    for (int i = 0; i < TIMES; i++)
        names->place(names->ctx, code, &p);
    double place_us = (now_us() - start) / TIMES;
    print_message("           object %.3f us, heap %.3f us, place %.3f us\n", object_us, heap_us,
                  place_us);
    assert_true(object_us < 20 && heap_us < 20 && place_us < 10);
    symbols_clear_blocks(t.symbols);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_globals),       cmocka_unit_test(test_library_objects),
        cmocka_unit_test(test_bit_fields),    cmocka_unit_test(test_code_and_constants),
        cmocka_unit_test(test_statics),       cmocka_unit_test(test_stacks),
        cmocka_unit_test(test_two_stacks),    cmocka_unit_test(test_heap),
        cmocka_unit_test(test_many_blocks),   cmocka_unit_test(test_typed_heap),
        cmocka_unit_test(test_values),        cmocka_unit_test(test_places),
        cmocka_unit_test(test_files),         cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_short_buffers), cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, stop_in_innermost, end);
}
