/* Plain mode: the challenge to mend a program. The learner's copy is a file, edited with whatever
 * they like; each judging is told in sentences. */
#include "plain_lesson.h"

#include "check.h"
#include "config.h"
#include "copy.h"
#include "fix_screen.h"
#include "watch.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_NOTES = 16, STUCK_MS = 500 };
static const double SEARCH_SECONDS = 3; /* the answer comes within five */

struct mending {
    struct spot spot;
    char *path, *start; /* the learner's copy; the program of the lesson */
    struct fixing *fixing;
    struct verdict verdict;
    int has_verdict;
};

/* -------- judging -------- */

static void forget_verdict(struct mending *m)
{
    if (m->has_verdict)
        verdict_fini(&m->verdict);
    m->has_verdict = 0;
}

static int progress(void *ctx, enum check_phase phase, uint64_t executions, double seconds)
{
    (void)ctx, (void)phase, (void)executions, (void)seconds;
    return signal_caught();
}

static void say_compiler(const struct verdict *v, const char *path)
{
    struct compiler_note *notes = xcalloc(MAX_NOTES, sizeof *notes);
    int n = compiler_notes(v->reason, path, notes, MAX_NOTES);
    for (int i = 0; i < n && i < MAX_NOTES; i++)
        plain_say(notes[i].is_error ? _("Line %d, error: %s") : _("Line %d, warning: %s"),
                  notes[i].line, notes[i].text);
    if (n == 0)
        plain_say("%s", v->reason);
    free(notes);
}

static void say_refused(const struct verdict *v, const char *path)
{
    plain_say("%s", refusal_text((int)v->refusal));
    if (v->refusal == REFUSAL_COMPILE)
        say_compiler(v, path);
    else if (*v->reason)
        plain_say("%s", v->reason);
    if (v->refusal != REFUSAL_COMPILE && v->line)
        plain_say(_("It shows at line %d."), v->line);
    if (v->has_schedule)
        plain_say(_("s steps the schedule that shows it."));
}

static void say_right(const struct mending *m, int counts)
{
    const struct verdict *v = &m->verdict;
    struct buf bound = {0};
    plain_say(_("Right. Your program keeps what was asked."));
    verdict_bound(v, &bound);
    plain_say("%s", bound.data ? bound.data : "");
    buf_fini(&bound);
    for (size_t i = 2; i < v->rows.n; i++) /* what was checked after the search */
        plain_say("- %s", v->rows.results[i].claim);
    if (!counts)
        plain_say(_("The solution had been shown, so this one does not count."));
}

static void save_attempt(const struct mending *m, const struct buf *text, int counts)
{
    const struct verdict *v = &m->verdict;
    struct err e = {0};
    struct store_attempt a = {.lesson = m->spot.r->lesson->id,
                              .challenge = m->spot.challenge->id,
                              .kind = STORE_FIX,
                              .tried = text->data ? text->data : "",
                              .passed = v->refusal == REFUSAL_NONE && counts,
                              .verdict = refusal_word((int)v->refusal),
                              .message = v->reason};
    reading_saved(store_attempt_save(m->spot.r->store, &a, &e), &e);
}

static void take_verdict(struct mending *m, const char *path, const struct buf *text)
{
    int counts = m->spot.hints <= CHALLENGE_HINTS;
    m->has_verdict = 1;
    save_attempt(m, text, counts);
    if (m->verdict.refusal != REFUSAL_NONE) {
        say_refused(&m->verdict, path);
        return;
    }
    say_right(m, counts);
    m->spot.done = 1;
}

static enum talk_answer judge(struct mending *m, const char *path)
{
    struct schedule own[FIX_OWN];
    struct check_options o = {
        .seconds = SEARCH_SECONDS,
        .stuck_ms = STUCK_MS,
        .own = own,
        .nown = fix_own_schedules(m->spot.r->store, m->spot.r->lesson, m->spot.challenge, own),
        .progress = progress};
    struct buf text = {0};
    struct err e = {0};
    forget_verdict(m);
    plain_say(_("Judging."));
    out_flush();
    int r = copy_read(path, LESSON_MAX_BYTES, &text, &e);
    if (r == 0)
        r = fixing_try(m->fixing, path, &o, &m->verdict, &e);
    if (r == 0)
        take_verdict(m, path, &text);
    else if (signal_caught() != SIGINT)
        plain_say("%s", e.message);
    if (signal_caught() == SIGINT) {
        signal_forget();
        plain_say(_("Stopped."));
    }
    for (size_t i = 0; i < o.nown; i++)
        schedule_fini(&own[i]);
    buf_fini(&text);
    return ANSWER_STAY;
}

/* -------- the learner's copy -------- */

static int make_copy(struct mending *m, struct err *e)
{
    struct store_attempt *last = NULL;
    struct buf start = {0};
    store_attempt_last(m->spot.r->store, m->spot.r->lesson->id, m->spot.challenge->id, &last, NULL);
    int r = copy_read(m->start, LESSON_MAX_BYTES, &start, e);
    const char *text = last && *last->tried ? last->tried : start.data ? start.data : "";
    if (r == 0)
        r = copy_make(m->path, text, strlen(text), e);
    buf_fini(&start);
    free(last);
    return r < 0 ? r : 0;
}

static int mending_open(struct mending *m, struct err *e)
{
    const struct lesson *l = m->spot.r->lesson;
    char *data = store_folder(e);
    if (!data)
        return -ERR_OPEN;
    m->path = copy_path(data, l, m->spot.challenge);
    m->start = lesson_file(l, m->spot.challenge->file);
    m->fixing = fixing_new(l, m->spot.challenge);
    free(data);
    return make_copy(m, e);
}

static void mending_close(struct mending *m)
{
    forget_verdict(m);
    fixing_free(m->fixing);
    free(m->path);
    free(m->start);
}

static void tell_fix(const struct mending *m)
{
    plain_text(&m->spot.challenge->text, NULL, 0);
    plain_say(_("Your copy is this file; keep it open in any editor, or edit it from here:"));
    printf("%s\n", m->path);
}

/* -------- commands -------- */

enum talk_answer talk_fix_repeat(void *ctx, const char *rest)
{
    (void)rest;
    tell_fix(ctx);
    return ANSWER_STAY;
}

enum talk_answer talk_fix_program(void *ctx, const char *rest)
{
    struct mending *m = ctx;
    (void)rest;
    reading_file(m->path, m->spot.challenge->file, 0, 0);
    return ANSWER_STAY;
}

enum talk_answer talk_fix_check(void *ctx, const char *rest)
{
    struct mending *m = ctx;
    return judge(m, *rest ? rest : m->path);
}

/* Run the editor in the foreground; Ctrl-C is its own. 0, or -1 when it did not run. */
static int run_editor(const char *editor, const char *path)
{
    char *command = xasprintf("%s \"$1\"", editor);
    char *words[] = {xstrdup("sh"), xstrdup("-c"), command, xstrdup("sh"), xstrdup(path), NULL};
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    pid_t pid;
    int status = 0;
    sigemptyset(&ignore.sa_mask);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGINT);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    sigaction(SIGINT, &ignore, &before);
    int r = posix_spawnp(&pid, "sh", NULL, &attributes, words, environ);
    while (r == 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    sigaction(SIGINT, &before, NULL);
    posix_spawnattr_destroy(&attributes);
    for (int i = 0; words[i]; i++)
        free(words[i]);
    return r == 0 && WIFEXITED(status) && WEXITSTATUS(status) != 127 ? 0 : -1;
}

enum talk_answer talk_fix_edit(void *ctx, const char *rest)
{
    struct mending *m = ctx;
    const char *editor = *rest ? rest : config_editor();
    out_flush();
    if (run_editor(editor, m->path) == 0)
        return judge(m, m->path);
    plain_say(_("'%s' could not be run."), editor);
    return ANSWER_STAY;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until the file is saved (1), a line is typed (0), or there is nothing more to wait for (-1). */
static int wait_for_save(struct watch *w)
{
    for (;;) {
        int got = plain_wait(watch_fd(w), watch_wait(w, now_ms()));
        if (got < 0 || got == PLAIN_TYPED)
            return got < 0 ? -1 : 0;
        if (watch_look(w, now_ms()) == WATCH_CHANGED)
            return 1;
    }
}

enum talk_answer talk_fix_watch(void *ctx, const char *rest)
{
    struct mending *m = ctx;
    struct watch *w = watch_new(m->path);
    enum talk_answer answer = ANSWER_STAY;
    int saved = 1;
    (void)rest;
    while (saved == 1 && !m->spot.done) {
        plain_say(_("Waiting until the file is saved; Enter stops waiting."));
        out_flush();
        saved = wait_for_save(w);
        if (saved == 1)
            judge(m, m->path);
    }
    watch_free(w);
    if (saved < 1 && !reading_ask(m->spot.r, ""))
        answer = ANSWER_EXIT;
    return answer;
}

enum talk_answer talk_fix_step(void *ctx, const char *rest)
{
    struct mending *m = ctx;
    struct buf token = {0};
    struct err e = {0};
    (void)rest;
    if (!m->has_verdict || !m->verdict.has_schedule) {
        plain_say(_("There is no such schedule; Enter judges your file."));
        return ANSWER_STAY;
    }
    schedule_format(&m->verdict.schedule, &token);
    int r = plain_step_file(m->path, token.data, m->spot.r->store, &e);
    if (r < 0 && !signal_caught())
        plain_say("%s", e.message);
    buf_fini(&token);
    return r > 0 || signal_caught() ? ANSWER_EXIT : ANSWER_STAY;
}

static void say_diff(const char *diff)
{
    int before = 1, after = 1;
    while (*diff) {
        size_t n = strcspn(diff, "\n");
        if (*diff == '-')
            printf(_("Line %d removed: %.*s\n"), before, (int)n - 1, diff + 1);
        if (*diff == '+')
            printf(_("Line %d added: %.*s\n"), after, (int)n - 1, diff + 1);
        before += *diff != '+';
        after += *diff != '-';
        diff += n + (diff[n] == '\n');
    }
}

enum talk_answer talk_fix_diff(void *ctx, const char *rest)
{
    struct mending *m = ctx;
    struct buf old = {0}, new = {0}, diff = {0};
    struct err e = {0};
    (void)rest;
    if (copy_read(m->start, LESSON_MAX_BYTES, &old, &e) < 0 ||
        copy_read(m->path, LESSON_MAX_BYTES, &new, &e) < 0) {
        plain_say("%s", e.message);
    } else {
        int n = copy_diff(old.data ? old.data : "", new.data ? new.data : "", &diff);
        if (n < 0)
            plain_say(_("It is too long to be compared."));
        else if (n == 0)
            plain_say(_("You have changed nothing yet."));
        else
            say_diff(diff.data);
    }
    buf_fini(&old);
    buf_fini(&new);
    buf_fini(&diff);
    return ANSWER_STAY;
}

enum talk_answer talk_fix_hint(void *ctx, const char *rest)
{
    struct mending *m = ctx;
    (void)rest;
    plain_hint(m->spot.challenge, &m->spot.hints);
    return ANSWER_STAY;
}

enum talk_answer talk_fix_solution(void *ctx, const char *rest)
{
    struct mending *m = ctx;
    (void)rest;
    m->spot.hints = CHALLENGE_HINTS + 1;
    return reading_whole_program(m->spot.r, m->spot.challenge->solution);
}

enum talk_answer talk_fix_reset(void *ctx, const char *rest)
{
    struct mending *m = ctx;
    struct buf start = {0};
    struct err e = {0};
    char *kept = NULL;
    (void)rest;
    int r = copy_read(m->start, LESSON_MAX_BYTES, &start, &e);
    if (r == 0)
        r = copy_reset(m->path, start.data ? start.data : "", start.len, &kept, &e);
    if (r < 0)
        plain_say("%s", e.message);
    else
        plain_say(_("Your copy is as at the beginning."));
    if (r >= 0 && kept)
        printf(_("What was in it is kept: %s\n"), kept);
    free(kept);
    buf_fini(&start);
    return ANSWER_STAY;
}

enum talk_answer talk_fix_next(void *ctx, const char *rest)
{
    struct mending *m = ctx;
    (void)rest;
    m->spot.done = 1;
    return ANSWER_STAY;
}

/* -------- asking -------- */

static int ask_fix(struct mending *m)
{
    while (!m->spot.done) {
        const char *line = reading_ask(
            m->spot.r, _("Enter judges your file, e edits it, w waits, n goes on; ? or q > "));
        if (!line)
            return READ_LEAVE;
        enum talk_answer answer = *line ? talk_run(TALK_FIX, m, line) : judge(m, m->path);
        if (answer == ANSWER_BACK || answer == ANSWER_EXIT)
            return reading_end(answer);
        if (answer == ANSWER_NONE)
            plain_say(_("'%s' is no answer here; ? lists what is."), line);
    }
    return READ_ON;
}

int plain_fix(struct reading *r, const struct lesson_challenge *c)
{
    struct mending m = {.spot = {.r = r, .challenge = c}};
    struct err e = {0};
    int result = READ_ON;
    plain_text(&c->title, _("Challenge, fix it: "), 0);
    if (!r->interactive) {
        plain_text(&c->text, NULL, 0);
        return READ_ON;
    }
    if (mending_open(&m, &e) < 0) {
        plain_say("%s", e.message);
    } else {
        tell_fix(&m);
        result = ask_fix(&m);
    }
    mending_close(&m);
    return result;
}
