/* Watching one file that somebody edits with a program of theirs. Editors save in many ways: in
 * place, truncating first, or by renaming a new file over the old one; so the folder is watched
 * (inotify), and where the kernel does not tell (a network file system, another container) the file
 * is looked at once a second. It is reported when its bytes changed and it has been quiet. Host
 * thread; does not block but for reading the file. */
#ifndef LOCKSTEP_WATCH_H
#define LOCKSTEP_WATCH_H

#include <stddef.h>
#include <stdint.h>

struct watch;

enum {
    WATCH_QUIET_MS = 150,  /* so long nothing may happen to the file */
    WATCH_EMPTY_MS = 1000, /* an empty or missing file is likely half of a save */
    WATCH_POLL_MS = 1000
};
enum watch_news { WATCH_NOTHING, WATCH_CHANGED, WATCH_GONE };

/* Changes from what it is now on are news. The file need not exist. */
struct watch *watch_new(const char *path);
void watch_free(struct watch *w); /* NULL is allowed */
/* Readable when something may have happened; -1: only time tells. */
int watch_fd(const struct watch *w);
/* Milliseconds until watch_look is due. now: of the monotonic clock, as in watch_look. */
int watch_wait(const struct watch *w, int64_t now);
/* What is new since the last time. WATCH_GONE is told once. */
enum watch_news watch_look(struct watch *w, int64_t now);

#endif
