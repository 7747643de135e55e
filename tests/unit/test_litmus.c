/* Litmus tests: what is read from a file, conditions, errors with their lines, the C made of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "litmus.h"

#define HEAD "C T\n{}\nP0(int *x) { int r0 = READ_ONCE(*x); }\nP1(int *y) { WRITE_ONCE(*y, 1); }\n"

static struct litmus *read_it(const char *text)
{
    struct litmus *l = NULL;
    struct err e = {0};
    if (litmus_read(&l, text, strlen(text), "t.litmus", &e))
        fail_msg("%s", e.message);
    return l;
}

static void store_buffering_is_read(void **state)
{
    (void)state;
    struct litmus *l =
        read_it("C SB+x\n\"a cycle\"\nOrig=hand\n(* words (* and more *) *)\n"
                "{ x=0; [y]=3; atomic_int z = 7; int *p = &x; }\n"
                "P0 (atomic_int* x, atomic_int* y) {\n"
                "  atomic_store_explicit(x, 1, memory_order_relaxed);\n"
                "  int r0 = atomic_load_explicit(y, memory_order_relaxed);\n}\n"
                "// between\n"
                "P1(volatile int *y, int **p) { int *r1; long a, *b = 0; r1 = *p; }\n"
                "locations [z; 1:b;]\nexists (0:r0=0 /\\ 1:r1=x)");
    assert_string_equal(l->name, "SB+x");
    assert_int_equal(l->nthreads, 2);
    assert_int_equal(l->nglobals, 4);
    assert_string_equal(l->globals[0].type, "atomic_int");
    assert_string_equal(l->globals[1].type, "atomic_int");
    assert_int_equal(l->globals[1].value, 3);
    assert_int_equal(l->globals[2].value, 7);
    assert_string_equal(l->globals[3].type, "int *");
    assert_string_equal(l->globals[3].to, "x");
    assert_int_equal(l->threads[0].nlocals, 1);
    assert_int_equal(l->threads[0].line, 6);
    assert_int_equal(l->threads[1].nlocals, 3);
    assert_string_equal(l->threads[1].locals[0].type, "int *");
    assert_string_equal(l->threads[1].locals[1].type, "long");
    assert_string_equal(l->threads[1].locals[2].type, "long *");
    assert_false(l->threads[0].opaque);
    assert_true(l->threads[1].opaque);
    assert_int_equal(l->nseen, 4);
    assert_string_equal(l->seen[0].name, "z");
    assert_string_equal(l->seen[1].name, "1:b");
    assert_true(l->seen[3].pointer);
    assert_int_equal(l->quantifier, LITMUS_EXISTS);
    litmus_free(l);
}

/* Line ends of another system, and the mark an editor left. */
static void files_of_other_editors_are_read(void **state)
{
    (void)state;
    struct litmus *l = read_it("\xef\xbb\xbf"
                               "C T\r\n{ x=1; }\r\nP0(int *x)\r\n{\r\n  int r0 = *x;\r\n}"
                               "\r\nexists (0:r0=1)\r\n");
    assert_string_equal(l->name, "T");
    assert_int_equal(l->threads[0].nlocals, 1);
    assert_int_equal(l->globals[0].value, 1);
    litmus_free(l);
}

/* Declarations become assignments, in as many lines. */
static void locals_move_to_the_beginning(void **state)
{
    (void)state;
    static const struct {
        const char *body, *copied;
        int nlocals;
    } rows[] = {
        {"int r0 = 1;", " r0 = 1;", 1},
        {"int *p, **q = 0, r;", " p, q = 0, r;", 3},
        {"const unsigned long r0 = f(1, 2);", " r0 = f(1, 2);", 1},
        {"if (x) {\nint\n r0 = 1; }", "if (x) {\n\n r0 = 1; }", 1},
        {"uint8_t r0 = (uint8_t)2; foo_t s;", " r0 = (uint8_t)2;  s;", 2},
        {"r0 * 2; a = b * c;", "r0 * 2; a = b * c;", 1},
        {"if (x) a = 1; else b = 2; x = 0; a = b = c == d;",
         "if (x) a = 1; else b = 2; x = 0; a = b = c == d;", 2},
        {"*a = 1; b.c = 2; d->e = 3; f[1] = 4; g += 1;",
         "*a = 1; b.c = 2; d->e = 3; f[1] = 4; g += 1;", 0},
        {"int a[2]; return;", "int a[2]; goto litmus_end;", 0},
        {"return 1; goto x;", "return 1; goto x;", 0},
        {"for (int i = 0; i < 2; i++) { }", "for (int i = 0; i < 2; i++) { }", 0},
        {"atomic_int a = 1;", "atomic_int a = 1;", 0},
        {"/* int r0; */ char c = '\"'; // int r1;\n", "/* int r0; */  c = '\"'; // int r1;\n", 1},
        {"s = \"; int r0;\";", "s = \"; int r0;\";", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = xasprintf("C T\n{}\nP0(int *x) {%s}\nexists (x=0)", rows[i].body);
        struct litmus *l = read_it(text);
        assert_string_equal(l->threads[0].body, rows[i].copied);
        assert_int_equal(l->threads[0].nlocals, rows[i].nlocals);
        litmus_free(l);
        free(text);
    }
}

static void opaque_is_what_the_model_does_not_know(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int opaque;
    } rows[] = {
        {"WRITE_ONCE(*x, 1); smp_mb(); int r0 = READ_ONCE(*x);", 0},
        {"int r0 = smp_load_acquire(x) * 2; if (r0) smp_store_release(x, r0 * r0);", 0},
        {"rcu_read_lock(); spin_lock(x); spin_unlock(x);", 0},
        {"int r0 = 2 * *x;", 1},
        {"*x = 1;", 1},
        {"int r0 = x[0];", 1},
        {"int r0 = x->a;", 1},
        {"asm volatile(\"mfence\");", 1},
        {"__sync_synchronize();", 1},
        {"f(*x);", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = xasprintf("C T\n{}\nP0(int *x) {%s}\nexists (x=0)", rows[i].body);
        struct litmus *l = read_it(text);
        if (l->threads[0].opaque != rows[i].opaque)
            fail_msg("%s: opaque is %d", rows[i].body, l->threads[0].opaque);
        litmus_free(l);
        free(text);
    }
}

/* Values are those of 0:r0, x, y in this order. */
static void conditions_hold_or_not(void **state)
{
    (void)state;
    static const struct {
        const char *condition, *spelled;
        int quantifier;
        int64_t v[3];
        int holds;
    } rows[] = {
        {"exists (0:r0=0 /\\ x=1)", "0:r0=0 /\\ x=1", LITMUS_EXISTS, {0, 1, 0}, 1},
        {"exists 0:r0=0 /\\ x=1", "0:r0=0 /\\ x=1", LITMUS_EXISTS, {1, 1, 0}, 0},
        {"~exists (x=1 \\/ y=2)", "x=1 \\/ y=2", LITMUS_NOT_EXISTS, {0, 0, 2}, 1},
        {"~ exists (x=-1)", "x=-1", LITMUS_NOT_EXISTS, {0, -1, 0}, 1},
        {"forall (x=0x10)", "x=16", LITMUS_FORALL, {0, 16, 0}, 1},
        {"forall x!=1", "x!=1", LITMUS_FORALL, {0, 1, 0}, 0},
        {"exists (~(x=1 /\\ y=1))", "~(x=1 /\\ y=1)", LITMUS_EXISTS, {0, 1, 1}, 0},
        {"exists (not (x=1))", "x!=1", LITMUS_EXISTS, {0, 0, 1}, 1},
        /* and binds more than or */
        {"exists (x=1 \\/ y=1 /\\ 0:r0=1)", "x=1 \\/ y=1 /\\ 0:r0=1", LITMUS_EXISTS, {0, 1, 0}, 1},
        {"exists ((x=1 \\/ y=1) /\\ 0:r0=1)",
         "(x=1 \\/ y=1) /\\ 0:r0=1",
         LITMUS_EXISTS,
         {0, 1, 0},
         0},
        /* implication binds more than and, and to the right */
        {"exists (x=0 /\\ y=1 => y=2)", "x=0 /\\ y=1 => y=2", LITMUS_EXISTS, {0, 1, 0}, 0},
        {"exists ((x=0 /\\ y=1) => y=2)", "(x=0 /\\ y=1) => y=2", LITMUS_EXISTS, {0, 1, 0}, 1},
        {"exists (x=0 => y=0 => x=1)", "x=0 => y=0 => x=1", LITMUS_EXISTS, {0, 0, 1}, 1},
        {"exists ((x=0 => y=0) => x=1)", "(x=0 => y=0) => x=1", LITMUS_EXISTS, {0, 0, 0}, 0},
        {"exists (x=[y])", "x=y", LITMUS_EXISTS, {0, 4, 4}, 1},
        {"exists (x=0:r0)", "x=0:r0", LITMUS_EXISTS, {3, 4, 4}, 0},
        {"forall (true)", "true", LITMUS_FORALL, {0, 0, 0}, 1},
        {"exists (false \\/ x==2);", "false \\/ x=2", LITMUS_EXISTS, {0, 2, 0}, 1},
        {"(x=1)", "x=1", LITMUS_EXISTS, {0, 1, 0}, 1},
        {"", "true", LITMUS_NONE, {0, 0, 0}, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = xasprintf(HEAD "locations [0:r0; x; y]\n%s\n", rows[i].condition);
        struct litmus *l = read_it(text);
        struct buf b = {0};
        litmus_spell_prop(l, l->prop, &b);
        assert_string_equal(b.data, rows[i].spelled);
        assert_int_equal(l->quantifier, rows[i].quantifier);
        if (litmus_holds(l->prop, rows[i].v) != rows[i].holds)
            fail_msg("%s: %d", rows[i].condition, !rows[i].holds);
        buf_fini(&b);
        litmus_free(l);
        free(text);
    }
}

static void states_are_spelled(void **state)
{
    (void)state;
    struct litmus *l =
        read_it("C T\n{ int *p = &x; }\nP0(int *x, int **p) { r0 = READ_ONCE(*x); }\n"
                "exists (0:r0=1 /\\ p=x)");
    struct buf b = {0};
    litmus_spell_state(l, (int64_t[]){-5, LITMUS_PLACE + 1}, &b);
    assert_string_equal(b.data, "0:r0=-5; p=x;");
    assert_string_equal(l->globals[1].name, "x");
    buf_fini(&b);
    litmus_free(l);
}

static void errors_name_line_and_cure(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "t.litmus:1: the file is empty; a litmus test begins with a line such as: C NAME"},
        {"X86_64 SB\n{}\n", "t.litmus:1: a litmus test in C begins with 'C NAME'"},
        {"C\n{}\n", "t.litmus:1: the name of the test is missing"},
        {"C T\n", "t.litmus:2: the state at the beginning is missing"},
        {"C T\nP0(int *x) { }\n", "t.litmus:2: before the threads stands the state"},
        {"C T\n{ x=0; y\n", "t.litmus:3: the file ends here"},
        {"C T\n{ x=0 y=1; }\n", "t.litmus:2: 'y' is not expected here; expected ';' or '}'"},
        {"C T\n{ x=a b; }\n", "t.litmus:2: 'b' is not expected"},
        {"C T\n{ x=99999999999999999999; }\n", "a number of at most 64 bits"},
        {"C T\n{ int x[2] = {1,2}; }\n", "arrays"},
        {"C T\n{}\nexists (x=0)", "t.litmus:3: 'exists' is not expected here; expected the first "
                                  "thread, as P0(atomic_int *x)"},
        {"C T\n{}\nP1(int *x) { }\n", "t.litmus:3: P1 comes where P0 should"},
        {"C T\n{}\nP0(int *x) { }\nP0(int *x) { }\n", "t.litmus:4: P0 comes where P1 should"},
        {"C T\n{}\nP0(int x) { }\n", "a pointer to a shared variable, as atomic_int *x"},
        {"C T\n{}\nP0(int *x) {\n if (1) {\n }\n", "t.litmus:3: the '}' that ends this thread"},
        {"C T\n{}\nP0(int *x) {\n int r0;\n long r0;\n}\n",
         "t.litmus:5: r0 is declared as int and as "
         "long"},
        {"C T\n{ p=x; }\nP0(int *p, int *x) { }\nexists (x=1)",
         "p begins as the address of x, but is of type int"},
        {"C T\n{}\nP0(int *x) { synchronize_rcu(); }\nexists (x=1)", "which only the kernel has"},
        {HEAD "exists (z=0)",
         "t.litmus:5: 'z' is no shared variable of the test; they are: x, y. A "
         "local variable is written with its thread, as 0:r0"},
        {HEAD "exists (0:r1=0)", "t.litmus:5: P0 has no local variable 'r1'; it has: r0"},
        {HEAD "exists (2:r1=0)", "t.litmus:5: there is no thread P2; the test has P0 to P1"},
        {HEAD "exists (0=0)", "after the thread 0 follows ':' and a local variable, as 0:r0"},
        {HEAD "exists (x=0 /\\ )", "t.litmus:5: ')' is not expected here"},
        {HEAD "exists (x=0", "t.litmus:5: the file ends here; expected /\\ (and)"},
        {HEAD "exists (x 0)", "'0' is not expected here; expected '=' or '!=' and a value"},
        {HEAD "exists (x=0) and more", "t.litmus:5: 'and' is not expected here"},
        {HEAD "locations [x, y]\n", "t.litmus:5: ',' is not expected here; expected ';' or ']'"},
        {HEAD "whatever (x=0)", "another thread, or locations, filter, exists, ~exists, forall"},
        {HEAD, "the test asks about nothing"},
        {HEAD "forall (true)", "the test asks about nothing"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct litmus *l = NULL;
        struct err e = {0};
        int rc = litmus_read(&l, rows[i].text, strlen(rows[i].text), "t.litmus", &e);
        if (rc != -ERR_DATA || l)
            fail_msg("'%s' is accepted", rows[i].text);
        if (!strstr(e.message, rows[i].message))
            fail_msg("'%s': %s", rows[i].text, e.message);
    }
}

static void what_is_too_much_is_refused(void **state)
{
    (void)state;
    struct buf b = {0};
    struct litmus *l;
    struct err e = {0};
    buf_puts(&b, HEAD "exists (");
    for (int i = 0; i < 5000; i++)
        buf_puts(&b, "(");
    assert_int_equal(litmus_read(&l, b.data, b.len, "t.litmus", &e), -ERR_DATA);
    assert_non_null(strstr(e.message, "nested"));
    buf_fini(&b);
    buf_puts(&b, "C T\n{}\n");
    for (int i = 0; i <= LITMUS_THREADS; i++)
        buf_printf(&b, "P%d(int *x) { }\n", i);
    assert_int_equal(litmus_read(&l, b.data, b.len, "t.litmus", &e), -ERR_DATA);
    assert_non_null(strstr(e.message, "more than 16 threads"));
    buf_fini(&b);
    char *big = xcalloc(LITMUS_BYTES + 1, 1);
    memset(big, ' ', LITMUS_BYTES + 1);
    assert_int_equal(litmus_read(&l, big, LITMUS_BYTES + 1, "t.litmus", &e), -ERR_DATA);
    big[3] = '\0';
    assert_int_equal(litmus_read(&l, big, 10, "t.litmus", &e), -ERR_DATA);
    free(big);
}

/* Lines of the test are lines of the test for the compiler, and nothing of it is lost. */
static void the_source_names_the_file(void **state)
{
    (void)state;
    struct litmus *l = read_it("C T\n{ y = 4; }\nP0(int *x, int *y)\n{\n  WRITE_ONCE(*x, 1);\n"
                               "  int r0 = READ_ONCE(*y);\n}\nexists (0:r0=4)");
    for (int kind = LITMUS_FREE; kind <= LITMUS_BUFFERED; kind++) {
        struct buf b = {0};
        litmus_make(l, (enum litmus_program)kind, &b);
        assert_non_null(strstr(b.data, "#line 4 \"t.litmus\"\n\n  WRITE_ONCE(*x, 1);\n   r0 = "));
        assert_non_null(strstr(b.data, "litmus_global_0[i].v = 4LL;"));
        assert_non_null(strstr(b.data, "litmus_out[0] = (long long)r0;"));
        assert_true(!strstr(b.data, "LITMUS_BUFFERED 1") == (kind != LITMUS_BUFFERED));
        buf_fini(&b);
    }
    litmus_free(l);
}

static struct litmus_result result_of(struct litmus_outcome *o, size_t n)
{
    struct litmus_result r = {
        .outcomes = o, .noutcomes = n, .explored = 1, .stopped = (char[]){""}};
    for (size_t i = 0; i < n; i++) {
        r.runs += o[i].runs;
        r.positive += o[i].holds ? o[i].runs : 0;
    }
    return r;
}

static void statuses_are_as_documented(void **state)
{
    (void)state;
    struct litmus l = {.quantifier = LITMUS_EXISTS};
    struct litmus_outcome o[] = {{.runs = 10, .interleaving = LITMUS_YES},
                                 {.runs = 0, .interleaving = LITMUS_NO, .holds = 1}};
    struct litmus_result r = result_of(o, 2);
    assert_string_equal(litmus_observation(&r), "never");
    assert_int_equal(litmus_exit_status(&l, &r), 0);
    assert_false(litmus_clause_holds(&l, &r));
    r.explored = 0;
    assert_int_equal(litmus_exit_status(&l, &r), 4);
    o[1].runs = 1;
    r = result_of(o, 2);
    assert_string_equal(litmus_observation(&r), "sometimes");
    assert_int_equal(litmus_exit_status(&l, &r), 1);
    o[1].interleaving = LITMUS_YES;
    assert_int_equal(litmus_exit_status(&l, &r), 0);
    l.quantifier = LITMUS_NOT_EXISTS;
    assert_int_equal(litmus_exit_status(&l, &r), 1);
    l.quantifier = LITMUS_FORALL;
    assert_int_equal(litmus_exit_status(&l, &r), 1);
    o[0].holds = 1;
    r = result_of(o, 2);
    assert_string_equal(litmus_observation(&r), "always");
    assert_int_equal(litmus_exit_status(&l, &r), 0);
    r.stopped = (char[]){"it was interrupted"};
    assert_int_equal(litmus_exit_status(&l, &r), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(store_buffering_is_read),
        cmocka_unit_test(files_of_other_editors_are_read),
        cmocka_unit_test(locals_move_to_the_beginning),
        cmocka_unit_test(opaque_is_what_the_model_does_not_know),
        cmocka_unit_test(conditions_hold_or_not),
        cmocka_unit_test(states_are_spelled),
        cmocka_unit_test(errors_name_line_and_cure),
        cmocka_unit_test(what_is_too_much_is_refused),
        cmocka_unit_test(the_source_names_the_file),
        cmocka_unit_test(statuses_are_as_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
