/* The reader of lessons: what a lesson.md becomes, where and how it is refused, the catalogue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lesson.h"

#define FRONT "---\nid: race/one\ntitle: One\nlevel: core\nminutes: 5\n---\n"

static struct lesson *parse(const char *text)
{
    struct err e = {0};
    struct lesson *l;
    if (lesson_parse(&l, "x.md", text, strlen(text), &e) != 0)
        fail_msg("%s", e.message);
    return l;
}

/* The text must be refused with a message that begins with `start` and holds `part`. */
static void refused_bytes(const char *text, size_t n, const char *start, const char *part)
{
    struct err e = {0};
    struct lesson *l;
    assert_int_equal(lesson_parse(&l, "x.md", text, n, &e), -ERR_DATA);
    assert_null(l);
    if (strncmp(e.message, start, strlen(start)) != 0 || !strstr(e.message, part))
        fail_msg("wanted \"%s… %s\", got \"%s\"", start, part, e.message);
}

static void refused(const char *text, const char *start, const char *part)
{
    refused_bytes(text, strlen(text), start, part);
}

/* -------- front matter -------- */

static void front_matter_is_read(void **state)
{
    (void)state;
    struct lesson *l = parse("---\nid: race/lost-update\ntitle: Lost: an update\nlevel: deep\n"
                             "minutes: 12\norder: 3\nneeds: start/tour, thread/life\n"
                             "python: counter += 1\nsummary: two\n  lines\n---\n## A\ntext\n");
    assert_string_equal(l->id, "race/lost-update");
    assert_string_equal(l->unit, "race");
    assert_string_equal(l->name, "lost-update");
    assert_string_equal(l->title, "Lost: an update");
    assert_string_equal(l->summary, "two lines");
    assert_string_equal(l->python, "counter += 1");
    assert_string_equal(lesson_level_word(l->level), "deep");
    assert_int_equal(l->minutes, 12);
    assert_int_equal(l->order, 3);
    assert_int_equal(l->nneeds, 2);
    assert_string_equal(l->needs[1], "thread/life");
    lesson_free(l);
}

static void bad_front_matter_is_refused(void **state)
{
    (void)state;
    refused("", "x.md:1: ", "front matter");
    refused("## A\ntext\n", "x.md:1: ", "front matter");
    refused("---\nid: race/one\n", "x.md:1: ", "does not end");
    refused("---\n---\n## A\n", "x.md:1: ", "needs \"id\"");
    refused("---\nid: one\n---\n", "x.md:2: ", "no id");
    refused("---\nid: a/../b\n---\n", "x.md:2: ", "no id");
    refused("---\nid: a/b\nlevel: hard\n---\n", "x.md:3: ", "no level");
    refused("---\nid: a/b\nid: a/c\n---\n", "x.md:3: ", "more than 1 time");
    refused("---\nid: a/b\nminutes: 0\n---\n", "x.md:3: ", "number from 1 to 600");
    refused("---\nid: a/b\nminutes: 99999999999999999999\n---\n", "x.md:3: ", "number");
    refused("---\nid: a/b\ncolour: red\n---\n", "x.md:3: ", "no key \"colour\"");
    refused("---\nid: a/b\nneeds: x\n---\n", "x.md:3: ", "needs");
    refused("---\n  odd\n---\n", "x.md:2: ", "goes on with nothing");
    refused("---\n: odd\n---\n", "x.md:2: ", "without a key");
}

/* -------- running text -------- */

static void check_runs(const struct lesson_text *t, const char *text, const char *styles)
{
    static const char letters[] = "pesc";
    size_t end = 0;
    assert_string_equal(t->text, text);
    assert_int_equal(t->nruns, strlen(styles));
    for (size_t i = 0; i < t->nruns; i++) {
        assert_int_equal(t->runs[i].start, end);
        assert_true(t->runs[i].n > 0);
        assert_int_equal(letters[t->runs[i].style], styles[i]);
        end += t->runs[i].n;
    }
    assert_int_equal(end, strlen(text));
}

static void text_has_styles(void **state)
{
    (void)state;
    struct lesson *l = parse(FRONT "## A\nThe *first* and\n**second** `a < b` — ü &amp; x<y.\n"
                                   "\n* `code`\n\n### Sub *head*\nhard  \nbreak\n");
    const struct lesson_section *s = &l->sections[0];
    assert_int_equal(s->nblocks, 4);
    check_runs(&s->blocks[0].text, "The first and second a < b — ü & x<y.", "pepspcp");
    assert_int_equal(s->blocks[1].kind, LESSON_ITEM);
    check_runs(&s->blocks[1].text, "code", "c");
    assert_int_equal(s->blocks[2].kind, LESSON_HEADING);
    assert_int_equal(s->blocks[2].line, 13);
    check_runs(&s->blocks[2].text, "Sub head", "pe");
    check_runs(&s->blocks[3].text, "hard\nbreak", "p");
    lesson_free(l);
}

static void lists_have_depth_and_numbers(void **state)
{
    (void)state;
    struct lesson *l = parse(FRONT "## A\n3. three\n4. four\n   - in four\n   - again\n\n"
                                   "     more of again\n5. five\n\nafter\n");
    static const struct {
        int kind, depth, number;
        const char *text;
    } want[] = {{LESSON_ITEM, 1, 3, "three"},
                {LESSON_ITEM, 1, 4, "four"},
                {LESSON_ITEM, 2, 0, "in four"},
                {LESSON_ITEM, 2, 0, "again"},
                {LESSON_PARAGRAPH, 2, 0, "more of again"},
                {LESSON_ITEM, 1, 5, "five"},
                {LESSON_PARAGRAPH, 0, 0, "after"}};
    assert_int_equal(l->sections[0].nblocks, 7);
    for (size_t i = 0; i < 7; i++) {
        const struct lesson_block *b = &l->sections[0].blocks[i];
        assert_int_equal(b->kind, want[i].kind);
        assert_int_equal(b->depth, want[i].depth);
        assert_int_equal(b->number, want[i].number);
        assert_string_equal(b->text.text, want[i].text);
    }
    lesson_free(l);
}

static void code_is_kept_as_it_is(void **state)
{
    (void)state;
    struct lesson *l = parse(FRONT "## A\n```c\nint *p;\n\n\tx  = *p;\n```\n```\nplain\n```\n");
    const struct lesson_block *b = l->sections[0].blocks;
    assert_int_equal(b[0].kind, LESSON_CODE);
    assert_string_equal(b[0].language, "c");
    assert_string_equal(b[0].code, "int *p;\n\n    x  = *p;");
    assert_int_equal(b[0].line, 8);
    assert_string_equal(b[1].code, "plain");
    assert_int_equal(b[1].line, 13);
    lesson_free(l);
}

static void sections_split_the_text(void **state)
{
    (void)state;
    struct lesson *l = parse(FRONT "## First\none\n## Second `x`\n\nA\n\nB\n");
    assert_int_equal(l->nsections, 2);
    assert_string_equal(l->sections[0].title, "First");
    assert_string_equal(l->sections[1].title, "Second x");
    assert_int_equal(l->sections[1].line, 9);
    assert_int_equal(l->sections[1].nblocks, 2);
    lesson_free(l);
}

static void what_a_lesson_cannot_hold_is_refused(void **state)
{
    (void)state;
    refused(FRONT, "x.md:", "without a section");
    refused(FRONT "text\n", "x.md:7: ", "before the first section");
    refused(FRONT "\n# Title\n", "x.md:", "first level");
    refused(FRONT "## A\n\n[a](http://b)\n", "x.md:", "link");
    refused(FRONT "## A\n\n![a](b.png)\n", "x.md:", "image");
    refused(FRONT "## A\n\n> quoted\n", "x.md:", "quotation");
    refused(FRONT "## A\ntext\n\n---\n", "x.md:", "rule");
    refused(FRONT "## A\nline\n&bogus;\n", "x.md:9: ", "entity");
    refused(FRONT "## A\n&#7;\n", "x.md:8: ", "entity");
    refused(FRONT "## A\n```quesion\nask: x\n```\n", "x.md:8: ", "```quesion");
    refused(FRONT "## A\n- 1\n  - 2\n    - 3\n      - 4\n        - 5\n", "x.md:", "nested");
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    (void)state;
    refused(FRONT "## A\n\x1b[31mred\n", "x.md:8: ", "control character");
    refused(FRONT "## A\r\n", "x.md:7: ", "Unix line ends");
    refused(FRONT "## A\n\nbad \xc3(\n", "x.md:9: ", "UTF-8");
    refused(FRONT "## A\n\xed\xa0\x80\n", "x.md:8: ", "UTF-8");
    refused(FRONT "## A\n\xc0\x80\n", "x.md:8: ", "UTF-8");
    refused(FRONT "## A\n\xf5\x80\x80\x80\n", "x.md:8: ", "UTF-8");
    refused(FRONT "## A\n\xe2\x80\xae"
                  "evil\n",
            "x.md:8: ", "direction");
    refused("\xef\xbb\xbf" FRONT "## A\n", "x.md:1: ", "byte order mark");
    static const char nul[] = FRONT "## A\nx\0y\n";
    refused_bytes(nul, sizeof nul - 1, "x.md:8: ", "control character");
    char *big = malloc(LESSON_MAX_BYTES + 2);
    memset(big, 'a', LESSON_MAX_BYTES + 2);
    refused_bytes(big, LESSON_MAX_BYTES + 1, "x.md:1: ", "more than");
    free(big);
}

/* -------- blocks -------- */

static void programs_and_steps_are_read(void **state)
{
    (void)state;
    struct lesson *l =
        parse(FRONT "## A\none\n\n```program a.c\nlines: 3-9\n```\ntwo\n```step b.c\n"
                    "path: T0 *, T1 @7, =1, T2 3\ngoal: It *works*\n```\n");
    const struct lesson_section *s = &l->sections[0];
    assert_int_equal(s->blocks[1].kind, LESSON_PROGRAM);
    assert_string_equal(s->blocks[1].program->file, "a.c");
    assert_int_equal(s->blocks[1].program->first, 3);
    assert_int_equal(s->blocks[1].program->last, 9);
    const struct lesson_program *p = s->blocks[3].program;
    assert_int_equal(s->blocks[3].kind, LESSON_STEP);
    check_runs(&p->goal, "It works", "pe");
    assert_int_equal(p->path.nlegs, 4);
    assert_int_equal(p->path.legs[0].until, PATH_BLOCK);
    assert_int_equal(p->path.legs[1].until, PATH_LINE);
    assert_int_equal(p->path.legs[1].task, 1);
    assert_int_equal(p->path.legs[1].n, 7);
    assert_int_equal(p->path.legs[2].until, PATH_PICK);
    assert_int_equal(p->path.legs[3].until, PATH_STEPS);
    assert_int_equal(p->path.line, 15);
    assert_string_equal(lesson_program_at(l, 0, 0)->file, "a.c");
    assert_string_equal(lesson_program_at(l, 0, 2)->file, "a.c");
    assert_string_equal(lesson_program_at(l, 0, 3)->file, "b.c");
    assert_null(lesson_program_at(l, 1, 0));
    lesson_free(l);
}

static void questions_are_read(void **state)
{
    (void)state;
    struct lesson *l =
        parse(FRONT "## A\n```question a.c\nask: What can `it` print?\noutcome: \"1\\n\"\n"
                    "outcome: \"\\x41\\\"\"\nright: 2 1\nexplain: Because\n  of that.\n"
                    "claim: possible: \"1\\n\"\n```\n"
                    "## B\n```question\nid: why\nask: 1. Why?\nchoice: # so\nchoice: no\n"
                    "right: 2\nexplain: *No*.\n```\n");
    const struct lesson_question *q = lesson_question_at(l, 0);
    assert_string_equal(q->id, "q1");
    assert_int_equal(q->line, 8);
    assert_true(q->is_outcomes);
    check_runs(&q->ask, "What can it print?", "pcp");
    assert_int_equal(q->choices[1].outcome.n, 2);
    assert_memory_equal(q->choices[1].outcome.bytes, "A\"", 2);
    assert_int_equal(q->nright, 2);
    assert_string_equal(q->explain.text, "Because of that.");
    assert_int_equal(q->nclaims, 1);
    assert_int_equal(q->claims[0].kind, CLAIM_POSSIBLE);
    assert_int_equal(q->claims[0].line, 15);
    assert_string_equal(q->claims[0].program, "a.c");
    q = lesson_question_at(l, 1);
    assert_string_equal(q->id, "why");
    check_runs(&q->ask, "1. Why?", "p");
    check_runs(&q->choices[0].text, "# so", "p");
    check_runs(&q->explain, "No.", "ep");
    assert_false(q->choices[0].right);
    assert_true(q->choices[1].right);
    assert_null(lesson_question_at(l, 2));
    lesson_free(l);
}

#define HINTS "hint: a\nhint: b\nhint: c\n"

static void challenges_are_read(void **state)
{
    (void)state;
    struct lesson *l = parse(
        FRONT "## A\n```challenge break a.c\ntitle: T\ntext: D\ngoal: outcome \"1\\n\"\n"
              "switches: 1\npath: T0 *\n" HINTS "```\n"
              "```challenge fix a.c\ntitle: T\ntext: D\nsolution: b.c\nrequire: no findings\n"
              "require: outcomes: \"2\\n\"\nconcurrent: inc dec\nexecutions: 5000\nseconds: 7\n"
              "wrong: c.c serial\nwrong: d.c race\n" HINTS "```\n"
              "```challenge break b.c\nid: other\ntitle: T\ntext: D\ngoal: finding deadlock\n" HINTS
              "```\n");
    const struct lesson_challenge *c = lesson_challenge_find(l, "break");
    assert_int_equal(c->kind, CHALLENGE_BREAK);
    assert_int_equal(c->goal_finding, -1);
    assert_string_equal(c->goal_outcome.bytes, "1\n");
    assert_int_equal(c->least_switches, 1);
    assert_string_equal(c->hints[0].text, "a");
    assert_string_equal(c->hints[2].text, "c");
    c = lesson_challenge_find(l, "fix");
    assert_int_equal(c->kind, CHALLENGE_FIX);
    assert_string_equal(c->solution, "b.c");
    assert_int_equal(c->nrequire, 2);
    assert_int_equal(c->nconcurrent, 2);
    assert_string_equal(c->concurrent[1], "dec");
    assert_int_equal(c->bound_executions, 5000);
    assert_int_equal(c->bound_seconds, 7);
    assert_int_equal(c->nwrong, 2);
    assert_string_equal(c->wrong[1].file, "d.c");
    c = lesson_challenge_find(l, "other");
    assert_int_equal(c->goal_finding, FIND_DEADLOCK);
    assert_int_equal(c->least_switches, -1);
    assert_null(lesson_challenge_find(l, "none"));
    lesson_free(l);
}

static void recap_and_claims_are_read(void **state)
{
    (void)state;
    struct lesson *l =
        parse(FRONT "## A\n```recap\nsay: One.\nsay: Two.\ncalls: `f`\npython: x\nread: man\n```\n"
                    "```claims a.c\noutcomes: \"1\\n\" \"\"\nfinding: data-race line 8\n"
                    "no finding: crash\nno findings\ncomplete\nleast-switches: 2 for \"1\\n\"\n"
                    "least-switches: 0 for deadlock\nexecutions: 20\nexit: 0 3\ndeadlock\n```\n");
    const struct lesson_block *b = l->sections[0].blocks;
    assert_int_equal(b[0].recap->nsentences, 2);
    assert_string_equal(b[0].recap->calls.text, "f");
    assert_int_equal(b[1].nclaims, 10);
    const struct claim *c = b[1].claims;
    assert_int_equal(c[0].nstrings, 2);
    assert_int_equal(c[0].strings[1].n, 0);
    assert_int_equal(c[1].finding, FIND_DATA_RACE);
    assert_int_equal(c[1].at_line, 8);
    assert_string_equal(c[1].text, "finding: data-race line 8");
    assert_int_equal(c[1].line, 17);
    assert_int_equal(c[3].kind, CLAIM_NO_FINDINGS);
    assert_int_equal(c[5].numbers[0], 2);
    assert_string_equal(c[5].strings[0].bytes, "1\n");
    assert_int_equal(c[6].finding, FIND_DEADLOCK);
    assert_int_equal(c[8].nnumbers, 2);
    lesson_free(l);
}

static void bad_blocks_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *fence, *start, *part;
    } bad[] = {
        {"```program\n```\n", "x.md:8: ", "needs a program"},
        {"```program ../a.c\n```\n", "x.md:8: ", "no program"},
        {"```program /etc/passwd\n```\n", "x.md:8: ", "no program"},
        {"```program a.c\nlines: 9-3\n```\n", "x.md:9: ", "ends before"},
        {"```step a.c\npath: T0\n```\n", "x.md:9: ", "column 1"},
        {"```step a.c\npath: T0 *, T1 @x\n```\n", "x.md:9: ", "column 7"},
        {"```step a.c\npath: T999 1\n```\n", "x.md:9: ", "column 1"},
        {"```question a.c\nask: x\n```\n", "x.md:8: ", "needs \"right\""},
        {"```question\nask: x\nchoice: a\nright: 1\nexplain: y\n```\n", "x.md:8: ", "2 to 9"},
        {"```question\nask: x\nchoice: a\nright: 2\n```\n", "x.md:11: ", "number from 1 to 1"},
        {"```question\nask: x\nchoice: a\nchoice: b\nright: 1 1\n```\n", "x.md:12: ", "twice"},
        {"```question\noutcome: \"a\"\noutcome: \"b\"\nask: x\nright: 1\nexplain: y\n```\n",
         "x.md:8: ", "needs a program"},
        {"```question a.c\noutcome: \"a\"\nchoice: b\nask: x\nright: 1\nexplain: y\n```\n",
         "x.md:8: ", "not both"},
        {"```question\nask: [x](y)\n```\n", "x.md:9: ", "link"},
        {"```question\nask:\n```\n", "x.md:9: ", "needs a value"},
        {"```challenge mend a.c\n```\n", "x.md:8: ", "break FILE"},
        {"```challenge break a.c\ntitle: T\ntext: D\ngoal: deadlock\n```\n",
         "x.md:11: ", "goal is"},
        {"```challenge break a.c\ntitle: T\ntext: D\ngoal: finding foo\n```\n",
         "x.md:11: ", "goal is"},
        {"```challenge break a.c\ntitle: T\ntext: D\ngoal: finding crash\nhint: a\n```\n",
         "x.md:8: ", "\"hint\" 3 times"},
        {"```challenge fix a.c\nwrong: b.c because\n```\n", "x.md:9: ", "no reason"},
        {"```challenge fix a.c\nwrong: b.c none\n```\n", "x.md:9: ", "no reason"},
        {"```claims a.c\n```\n", "x.md:8: ", "without a claim"},
        {"```claims a.c\nprints: 1\n```\n", "x.md:9: ", "\"prints\" is no claim"},
        {"```claims a.c\noutcomes: 1\n```\n", "x.md:9: ", "not a string"},
        {"```claims a.c\noutcomes: \"a\\q\"\n```\n", "x.md:9: ", "not a string"},
        {"```claims a.c\n\noutcomes: \"a\n```\n", "x.md:10: ", "not a string"},
        {"```claims a.c\nexecutions: -1\n```\n", "x.md:9: ", "not a number"},
        {"```claims a.c\nexecutions: 1 2\n```\n", "x.md:9: ", "too much"},
        {"```claims a.c\nexecutions\n```\n", "x.md:9: ", "needs something"},
        {"```claims a.c\nfinding: race\n```\n", "x.md:9: ", "no kind of finding"},
        {"```claims a.c\nfinding: crash at 8\n```\n", "x.md:9: ", "line N"},
        {"```claims a.c\nleast-switches: 1\n```\n", "x.md:9: ", "say for what"},
        {"```claims a.c\ncomplete: yes\n```\n", "x.md:9: ", "too much"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[1024];
        snprintf(text, sizeof text, FRONT "## A\n%s", bad[i].fence);
        refused(text, bad[i].start, bad[i].part);
    }
    refused(FRONT "## A\n```question\nid: q2\nask: x\nchoice: a\nchoice: b\nright: 1\nexplain: y\n"
                  "```\n```question\nask: x\nchoice: a\nchoice: b\nright: 1\nexplain: y\n```\n",
            "x.md:16: ", "second question");
}

/* -------- files -------- */

struct tree {
    char dir[64];
};

static void put(const struct tree *t, const char *path, const char *text)
{
    char full[256];
    snprintf(full, sizeof full, "%s/%s", t->dir, path);
    for (char *p = full + strlen(t->dir) + 1; (p = strchr(p, '/')); p++) {
        *p = 0;
        assert_true(mkdir(full, 0755) == 0 || errno == EEXIST);
        *p = '/';
    }
    FILE *f = fopen(full, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void put_lesson(const struct tree *t, const char *id, int order, const char *body)
{
    char path[256], text[1024];
    snprintf(path, sizeof path, "%s/lesson.md", id);
    snprintf(text, sizeof text,
             "---\nid: %s\ntitle: T\nlevel: core\nminutes: 5\norder: %d\n---\n## A\n%s", id, order,
             body);
    put(t, path, text);
}

static int setup(void **state)
{
    struct tree *t = calloc(1, sizeof *t);
    strcpy(t->dir, "/tmp/lockstep-lesson-XXXXXX");
    *state = t;
    return mkdtemp(t->dir) ? 0 : -1;
}

static int teardown(void **state)
{
    struct tree *t = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", t->dir);
    int rc = system(command);
    free(t);
    return rc;
}

static void catalogue_is_ordered_and_forgiving(void **state)
{
    const struct tree *t = *state;
    put(t, "units", "start Start here\nrace Races\nempty Nothing\n");
    put_lesson(t, "race/second", 2, "text\n");
    put_lesson(t, "race/first", 1, "text\n");
    put_lesson(t, "start/tour", 1, "text\n");
    put_lesson(t, "aside/first", 1, "text\n");
    put_lesson(t, "race/bad", 3, "```claims a.c\nnonsense\n```\n");
    put(t, "race/wrong-id/lesson.md", FRONT "## A\n");
    put(t, "race/include/queue.h", "\n");
    struct catalogue c;
    struct err e = {0};
    assert_int_equal(catalogue_read(&c, t->dir, NULL, &e), 0);
    assert_int_equal(c.nunits, 3);
    assert_string_equal(c.units[0].title, "Start here");
    assert_string_equal(c.units[1].title, "Races");
    assert_string_equal(c.units[2].title, "aside");
    assert_int_equal(c.units[1].n, 2);
    assert_string_equal(c.lessons[c.units[1].first]->id, "race/first");
    assert_int_equal(c.nproblems, 2);
    assert_non_null(strstr(c.problems[0].message, "race/bad/lesson.md:10: \"nonsense\""));
    assert_non_null(strstr(c.problems[1].message, "race/wrong-id"));
    assert_string_equal(catalogue_find(&c, "tour")->id, "start/tour");
    assert_string_equal(catalogue_find(&c, "aside/first")->id, "aside/first");
    assert_null(catalogue_find(&c, "first"));
    assert_null(catalogue_find(&c, "race"));
    catalogue_fini(&c);
    assert_int_equal(catalogue_read(&c, "/nonexistent", NULL, &e), -ERR_OPEN);
    assert_non_null(strstr(e.message, "/nonexistent"));
}

static void missing_programs_are_named(void **state)
{
    const struct tree *t = *state;
    char dir[128];
    struct err e = {0};
    struct lesson *l;
    put_lesson(t, "race/one", 1, "text\n```program gone.c\n```\n");
    snprintf(dir, sizeof dir, "%s/race/one", t->dir);
    assert_int_equal(lesson_read(&l, dir, NULL, &e), -ERR_DATA);
    assert_non_null(strstr(e.message, "lesson.md:10: the program gone.c is not in"));
    put(t, "race/one/gone.c", "int main(void) { return 0; }\n");
    assert_int_equal(lesson_read(&l, dir, NULL, &e), 0);
    char *path = lesson_file(l, "gone.c");
    assert_int_equal(access(path, R_OK), 0);
    free(path);
    lesson_free(l);
    snprintf(dir, sizeof dir, "%s/race/two", t->dir);
    assert_int_equal(lesson_read(&l, dir, NULL, &e), -ERR_OPEN);
    assert_non_null(strstr(e.message, "race/two/lesson.md: "));
}

static void translation_is_preferred(void **state)
{
    const struct tree *t = *state;
    char dir[128];
    struct err e = {0};
    struct lesson *l;
    put_lesson(t, "race/one", 1, "text\n");
    put(t, "race/one/lesson.xx.md",
        "---\nid: race/one\ntitle: Anders\nlevel: core\nminutes: 5\n---\n## B\n");
    snprintf(dir, sizeof dir, "%s/race/one/", t->dir);
    assert_int_equal(lesson_read(&l, dir, "xx", &e), 0);
    assert_string_equal(l->title, "Anders");
    lesson_free(l);
    static const struct {
        const char *locale, *title;
    } asked[] = {
        {"yy", "T"},
        {"yy:xx", "Anders"},
        {"xx_YY.UTF-8@euro", "Anders"},
        {"en_GB:xx", "T"},
        {"C.UTF-8", "T"},
        {"ena_XX:xx", "Anders"},
        {"C:xx", "T"},
        {"../race/one:xx", "Anders"},
        {"::", "T"},
        {".UTF-8", "T"},
    };
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        assert_int_equal(lesson_read(&l, dir, asked[i].locale, &e), 0);
        assert_string_equal(l->title, asked[i].title);
        lesson_free(l);
    }
}

/* A translation that cannot be read is told, and the original is there all the same. */
static void a_bad_translation_hides_no_lesson(void **state)
{
    const struct tree *t = *state;
    struct catalogue c;
    struct err e = {0};
    put_lesson(t, "race/one", 1, "text\n");
    put(t, "race/one/lesson.xx.md", "---\nid: race/one\n---\n");
    assert_int_equal(catalogue_read(&c, t->dir, "xx", &e), 0);
    assert_int_equal(c.nproblems, 1);
    assert_non_null(strstr(c.problems[0].message, "lesson.xx.md"));
    assert_non_null(catalogue_find(&c, "race/one"));
    catalogue_fini(&c);
    assert_int_equal(catalogue_read(&c, t->dir, NULL, &e), 0);
    assert_int_equal(c.nproblems, 0);
    catalogue_fini(&c);
}

static void odd_files_are_refused(void **state)
{
    const struct tree *t = *state;
    char dir[128], md[160];
    struct err e = {0};
    struct lesson *l;
    put(t, "race/one/x", "");
    snprintf(dir, sizeof dir, "%s/race/one", t->dir);
    snprintf(md, sizeof md, "%s/lesson.md", dir);
    assert_int_equal(mkfifo(md, 0644), 0); /* would block for ever if it were just read */
    assert_int_equal(lesson_read(&l, dir, NULL, &e), -ERR_OPEN);
    assert_non_null(strstr(e.message, "not a file"));
    unlink(md);
    assert_int_equal(mkdir(md, 0755), 0);
    assert_int_equal(lesson_read(&l, dir, NULL, &e), -ERR_OPEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(front_matter_is_read),
        cmocka_unit_test(bad_front_matter_is_refused),
        cmocka_unit_test(text_has_styles),
        cmocka_unit_test(lists_have_depth_and_numbers),
        cmocka_unit_test(code_is_kept_as_it_is),
        cmocka_unit_test(sections_split_the_text),
        cmocka_unit_test(what_a_lesson_cannot_hold_is_refused),
        cmocka_unit_test(bytes_that_are_no_text_are_refused),
        cmocka_unit_test(programs_and_steps_are_read),
        cmocka_unit_test(questions_are_read),
        cmocka_unit_test(challenges_are_read),
        cmocka_unit_test(recap_and_claims_are_read),
        cmocka_unit_test(bad_blocks_are_refused),
        cmocka_unit_test_setup_teardown(catalogue_is_ordered_and_forgiving, setup, teardown),
        cmocka_unit_test_setup_teardown(missing_programs_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(translation_is_preferred, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bad_translation_hides_no_lesson, setup, teardown),
        cmocka_unit_test_setup_teardown(odd_files_are_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
