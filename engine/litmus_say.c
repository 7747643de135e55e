/* What came of a litmus test, in words and as JSON. */
#include "litmus_private.h"

#include "compile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *litmus_quantifier_word(enum litmus_quantifier q)
{
    static const char *const words[] = {"", "exists", "~exists", "forall"};
    return words[q];
}

/* ---- conditions and states ---- */
void litmus_spell_value(const struct litmus *l, int seen, int64_t value, struct buf *out)
{
    int64_t g = value - LITMUS_PLACE;
    if (l->seen[seen].pointer && g >= 0 && g < l->nglobals)
        buf_puts(out, l->globals[g].name);
    else
        buf_printf(out, "%" PRId64, value);
}

void litmus_spell_state(const struct litmus *l, const int64_t *values, struct buf *out)
{
    for (int i = 0; i < l->nseen; i++) {
        buf_printf(out, "%s%s=", i ? " " : "", l->seen[i].name);
        litmus_spell_value(l, i, values[i], out);
        buf_puts(out, ";");
    }
}

/* How tightly it binds: what binds less than what is around it stands in parentheses. */
static int binding(const struct litmus_prop *p)
{
    switch (p->kind) {
    case PROP_OR:
        return 0;
    case PROP_AND:
        return 1;
    case PROP_IF:
        return 2;
    case PROP_NOT:
        return p->left->kind == PROP_EQUAL ? 4 : 3;
    default:
        return 4;
    }
}

static void spell(const struct litmus *l, const struct litmus_prop *p, int around, struct buf *out);

static void spell_equal(const struct litmus *l, const struct litmus_prop *p, const char *sign,
                        struct buf *out)
{
    buf_printf(out, "%s%s", l->seen[p->seen].name, sign);
    int64_t g = p->value - LITMUS_PLACE;
    if (p->other >= 0)
        buf_puts(out, l->seen[p->other].name);
    else if (g >= 0 && g < l->nglobals)
        buf_puts(out, l->globals[g].name);
    else
        buf_printf(out, "%" PRId64, p->value);
}

static void spell_inner(const struct litmus *l, const struct litmus_prop *p, struct buf *out)
{
    static const char *const between[] = {
        [PROP_AND] = " /\\ ", [PROP_OR] = " \\/ ", [PROP_IF] = " => "};
    switch (p->kind) {
    case PROP_TRUE:
        buf_puts(out, "true");
        return;
    case PROP_FALSE:
        buf_puts(out, "false");
        return;
    case PROP_EQUAL:
        spell_equal(l, p, "=", out);
        return;
    case PROP_NOT:
        if (p->left->kind == PROP_EQUAL) {
            spell_equal(l, p->left, "!=", out);
            return;
        }
        buf_puts(out, "~");
        spell(l, p->left, 4, out);
        return;
    default:
        spell(l, p->left, binding(p) + (p->kind == PROP_IF), out);
        buf_puts(out, between[p->kind]);
        spell(l, p->right, binding(p) + (p->kind != PROP_IF), out);
    }
}

static void spell(const struct litmus *l, const struct litmus_prop *p, int around, struct buf *out)
{
    int open = binding(p) < around;
    if (open)
        buf_puts(out, "(");
    spell_inner(l, p, out);
    if (open)
        buf_puts(out, ")");
}

void litmus_spell_prop(const struct litmus *l, const struct litmus_prop *p, struct buf *out)
{
    spell(l, p, 0, out);
}

/* ---- JSON ---- */
static void json_text(struct buf *out, const char *key, const char *text)
{
    buf_printf(out, ",\"%s\":", key);
    buf_json(out, text, strlen(text));
}

static const char *known(enum litmus_known k)
{
    return k == LITMUS_UNKNOWN ? "null" : k == LITMUS_YES ? "true" : "false";
}

static void json_outcome(const struct litmus *l, const struct litmus_outcome *o, struct buf *out)
{
    buf_puts(out, "{\"state\":{");
    for (int i = 0; i < l->nseen; i++) {
        struct buf value = {0};
        litmus_spell_value(l, i, o->values[i], &value);
        int64_t g = o->values[i] - LITMUS_PLACE;
        int name = l->seen[i].pointer && g >= 0 && g < l->nglobals;
        buf_puts(out, i ? "," : "");
        buf_json(out, l->seen[i].name, strlen(l->seen[i].name));
        buf_puts(out, ":");
        if (name)
            buf_json(out, value.data, value.len);
        else
            buf_puts(out, value.data);
        buf_fini(&value);
    }
    buf_printf(out, "},\"runs\":%" PRIu64 ",\"interleaving\":%s,\"store_buffers\":%s,\"%s\":%s}",
               o->runs, known(o->interleaving), known(o->store_buffers), "exists",
               o->holds ? "true" : "false");
}

static void json_condition(const struct litmus *l, const struct litmus_result *r, struct buf *out)
{
    struct buf text = {0};
    litmus_spell_prop(l, l->prop, &text);
    json_text(out, "quantifier", litmus_quantifier_word(l->quantifier));
    json_text(out, "condition", text.data);
    json_text(out, "exists", litmus_observation(r));
    buf_printf(out, ",\"positive\":%" PRIu64 ",\"negative\":%" PRIu64 ",\"holds\":%s", r->positive,
               r->runs - r->positive, litmus_clause_holds(l, r) ? "true" : "false");
    buf_fini(&text);
}

void litmus_json(const struct litmus *l, const struct litmus_options *o,
                 const struct litmus_result *r, struct buf *out)
{
    buf_puts(out, "{\"schema\":\"lockstep.litmus/1\"");
    json_text(out, "test", l->name);
    json_text(out, "file", l->file);
    buf_printf(out, ",\"runs\":%" PRIu64 ",\"filtered\":%" PRIu64 ",\"uncounted\":%" PRIu64,
               r->runs, r->filtered, r->uncounted);
    json_text(out, "stopped", r->stopped);
    buf_printf(out, ",\"seconds\":%.3f,\"threads\":%d,\"processors\":[", r->seconds, l->nthreads);
    for (int i = 0; i < r->nprocessors; i++)
        buf_printf(out, "%s%d", i ? "," : "", r->processors[i]);
    buf_puts(out, "]");
    json_text(out, "compiler", compile_name(LANGUAGE_C));
    buf_printf(out, ",\"optimise\":%d,\"complete\":%s", o->optimise,
               r->explored ? "true" : "false");
    json_text(out, "why_not", r->unexplored);
    buf_printf(out, ",\"executions\":%" PRIu64 ",\"outcomes\":[", r->executions);
    for (size_t i = 0; i < r->noutcomes; i++) {
        buf_puts(out, i ? "," : "");
        json_outcome(l, &r->outcomes[i], out);
    }
    buf_puts(out, "]");
    json_condition(l, r, out);
    buf_puts(out, "}");
}
