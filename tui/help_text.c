/* The help as text: how to read the screens, the keys of every screen. */
#include "help_internal.h"

#include "lanes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    unsigned role;
    const char *sign, *word;
} signs[] = {
    {ROLE_NEW, "•", N_("new: created, has not made its first step")},
    {ROLE_READY, "░", N_("ready: could go on, another one went")},
    {ROLE_RUNNING, "R█", N_("running: made that step; the letter says what it did")},
    {ROLE_BLOCKED, "─m──", N_("blocked: waits, for m here: a lock, a condition, a pipe, an end")},
    {ROLE_SLEEPING, "·", N_("sleeping: in sleep or a timed wait")},
    {ROLE_STOPPED, "=", N_("stopped: by a signal, until another one continues it")},
    {ROLE_ZOMBIE, "▒", N_("zombie: ended; nobody has joined it, or waited for its process")},
    {ROLE_DONE, "×", N_("done: ended and joined; a process: waited for")},
    {ROLE_NOTE, "o", N_("orphan: the process has lost its parent, init has taken it over")},
    {ROLE_DIM, "→", N_("runs free: another program, which is not under control")},
    {ROLE_DEADLOCKED, "■", N_("deadlocked: can never go on")},
    {ROLE_KEY, "▼", N_("in the ruler: the step you look at")},
    {ROLE_BAD, "!", N_("in the ruler: a finding, something is wrong at this step")},
    {ROLE_NOTE, "●", N_("in the ruler: a bookmark")},
    {ROLE_CHANGED, "▶", N_("in the ruler: a switch without which this does not happen")},
    {ROLE_DIM, "·", N_("in the ruler: a switch that changes nothing")},
    {ROLE_NOTE, "←T1", N_("at the end of a wait: T1 ended it")},
    {ROLE_RUNNING, ">>", N_("in the source: the line of this step")},
    {ROLE_READY, "◀ T1", N_("in the source: where T1 goes on")},
};

static const struct {
    unsigned role;
    const char *sign, *word;
} live_signs[] = {
    {ROLE_RUNNING, "█", N_("running: on a processor")},
    {ROLE_READY, "░", N_("ready: could run, but every processor had somebody else")},
    {ROLE_BLOCKED, "─m──", N_("blocked: waits for m, a lock, a condition, a pipe, an end")},
    {ROLE_SLEEPING, "·", N_("asleep: in sleep, or in a wait that time or something outside ends")},
    {ROLE_STOPPED, "=", N_("stopped: by a signal, until it is continued")},
    {ROLE_ZOMBIE, "▒", N_("zombie: ended; nobody has joined it, or waited for its process")},
    {ROLE_NEW, "•", N_("begins")},
    {ROLE_DONE, "×", N_("ends, has ended")},
    {ROLE_RUNNING | ATTR_DIM, N_("█ dim"),
     N_("in this column other states too: this took the most time")},
    {ROLE_NOTE, N_("orphan"), N_("its parent has ended before it")},
    {ROLE_NOTE, "●", N_("pinned to the top")},
    {ROLE_KEY, "▼", N_("in the ruler: the moment you look at")},
    {ROLE_NOTE, N_("not kept"),
     N_("operations so fast that they were counted but not kept one by one")},
};

static const struct {
    unsigned role;
    const char *sign, *word;
} search_signs[] = {
    {ROLE_BAD, "!", N_("an outcome that is wrong in itself: a deadlock, a crash, a bad status")},
    {ROLE_RUNNING, "███", N_("how many executions of the search lead there, the most: all of it")},
    {ROLE_DIM, N_("1 switch"),
     N_("the simplest way there: so often one goes on though another could have")},
    {ROLE_GOOD, N_("seen"), N_("a run that you made by hand ended so")},
    {ROLE_TEXT, "×3", N_("in the tree: so many executions go this way")},
    {ROLE_KEY, "▶", N_("in the tree: they part later; folded")},
    {ROLE_KEY, "▼", N_("in the tree: they part below")},
    {ROLE_DIM, "·", N_("in the tree: none parts any more")},
    {ROLE_GOOD, N_("your run"), N_("in the tree: the run of the step screen goes this way")},
};

static const struct {
    unsigned role;
    const char *sign, *word;
} lesson_signs[] = {
    {ROLE_KEY, "→", N_("next: what it needs is done, so it is a good one to go on with")},
    {ROLE_DIM, "·", N_("new: not begun")},
    {ROLE_NOTE, "▶", N_("begun: it opens where you left it")},
    {ROLE_GOOD, "●", N_("done: it can be read again at any time")},
    {ROLE_DIM, "-", N_("skipped: you have said so, and can take it back")},
    {ROLE_BAD, "×", N_("locked by your teacher; beside it stands why")},
};

static const struct {
    const char *word, *meaning;
} words[] = {
    {N_("task"), N_("a thread: T0 is main, T1 the first one created; P1.T2 in process P1")},
    {N_("process"), N_("what fork makes: P0 the first; memory, descriptors and a pid of its own")},
    {N_("pid"), N_("the number of a process for the program: 1000, 1001 … in every run")},
    {N_("zombie"), N_("a process that ended before its parent waited: only its status is left")},
    {N_("step"), N_("one thing a thread does that others can see")},
    {N_("schedule"), N_("who took each step: the same schedule gives the same run, always")},
    {N_("switch"),
     N_("another thread goes on although the last one could: bugs need a few of them")},
    {N_("execution"),
     N_("one run from the beginning to the end; another schedule, another execution")},
    {N_("outcome"), N_("what is seen from outside: what was printed, and how it ended")},
    {N_("finding"), N_("a data race, a deadlock, a failed assertion, a crash …")},
    {N_("token"), N_("ls1:…: a schedule as text; lockstep replay takes it")},
};

/* A small timeline; what each character means is coloured as it is there. */
static const char *const picture[] = {
    "step        0               ▼4",
    "T0 main     ░░░░c███c███─join T1",
    "T1 inc          ••••••••R███░░░░",
    "T2 inc              ••••••••R███",
};

static struct help_line *add(struct help_text *h, enum help_page page, enum help_kind kind)
{
    if (h->n == h->cap) {
        h->cap = h->cap ? 2 * h->cap : 256;
        h->lines = xrealloc(h->lines, h->cap, sizeof *h->lines);
    }
    struct help_line *l = &h->lines[h->n++];
    *l = (struct help_line){.page = page, .kind = kind};
    return l;
}

static void add_row(struct help_text *h, enum help_page page, unsigned role, const char *key,
                    const char *text)
{
    struct help_line *l = add(h, page, HELP_ROW);
    snprintf(l->key, sizeof l->key, "%s", key);
    l->text = xstrdup(text);
    l->role = role;
}

static void add_text(struct help_text *h, enum help_page page, enum help_kind kind,
                     const char *text)
{
    int is_first = !h->n || h->lines[h->n - 1].page != page;
    if (kind == HELP_HEADING && !is_first)
        add(h, page, HELP_PICTURE)->text = xstrdup("");
    add(h, page, kind)->text = xstrdup(text);
}

static void add_keys(struct help_text *h, enum help_page page, enum screen_id screen)
{
    size_t n;
    const struct key_row *rows = keys_of(screen, &n);
    char names[40];
    add_text(h, page, HELP_HEADING, keys_title(screen));
    for (size_t i = 0; i < n; i++) {
        keys_spell_row(&rows[i], names, sizeof names);
        add_row(h, page, ROLE_KEY, names, keys_says(&rows[i]));
    }
}

static void add_picture(struct help_text *h)
{
    add_text(h, HELP_READ, HELP_HEADING, _("How to read the timeline"));
    for (size_t i = 0; i < sizeof picture / sizeof *picture; i++)
        add_text(h, HELP_READ, HELP_PICTURE, picture[i]);
    add_text(h, HELP_READ, HELP_PARAGRAPH,
             _("A line is a thread, time goes to the right, a step is four cells wide here. main "
               "creates T1, then T2, and waits for the end of T1. T1 is new, then it reads; then "
               "T2 reads, and T1 could go on, too. ▼ marks the step that all other panels show: "
               "who can go on, the source, what memory holds, and why."));
}

static void add_signs(struct help_text *h)
{
    char letter[2] = "";
    add_text(h, HELP_READ, HELP_HEADING, _("Signs"));
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        add_row(h, HELP_READ, signs[i].role, _(signs[i].sign), _(signs[i].word));
    add_text(h, HELP_READ, HELP_HEADING, _("Letters in the timeline"));
    const char *meaning;
    for (int i = 0; (meaning = lanes_legend(i, letter)) != NULL; i++)
        add_row(h, HELP_READ, ROLE_RUNNING, letter, meaning);
}

static void add_live_signs(struct help_text *h)
{
    add_text(h, HELP_READ, HELP_HEADING, _("Signs of a program that runs free"));
    for (size_t i = 0; i < sizeof live_signs / sizeof *live_signs; i++)
        add_row(h, HELP_READ, live_signs[i].role, _(live_signs[i].sign), _(live_signs[i].word));
}

static void add_search_signs(struct help_text *h)
{
    add_text(h, HELP_READ, HELP_HEADING, _("Signs of a search"));
    for (size_t i = 0; i < sizeof search_signs / sizeof *search_signs; i++)
        add_row(h, HELP_READ, search_signs[i].role, _(search_signs[i].sign),
                _(search_signs[i].word));
}

static void add_lesson_signs(struct help_text *h)
{
    add_text(h, HELP_READ, HELP_HEADING, _("Signs in the list of lessons"));
    for (size_t i = 0; i < sizeof lesson_signs / sizeof *lesson_signs; i++)
        add_row(h, HELP_READ, lesson_signs[i].role, lesson_signs[i].sign, _(lesson_signs[i].word));
}

static void add_words(struct help_text *h)
{
    add_text(h, HELP_READ, HELP_HEADING, _("Words"));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        add_row(h, HELP_READ, ROLE_STRONG, _(words[i].word), _(words[i].meaning));
}

void help_text_init(struct help_text *h, enum screen_id about)
{
    *h = (struct help_text){0};
    add_keys(h, HELP_HERE, about);
    if (about == SCREEN_LIVE)
        add_live_signs(h);
    if (about == SCREEN_EXPLORE)
        add_search_signs(h);
    if (about == SCREEN_HOME)
        add_lesson_signs(h);
    add_picture(h);
    add_signs(h);
    if (about != SCREEN_EXPLORE)
        add_search_signs(h);
    if (about != SCREEN_LIVE)
        add_live_signs(h);
    if (about != SCREEN_HOME)
        add_lesson_signs(h);
    add_words(h);
    for (int screen = 0; screen < SCREEN_COUNT; screen++)
        if (screen != (int)about)
            add_keys(h, HELP_ALL, (enum screen_id)screen);
}

void help_text_fini(struct help_text *h)
{
    for (size_t i = 0; i < h->n; i++)
        free(h->lines[i].text);
    free(h->lines);
    *h = (struct help_text){0};
}
