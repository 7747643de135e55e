/* What came of a litmus test, for reading: a table of the endings, and sentences about it. */
#include "litmus_private.h"

#include "compile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <limits.h>
#include <string.h>
#include <wchar.h>

enum { WIDTH = 79, BAR = 10 };

/* "1,234,567", in one of some buffers of its own. */
static const char *grouped(uint64_t n)
{
    static char texts[8][32];
    static int at;
    char digits[24], *out = texts[at = (at + 1) % 8];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, n), k = 0;
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            out[k++] = ',';
        out[k++] = digits[i];
    }
    out[k] = '\0';
    return out;
}

/* A piece of text that no line end tears: a word, or a wide character with the punctuation after
 * it. Its bytes; *cols its columns. */
static size_t piece(const char *s, int *cols)
{
    size_t n = 0, len;
    int after_wide = 0;
    mbstate_t state = {0};
    for (*cols = 0; s[n] && s[n] != ' '; n += len) {
        wchar_t c;
        len = mbrtowc(&c, s + n, strlen(s + n), &state);
        if (len > MB_LEN_MAX)
            len = 1, c = L'?';
        int w = wcwidth(c);
        if (n && !wcschr(L"，。、；：！？）”", c) && (after_wide || w == 2))
            break;
        after_wide = w == 2;
        *cols += w > 0 ? w : 0;
    }
    return n;
}

/* The translation of format in lines of at most WIDTH columns. */
__attribute__((format(printf, 2, 3))) static void say(struct buf *out, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, _(format), args);
    va_end(args);
    int column = 0, blank = 0, cols;
    for (const char *s = text; *s;) {
        size_t n = piece(s, &cols);
        if (column && column + blank + cols > WIDTH) {
            buf_puts(out, "\n");
            column = 0;
        } else if (column && blank) {
            buf_puts(out, " ");
            column++;
        }
        buf_add(out, s, n);
        column += cols;
        blank = s[n] == ' ';
        s += n + (size_t)blank;
    }
    buf_puts(out, "\n");
}

static void report_head(const struct litmus *l, const struct litmus_options *o,
                        const struct litmus_result *r, struct buf *out)
{
    struct buf list = {0};
    for (int i = 0; i < r->nprocessors; i++)
        buf_printf(&list, "%s%d",
                   i == 0                    ? ""
                   : i == r->nprocessors - 1 ? _(" and ")
                                             : _(", "),
                   r->processors[i]);
    char threads[48], runs[64];
    snprintf(threads, sizeof threads, ngettext("%d thread", "%d threads", (unsigned)l->nthreads),
             l->nthreads);
    snprintf(runs, sizeof runs, ngettext("%s run", "%s runs", r->runs), grouped(r->runs));
    say(out,
        ngettext("%s: %s on processor %s, %s in %.2f s, compiled by %s -O%d",
                 "%s: %s on processors %s, %s in %.2f s, compiled by %s -O%d",
                 (unsigned)r->nprocessors),
        l->name, threads, list.data, runs, r->seconds, compile_name(LANGUAGE_C), o->optimise);
    buf_fini(&list);
    if (*r->stopped)
        say(out, "Not all runs were made: %s.", r->stopped);
    if (r->filtered)
        say(out, "%s further runs are left out by the filter.", grouped(r->filtered));
    if (r->uncounted)
        say(out, "%s runs had yet other endings, which did not fit into the table.",
            grouped(r->uncounted));
    buf_puts(out, "\n");
}

/* ---- the table ---- */
static void report_row(const struct litmus *l, const struct litmus_result *r,
                       const struct litmus_outcome *o, size_t width, struct buf *out)
{
    char bar[BAR + 1] = "", share[16] = "";
    double part = r->runs ? (double)o->runs / (double)r->runs : 0;
    int n = (int)(part * BAR + 0.5);
    if (o->runs && !n)
        n = 1;
    memset(bar, '#', (size_t)n);
    bar[n] = '\0';
    if (o->runs)
        snprintf(share, sizeof share, part >= 0.001 ? "%.1f%%" : "%.4f%%", part * 100);
    struct buf state = {0};
    litmus_spell_state(l, o->values, &state);
    const char *mark = o->runs && o->interleaving == LITMUS_NO     ? _("NO INTERLEAVING GIVES THIS")
                       : !o->runs && o->interleaving == LITMUS_YES ? _("an interleaving gives this")
                       : !o->runs                                  ? _("store buffers give this")
                                                                   : "";
    int asked = o->holds && l->quantifier != LITMUS_NONE;
    buf_printf(out, "%11s %8s %-*s %s %-*s%s%s\n", grouped(o->runs), share, BAR, bar,
               asked ? "*" : " ", *mark ? (int)width : 0, state.data, *mark ? "  " : "", mark);
    buf_fini(&state);
}

static void report_table(const struct litmus *l, const struct litmus_result *r, struct buf *out)
{
    size_t width = 0;
    for (size_t i = 0; i < r->noutcomes; i++) {
        struct buf state = {0};
        litmus_spell_state(l, r->outcomes[i].values, &state);
        width = state.len > width ? state.len : width;
        buf_fini(&state);
    }
    buf_printf(out, "%11s %8s %-*s   %s\n", "runs", "share", BAR, "", "ending");
    for (size_t i = 0; i < r->noutcomes; i++)
        report_row(l, r, &r->outcomes[i], width, out);
    buf_puts(out, "\n");
}

/* ---- the question ---- */
static void report_clause(const struct litmus *l, const struct litmus_result *r, struct buf *out)
{
    static const char *const capital[] = {"Never", "Sometimes", "Always"};
    const char *word = litmus_observation(r);
    if (l->quantifier == LITMUS_NONE)
        return;
    struct buf text = {0};
    litmus_spell_prop(l, l->prop, &text);
    buf_printf(out, "* %s (%s): %s\n", litmus_quantifier_word(l->quantifier), text.data,
               litmus_clause_holds(l, r) ? "Ok" : "No");
    buf_fini(&text);
    buf_printf(out, "Observation %s %s %" PRIu64 " %" PRIu64 "\n\n", l->name,
               capital[*word == 'n'   ? 0
                       : *word == 's' ? 1
                                      : 2],
               r->positive, r->runs - r->positive);
}

/* ---- what is behind it ---- */
struct tally {
    int none;              /* seen, no interleaving gives it */
    int buffers, neither;  /* of these: store buffers give it; not even they */
    int asked_interleaved; /* an ending that is asked for: an interleaving gives it; store buffers
                            */
    int asked_buffers;
};

static struct tally tally(const struct litmus_result *r)
{
    struct tally t = {0};
    for (size_t i = 0; i < r->noutcomes; i++) {
        const struct litmus_outcome *o = &r->outcomes[i];
        if (o->holds) {
            t.asked_interleaved |= o->interleaving == LITMUS_YES;
            t.asked_buffers |= o->store_buffers == LITMUS_YES;
        }
        if (!o->runs || o->interleaving != LITMUS_NO)
            continue;
        t.none++;
        t.buffers += o->store_buffers == LITMUS_YES;
        t.neither += o->store_buffers == LITMUS_NO;
    }
    return t;
}

static void say_buffers(struct buf *out)
{
    say(out,
        "Store buffers explain it: on x86-64 a store waits in a buffer of its processor, where "
        "the others do not see it, while a later load of the same thread already reads memory. "
        "A full fence between the two forbids it, atomic_thread_fence(memory_order_seq_cst) or "
        "smp_mb(), and so does memory_order_seq_cst for the store and the load.");
}

static void say_neither(struct buf *out)
{
    say(out,
        "Not even the store buffers of x86-64 explain all of it: the compiler has moved or joined "
        "accesses that are not ordered enough (then it is gone with -O0), or this processor "
        "reorders more. Stronger orders or fences forbid both.");
}

static void report_seen(const struct litmus_result *r, const struct tally *t, struct buf *out)
{
    if (!t->none) {
        say(out,
            ngettext("Every ending that was seen is that of some interleaving (a search of all of "
                     "them, %s execution).",
                     "Every ending that was seen is that of some interleaving (a search of all of "
                     "them, %s executions).",
                     r->executions),
            grouped(r->executions));
        return;
    }
    say(out,
        t->none == 1 ? N_("No order of taking turns gives the ending marked above: all "
                          "interleavings were searched (executions: %s), and none ends so.")
                     : N_("No order of taking turns gives the endings marked above: all "
                          "interleavings were searched (executions: %s), and none ends so."),
        grouped(r->executions));
    if (t->buffers)
        say_buffers(out);
    if (t->neither)
        say_neither(out);
    if (!r->modelled)
        say(out, "Processors do that, which delay stores or let accesses overtake each other, and "
                 "compilers, which join and move accesses that are plain or relaxed: what is gone "
                 "with -O0 was the compiler. Fences and stronger orders forbid both.");
}

/* What is asked for and was not seen. */
static void report_unseen(const struct litmus_result *r, const struct tally *t, struct buf *out)
{
    say(out,
        "Never seen does not mean impossible: if its chance were more than %.1g a run, it would "
        "have shown in %s runs with 95%% certainty (as far as runs do not depend on each "
        "other).",
        3.0 / (double)r->runs, grouped(r->runs));
    if (t->asked_interleaved)
        say(out, "An interleaving does give it.");
    else if (t->asked_buffers)
        say(out, "The store buffers of x86-64 may give it; more runs may show it.");
    else if (r->modelled)
        say(out, "Neither an interleaving nor the store buffers of x86-64 give it. Processors that "
                 "reorder more, such as ARM and POWER, do if the orders and fences of the test let "
                 "them.");
}

static void report_limits(const struct litmus *l, const struct litmus_result *r, struct buf *out)
{
    if (l->nthreads > 1 && r->usable == 1)
        say(out, "Only one processor may be used, so the threads took turns on it, and what "
                 "processors reorder cannot show.");
    else if (r->nprocessors < l->nthreads)
        say(out,
            "%d threads had to share %d processors: not all of them ran at the same time, so "
            "rare endings are rarer still.",
            l->nthreads, r->nprocessors);
    if (!r->explored)
        say(out, "Which endings interleavings give is not known: %s.", r->unexplored);
}

void litmus_report(const struct litmus *l, const struct litmus_options *o,
                   const struct litmus_result *r, struct buf *out)
{
    struct tally t = tally(r);
    report_head(l, o, r, out);
    report_table(l, r, out);
    report_clause(l, r, out);
    if (r->explored)
        report_seen(r, &t, out);
    if (l->quantifier != LITMUS_NONE && l->quantifier != LITMUS_FORALL && !r->positive && r->runs)
        report_unseen(r, &t, out);
    report_limits(l, r, out);
}
