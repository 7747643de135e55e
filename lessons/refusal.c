#include "check.h"

#include <string.h>

static const char *const words[REFUSAL_COUNT] = {
#define REFUSAL(id, word) [REFUSAL_##id] = word,
#include "refusal.def"
#undef REFUSAL
};

const char *refusal_word(int refusal)
{
    return refusal >= 0 && refusal < REFUSAL_COUNT ? words[refusal] : "?";
}

int refusal_parse(const char *word)
{
    for (int i = 0; i < REFUSAL_COUNT; i++)
        if (!strcmp(words[i], word))
            return i;
    return -1;
}
