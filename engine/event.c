#include "event.h"

#include "base.h"

static const struct {
    const char *word;
    int step;
} events[EV_COUNT] = {
#define EVENT(id, word, step) [EV_##id] = {word, step},
#include "event.def"
#undef EVENT
};

static const struct {
    const char *word, *text;
} findings[FIND_COUNT] = {
#define FINDING(id, word, text) [FIND_##id] = {word, text},
#include "finding.def"
#undef FINDING
};

const char *event_word(unsigned kind)
{
    return kind < EV_COUNT ? events[kind].word : "?";
}

int event_is_step(unsigned kind)
{
    return kind < EV_COUNT && events[kind].step;
}

const char *finding_word(unsigned kind)
{
    return kind < FIND_COUNT ? findings[kind].word : "?";
}

const char *finding_name(unsigned kind)
{
    return _(finding_word(kind));
}

const char *finding_text(unsigned kind)
{
    return kind < FIND_COUNT ? _(findings[kind].text) : "?";
}
