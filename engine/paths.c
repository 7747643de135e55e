/* Where the files lockstep comes with are: beside the executable (the build tree, an installed
 * tree that was moved), else under the PREFIX it was built for. */
#include "program.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef LOCKSTEP_PREFIX
#define LOCKSTEP_PREFIX "/usr/local"
#endif
#define UNDER_PREFIX(path) (LOCKSTEP_PREFIX path)

/* Candidates, relative to the folder of the executable unless they begin with a slash. */
static const char *const library_places[] = {
    ".", "..", "../..", "../../..", "../lib/lockstep", UNDER_PREFIX("/lib/lockstep"), NULL};
static const char *const lesson_places[] = {"../share/lockstep/lessons/units", "../lessons/units",
                                            "../../lessons/units",
                                            UNDER_PREFIX("/share/lockstep/lessons/units"), NULL};
static const char *const include_places[] = {"include/lockstep", "../include/lockstep",
                                             "../../include/lockstep",
                                             UNDER_PREFIX("/include/lockstep"), NULL};
/* locale: the catalogues, <language>/LC_MESSAGES/lockstep.mo */
static const char *const locale_places[] = {"locale",
                                            "../locale",
                                            "../../locale",
                                            "../../../locale",
                                            "../share/locale",
                                            UNDER_PREFIX("/share/locale"),
                                            NULL};

static const char *executable_folder(void)
{
    static char folder[PATH_MAX];
    if (!*folder) {
        ssize_t n = readlink("/proc/self/exe", folder, sizeof folder - 1);
        folder[n > 0 ? n : 0] = '\0';
        char *slash = strrchr(folder, '/');
        if (slash)
            *slash = '\0';
    }
    return folder;
}

/* The first candidate that is there, with `file` in it, as an absolute path kept in out; NULL if
 * none. */
static const char *first_of(const char *const *places, const char *file, char *out)
{
    char path[PATH_MAX * 2];
    for (; *places; places++) {
        if (**places == '/')
            snprintf(path, sizeof path, "%s%s", *places, file);
        else
            snprintf(path, sizeof path, "%s/%s%s", executable_folder(), *places, file);
        if (realpath(path, out))
            return out;
    }
    *out = '\0'; /* realpath leaves there what it could resolve */
    return NULL;
}

static const char *library(const char *variable, const char *file, char *found)
{
    const char *given = getenv(variable);
    if (given && *given)
        return given;
    return *found ? found : first_of(library_places, file, found);
}

const char *path_probe(void)
{
    static char found[PATH_MAX];
    return library("LOCKSTEP_PROBE", "/liblockstep-probe.so", found);
}

const char *path_recorder(void)
{
    static char found[PATH_MAX];
    return library("LOCKSTEP_RECORDER_LIBRARY", "/liblockstep-recorder.so", found);
}

const char *path_lessons(void)
{
    static char found[PATH_MAX];
    const char *given = getenv("LOCKSTEP_LESSONS");
    if (given && *given)
        return given;
    if (!*found && first_of(lesson_places, "", found))
        *strrchr(found, '/') = '\0'; /* the folder that holds the list of units */
    return *found ? found : NULL;
}

const char *path_include(void)
{
    static char found[PATH_MAX];
    return *found ? found : first_of(include_places, "", found);
}

const char *path_locale(void)
{
    static char found[PATH_MAX];
    const char *given = getenv("LOCKSTEP_LOCALE");
    if (given && *given)
        return given;
    return *found ? found : first_of(locale_places, "", found);
}
