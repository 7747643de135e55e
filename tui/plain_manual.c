/* Plain mode: the manual pages that a lesson names. */
#include "plain_lesson.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 80 };
static const char part_of_name[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

/* "NAME(SECTION)" at *s, as the recaps write it; *s moves past it. 0 when there is none. */
static int next_page(const char **s, char name[NAME_BYTES])
{
    for (; **s; ++*s) {
        size_t n = strspn(*s, part_of_name);
        const char *open = *s + n, *close = n && *open == '(' ? strchr(open, ')') : NULL;
        if (close && isdigit((unsigned char)open[1]) && close - open < 6 && n + 8 < NAME_BYTES) {
            snprintf(name, NAME_BYTES, "%.*s", (int)(close + 1 - *s), *s);
            *s = close + 1;
            return 1;
        }
        *s += n ? n - 1 : 0;
    }
    return 0;
}

/* Each page of a recap: say it, or find the one that is meant (by name, or with its section). */
static int pages_of(const struct lesson_recap *recap, const char *wanted, char found[NAME_BYTES])
{
    const char *s = recap->read.text;
    char name[NAME_BYTES];
    int n = 0;
    for (; next_page(&s, name); n++) {
        if (!*wanted)
            plain_say("  %s", name);
        else if (strcmp(wanted, name) == 0 ||
                 (strncmp(wanted, name, strlen(wanted)) == 0 && name[strlen(wanted)] == '('))
            snprintf(found, NAME_BYTES, "%s", name);
    }
    return n;
}

/* Read a page out: "sem_wait(3p)". Its text has no formatting, since man writes to a pipe. */
static void read_page(const char *page)
{
    const char *open = strchr(page, '(');
    char *command = xasprintf("%s %.*s %.*s", "man", (int)strspn(open + 1, part_of_name), open + 1,
                              (int)(open - page), page);
    setenv("MANPAGER", "cat", 1);
    setenv("GROFF_NO_SGR", "1", 1);
    setenv("MANWIDTH", "78", 1);
    char line[1000];
    int lines = 0;
    out_flush();
    FILE *f = popen(command, "re");
    for (; f && !signal_caught() && fgets(line, sizeof line, f); lines++) {
        struct buf shown = {0};
        buf_visible(&shown, line, strcspn(line, "\n"));
        buf_puts(&shown, "\n");
        if (out_buf(&shown) < 0)
            break;
        buf_fini(&shown);
    }
    if (f)
        pclose(f);
    free(command);
    if (signal_caught() == SIGINT)
        signal_forget();
    else if (lines == 0)
        plain_say(_("This page is not here: %s. Install man-db and manpages-posix-dev, or look for "
                    "it elsewhere."),
                  page);
    else
        plain_say(_("End of page."));
}

enum talk_answer talk_section_manual(void *ctx, const char *rest)
{
    struct spot *s = ctx;
    const struct lesson *l = s->r->lesson;
    char found[NAME_BYTES] = "";
    int n = 0;
    for (size_t i = 0; i < l->nsections; i++)
        for (size_t k = 0; k < l->sections[i].nblocks; k++)
            if (l->sections[i].blocks[k].recap)
                n += pages_of(l->sections[i].blocks[k].recap, rest, found);
    if (n == 0)
        plain_say(_("This lesson names no manual pages."));
    else if (*found)
        read_page(found);
    else if (*rest)
        plain_say(_("This lesson names no page '%s'; manual alone lists them."), rest);
    else
        plain_say(_("manual and a name reads that page."));
    return ANSWER_STAY;
}
