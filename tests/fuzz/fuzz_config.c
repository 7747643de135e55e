/* Configurations: whatever the bytes are, what is taken of them is valid, and an edit changes what
 * it should and nothing else. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct config *c)
{
    if (c->nproblems > CONFIG_PROBLEMS_MAX)
        abort();
    for (int i = 0; i < CONFIG_COUNT; i++)
        if (c->values[i] && config_check((enum config_id)i, c->values[i], NULL) < 0)
            abort();
    for (size_t i = 0; i < c->nbinds; i++)
        if (keys_may_bind(c->binds[i].action, c->binds[i].keys, NULL) < 0)
            abort();
    for (size_t i = 0; i < c->nproblems; i++)
        if (!*c->problems[i].message)
            abort();
}

/* Every action still has a key, and no key does two things. */
static void check_keys(struct config *c)
{
    keys_bind(c->binds, c->nbinds);
    for (int action = ACT_NONE + 1; action < ACT_COUNT; action++) {
        const struct key_row *row = keys_row((enum action)action);
        if (!row->keys[0] || keys_taken((enum action)action, row->keys, NULL))
            abort();
    }
    keys_bind(NULL, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct config c, changed;
    struct buf out = {0};
    config_parse(&c, text, size);
    check(&c);
    check_keys(&c);
    config_edit(text, size, "theme", "dark", &out);
    config_parse(&changed, out.data, out.len);
    if (!c.unparsable && !changed.unparsable) {
        const char *now = changed.values[CONFIG_THEME], *then = c.values[CONFIG_EDITOR];
        if (!now || strcmp(now, "dark") != 0)
            abort();
        now = changed.values[CONFIG_EDITOR];
        if ((then != NULL) != (now != NULL) || (then && strcmp(then, now) != 0) ||
            c.nbinds != changed.nbinds)
            abort();
    }
    buf_fini(&out);
    config_fini(&changed);
    config_fini(&c);
    return 0;
}
