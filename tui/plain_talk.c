/* The conversation of plain mode: after each step, who goes next? */
#include "plain.h"

#include "explain.h"
#include "explore.h"
#include "cmd_report.h"

#include <errno.h>
#include <stdlib.h>
#include <inttypes.h>
#include <string.h>

enum { MAX_CHOICES = 300, SLICE_MS = 100, MAX_ROWS = 64 };

/* What a command of the conversation answers. */
enum { TALK_ON, TALK_QUIT };

static void say_error(const struct err *e)
{
    printf("%s\n", e->message);
}

static int wait_target(struct plain *p, int r, struct err *e)
{
    while (r == -ERR_BUSY && !signal_caught())
        r = session_wait(p->session, SLICE_MS, e);
    return r;
}

/* -------- the commands -------- */

static int do_step(struct plain *p, const struct choice *c)
{
    struct err e = {0};
    if (wait_target(p, session_step(p->session, c->choice, SLICE_MS, &e), &e) < 0)
        say_error(&e);
    return TALK_ON;
}

static int do_go(struct plain *p, long n)
{
    struct err e = {0};
    if (wait_target(p, session_run(p->session, n > 0 ? n : 1, SLICE_MS, &e), &e) < 0)
        say_error(&e);
    return TALK_ON;
}

static int do_end(struct plain *p, long n)
{
    (void)n;
    struct err e = {0};
    if (plain_finish(p, &e) < 0)
        say_error(&e);
    return TALK_ON;
}

static int rewind_to(struct plain *p, uint32_t step)
{
    struct err e = {0};
    if (wait_target(p, session_rewind(p->session, step, SLICE_MS, &e), &e) < 0)
        say_error(&e);
    world_view_reset(p->view);
    if (p->told > session_trace(p->session)->nsteps)
        p->told = session_trace(p->session)->nsteps;
    return TALK_ON;
}

static int do_back(struct plain *p, long n)
{
    uint32_t at = session_trace(p->session)->nsteps;
    uint32_t by = n > 0 ? (uint32_t)n : 1;
    if (at == 0) {
        puts(_("This is the beginning."));
        return TALK_ON;
    }
    rewind_to(p, by < at ? at - by : 0);
    printf(_("Back at step %u.\n"), session_trace(p->session)->nsteps);
    return TALK_ON;
}

static int do_again(struct plain *p, long n)
{
    (void)n;
    rewind_to(p, 0);
    puts(_("From the beginning."));
    return TALK_ON;
}

static int stop_on_signal(void *ctx, uint64_t executions, uint64_t blocked, double seconds)
{
    (void)ctx, (void)executions, (void)blocked, (void)seconds;
    return signal_caught();
}

static int do_find(struct plain *p, long n)
{
    (void)n;
    if (p->by_hand) {
        puts(
            _("In a challenge you are the one who finds it; q goes back to hints and a solution."));
        return TALK_ON;
    }
    struct explore_options o = {
        .first = 1, .main_exit_wait = p->main_exit_wait, .progress = stop_on_signal};
    struct explore_result result = {0};
    struct err e = {0};
    struct buf out = {0};
    if (explore_run(p->program, &o, &result, &e) < 0) {
        say_error(&e);
        return TALK_ON;
    }
    if (result.nfindings) {
        puts(_("Found. This is the schedule, from the beginning:"));
        if (plain_replay(p, &result.findings[0].schedule, NULL, &e) < 0)
            say_error(&e);
        if (!session_finished(p->session)) { /* else the summary tells it */
            buf_puts(&out, _("Here it shows; e goes on to the end. This execution again:\n  "));
            given_replay_line(&out, p->given, &result.findings[0].schedule);
            buf_puts(&out, "\n");
        }
    } else {
        report_verdict(&out, &result);
    }
    out_buf(&out);
    buf_fini(&out);
    explore_result_fini(&result);
    return TALK_ON;
}

static int do_why(struct plain *p, long n)
{
    (void)n;
    const struct trace *t = session_trace(p->session);
    const struct names *names = session_names(p->session);
    struct buf out = {0};
    if (t->nsteps) {
        explain_step(t, p->view, t->nsteps, names, &out);
        buf_puts(&out, "\n");
    } else {
        buf_puts(&out, _("Nothing has happened yet.\n"));
    }
    uint32_t ntasks = world_at(p->view, t->nsteps)->ntasks;
    for (unsigned i = 0; i < ntasks; i++) {
        size_t before = out.len;
        explain_blocked(t, p->view, t->nsteps, i, names, &out);
        if (out.len > before)
            buf_puts(&out, "\n");
    }
    out_buf(&out);
    buf_fini(&out);
    return TALK_ON;
}

static void say_variables(const struct variable *v, int n)
{
    for (int i = 0; i < n; i++)
        if (v[i].depth == 0)
            printf("  %s = %s\n", v[i].name, v[i].value);
}

static int do_variables(struct plain *p, long n)
{
    (void)n;
    struct symbols *symbols = session_symbols(p->session);
    struct variable *v = xcalloc(MAX_ROWS, sizeof *v);
    struct memory m;
    struct err e = {0};
    uint32_t at = session_trace(p->session)->nsteps;
    if (session_inspect(p->session, at, &m, &e) < 0) {
        say_error(&e);
        free(v);
        return TALK_ON;
    }
    const struct world *w = world_at(p->view, at);
    for (unsigned i = 0; i < w->nprocesses; i++) {
        if (w->nprocesses > 1 && w->processes[i].ended)
            continue;
        if (w->nprocesses > 1)
            printf(_("Global variables of P%u:\n"), i);
        else
            puts(_("Global variables:"));
        session_enter(p->session, i);
        say_variables(v, symbols_globals(symbols, &m, v, MAX_ROWS));
    }
    for (unsigned i = 0; i < w->ntasks; i++) {
        struct regs regs;
        char name[80];
        session_enter(p->session, trace_process(session_trace(p->session), (unsigned)i));
        if (session_regs(p->session, (unsigned)i, &regs) < 0 ||
            (w->nprocesses > 1 && w->processes[w->tasks[i].process].ended))
            continue;
        explain_task(w, i, session_names(p->session), name, sizeof name);
        printf("%s:\n", name);
        say_variables(v, symbols_locals(symbols, &regs, &m, 0, v, MAX_ROWS));
    }
    free(v);
    return TALK_ON;
}

static int do_output(struct plain *p, long n)
{
    (void)n;
    struct buf text = {0}, visible = {0};
    world_output(session_trace(p->session), session_trace(p->session)->nsteps, 0, &text);
    buf_visible(&visible, text.data ? text.data : "", text.len);
    printf(_("Output so far: \"%s\"\n"), visible.data ? visible.data : "");
    buf_fini(&text);
    buf_fini(&visible);
    return TALK_ON;
}

static int do_adversity(struct plain *p, long n)
{
    struct err e = {0};
    if (p->by_hand) {
        puts(_("In a challenge the program runs as it is."));
        return TALK_ON;
    }
    int r =
        session_adversity(p->session, p->program, n > 0 && n < 100 ? (unsigned)n : 1, SLICE_MS, &e);
    p->changed = *p->given;
    p->changed.how.adversity = p->program->adversity_list;
    p->given = &p->changed;
    world_view_reset(p->view);
    p->told = session_trace(p->session)->nsteps;
    if (r < 0)
        say_error(&e);
    printf(
        _("From now on things may go wrong (--adversity %s). The same choices again: step %u.\n"),
        p->program->adversity_list, p->told);
    return TALK_ON;
}

static int do_token(struct plain *p, long n)
{
    (void)n;
    struct buf out = {0};
    given_replay_line(&out, p->given, session_schedule(p->session));
    buf_puts(&out, "\n");
    out_buf(&out);
    buf_fini(&out);
    return TALK_ON;
}

static int do_list(struct plain *p, long n);
static int do_help(struct plain *p, long n);

static int do_quit(struct plain *p, long n)
{
    (void)p, (void)n;
    return TALK_QUIT;
}

/* One row a command: the letter or the word calls it, a number may follow. */
static const struct talk_command {
    char letter;
    const char *word, *help;
    int (*run)(struct plain *p, long n);
} talk_commands[] = {
    {'n', "next", "n N   go on N steps, the same task as long as it can", do_go},
    {'e', "end", "e     go on to the end", do_end},
    {'b', "back", "b N   go back N steps (1)", do_back},
    {'a', "again", "a     begin again", do_again},
    {'x', "adversity", "x N   let N things go wrong (1): wake-ups, EINTR, no memory, SIGKILL",
     do_adversity},
    {'f', "find", "f     find a schedule that fails, and replay it", do_find},
    {'w', "why", "w     why: what the last step meant, who waits for what", do_why},
    {'v', "variables", "v     the variables now", do_variables},
    {'l', "list", "l     list the source; who stands where", do_list},
    {'o', "output", "o     the output so far", do_output},
    {'t', "token", "t     the line that replays this execution", do_token},
    {'h', "help", "h     this help", do_help},
    {'q', "quit", "q     leave", do_quit},
};
enum { NCOMMANDS = sizeof talk_commands / sizeof talk_commands[0] };

static int do_help(struct plain *p, long n)
{
    (void)p, (void)n;
    puts(
        _("Type a task's number to let it make the next step; Enter takes the suggested one. Or:"));
    for (int i = 0; i < NCOMMANDS; i++)
        printf("  %s\n", talk_commands[i].help);
    return TALK_ON;
}

/* -------- the source -------- */

static const struct event *next_of(const struct world *w, unsigned task)
{
    const struct event *e = &w->tasks[task].pending;
    return e->kind == EV_NONE ? NULL : e;
}

/* The compiler may have been given another spelling of the same path. */
static int same_file(const char *a, const char *b)
{
    return strcmp(basename(a), basename(b)) == 0;
}

/* Names of the tasks whose next step stands on `line` of `file`. */
static void tasks_at(struct plain *p, const char *file, int line, struct buf *out)
{
    const struct names *names = session_names(p->session);
    const struct world *w = world_at(p->view, session_trace(p->session)->nsteps);
    for (unsigned i = 0; i < w->ntasks; i++) {
        const struct event *e = next_of(w, i);
        struct place place = {"", "", 0};
        char who[16];
        explain_task_number(w, i, who, sizeof who);
        if (e && e->pc)
            names->place(names->ctx, e->pc - 1, &place);
        if (place.line == line && same_file(place.file, file))
            buf_printf(out, "  <- %s", who);
    }
}

static void list_file(struct plain *p, const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f) {
        printf("%s: %s\n", path, strerror(errno));
        return;
    }
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;
    struct buf out = {0};
    for (int number = 1; (n = getline(&line, &cap, f)) >= 0; number++) {
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
            n--;
        buf_printf(&out, "%4d  %.*s", number, (int)n, line);
        tasks_at(p, path, number, &out);
        buf_puts(&out, "\n");
    }
    out_buf(&out);
    buf_fini(&out);
    free(line);
    fclose(f);
}

static int do_list(struct plain *p, long n)
{
    (void)n;
    const char *const *files;
    int nfiles = p->program->nsources;
    for (int i = 0; i < nfiles; i++)
        list_file(p, p->program->sources[i]);
    if (nfiles == 0) {
        nfiles = symbols_files(session_symbols(p->session), &files);
        for (int i = 0; i < nfiles; i++)
            list_file(p, files[i]);
    }
    return TALK_ON;
}

/* -------- the prompt -------- */

static void say_choice(struct plain *p, const struct choice *c, int suggested, struct buf *out)
{
    const struct trace *t = session_trace(p->session);
    const struct names *names = session_names(p->session);
    char task[80], operation[160];
    if (c->is_value) {
        buf_printf(out, "  %u  the value %" PRId64 "%s\n", c->task, c->value,
                   suggested ? "  (Enter)" : "");
        return;
    }
    const char *answer = c->is_alternative ? explain_answer(t, c->task) : "";
    if (*answer) {
        buf_printf(out, "  %u  %s%s\n", c->task, answer, suggested ? "  (Enter)" : "");
        return;
    }
    const struct world *w = world_at(p->view, t->nsteps);
    if (c->adverse) {
        explain_adverse(w, c->task, &c->pending, operation, sizeof operation);
        buf_printf(out, "  %u  %s%s\n", c->task, operation, suggested ? "  (Enter)" : "");
        return;
    }
    explain_task(w, c->task, names, task, sizeof task);
    explain_operation(&c->pending, t, names, operation, sizeof operation);
    buf_printf(out, "  %u  %s: %s%s\n", c->task, task, operation, suggested ? "  (Enter)" : "");
}

static void say_choices(struct plain *p, const struct choice *c, int n)
{
    struct buf out = {0};
    int suggested = session_default_choice(p->session);
    if (n == 0)
        buf_puts(&out, _("The execution is over. b goes back, a begins again, f finds a failing "
                         "schedule, q leaves.\n"));
    else if (c[0].is_alternative)
        buf_printf(&out, "%s\n", explain_question(session_trace(p->session), c[0].is_value));
    else
        buf_puts(&out, n == 1 ? "Only one can go on:\n" : "Who goes next?\n");
    for (int i = 0; i < n; i++)
        say_choice(p, &c[i], c[i].choice == suggested, &out);
    out_buf(&out);
    buf_fini(&out);
}

static int run_word(struct plain *p, const char *line)
{
    size_t len = strcspn(line, " \t");
    long n = 0;
    const char *rest = line + len + strspn(line + len, " \t");
    if (*rest) {
        char *end;
        n = strtol(rest, &end, 10);
        if (*end || n < 1 || n > 100000000) {
            printf(_("'%s' is no number of steps.\n"), rest);
            return TALK_ON;
        }
    }
    for (int i = 0; i < NCOMMANDS; i++)
        if ((len == 1 && line[0] == talk_commands[i].letter) ||
            (strlen(talk_commands[i].word) == len &&
             strncmp(line, talk_commands[i].word, len) == 0))
            return talk_commands[i].run(p, n);
    printf(_("'%.*s' is no command here; h lists them.\n"), (int)(len < 60 ? len : 60), line);
    return TALK_ON;
}

static int run_line(struct plain *p, const char *line, const struct choice *c, int n)
{
    char *end;
    line += strspn(line, " \t");
    if (!*line && n == 0)
        return TALK_ON;
    if (*line < '0' || *line > '9')
        return *line == '?' ? do_help(p, 0) : *line ? run_word(p, line) : do_go(p, 1);
    unsigned long task = strtoul(line, &end, 10);
    for (int i = 0; i < n && !end[strspn(end, " \t")]; i++)
        if (c[i].task == task)
            return do_step(p, &c[i]);
    printf(_("'%s' is none of the choices.\n"), line);
    return TALK_ON;
}

static void tell_end(struct plain *p, uint32_t *summed)
{
    uint32_t at = session_trace(p->session)->nsteps;
    if (session_finished(p->session) && *summed != at)
        plain_summary(p);
    *summed = session_finished(p->session) ? at : UINT32_MAX;
}

int plain_converse(struct plain *p, int (*reached)(void *ctx, struct plain *p), void *ctx,
                   struct err *e)
{
    struct choice *choices = xcalloc(MAX_CHOICES, sizeof *choices);
    char *line = NULL;
    size_t cap = 0;
    char prompt[32];
    uint32_t summed = UINT32_MAX;
    int answer = TALK_ON, gone = 0;
    p->talking = 1;
    puts(_("h lists the commands."));
    while (answer == TALK_ON) {
        gone = plain_tell(p) < 0;
        if (gone || (reached && reached(ctx, p)))
            break;
        tell_end(p, &summed);
        int n = session_choices(p->session, choices, MAX_CHOICES);
        say_choices(p, choices, n);
        snprintf(prompt, sizeof prompt, "step %u> ", session_trace(p->session)->nsteps);
        if (!plain_ask(prompt, &line, &cap))
            break;
        answer = run_line(p, line, choices, n);
    }
    free(line);
    free(choices);
    if (gone)
        return err_set(e, ERR_WRITE, _("standard output cannot be written"));
    return signal_caught() ? err_set(e, ERR_INTERRUPTED, "interrupted") : 0;
}
