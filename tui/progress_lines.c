/* The lines of the progress screen. */
#include "progress_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct progress_view *v, int part, enum line_kind kind, int index, char *text)
{
    v->lines[part] = xrealloc(v->lines[part], (size_t)v->nlines[part] + 1, sizeof *v->lines[part]);
    v->lines[part][v->nlines[part]++] = (struct progress_line){kind, index, text};
}

static void heading(struct progress_view *v, int part, const char *text)
{
    if (v->nlines[part])
        add(v, part, LINE_BLANK, 0, NULL);
    add(v, part, LINE_HEADING, 0, xstrdup(text));
}

static void text(struct progress_view *v, int part, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void text(struct progress_view *v, int part, const char *format, ...)
{
    char line[400];
    va_list ap;
    va_start(ap, format);
    vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    add(v, part, LINE_TEXT, 0, xstrdup(line));
}

static void add_summary(struct progress_view *v)
{
    const struct progress *p = &v->progress;
    int left = p->minutes - p->minutes_over;
    heading(v, PART_OVERVIEW, _("So far"));
    text(v, PART_OVERVIEW, _("Lessons: %d of %d done"), p->count[STORE_DONE],
         (int)v->ui->lessons->nlessons);
    text(v, PART_OVERVIEW, _("%d begun, %d skipped"), p->count[STORE_BEGUN],
         p->count[STORE_SKIPPED]);
    if (left >= 60)
        text(v, PART_OVERVIEW, _("Time: %d min done, %d h %02d min to go"), p->minutes_over,
             left / 60, left % 60);
    else
        text(v, PART_OVERVIEW, _("Time: %d min done, %d min to go"), p->minutes_over, left);
    if (p->answered) {
        text(v, PART_OVERVIEW, _("Questions: %d of %d right at once"), p->right_first, p->answered);
        text(v, PART_OVERVIEW, _("%d right later, %d still wrong"), p->right_later, p->wrong);
    }
    if (p->attempts)
        text(v, PART_OVERVIEW, _("Challenges: %d of %d tried passed"), p->passed, p->nchallenges);
}

void progress_lines(struct progress_view *v)
{
    const struct progress *p = &v->progress;
    progress_lines_fini(v);
    add_summary(v);
    heading(v, PART_OVERVIEW, _("By unit"));
    for (int i = 0; i < p->nunits; i++)
        add(v, PART_OVERVIEW, LINE_UNIT, i, NULL);
    heading(v, PART_REPEAT, _("Worth doing again"));
    for (int i = 0; i < p->nrepeats; i++)
        add(v, PART_REPEAT, LINE_REPEAT, i, NULL);
    if (!p->nrepeats)
        text(v, PART_REPEAT, "%s", _("nothing so far"));
    heading(v, PART_REPEAT, _("Challenges"));
    for (int i = 0; i < p->nchallenges; i++)
        add(v, PART_REPEAT, LINE_CHALLENGE, i, NULL);
    if (!p->nchallenges)
        text(v, PART_REPEAT, "%s", _("none was tried yet"));
}

void progress_lines_fini(struct progress_view *v)
{
    for (int part = 0; part < PARTS; part++) {
        for (int i = 0; i < v->nlines[part]; i++)
            free(v->lines[part][i].text);
        free(v->lines[part]);
        v->lines[part] = NULL;
        v->nlines[part] = 0;
    }
}
