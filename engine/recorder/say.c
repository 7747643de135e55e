/* What a program says to lockstep itself (engine/include/lockstep.h): a line among its events. The
 * rest of that header is for searches and does nothing here. */
#include "inside.h"

#include <stdarg.h>
#include <stdio.h>

EXPORT void lockstep_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
EXPORT void lockstep_note(const char *format, ...)
{
    char text[256];
    va_list args;
    if (!ready())
        return;
    int keep = errno;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    note_more(EV_NOTE, 0, 0, HERE, 0, text_add(text));
    errno = keep;
}
