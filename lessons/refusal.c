#include "check.h"

#include <string.h>

static const struct {
    const char *word, *text;
} rows[REFUSAL_COUNT] = {
#define REFUSAL(id, word, text) [REFUSAL_##id] = {word, text},
#include "refusal.def"
#undef REFUSAL
};

const char *refusal_word(int refusal)
{
    return refusal >= 0 && refusal < REFUSAL_COUNT ? rows[refusal].word : "?";
}

const char *refusal_text(int refusal)
{
    return refusal >= 0 && refusal < REFUSAL_COUNT ? _(rows[refusal].text) : "?";
}

int refusal_parse(const char *word)
{
    for (int i = 0; i < REFUSAL_COUNT; i++)
        if (!strcmp(rows[i].word, word))
            return i;
    return -1;
}
