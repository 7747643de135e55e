/* Thread-specific data. */
#include "cell.h"

static pthread_key_t key, second, rounds_key;
static int destroyed, rounds, was_null;
static void *last;

static void count(void *p)
{
    destroyed++;
    last = p;
    was_null = pthread_getspecific(key) == NULL;
}

static void sets_again(void *p)
{
    rounds++;
    pthread_setspecific(rounds_key, p);
}

static int first_value, second_value;

static void *uses(void *p)
{
    cell_number("another thread: value when new is NULL", pthread_getspecific(key) == NULL);
    pthread_setspecific(key, p);
    cell_number("another thread: its own value", pthread_getspecific(key) == p);
    return NULL;
}

static void *uses_and_clears(void *p)
{
    pthread_setspecific(key, p);
    pthread_setspecific(key, NULL);
    return NULL;
}

static void *uses_and_exits(void *p)
{
    pthread_setspecific(key, p);
    pthread_exit(NULL);
}

static void *without_end(void *p)
{
    pthread_setspecific(rounds_key, p);
    return NULL;
}

static void in_thread(void *(*f)(void *), void *p)
{
    pthread_t t;
    pthread_create(&t, NULL, f, p);
    pthread_join(t, NULL);
}

static void limits(void)
{
    static pthread_key_t all[PTHREAD_KEYS_MAX + 1];
    int n = 0, r = 0;
    while (n <= PTHREAD_KEYS_MAX && (r = pthread_key_create(&all[n], NULL)) == 0)
        n++;
    cell("create, no key left", r);
    cell_number("keys beside these are at least 1000", n >= 1000);
    while (n > 0)
        pthread_key_delete(all[--n]);
    cell("create, after all were deleted", pthread_key_create(&all[0], NULL));
    pthread_key_delete(all[0]);
}

int main(void)
{
    cell("create", pthread_key_create(&key, count));
    cell_number("main: value when new is NULL", pthread_getspecific(key) == NULL);
    cell("setspecific", pthread_setspecific(key, &first_value));
    cell_number("getspecific", pthread_getspecific(key) == &first_value);
    in_thread(uses, &second_value);
    cell_number("main: value still its own", pthread_getspecific(key) == &first_value);
    cell_number("thread returned: destructor calls", destroyed);
    cell_number("thread returned: destructor got its value", last == &second_value);
    cell_number("in the destructor: value is NULL", was_null);
    in_thread(uses_and_clears, &second_value);
    cell_number("value NULL at the end: destructor calls still", destroyed);
    in_thread(uses_and_exits, &second_value);
    cell_number("thread exited: destructor calls", destroyed);
    cell("create another", pthread_key_create(&second, NULL));
    cell_number("main: value of another when new is NULL", pthread_getspecific(second) == NULL);
    cell_number("two keys differ", key != second);
    cell("delete", pthread_key_delete(second));
    cell("deleted: delete", pthread_key_delete(second));
    cell("deleted: setspecific", pthread_setspecific(second, &first_value));
    cell_number("deleted: getspecific is NULL", pthread_getspecific(second) == NULL);
    cell("never made: delete", pthread_key_delete(PTHREAD_KEYS_MAX + 5));
    cell("create, sets itself again", pthread_key_create(&rounds_key, sets_again));
    in_thread(without_end, &first_value);
    cell_number("destructor calls are PTHREAD_DESTRUCTOR_ITERATIONS",
                rounds == PTHREAD_DESTRUCTOR_ITERATIONS);
    cell("delete of that", pthread_key_delete(rounds_key));
    cell("delete with a value set", pthread_key_delete(key));
    in_thread(uses_and_clears, &second_value);
    cell_number("deleted: destructor calls still", destroyed);
    cell("create, the number may come again", pthread_key_create(&key, NULL));
    cell_number("then: main's value is NULL", pthread_getspecific(key) == NULL);
    limits();
    return 0;
}
