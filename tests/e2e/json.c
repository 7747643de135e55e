/* json [-l] PATH...: values out of JSON on standard input, one a line. A path is keys and indices
 * with dots ("findings.0.kind"); "#" at its end is the number of elements. Strings are printed
 * bare, all else as JSON. -l: every line of the input is one object, and a path is printed for each
 * of them. Status 1 when something is missing, 2 when the input is no JSON. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const json_t *step_into(const json_t *v, const char *key)
{
    if (json_is_array(v))
        return json_array_get(v, (size_t)strtoul(key, NULL, 10));
    return json_object_get(v, key);
}

static int print_value(const json_t *v)
{
    if (!v) {
        puts("missing");
        return 1;
    }
    if (json_is_string(v))
        puts(json_string_value(v));
    else
        printf("%s\n", json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS));
    return 0;
}

static int print_path(const json_t *v, const char *path)
{
    char *copy = strdup(path), *rest = NULL;
    for (char *key = strtok_r(copy, ".", &rest); key && v; key = strtok_r(NULL, ".", &rest)) {
        if (strcmp(key, "#") == 0) {
            printf("%zu\n", json_is_array(v) ? json_array_size(v) : json_object_size(v));
            free(copy);
            return 0;
        }
        v = step_into(v, key);
    }
    free(copy);
    return print_value(v);
}

static int print_all(const json_t *v, int npaths, char **paths)
{
    int missing = 0;
    for (int i = 0; i < npaths; i++)
        missing |= print_path(v, paths[i]);
    return missing;
}

static int bad_json(const json_error_t *e)
{
    fprintf(stderr, "json: line %d: %s\n", e->line, e->text);
    return 2;
}

static int each_line(int npaths, char **paths)
{
    char *line = NULL;
    size_t cap = 0;
    int missing = 0;
    json_error_t e;
    for (ssize_t n; (n = getline(&line, &cap, stdin)) > 0;) {
        json_t *v = json_loadb(line, (size_t)n, JSON_REJECT_DUPLICATES, &e);
        if (!json_is_object(v))
            return bad_json(&e);
        missing |= print_all(v, npaths, paths);
        json_decref(v);
    }
    free(line);
    return missing;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "-l") == 0)
        return each_line(argc - 2, argv + 2);
    json_error_t e;
    json_t *v = json_loadf(stdin, JSON_REJECT_DUPLICATES, &e);
    if (!v)
        return bad_json(&e);
    int missing = print_all(v, argc - 1, argv + 1);
    json_decref(v);
    return missing;
}
