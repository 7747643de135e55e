#include "report.h"

#include <stdlib.h>
#include <string.h>

int report_add(struct check_report *r, const char *claim, const char *file, int line, int ok,
               const char *message)
{
    r->results = xrealloc(r->results, r->n + 1, sizeof *r->results);
    r->results[r->n++] = (struct check_result){.claim = xstrdup(claim),
                                               .file = xstrdup(file),
                                               .line = line,
                                               .ok = ok,
                                               .message = xstrdup(message)};
    r->nfailed += !ok;
    return ok;
}

int report_take(struct check_report *r, const char *claim, const char *file, int line, int ok,
                struct buf *message)
{
    if (message->len >= 2 && !strcmp(message->data + message->len - 2, "; "))
        message->data[message->len - 2] = '\0';
    report_add(r, claim, file, line, ok, message->data ? message->data : "");
    buf_fini(message);
    return ok;
}

void check_report_fini(struct check_report *r)
{
    for (size_t i = 0; i < r->n; i++) {
        free(r->results[i].claim);
        free(r->results[i].file);
        free(r->results[i].message);
    }
    free(r->results);
    *r = (struct check_report){0};
}

void report_move(struct check_report *r, struct check_report *from)
{
    for (size_t i = 0; i < from->n; i++) {
        r->results = xrealloc(r->results, r->n + 1, sizeof *r->results);
        r->results[r->n++] = from->results[i];
    }
    r->nfailed += from->nfailed;
    free(from->results);
    *from = (struct check_report){0};
}
