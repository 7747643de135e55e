/* The speed-up as a curve drawn with characters: measured points with their intervals, and what is
 * ideal for computing on these processors. */
#include "timing.h"

#include "canvas.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 14, LEFT = 6, WIDEST = 100, LOGARITHMIC = 16 };

enum mark { BLANK, IDEAL, BAR, POINT, POINT_B, MARKS };
static const char *const glyphs[2][MARKS] = {{" ", "·", "│", "●", "■"}, {" ", ".", "|", "o", "#"}};

struct plot {
    const struct timing *t;
    int cols;   /* of the field */
    double top; /* the speed-up at its upper edge */
    unsigned char *cells;
};

static int first_of(const struct timing *t)
{
    return t->threads->list[0];
}

static int last_of(const struct timing *t)
{
    return t->threads->list[t->threads->n - 1];
}

/* The logarithm to base 2, straight between powers: enough for places on a screen. */
static double binary_log(double x)
{
    double whole = 0;
    while (x >= 2) {
        x /= 2;
        whole++;
    }
    return whole + x - 1;
}

/* From 0 to 1. Few threads stand at even distances, many by their logarithm: 1, 2, 4, 8 ... are
 * even then. */
static double place(double threads, double least, double most)
{
    if (most <= LOGARITHMIC)
        return (threads - least) / (most - least);
    return binary_log(threads / least) / binary_log(most / least);
}

static int column_of(const struct plot *p, double threads)
{
    double at = place(threads, first_of(p->t), last_of(p->t));
    return (int)(at * (p->cols - 3) + 0.5);
}

static int row_of(const struct plot *p, double speedup)
{
    int row = (int)((1 - speedup / p->top) * (ROWS - 1) + 0.5);
    return row < 0 ? 0 : row >= ROWS ? ROWS - 1 : row;
}

static void put(struct plot *p, int row, int column, enum mark mark)
{
    unsigned char *cell = &p->cells[row * p->cols + column];
    if (column >= 0 && column < p->cols && *cell < mark)
        *cell = (unsigned char)mark;
}

static double ideal(const struct timing *t, double threads)
{
    double most = t->processors > first_of(t) ? t->processors : first_of(t);
    return (threads < most ? threads : most) / first_of(t);
}

static void speedup_of(const struct timing *t, int program, int i, struct summary *s)
{
    const struct timing_series *first = timing_find(t, program, first_of(t)),
                               *r = timing_find(t, program, t->threads->list[i]);
    summary_of_ratios(s, first->wall, r->wall, r->n);
}

static void find_top(struct plot *p)
{
    p->top = ideal(p->t, last_of(p->t));
    for (int program = 0; program < p->t->nprograms; program++)
        for (int i = 0; i < p->t->threads->n; i++) {
            struct summary s;
            speedup_of(p->t, program, i, &s);
            if (s.n && s.high > p->top)
                p->top = s.high;
        }
    p->top *= 1.05;
}

static void put_ideal(struct plot *p)
{
    double least = first_of(p->t), most = last_of(p->t);
    for (int k = 0; k <= 4 * p->cols; k++) {
        double threads = least + (most - least) * k / (4 * p->cols);
        put(p, row_of(p, ideal(p->t, threads)), column_of(p, threads), IDEAL);
    }
}

static void put_points(struct plot *p, int program)
{
    for (int i = 0; i < p->t->threads->n; i++) {
        struct summary s;
        speedup_of(p->t, program, i, &s);
        if (!s.n)
            continue;
        int column = column_of(p, p->t->threads->list[i]) + program;
        for (int row = row_of(p, s.high); row <= row_of(p, s.low); row++)
            put(p, row, column, BAR);
        put(p, row_of(p, s.median), column, program ? POINT_B : POINT);
    }
}

/* Rows that stand for whole numbers, or for tenths where there are none between. */
static void label_row(const struct plot *p, int row, char label[16])
{
    double step = p->top > 10 ? (double)(int)(p->top / 5) : p->top > 1.5 ? 1 : 0.5;
    label[0] = '\0';
    for (int i = 0; i * step <= p->top; i++)
        if (row_of(p, i * step) == row)
            snprintf(label, 16, step < 1 ? "%.1f" : "%.0f", i * step);
}

static void draw_rows(const struct plot *p, int ascii, struct buf *out)
{
    for (int row = 0; row < ROWS; row++) {
        char label[16];
        label_row(p, row, label);
        const char *edge = ascii ? (*label ? "+" : "|") : *label ? "┤" : "│";
        buf_printf(out, "%*s %s", LEFT - 2, label, edge);
        int last = p->cols;
        while (last > 0 && p->cells[row * p->cols + last - 1] == BLANK)
            last--;
        for (int x = 0; x < last; x++)
            buf_puts(out, glyphs[ascii][p->cells[row * p->cols + x]]);
        buf_puts(out, "\n");
    }
}

static void draw_axis(const struct plot *p, int ascii, struct buf *out)
{
    char *ticks = xcalloc((size_t)p->cols + 16, 1), *numbers = xcalloc((size_t)p->cols + 16, 1);
    memset(ticks, '-', (size_t)p->cols);
    memset(numbers, ' ', (size_t)p->cols + 8);
    int free_from = 0;
    for (int i = 0; i < p->t->threads->n; i++) {
        char number[16];
        int x = column_of(p, p->t->threads->list[i]);
        int n = snprintf(number, sizeof number, "%d", p->t->threads->list[i]);
        ticks[x] = '+';
        if (x < free_from)
            continue;
        memcpy(numbers + x, number, (size_t)n);
        free_from = x + n + 1;
    }
    buf_printf(out, "%*s %s", LEFT - 2, "", ascii ? "+" : "└");
    for (int x = 0; x < p->cols; x++)
        buf_puts(out, ascii ? (ticks[x] == '+' ? "+" : "-") : ticks[x] == '+' ? "┬" : "─");
    buf_printf(out, "\n%*s%.*s %s\n", LEFT, "", free_from ? free_from - 1 : 0, numbers,
               C_("an axis", "threads"));
    free(ticks);
    free(numbers);
}

static void draw_legend(const struct plot *p, int ascii, struct buf *out)
{
    const struct timing *t = p->t;
    const char *const *g = glyphs[ascii];
    buf_puts(out, "\n");
    buf_printf(out,
               ngettext("Speed-up against %d thread: ", "Speed-up against %d threads: ",
                        (unsigned long)first_of(t)),
               first_of(t));
    if (t->nprograms > 1)
        buf_printf(out, "%s A  %s B", g[POINT], g[POINT_B]);
    else
        buf_printf(out, _("%s measured"), g[POINT]);
    buf_printf(out, _("  %s interval  %s ideal for computing\n"), g[BAR], g[IDEAL]);
}

static void draw_processors(const struct plot *p, int ascii, struct buf *out)
{
    int n = p->t->processors;
    if (n < first_of(p->t) || n > last_of(p->t))
        return;
    int x = column_of(p, n);
    const char *arrow = ascii ? "^" : "▲";
    char words[48];
    snprintf(words, sizeof words,
             ngettext("%d processor here", "%d processors here", (unsigned long)n), n);
    int width = utf8_cols(words, strlen(words));
    if (x + width + 2 <= p->cols)
        buf_printf(out, "%*s%s %s\n", LEFT + x, "", arrow, words);
    else
        buf_printf(out, "%*s%s %s\n", LEFT + x - 1 - width, "", words, arrow);
}

void timing_curve(const struct timing *t, int width, int ascii, struct buf *out)
{
    if (t->threads->n < 2)
        return;
    width = width < 60 ? 60 : width > WIDEST ? WIDEST : width;
    struct plot p = {t, width - LEFT - 10, 0, NULL}; /* behind the axis stands "threads" */
    p.cells = xcalloc(ROWS, (size_t)p.cols);
    find_top(&p);
    put_ideal(&p);
    for (int program = 0; program < t->nprograms; program++)
        put_points(&p, program);
    draw_legend(&p, ascii, out);
    draw_rows(&p, ascii, out);
    draw_axis(&p, ascii, out);
    draw_processors(&p, ascii, out);
    free(p.cells);
}
