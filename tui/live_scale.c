#include "live_scale.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND UINT64_C(1000000000)
#define MINUTE (60 * SECOND)

/* Of ten columns. */
static const uint64_t ticks[LIVE_SCALES] = {
    1000,        2000,        5000,      10000,      20000,      50000,      100000,
    200000,      500000,      1000000,   2000000,    5000000,    10000000,   20000000,
    50000000,    100000000,   200000000, 500000000,  SECOND,     2 * SECOND, 5 * SECOND,
    10 * SECOND, 20 * SECOND, MINUTE,    2 * MINUTE, 5 * MINUTE, 10 * MINUTE};

uint64_t live_scale_tick(int scale)
{
    return ticks[scale < 0 ? 0 : scale >= LIVE_SCALES ? LIVE_SCALES - 1 : scale];
}

uint64_t live_scale_column(int scale)
{
    return live_scale_tick(scale) / 10;
}

int live_scale_fitting(uint64_t ns, int cols)
{
    int scale = 0;
    while (scale + 1 < LIVE_SCALES &&
           live_scale_column(scale) * (uint64_t)(cols > 1 ? cols : 1) < ns)
        scale++;
    return scale;
}

static const struct unit {
    uint64_t ns;
    const char *name;
} units[] = {{MINUTE, "min"}, {SECOND, "s"}, {1000000, "ms"}, {1000, "us"}, {1, "ns"}};
enum { NUNITS = sizeof units / sizeof *units };

/* Three digits, without zeroes at the end of a fraction. */
static void spell_three(double value, char *out, size_t n)
{
    snprintf(out, n, "%.*f", value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value);
    char *point = strchr(out, '.');
    for (size_t i = strlen(out); point && i-- && (out[i] == '0' || out[i] == '.');) {
        char was = out[i];
        out[i] = 0;
        if (was == '.')
            break;
    }
}

void live_spell_ns(uint64_t ns, char *out, size_t n)
{
    char number[32];
    size_t i = 0;
    while (i + 1 < NUNITS && ns < units[i].ns)
        i++;
    if (i == 0 && ns % MINUTE) { /* "1:30 min" reads better than "1.5 min" */
        snprintf(out, n, "%" PRIu64 ":%02" PRIu64 " min", ns / MINUTE, ns % MINUTE / SECOND);
        return;
    }
    double value = (double)ns / (double)units[i].ns;
    if (value >= 999.5 && i > 1) /* rounds up to the next unit */
        value = 1, i--;
    spell_three(value, number, sizeof number);
    snprintf(out, n, "%s %s", number, ns ? units[i].name : "s");
}

void live_spell_count(double count, char *out, size_t n)
{
    static const char *const prefixes[] = {"", " k", " M", " G", " T"};
    char number[32];
    int i = 0;
    for (; count >= 999.5 && i < 4; i++)
        count /= 1000;
    if (i)
        spell_three(count, number, sizeof number);
    else
        snprintf(number, sizeof number, "%.0f", count);
    snprintf(out, n, "%s%s", number, prefixes[i]);
}

void live_spell_time(uint64_t ns, uint64_t resolution, char *out, size_t n)
{
    int digits = 0;
    for (uint64_t r = SECOND; r > resolution && digits < 9; r /= 10)
        digits++;
    if (resolution >= SECOND && ns >= MINUTE)
        snprintf(out, n, "%" PRIu64 ":%02" PRIu64, ns / MINUTE, ns % MINUTE / SECOND);
    else
        snprintf(out, n, "%.*f s", digits, (double)ns / 1e9);
}

/* A number with its unit at *s, in ns; seconds without one. -1 if there is none. */
static double parse_duration(const char *s)
{
    char *end;
    double value = strtod(s, &end);
    if (end == s || !isfinite(value) || value < 0)
        return -1;
    if (*end == ':') {
        char *last;
        double seconds = strtod(end + 1, &last);
        return last == end + 1 || *last || !(seconds >= 0 && seconds < 60)
                   ? -1
                   : (value * 60 + seconds) * 1e9;
    }
    end += strspn(end, " ");
    if (!*end)
        return value * 1e9;
    for (int i = 0; i < NUNITS; i++)
        if (!strcmp(end, units[i].name))
            return value * (double)units[i].ns;
    return -1;
}

int live_parse_time(const char *text, uint64_t here, uint64_t *out)
{
    text += strspn(text, " ");
    int sign = *text == '+' ? 1 : *text == '-' ? -1 : 0;
    text += sign != 0;
    double ns = parse_duration(text);
    if (ns < 0 || ns > 1e18)
        return -1;
    if (sign < 0)
        *out = ns > (double)here ? 0 : here - (uint64_t)ns;
    else
        *out = (sign ? here : 0) + (uint64_t)ns;
    return 0;
}
