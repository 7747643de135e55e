/* Plans: reading them, what they become with the lessons at hand, walking, the clock. */
#include "talk.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct catalogue catalogue;

static struct plan *parse(const char *text)
{
    struct plan *p;
    struct err e = {0};
    if (plan_parse(&p, "dir/hour.plan", text, strlen(text), &e) < 0)
        fail_msg("%s", e.message);
    return p;
}

static void refuse(const char *text, size_t n, const char *message)
{
    struct plan *p;
    struct err e = {0};
    assert_int_equal(plan_parse(&p, "hour.plan", text, n, &e), -ERR_DATA);
    assert_null(p);
    if (!strstr(e.message, message))
        fail_msg("\"%s\" is not in \"%s\"", message, e.message);
}

static void a_plan_is_read(void **state)
{
    (void)state;
    struct plan *p = parse("title: An hour\nminutes: 45\n> before\n> all\n# comment\n\n"
                           "lesson: race/lost\n  minutes: 20\n  > one\n> two\n"
                           "step: race/lost counter.c\n\tpath: T0 *, T1 @9\n  then: T1 1\n"
                           "  at: 7\n  panel: threads\n  text: *look*\n"
                           "step: my file.c\n  at: finding\n"
                           "ask: What?\n  choice: a\n  choice: `b`\n  right: 2\n  explain: so\n"
                           "text: Break\n  say: five minutes\n  say: of rest\n");
    assert_int_equal(p->nproblems, 0);
    assert_string_equal(p->title, "An hour");
    assert_string_equal(p->dir, "dir");
    assert_int_equal(p->minutes, 45);
    assert_string_equal(p->note, "before\nall");
    assert_int_equal(p->nentries, 5);
    const struct plan_entry *e = p->entries;
    assert_int_equal(e[0].kind, PLAN_LESSON);
    assert_int_equal(e[0].line, 7);
    assert_int_equal(e[0].minutes, 20);
    assert_string_equal(e[0].note, "one\ntwo");
    assert_string_equal(e[1].lesson, "race/lost");
    assert_string_equal(e[1].what, "counter.c");
    assert_int_equal(e[1].path.nlegs, 2);
    assert_int_equal(e[1].then.nlegs, 1);
    assert_int_equal(e[1].at, PLAN_AT_STEP);
    assert_int_equal(e[1].at_step, 7);
    assert_string_equal(e[1].panel, "threads");
    assert_string_equal(e[1].text.text, "look");
    assert_string_equal(e[2].what, "my file.c");
    assert_string_equal(e[2].lesson, "");
    assert_int_equal(e[2].at, PLAN_AT_FINDING);
    assert_int_equal(e[3].ask->nchoices, 2);
    assert_int_equal(e[3].ask->choices[1].right, 1);
    assert_int_equal(e[3].ask->choices[0].right, 0);
    assert_string_equal(e[3].ask->explain.text, "so");
    assert_int_equal(e[4].nsay, 2);
    plan_free(p);
}

/* What is wrong is said with its line; the entry goes, the others stay. */
static void problems_have_lines_and_hide_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *line, *says;
    } wrong[] = {
        {"lessen: race/lost", "begins no entry"},
        {"no colon here", "a line is"},
        {"  minutes: 5", "entry above it"},
        {"section: race/lost", "number or title"},
        {"lesson: race/lost two", "too much"},
        {"step:", "needs something"},
        {"path: T0 *", "indent this line"},
        {"step: a.c\n  path: T0 9x", "cannot be read at column"},
        {"step: a.c\n  schedule: ls1", ""},
        {"step: a.c\n  at: begin", "finding"},
        {"step: a.c\n  panel: window", "no panel \"window\""},
        {"step: a.c\n  minutes: 0", "from 1 to"},
        {"step: a.c\n  minutes: 5 or so", "from 1 to"},
        {"step: a.c\n  choice: x", "does not belong to"},
        {"step: a.c\n  colour: red", "no \"colour\""},
        {"ask: What?\n  choice: a\n  right: 1", "two choices"},
        {"ask: What?\n  choice: a\n  choice: b", "right:"},
        {"ask: What?\n  choice: a\n  choice: b\n  right: 3", "numbers of the choices"},
        {"text: T\n  say: [a link](http://x)", "this text holds"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *text = xasprintf("%s\n  > a note of it\nlesson: race/lost\n", wrong[i].line);
        struct plan *p = parse(text);
        if (p->nproblems != 1 || !strstr(p->problems[0].message, wrong[i].says))
            fail_msg("\"%s\": %zu problems: %s", wrong[i].line, p->nproblems,
                     p->nproblems ? p->problems[0].message : "");
        int lines = 1;
        for (const char *s = wrong[i].line; *s; s++)
            lines += *s == '\n';
        assert_in_range(p->problems[0].line, 1, lines);
        assert_int_equal(p->nentries, 1);
        assert_int_equal(p->entries[0].kind, PLAN_LESSON);
        assert_string_equal(p->entries[0].note, "");
        plan_free(p);
        free(text);
    }
}

static void what_is_no_plan_is_refused(void **state)
{
    (void)state;
    refuse("", 0, "nothing to show");
    refuse("# only\n", 7, "nothing to show");
    refuse("\n\nhello\n", 8, "hour.plan:3:");
    refuse("lesson: a/b\n\x80", 13, "hour.plan:2:");
    refuse("lesson: a/b\n\0", 13, "hour.plan:2:");
}

static void other_editors_files_are_read(void **state)
{
    (void)state;
    struct plan *p = parse("\xef\xbb\xbf"
                           "title: T\r\nlesson: race/lost\r\n  minutes: 3\r\n");
    assert_int_equal(p->nproblems, 0);
    assert_string_equal(p->title, "T");
    assert_int_equal(p->entries[0].minutes, 3);
    plan_free(p);
}

static struct talk *talk_of(const char *text)
{
    return talk_make(parse(text), &catalogue);
}

static void a_lesson_becomes_slides(void **state)
{
    (void)state;
    struct talk *t = talk_of("lesson: race/lost\n");
    size_t questions = 0, steps = 0, challenges = 0, texts = 0;
    for (size_t i = 0; i < t->nslides; i++) {
        questions += t->slides[i].kind == SLIDE_QUESTION;
        steps += t->slides[i].kind == SLIDE_STEP;
        challenges += t->slides[i].kind == SLIDE_CHALLENGE;
        texts += t->slides[i].kind == SLIDE_TEXT;
    }
    assert_int_equal(t->slides[0].kind, SLIDE_COVER);
    assert_int_equal(t->slides[t->nslides - 1].kind, SLIDE_END);
    const struct lesson *l = catalogue_find(&catalogue, "race/lost");
    size_t want = 0, want_challenges = 0;
    for (; lesson_question_at(l, want);)
        want++;
    for (; lesson_challenge_at(l, want_challenges);)
        want_challenges++;
    assert_int_equal(questions, want);
    assert_int_equal(challenges, want_challenges);
    assert_true(steps > 0 && texts > 0);
    assert_int_equal(t->minutes, l->minutes);
    talk_free(t);
}

static void what_is_not_there_is_said_and_left_out(void **state)
{
    (void)state;
    struct talk *t = talk_of("lesson: race/none\n  minutes: 30\nsection: race/lost 99\n"
                             "question: race/lost q99\nstep: race/lost none.c\nstep: none.c\n"
                             "text: Left\n  minutes: 4\n");
    static const int lines[] = {1, 3, 4, 5, 6};
    assert_int_equal(t->plan->nproblems, 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(t->plan->problems[i].line, lines[i]);
    assert_int_equal(t->nslides, 3);
    assert_string_equal(t->slides[1].title, "Left");
    assert_int_equal(t->minutes, 4);
    struct buf all = {0};
    talk_problems(t, &all);
    assert_non_null(strstr(all.data, "dir/hour.plan:1: there is no lesson \"race/none\""));
    buf_fini(&all);
    talk_free(t);
}

/* On to the end and back again: every slide is passed both ways, and no answer stands there unless
 * it was asked for. */
static void one_key_walks_through(void **state)
{
    (void)state;
    struct talk *t = talk_of("lesson: race/lost\nask: What?\n  choice: a\n  choice: b\n"
                             "  right: 1\ntext: End\n");
    struct walk w = {0};
    size_t last = 0, presses = 0, questions = 0;
    while (w.at + 1 < t->nslides) {
        struct walk before = w;
        int moved = walk_on(&w, t, 2, 1000);
        presses++;
        assert_true(presses < 500);
        assert_int_equal(moved, w.at != before.at);
        if (moved) {
            assert_int_equal(w.at, last + 1);
            last = w.at;
            assert_int_equal(w.shown, 0);
            assert_int_equal(w.part, 0);
            questions += t->slides[w.at].kind == SLIDE_QUESTION;
        }
    }
    /* two pages a slide, and the answer of each question */
    assert_int_equal(presses, 2 * (t->nslides - 1) + questions);
    struct walk at_end = w;
    assert_int_equal(walk_on(&w, t, 1, 1000), 0);
    assert_int_equal(w.at, at_end.at);
    for (size_t i = t->nslides - 1; i-- > 0;) {
        assert_int_equal(walk_back(&w, t, 1000), 1);
        assert_int_equal(w.at, i);
        assert_int_equal(w.part, INT_MAX);
        w.part = 0;
    }
    assert_int_equal(walk_back(&w, t, 1000), 0);
    walk_on(&w, t, 1, 1000);
    walk_on(&w, t, 1, 1000);
    walk_back(&w, t, 1000); /* at the last page, whatever its number */
    assert_int_equal(walk_on(&w, t, 3, 1000), 1);
    talk_free(t);
}

static void black_swallows_one_key_only(void **state)
{
    (void)state;
    struct talk *t = talk_of("text: A\ntext: B\n");
    struct walk w = {0};
    walk_on(&w, t, 1, 0);
    w.black = 1;
    assert_int_equal(walk_on(&w, t, 1, 0), 0);
    assert_int_equal(w.black, 0);
    assert_int_equal(w.at, 1);
    assert_int_equal(walk_on(&w, t, 1, 0), 1);
    assert_int_equal(w.at, 2);
    talk_free(t);
}

static void entries_are_jumped(void **state)
{
    (void)state;
    struct talk *t = talk_of("lesson: race/lost\ntext: A\ntext: B\n");
    struct walk w = {0};
    walk_entry(&w, t, 1, 0);
    assert_int_equal(w.at, 1);
    walk_entry(&w, t, 1, 0);
    assert_string_equal(t->slides[w.at].title, "A");
    walk_entry(&w, t, -1, 0);
    assert_int_equal(w.at, 1); /* the beginning of the lesson */
    walk_on(&w, t, 1, 0);
    walk_on(&w, t, 1, 0);
    assert_true(w.at > 1);
    walk_entry(&w, t, -1, 0);
    assert_int_equal(w.at, 1);
    walk_entry(&w, t, -1, 0);
    assert_int_equal(w.at, 0);
    walk_entry(&w, t, -1, 0);
    assert_int_equal(w.at, 0);
    talk_free(t);
}

static void the_clock_runs_against_the_plan(void **state)
{
    (void)state;
    enum { MINUTE = 60000 };
    struct talk *t = talk_of("text: A\n  minutes: 5\ntext: B\n  minutes: 10\n");
    struct walk w = {0};
    assert_int_equal(talk_clock(t, &w, 99 * MINUTE).gone, 0); /* the cover takes no time */
    walk_on(&w, t, 1, 100 * MINUTE);
    struct talk_time now = talk_clock(t, &w, 103 * MINUTE + 1);
    assert_int_equal(now.gone, 3);
    assert_int_equal(now.of, 15);
    assert_int_equal(now.over, 0);
    assert_int_equal(now.change, MINUTE - 1);
    assert_int_equal(talk_clock(t, &w, 107 * MINUTE).over, 2);
    walk_on(&w, t, 1, 102 * MINUTE);
    assert_int_equal(talk_clock(t, &w, 102 * MINUTE).early, 3); /* B was planned from 5 on */
    assert_int_equal(talk_clock(t, &w, 114 * MINUTE).over, 0);
    assert_int_equal(talk_clock(t, &w, 118 * MINUTE).over, 3);
    struct walk late = {.at = 2};
    walk_begin(&late, t, 200 * MINUTE); /* begun with the second: as if in time */
    assert_int_equal(talk_clock(t, &late, 201 * MINUTE).gone, 6);
    assert_int_equal(talk_clock(t, &late, 201 * MINUTE).over, 0);
    talk_free(t);
}

static void answers_are_told_when_asked_for(void **state)
{
    (void)state;
    struct talk *t = talk_of("ask: What?\n  choice: a\n  choice: b\n  right: 2\n  explain: so\n");
    struct buf text = {0};
    talk_text(&t->slides[1], 0, 0, &text);
    assert_string_equal(text.data, "What?\n  1  a\n  2  b\n");
    talk_text(&t->slides[1], 1, 0, &text);
    assert_non_null(strstr(text.data, "So it is: 2 b\nso\n"));
    buf_fini(&text);
    talk_free(t);
}

static void the_shipped_plan_is_right(void **state)
{
    (void)state;
    struct plan *p;
    struct catalogue all;
    struct err e = {0};
    struct buf wrong = {0};
    assert_int_equal(catalogue_read(&all, "lessons", NULL, &e), 0);
    if (plan_read(&p, "lessons/plans/three-lessons.plan", &e) < 0)
        fail_msg("%s", e.message);
    struct talk *t = talk_make(p, &all);
    talk_problems(t, &wrong);
    if (wrong.len)
        fail_msg("%s", wrong.data);
    int sum = 0;
    for (size_t i = 0; i < t->plan->nentries; i++)
        sum += t->planned[i];
    assert_int_equal(sum, t->minutes); /* the hour is what its parts take */
    talk_free(t);
    catalogue_fini(&all);
    assert_int_equal(plan_read(&p, "lessons", &e), -ERR_OPEN);
    assert_int_equal(plan_read(&p, "lessons/none.plan", &e), -ERR_OPEN);
}

static int read_catalogue(void **state)
{
    (void)state;
    return catalogue_read(&catalogue, "tests/screens/data/lessons", NULL, NULL);
}

static int drop_catalogue(void **state)
{
    (void)state;
    catalogue_fini(&catalogue);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_read),
        cmocka_unit_test(problems_have_lines_and_hide_nothing_else),
        cmocka_unit_test(what_is_no_plan_is_refused),
        cmocka_unit_test(other_editors_files_are_read),
        cmocka_unit_test(a_lesson_becomes_slides),
        cmocka_unit_test(what_is_not_there_is_said_and_left_out),
        cmocka_unit_test(one_key_walks_through),
        cmocka_unit_test(black_swallows_one_key_only),
        cmocka_unit_test(entries_are_jumped),
        cmocka_unit_test(the_clock_runs_against_the_plan),
        cmocka_unit_test(answers_are_told_when_asked_for),
        cmocka_unit_test(the_shipped_plan_is_right),
    };
    return cmocka_run_group_tests(tests, read_catalogue, drop_catalogue);
}
