/* The trace: what may be appended, where steps begin and end, what truncating forgets; and the
 * tables of event and finding words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "trace.h"

static struct event make(unsigned kind, uint32_t step, unsigned task)
{
    return (struct event){
        .kind = (uint8_t)kind, .step = step, .task = (uint16_t)task, .other = NO_TASK};
}

static int add(struct trace *t, unsigned kind, uint32_t step, unsigned task, const char *text)
{
    struct event e = make(kind, step, task);
    e.ntext = text ? (uint32_t)strlen(text) : 0;
    return trace_append(t, &e, text);
}

/* Step 0: two events; then `nsteps` steps with a consequence each. */
static void fill(struct trace *t, uint32_t nsteps)
{
    trace_init(t);
    assert_int_equal(add(t, EV_NAME, 0, 0, "main"), 0);
    assert_int_equal(add(t, EV_PENDING, 0, 0, NULL), 0);
    for (uint32_t s = 1; s <= nsteps; s++) {
        char text[16];
        snprintf(text, sizeof text, "<%u>", s);
        assert_int_equal(add(t, EV_OUTPUT, s, s % 3, text), 0);
        assert_int_equal(add(t, EV_PENDING, s, s % 3, NULL), 0);
    }
}

static void words_are_unique_and_complete(void **state)
{
    (void)state;
    for (unsigned i = 0; i < EV_COUNT; i++) {
        assert_true(strlen(event_word(i)) > 0 && strlen(event_word(i)) <= 15);
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(event_word(i), event_word(j));
    }
    for (unsigned i = 0; i < FIND_COUNT; i++) {
        assert_true(strlen(finding_text(i)) > 0);
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal(finding_word(i), finding_word(j));
    }
    assert_string_equal(event_word(EV_COUNT), "?");
    assert_string_equal(event_word(~0u), "?");
    assert_string_equal(finding_word(FIND_COUNT), "?");
    assert_string_equal(finding_text(~0u), "?");
    assert_int_equal(event_is_step(EV_READ), 1);
    assert_int_equal(event_is_step(EV_ABORT), 1);
    assert_int_equal(event_is_step(EV_PENDING), 0);
    assert_int_equal(event_is_step(EV_NONE), 0);
    assert_int_equal(event_is_step(~0u), 0);
}

static void layout_has_no_padding(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct event), 72);
}

static void steps_have_bounds(void **state)
{
    (void)state;
    struct trace t;
    fill(&t, 100);
    assert_int_equal(t.nsteps, 100);
    assert_int_equal(t.nevents, 202);
    assert_int_equal(trace_step_end(&t, 0), 2);
    for (uint32_t s = 1; s <= 100; s++) {
        const struct event *e = trace_step(&t, s);
        assert_int_equal(e->step, s);
        assert_int_equal(e->kind, EV_OUTPUT);
        assert_int_equal(trace_step_end(&t, s), 2 + 2 * s);
        char text[16];
        snprintf(text, sizeof text, "<%u>", s);
        assert_int_equal(e->ntext, strlen(text));
        assert_memory_equal(trace_text(&t, e), text, e->ntext);
    }
    assert_null(trace_step(&t, 0));
    assert_null(trace_step(&t, 101));
    assert_int_equal(trace_step_end(&t, 5000), 202);
    assert_string_equal(trace_text(&t, &t.events[1]), "");
    trace_fini(&t);
}

static void an_empty_trace_answers(void **state)
{
    (void)state;
    struct trace t;
    trace_init(&t);
    assert_int_equal(trace_step_end(&t, 0), 0);
    assert_int_equal(trace_step_end(&t, 3), 0);
    assert_null(trace_step(&t, 1));
    assert_null(trace_find_back(&t, 0, EV_READ));
    trace_truncate(&t, 0);
    trace_fini(&t);
    struct trace zero = {0};
    assert_int_equal(add(&zero, EV_NAME, 0, 0, "x"), 0);
    assert_int_equal(trace_step_end(&zero, 0), 1);
    trace_fini(&zero);
}

static void wrong_events_are_refused(void **state)
{
    (void)state;
    struct trace t;
    fill(&t, 3);
    size_t before = t.nevents;
    assert_int_equal(add(&t, EV_READ, 3, 0, NULL), -ERR_DATA);    /* a second step 3 */
    assert_int_equal(add(&t, EV_READ, 5, 0, NULL), -ERR_DATA);    /* a gap */
    assert_int_equal(add(&t, EV_PENDING, 4, 0, NULL), -ERR_DATA); /* a consequence without step */
    assert_int_equal(add(&t, EV_PENDING, 2, 0, NULL), -ERR_DATA); /* too late */
    assert_int_equal(add(&t, EV_NONE, 3, 0, NULL), -ERR_DATA);
    assert_int_equal(add(&t, EV_COUNT, 3, 0, NULL), -ERR_DATA);
    assert_int_equal(add(&t, 255, 4, 0, NULL), -ERR_DATA);
    assert_int_equal(add(&t, EV_READ, 4, MAX_TASKS, NULL), -ERR_DATA);
    assert_int_equal(add(&t, EV_READ, 4, NO_TASK, NULL), -ERR_DATA);
    struct event e = make(EV_READ, 4, 0);
    e.other = MAX_TASKS;
    assert_int_equal(trace_append(&t, &e, NULL), -ERR_DATA);
    e.other = NO_TASK;
    e.ntext = 5;
    assert_int_equal(trace_append(&t, &e, NULL), -ERR_DATA);
    assert_int_equal(t.nevents, before);
    assert_int_equal(t.nsteps, 3);
    assert_int_equal(add(&t, EV_FINISHED, 3, NO_TASK, NULL), 0);
    trace_fini(&t);
}

static void truncating_forgets(void **state)
{
    (void)state;
    struct trace t;
    fill(&t, 50);
    size_t text_at_20 = 0;
    for (uint32_t s = 1; s <= 20; s++)
        text_at_20 += trace_step(&t, s)->ntext;
    trace_truncate(&t, 60);
    assert_int_equal(t.nsteps, 50);
    assert_int_equal(t.ncuts, 0);
    trace_truncate(&t, 20);
    assert_int_equal(t.nsteps, 20);
    assert_int_equal(t.nevents, 42);
    assert_int_equal(t.noutputs, 20);
    assert_int_equal(t.outputs[19], 40);
    assert_int_equal(t.text.len, 4 + text_at_20);
    assert_int_equal(t.ncuts, 1);
    assert_int_equal(t.cuts[0], 42);
    assert_null(trace_step(&t, 21));
    assert_int_equal(add(&t, EV_READ, 21, 2, NULL), 0);
    assert_int_equal(trace_step(&t, 21)->kind, EV_READ);
    assert_memory_equal(trace_text(&t, trace_step(&t, 20)), "<20>", 4);
    trace_truncate(&t, 0);
    assert_int_equal(t.nevents, 2);
    assert_int_equal(t.text.len, 4);
    assert_int_equal(t.noutputs, 0);
    trace_clear(&t);
    assert_int_equal(t.nevents, 0);
    assert_int_equal(t.cuts[t.ncuts - 1], 0);
    assert_int_equal(add(&t, EV_PENDING, 0, 0, NULL), 0);
    trace_fini(&t);
}

static void finding_back(void **state)
{
    (void)state;
    struct trace t;
    fill(&t, 10);
    assert_int_equal(trace_find_back(&t, 7, EV_OUTPUT)->step, 7);
    assert_int_equal(trace_find_back(&t, 99, EV_PENDING)->step, 10);
    assert_int_equal(trace_find_back(&t, 7, EV_NAME)->step, 0);
    assert_null(trace_find_back(&t, 10, EV_READ));
    trace_fini(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_unique_and_complete),
        cmocka_unit_test(layout_has_no_padding),
        cmocka_unit_test(steps_have_bounds),
        cmocka_unit_test(an_empty_trace_answers),
        cmocka_unit_test(wrong_events_are_refused),
        cmocka_unit_test(truncating_forgets),
        cmocka_unit_test(finding_back),
    };
    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
