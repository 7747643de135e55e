/* The lesson screen: the manual pages its recap names. */
#include "lesson_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* "NAME(SECTION)" at *s, as the recaps write it; *s moves past it. 0 when there is none. */
static int page_next(const char **s, char *name, size_t n)
{
    static const char part_of_name[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    for (; **s; ++*s) {
        size_t length = strspn(*s, part_of_name);
        if (!length)
            continue;
        const char *open = *s + length, *close = *open == '(' ? strchr(open, ')') : NULL;
        if (close && close - open > 1 && close - open < 6 && length + 8 < n && open[1] >= '1' &&
            open[1] <= '9') {
            snprintf(name, n, "%.*s", (int)(close + 1 - *s), *s);
            *s = close + 1;
            return 1;
        }
        *s += length - 1;
    }
    return 0;
}

void lesson_manual(struct lesson_view *v)
{
    char name[LIST_TEXT];
    list_clear(&v->list, _("Manual pages"));
    for (size_t i = 0; i < v->nquizzes; i++) {
        const struct lesson_recap *r = v->quizzes[i].block->recap;
        const char *s = r && r->read.text ? r->read.text : "";
        while (page_next(&s, name, sizeof name) && v->list.n < LIST_ROWS)
            list_add(&v->list, v->list.n < 9 ? v->list.n + 1 : -1, v->list.n, name);
    }
    v->listing = v->list.n > 0;
    if (!v->listing)
        lesson_say(v, ROLE_NOTE, "%s", _("this lesson names no manual pages"));
}

/* "sem_wait(3p)": man 3p sem_wait. */
static void open_page(struct lesson_view *v, const char *page)
{
    char name[LIST_TEXT], section[16], man[] = "man";
    const char *open = strchr(page, '(');
    snprintf(name, sizeof name, "%.*s", (int)(open - page), page);
    snprintf(section, sizeof section, "%.*s", (int)strcspn(open + 1, ")"), open + 1);
    char *argv[] = {man, section, name, NULL};
    if (!v->ui->on_terminal) {
        lesson_say(v, ROLE_NOTE, _("in a terminal: man %s %s"), section, name);
        return;
    }
    int status = term_run(argv);
    if (status == -1 || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
        lesson_say(v, ROLE_NOTE,
                   _("there is no man here; install man-db (and manpages-posix-dev), or look for "
                     "%s on the web"),
                   page);
    else if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        lesson_say(v, ROLE_NOTE,
                   _("man has no page %s here; manpages-dev and manpages-posix-dev hold them"),
                   page);
}

void lesson_list_act(struct lesson_view *v, enum action action, const struct input *in)
{
    if (action == ACT_list_help) {
        help_push(v->ui, SCREEN_LIST);
        return;
    }
    if (action == ACT_list_redraw) {
        term_redraw();
        return;
    }
    int taken = list_act(&v->list, action, in);
    if (taken)
        v->listing = 0;
    if (taken > 0)
        open_page(v, v->list.rows[v->list.at].text);
}
