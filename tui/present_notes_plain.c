/* The speaker's notes as plain lines, and the command. */
#include "present_notes.h"

#include "cmd.h"
#include "tui.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* -------- lines -------- */

static void add_lines(struct buf *out, const char *begin, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        buf_puts(out, begin);
        buf_visible(out, text, n);
        buf_puts(out, "\n");
        text += n + (text[n] != 0);
    }
}

static int differs(const char *before, const char *now)
{
    return !before || strcmp(before, now) != 0;
}

void notes_lines(const struct wire_state *b, const struct wire_state *s, struct buf *out)
{
    int anew = !b || b->slide != s->slide || strcmp(b->now, s->now) != 0;
    if (anew) {
        buf_printf(out, "\n[%lld/%lld] ", (long long)s->slide, (long long)s->of);
        add_lines(out, "", s->now);
        add_lines(out, "> ", s->note);
        add_lines(out, _("answer: "), s->answer);
        add_lines(out, _("before: "), s->before);
        add_lines(out, _("next: "), s->next);
    }
    if (*s->state && (anew || differs(b->state, s->state)))
        add_lines(out, "", s->state);
    if (*s->hands && (anew || differs(b->hands, s->hands)))
        add_lines(out, _("hands: "), s->hands);
    if (!anew && b->shown != s->shown)
        buf_printf(out, "%s\n", s->shown ? _("the answer is shown") : _("the answer is hidden"));
    if (!anew && b->black != s->black)
        buf_printf(out, "%s\n",
                   s->black ? _("the screen is black") : _("the screen is no longer black"));
    if (!anew && b->elsewhere != s->elsewhere)
        buf_printf(out, "%s\n",
                   s->elsewhere == 2 ? _("it runs on the class's screen; on goes on with the plan")
                   : s->elsewhere    ? _("another screen is on top there")
                                     : _("the slides are back"));
    if (*s->message && (anew || differs(b->message, s->message)))
        add_lines(out, "-- ", s->message);
}

/* -------- following -------- */

struct listener {
    struct present_link link;
    struct wire_state before;
    int had, reading;
    char typed[64];
    size_t n;
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void tell(struct listener *k)
{
    struct buf out = {0}, copy = {0};
    notes_lines(k->had ? &k->before : NULL, &k->link.state, &out);
    wire_write(&k->link.state, &copy);
    if (wire_read(&copy, &k->before, NULL) > 0)
        k->had = 1;
    out_buf(&out);
    buf_fini(&out);
    buf_fini(&copy);
}

static void say_time(const struct listener *k)
{
    int behind, early, gone = link_minutes(&k->link.state, now_ms(), &behind, &early);
    printf(_("%d of %d minutes; %d behind, %d early\n"), gone, (int)k->link.state.minutes, behind,
           early);
}

/* What a line of input asks for: keys by their words, a number by its digits and Enter. 0: leave.
 */
static int take_typed(struct listener *k)
{
    static const struct {
        char letter;
        const char *request;
    } table[] = {{'n', "on"},    {'b', "back"},  {'a', "answer"},     {'i', "hint"},
                 {'.', "black"}, {']', "entry"}, {'[', "entry-back"}, {'e', "enter"}};
    const char *s = k->typed;
    const char *request = *s ? NULL : "on";
    if (*s == 'q')
        return 0;
    if (*s == 't') {
        say_time(k);
        return 1;
    }
    for (; *s >= '0' && *s <= '9'; s++)
        link_ask(&k->link, *s);
    for (size_t i = 0; i < sizeof table / sizeof *table && *s; i++)
        if (table[i].letter == *s)
            request = table[i].request;
    if (request && link_ask(&k->link, wire_request(request, strlen(request))) < 0)
        puts(_("(no presentation runs)"));
    else if (!request && s == k->typed)
        puts(_(
            "Enter or n goes on, b back, a answer, i hint, . black, ] and [ entries; digits count "
            "hands, e the next choice; t the time, q leaves"));
    return 1;
}

/* 0: leave. */
static int take_input(struct listener *k)
{
    char bytes[64];
    ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
    if (n <= 0) {
        k->reading = n < 0 && errno == EINTR;
        return 1;
    }
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] != '\n') {
            if (k->n + 1 < sizeof k->typed)
                k->typed[k->n++] = bytes[i];
            continue;
        }
        k->typed[k->n] = 0;
        k->n = 0;
        if (!take_typed(k))
            return 0;
    }
    return 1;
}

static void take_event(struct listener *k, enum link_event event)
{
    if (event == LINK_BEGAN)
        printf(_("following presentation %d\n"), k->link.pid);
    if (event == LINK_BEGAN && k->link.others > 0)
        printf(_("others run, too: lockstep present --notes PID follows another one\n"));
    if (event == LINK_ENDED) {
        puts(_("the presentation has ended; waiting for the next one"));
        k->had = 0;
    }
    if (event == LINK_NEWS)
        tell(k);
}

int notes_plain(int pid)
{
    struct listener k = {.reading = 1};
    struct err e = {0};
    char *said = NULL;
    if (link_init(&k.link, pid, &e) < 0)
        printf("%s\n", e.message);
    wire_init(&k.before);
    int going = 1, told = 0;
    while (going && !signal_caught() && out_flush() == 0) {
        take_event(&k, link_look(&k.link, now_ms()));
        if (k.link.trouble && differs(said, k.link.trouble)) {
            free(said);
            said = xstrdup(k.link.trouble);
            puts(said);
        }
        if (k.link.fd < 0 && !told++)
            puts(_("waiting for a presentation: lockstep present PLAN in the other terminal"));
        out_flush();
        struct pollfd polled[] = {{k.link.fd, POLLIN, 0},
                                  {k.reading ? STDIN_FILENO : -1, POLLIN, 0}};
        poll(polled, 2, k.link.fd < 0 ? LINK_AGAIN_MS : -1);
        if (polled[1].revents)
            going = take_input(&k);
        if (!k.reading && k.link.fd < 0 && told && !isatty(STDIN_FILENO) && k.link.had)
            going = 0; /* nobody listens to the end of it */
    }
    wire_fini(&k.before);
    link_fini(&k.link);
    free(said);
    return signal_caught() ? 128 + signal_caught() : 0;
}

/* -------- the command -------- */

static int on_screen(int pid, struct err *e)
{
    struct tui_options t;
    struct ui ui;
    tui_options_init(&t);
    ui_init(&ui, &t, 80, 24);
    notes_push(&ui, pid);
    int rc = ui_run(&ui, e);
    ui_fini(&ui);
    return rc;
}

int present_notes(const char *which, int plain, struct err *e)
{
    char *end = NULL;
    long pid = which ? strtol(which, &end, 10) : 0;
    if (which && (end == which || *end || pid <= 0))
        return err_set(e, ERR_USAGE,
                       _("--notes takes the number of a presentation, or nothing: not '%s'"),
                       which);
    return plain ? notes_plain((int)pid) : on_screen((int)pid, e);
}
