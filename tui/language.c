#include "language.h"

#include "base.h"
#include "program.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *value_of(const char *variable)
{
    const char *s = getenv(variable);
    return s ? s : "";
}

/* What the environment asks for in a category, as setlocale reads it. */
static const char *wanted(const char *category)
{
    const char *const variables[] = {"LC_ALL", category, "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (*value_of(variables[i]))
            return value_of(variables[i]);
    return "C";
}

static int is_utf8(const char *locale)
{
    const char *codeset = strchr(locale, '.');
    return codeset && (!strncasecmp(codeset, ".utf-8", 6) || !strncasecmp(codeset, ".utf8", 5));
}

/* A name that the system does not know is still a wish: gettext takes it from LANGUAGE, under any
 * locale but C. */
static void language_of_missing_locale(void)
{
    const char *name = wanted("LC_MESSAGES");
    if (!setlocale(LC_MESSAGES, "C.UTF-8") || *value_of("LANGUAGE"))
        return;
    char *language = xstrdup(name);
    language[strcspn(language, ".@")] = '\0';
    setenv("LANGUAGE", language, 1);
    free(language);
}

/* The Linux console has fonts of 512 characters at most: none of these. */
static int terminal_cannot_show(const char *language)
{
    static const char *const wide[] = {"zh", "ja", "ko"};
    if (strcmp(value_of("TERM"), "linux") != 0 || !isatty(STDOUT_FILENO))
        return 0;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (!strncmp(language, wide[i], 2))
            return 1;
    return 0;
}

void language_init(void)
{
    int asked = *value_of("LANGUAGE") != 0; /* by somebody who knows what the terminal shows */
    if (!setlocale(LC_CTYPE, "") && is_utf8(wanted("LC_CTYPE")))
        setlocale(LC_CTYPE, "C.UTF-8");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        language_none();
        return;
    }
    if (!setlocale(LC_MESSAGES, ""))
        language_of_missing_locale();
    const char *folder = path_locale();
    if (folder)
        bindtextdomain("lockstep", folder);
    bind_textdomain_codeset("lockstep", "UTF-8");
    textdomain("lockstep");
    if (!asked && terminal_cannot_show(language_now()))
        language_none();
}

void language_use(const char *name)
{
    static char *before; /* LANGUAGE as the environment has it */
    static int used;
    if (!used && !*name)
        return;
    if (!used)
        before = xstrdup(value_of("LANGUAGE"));
    used = 1;
    if (!*name && *before)
        setenv("LANGUAGE", before, 1);
    else if (!*name)
        unsetenv("LANGUAGE");
    else
        setenv("LANGUAGE", name, 1);
    if (!*name)
        language_init();
    else if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
        setlocale(LC_MESSAGES, strcmp(name, "en") == 0 ? "C" : "C.UTF-8");
    textdomain("lockstep"); /* gettext then asks anew */
}

void language_none(void)
{
    setlocale(LC_MESSAGES, "C");
}

const char *language_now(void)
{
    static char name[32];
    /* TRANSLATORS: the code of your language, as in the name of the catalogue: "zh_CN" */
    const char *code = _("en");
    snprintf(name, sizeof name, "%s", strcmp(code, "en") != 0 ? code : "");
    return name;
}
