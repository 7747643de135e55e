#include "theme.h"

#include "config.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct role_row {
    int dark, light, basic;
    unsigned attrs, mono;
};

static const struct role_row rows[ROLE_COUNT] = {
#define ROLE(id, d256, l256, c16, a, m) [ROLE_##id] = {d256, l256, c16, a, m},
#include "theme.def"
#undef ROLE
};

static const char *const theme_words[] = {
    [TUI_DARK] = "dark",
    [TUI_LIGHT] = "light",
    [TUI_MONO] = "mono",
};

struct look theme_look(enum tui_theme theme, int colours, unsigned style)
{
    unsigned role = style & ROLE_MASK;
    const struct role_row *r = &rows[role < ROLE_COUNT ? role : ROLE_TEXT];
    struct look look = {-1, style & ~(unsigned)ROLE_MASK};
    if (theme == TUI_MONO || colours < 8) {
        look.attrs |= r->mono;
        return look;
    }
    look.attrs |= r->attrs;
    if (colours >= 256) {
        look.fg = theme == TUI_LIGHT ? r->light : r->dark;
        look.attrs &= ~(unsigned)(r->mono & ATTR_DIM); /* the grey is the dimming */
        return look;
    }
    look.fg = r->basic;
    look.attrs |= r->mono & ATTR_DIM;
    if (look.fg >= 8 && colours < 16) {
        look.fg -= 8;
        look.attrs |= ATTR_BOLD;
    }
    return look;
}

int tui_theme_parse(const char *word)
{
    for (int i = 0; word && i < (int)(sizeof theme_words / sizeof *theme_words); i++)
        if (!strcmp(word, theme_words[i]))
            return i;
    return -1;
}

/* "15;0" or "0;default;15": the last number is the background's. */
static int background_is_light(const char *colorfgbg)
{
    const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
    if (!last || last[1] < '0' || last[1] > '9')
        return 0;
    int n = atoi(last + 1);
    return n == 7 || n == 15;
}

static int is_set(const char *variable)
{
    const char *s = getenv(variable);
    return s && *s;
}

/* Terminals of before UTF-8, whatever the locale says. */
static int knows_ascii_only(const char *term)
{
    static const char *const terms[] = {"vt52", "vt100", "vt102"};
    for (size_t i = 0; term && i < sizeof terms / sizeof *terms; i++)
        if (!strcmp(term, terms[i]))
            return 1;
    return 0;
}

void tui_options_init(struct tui_options *o)
{
    memset(o, 0, sizeof *o);
    setlocale(LC_CTYPE, "");
    int asked = tui_theme_parse(config_value(CONFIG_THEME));
    if (asked >= 0)
        o->theme = (enum tui_theme)asked;
    else
        o->theme = background_is_light(getenv("COLORFGBG")) ? TUI_LIGHT : TUI_DARK;
    if (config_is(CONFIG_COLOURS, "none"))
        o->theme = TUI_MONO;
    o->colours = atoi(config_value(CONFIG_COLOURS));
    o->wide = !strcmp(nl_langinfo(CODESET), "UTF-8") && !knows_ascii_only(getenv("TERM"));
    o->ascii = config_is(CONFIG_ASCII, "yes");
    if (config_is(CONFIG_ASCII, "auto"))
        o->ascii = !o->wide;
    o->mouse = config_is(CONFIG_MOUSE, "yes");
}

int tui_possible(void)
{
    const char *term = getenv("TERM");
    if (is_set("ACCESSIBLE") || !term || !*term || !strcmp(term, "dumb"))
        return 0;
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}
