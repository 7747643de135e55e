/* lockstep present --plain: slides as lines; and --check. */
#include "present_plain.h"

#include "hands.h"
#include "path.h"
#include "plain.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STEP_MS = 5000 };

struct speaker {
    struct talk *talk;
    struct store *store;
    struct walk walk;
    struct hands *hands; /* by slide */
    char *line;
    size_t cap;
    /* the run of the slide */
    struct given given;
    struct program *program;
    struct plain plain;
    size_t leg; /* of the path that is walked */
    int open, failed;
};

static const struct slide *slide_of(const struct speaker *k)
{
    return &k->talk->slides[k->walk.at];
}

/* -------- the run of a slide -------- */

static void close_run(struct speaker *k)
{
    if (!k->open)
        return;
    plain_close(&k->plain);
    if (k->program)
        program_free(k->program);
    given_fini(&k->given);
    k->program = NULL;
    k->open = 0;
}

/* Take a path's legs without telling, or one of them telling. */
static int take_legs(struct speaker *k, const struct lesson_path *path, size_t from, size_t n,
                     struct err *e)
{
    struct lesson_path part = *path;
    part.legs += from;
    part.nlegs = n;
    return path_follow(k->plain.session, &part, STEP_MS, e);
}

static int to_beginning(struct speaker *k, const struct slide *s, struct err *e)
{
    struct schedule given;
    int rc = 0;
    schedule_init(&given);
    if (*s->schedule)
        rc = schedule_parse(&given, s->schedule, e);
    if (rc == 0 && *s->schedule)
        rc = session_replay(k->plain.session, &given, STEP_MS, e);
    else if (rc == 0 && s->path && s->path->nlegs && !s->from_start)
        rc = take_legs(k, s->path, 0, s->path->nlegs, e);
    schedule_fini(&given);
    return rc;
}

static int open_run(struct speaker *k, const struct slide *s, struct err *e)
{
    char *path = xstrdup(s->program);
    k->plain = (struct plain){0};
    k->open = 1;
    k->leg = 0;
    int rc = given_open(&k->given, &path, 1, NULL, 0, e);
    if (rc == 0)
        rc = given_build(&k->given, &k->program, e);
    if (rc == 0)
        rc = plain_open(&k->plain, &k->given, k->program, 0, PLAIN_LINES, e);
    if (rc == 0)
        rc = to_beginning(k, s, e);
    free(path);
    return rc;
}

/* What the clicks walk through. */
static const struct lesson_path *way_of(const struct slide *s)
{
    return s->from_start ? s->path : s->then;
}

/* One key: a leg of the way, or a step. 0: there is none left. */
static int run_on(struct speaker *k)
{
    const struct slide *s = slide_of(k);
    const struct lesson_path *way = way_of(s);
    struct err e = {0};
    int rc;
    if (!k->open || k->failed || session_finished(k->plain.session))
        return 0;
    if (way && way->nlegs) {
        if (k->leg == way->nlegs)
            return 0;
        rc = take_legs(k, way, k->leg++, 1, &e);
    } else {
        int choice = session_default_choice(k->plain.session);
        if (choice < 0)
            return 0;
        rc = session_step(k->plain.session, (uint16_t)choice, STEP_MS, &e);
    }
    plain_tell(&k->plain);
    if (rc < 0) {
        k->failed = 1;
        printf(_("This program cannot go on: %s\n"), e.message);
    }
    if (session_finished(k->plain.session))
        plain_summary(&k->plain);
    return 1;
}

/* -------- slides -------- */

static void print_notes(const char *note)
{
    for (const char *s = note; *s;) {
        size_t n = strcspn(s, "\n");
        printf("> %.*s\n", (int)n, s);
        s += n + (s[n] != 0);
    }
}

static void print_slide(struct speaker *k)
{
    const struct slide *s = slide_of(k);
    struct buf text = {0};
    printf("\n[%zu/%zu] %s\n", k->walk.at, k->talk->nslides - 2, s->title);
    talk_text(s, k->walk.shown, k->walk.hints, &text);
    if (text.data && strncmp(text.data, s->title, strlen(s->title)) != 0)
        printf("\n%s", text.data);
    buf_fini(&text);
    if (s->entry && (k->walk.at == 0 || s->entry != s[-1].entry))
        print_notes(s->entry->note);
    else if (!s->entry && s->kind == SLIDE_COVER)
        print_notes(k->talk->plan->note);
}

static void enter(struct speaker *k)
{
    const struct slide *s = slide_of(k);
    struct err e = {0};
    k->failed = 0;
    print_slide(k);
    if (s->kind == SLIDE_LIVE)
        printf(_("To see it: lockstep live %s\n"), s->program);
    if (s->kind != SLIDE_STEP)
        return;
    int rc = open_run(k, s, &e);
    if (rc < 0) {
        printf(_("This program cannot be shown; the plan goes on without it.\n%s\n"), e.message);
        k->failed = 1;
    } else
        plain_tell(&k->plain);
}

static void print_hands(const struct slide *s, const struct hands *h)
{
    for (size_t i = 0; i < s->question->nchoices; i++) {
        printf("  %zu  %4d ", i + 1, h->count[i]);
        for (int n = 0; n < h->count[i] && n < 60; n++)
            putchar('#');
        putchar('\n');
    }
}

/* "3 12 5": a count for each choice. */
static void take_hands(struct speaker *k, const char *s)
{
    const struct slide *slide = slide_of(k);
    struct hands *h = &k->hands[k->walk.at];
    struct err e = {0};
    if (slide->kind != SLIDE_QUESTION) {
        puts(_("Hands are counted at a question."));
        return;
    }
    for (size_t i = 0; i < slide->question->nchoices; i++) {
        char *end;
        long n = strtol(s, &end, 10);
        h->count[i] = end == s || n < 0 || n > HANDS_MOST ? 0 : (int)n;
        s = end;
    }
    h->counted = 1;
    print_hands(slide, h);
    if (hands_save(k->store, slide, h, &e) < 0)
        printf(_("(This could not be saved: %s)\n"), e.message);
}

/* -------- the conversation -------- */

static void on(struct speaker *k, int64_t now)
{
    if (run_on(k))
        return;
    int shown = k->walk.shown;
    if (walk_on(&k->walk, k->talk, 1, now)) {
        close_run(k);
        enter(k);
    } else if (k->walk.shown != shown) {
        struct buf text = {0};
        talk_answer(slide_of(k), &text);
        fputs(text.data ? text.data : "", stdout);
        buf_fini(&text);
    }
}

static void back(struct speaker *k, int64_t now)
{
    if (!walk_back(&k->walk, k->talk, now))
        return;
    k->walk.part = 0;
    close_run(k);
    enter(k);
}

static void hint(struct speaker *k)
{
    if (slide_of(k)->kind != SLIDE_CHALLENGE) {
        puts(_("Hints belong to challenges; there is none here."));
        return;
    }
    k->walk.hints += k->walk.hints <= CHALLENGE_HINTS;
    print_slide(k);
}

static void say_time(struct speaker *k, int64_t now)
{
    struct talk_time t = talk_clock(k->talk, &k->walk, now);
    printf(_("%d of %d minutes; %d behind\n"), t.gone, t.of, t.over);
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* 0: leave. */
static int take_line(struct speaker *k)
{
    const char *s = k->line + strspn(k->line, " \t");
    if (!*s || *s == 'n')
        on(k, now_ms());
    else if (*s == 'b')
        back(k, now_ms());
    else if (*s == 'a') {
        k->walk.shown = 1;
        print_slide(k);
    } else if (*s == 'i')
        hint(k);
    else if (*s == 't')
        say_time(k, now_ms());
    else if (isdigit((unsigned char)*s))
        take_hands(k, s);
    else if (*s == 'q')
        return 0;
    else
        puts(_("Enter goes on, b back, a the answer, i a hint, t the time; numbers with blanks "
               "between count hands; q leaves."));
    return 1;
}

int present_plain(struct talk *talk, struct store *store, size_t first, struct err *e)
{
    struct speaker k = {.talk = talk, .store = store};
    size_t last = talk->nslides - 1;
    k.hands = xcalloc(talk->nslides, sizeof *k.hands);
    if (first)
        walk_to(&k.walk, talk, first > last ? last : first, now_ms());
    enter(&k);
    while (plain_ask(_("Enter: on, ?: help > "), &k.line, &k.cap) && take_line(&k))
        ;
    close_run(&k);
    free(k.hands);
    free(k.line);
    talk_free(talk);
    if (signal_caught())
        return err_set(e, ERR_INTERRUPTED, "%s", _("interrupted"));
    return 0;
}

/* -------- the rehearsal -------- */

/* Build and step the program of a slide as it would be shown. */
static int rehearse(struct speaker *k, struct err *e)
{
    const struct slide *s = slide_of(k);
    const struct lesson_path *way = way_of(s);
    int rc = 0;
    if (s->kind == SLIDE_STEP) {
        rc = open_run(k, s, e);
        if (rc == 0 && way && way->nlegs)
            rc = take_legs(k, way, 0, way->nlegs, e);
        close_run(k);
    } else if (s->kind == SLIDE_LIVE) {
        char *path = xstrdup(s->program);
        struct program *p = NULL;
        rc = program_build_free(&p, &path, 1, NULL, 0, BUILD_PLAIN, 0, e);
        if (p)
            program_free(p);
        free(path);
    }
    return rc;
}

int present_check(struct talk *talk, struct err *e)
{
    struct speaker k = {.talk = talk};
    int wrong = (int)talk->plan->nproblems, sum = 0;
    for (size_t i = 0; i < talk->nslides && !signal_caught(); i++) {
        const struct slide *s = &talk->slides[i];
        struct buf line = {0};
        struct err why = {0};
        k.walk.at = i;
        if (i && s->entry && s->entry != s[-1].entry) {
            int minutes = talk->planned[s->entry - talk->plan->entries];
            printf(_("minute %d (%d): %s\n"), sum, minutes, plan_kind_word(s->entry->kind));
            sum += minutes;
        }
        talk_line(s, &line);
        int rc = rehearse(&k, &why);
        printf("  %3zu  %s%s%s\n", i, line.data ? line.data : "", rc < 0 ? "  ! " : "",
               rc < 0 ? why.message : "");
        wrong += rc < 0;
        buf_fini(&line);
    }
    printf(_("%d minutes planned, %d in all\n"), sum, talk->minutes);
    if (wrong)
        printf(ngettext("%d thing is wrong\n", "%d things are wrong\n", (unsigned long)wrong),
               wrong);
    else
        puts(_("all of it can be shown"));
    talk_free(talk);
    if (signal_caught())
        return err_set(e, ERR_INTERRUPTED, "%s", _("interrupted"));
    return out_flush() < 0 || wrong ? 1 : 0;
}
