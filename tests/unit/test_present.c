/* The presentation: its layout, the messages to the notes, the socket, hands in the store. */
#include "hands.h"
#include "present_layout.h"
#include "present_link.h"
#include "present_server.h"
#include "present_socket.h"
#include "present_wire.h"
#include "keys.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* -------- layout -------- */

#define BIT(panel) (1U << SHOW_##panel)
enum { RUN = BIT(SOURCE) | BIT(THREADS) | BIT(OBJECTS) | BIT(OUTPUT) | BIT(WHY) };

static int inside(struct rect r, int cols, int rows)
{
    return r.w >= 0 && r.h >= 0 && r.x >= 0 && r.y >= 0 && r.x + r.w <= cols && r.y + r.h <= rows;
}

static int meet(struct rect a, struct rect b)
{
    return a.w && b.w && a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/* At every size the panel asked for is there, nothing lies outside of the screen or over another.
 */
static void everything_fits_at_every_size(void **state)
{
    (void)state;
    struct present_layout l;
    for (int rows = 2; rows < 70; rows++)
        for (int cols = 1; cols < 210; cols += 3)
            for (int panel = 0; panel < SHOW_PANELS; panel++)
                for (int run = 0; run < 2; run++) {
                    struct present_want w = {.has = run ? RUN | BIT(TEXT) : BIT(TEXT) | BIT(SOURCE),
                                             .panel = (enum present_panel)panel,
                                             .run = run,
                                             .split = 1,
                                             .lanes = 10};
                    if (!((w.has >> panel) & 1))
                        continue;
                    present_layout(&l, cols, rows, &w);
                    assert_true(l.at[panel].w > 0 && l.at[panel].h > 0);
                    for (int a = 0; a < SHOW_PANELS; a++) {
                        assert_true(inside(l.at[a], cols, rows));
                        assert_false(meet(l.at[a], l.caption));
                        for (int b = 0; b < a; b++)
                            assert_false(meet(l.at[a], l.at[b]));
                        if (rows >= 8 && l.at[a].w)
                            assert_true(l.at[a].y > l.tabs_y &&
                                        l.at[a].y + l.at[a].h <= l.footer_y);
                    }
                }
}

static void two_panels_where_there_is_room(void **state)
{
    (void)state;
    struct present_layout l;
    struct present_want run = {.has = RUN, .panel = SHOW_SOURCE, .run = 1, .split = 1, .lanes = 10};
    present_layout(&l, 80, 24, &run);
    assert_int_equal(l.at[SHOW_THREADS].w, 0);
    present_layout(&l, 120, 40, &run);
    assert_true(l.at[SHOW_THREADS].y > l.at[SHOW_SOURCE].y && l.at[SHOW_SOURCE].w == 120);
    run.split = 0;
    present_layout(&l, 120, 40, &run);
    assert_int_equal(l.at[SHOW_THREADS].w, 0);
    struct present_want text = {.has = BIT(TEXT) | BIT(SOURCE), .panel = SHOW_TEXT, .split = 1};
    present_layout(&l, 120, 40, &text);
    assert_true(l.at[SHOW_SOURCE].x > l.at[SHOW_TEXT].x);
    present_layout(&l, 80, 24, &text);
    assert_int_equal(l.at[SHOW_SOURCE].w, 0);
    text.has = BIT(TEXT);
    present_layout(&l, 120, 40, &text);
    assert_int_equal(l.at[SHOW_TEXT].w, 120);
}

static void plans_name_the_panels_there_are(void **state)
{
    (void)state;
    for (int i = 0; i < SHOW_PANELS; i++) {
        const char *word = present_panel_word((enum present_panel)i);
        char *text = xasprintf("step: a.c\n  panel: %s\n", word);
        struct plan *p;
        struct err e = {0};
        assert_int_equal(plan_parse(&p, "p", text, strlen(text), &e), 0);
        assert_int_equal(p->nproblems, 0);
        assert_int_equal(present_panel_find(p->entries[0].panel), i);
        plan_free(p);
        free(text);
    }
    assert_int_equal(present_panel_find("window"), -1);
}

/* -------- messages -------- */

static void a_state_comes_out_as_it_went_in(void **state)
{
    (void)state;
    struct wire_state w, r;
    struct buf bytes = {0};
    struct err e = {0};
    wire_init(&w);
    wire_init(&r);
    w.slide = 7;
    w.began_ms = INT64_C(123456789012);
    w.counting = 2;
    wire_set(&w.note, "a line\nback\\slash\n\n.\nend");
    wire_set(&w.now, "now 3 4");
    wire_set(&r.next, "of before");
    wire_write(&w, &bytes);
    size_t first = bytes.len;
    wire_write(&w, &bytes);
    assert_int_equal(wire_read(&bytes, &r, &e), 1);
    assert_int_equal(bytes.len, first); /* the second one is left */
    assert_int_equal(r.slide, 7);
    assert_int_equal(r.began_ms, w.began_ms);
    assert_int_equal(r.counting, 2);
    assert_string_equal(r.note, w.note);
    assert_string_equal(r.now, "now 3 4");
    assert_string_equal(r.next, "");
    assert_int_equal(wire_read(&bytes, &r, &e), 1);
    assert_int_equal(wire_read(&bytes, &r, &e), 0);
    wire_fini(&w);
    wire_fini(&r);
    buf_fini(&bytes);
}

static int read_bytes(const char *bytes, struct wire_state *r, struct err *e)
{
    struct buf b = {0};
    buf_puts(&b, bytes);
    int rc = wire_read(&b, r, e);
    buf_fini(&b);
    return rc;
}

static void half_messages_wait_and_others_are_refused(void **state)
{
    (void)state;
    struct wire_state r;
    struct err e = {0};
    wire_init(&r);
    assert_int_equal(read_bytes("lock", &r, &e), 0);
    assert_int_equal(read_bytes("lockstep-present 1\nslide 3\n", &r, &e), 0);
    assert_int_equal(read_bytes("lockstep-present 1\nslide 3\nlater stuff\n.\n", &r, &e), 1);
    assert_int_equal(r.slide, 3);
    assert_int_equal(read_bytes("lockstep-present 1\n.\n", &r, &e), 1);
    assert_int_equal(read_bytes("lockstep-present 2\n.\n", &r, &e), -ERR_NEWER);
    assert_non_null(strstr(e.message, "another version"));
    assert_int_equal(read_bytes("GET / HTTP/1.1\r\n", &r, &e), -ERR_DATA);
    struct buf endless = {0};
    buf_puts(&endless, "lockstep-present 1\nnote ");
    while (endless.len <= WIRE_MOST)
        buf_puts(&endless, "for ever and ");
    assert_int_equal(wire_read(&endless, &r, &e), -ERR_DATA);
    buf_fini(&endless);
    wire_fini(&r);
}

static void long_texts_stay_below_the_limit(void **state)
{
    (void)state;
    struct wire_state w;
    struct buf long_text = {0}, bytes = {0};
    wire_init(&w);
    for (int i = 0; i < 50000; i++)
        buf_puts(&long_text, "\n\\");
#define WIRE_TEXT(field, word) wire_set(&w.field, long_text.data);
#include "present_wire.def"
    wire_write(&w, &bytes);
    assert_true(bytes.len <= WIRE_MOST);
    wire_fini(&w);
    buf_fini(&long_text);
    buf_fini(&bytes);
}

static void only_harmless_keys_can_be_asked_for(void **state)
{
    (void)state;
    assert_int_equal(wire_request("on", 2), K_PGDN);
    assert_int_equal(wire_request("7", 1), '7');
    assert_int_equal(wire_request("", 0), 0);
    assert_int_equal(wire_request("one", 3), 0);
    assert_int_equal(wire_request("quit", 4), 0);
    assert_null(wire_word('q'));
    assert_null(wire_word(K_ESC));
    assert_null(wire_word('p'));
}

/* -------- the socket -------- */

static char folder[] = "/tmp/lockstep-present-XXXXXX";

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

enum { DEADLINE_MS = 10000 };

static void until_event(struct present_link *l, enum link_event want)
{
    int64_t deadline = now_ms() + DEADLINE_MS;
    while (link_look(l, now_ms()) != want) {
        struct pollfd p = {l->fd, POLLIN, 0};
        assert_true(now_ms() < deadline);
        poll(&p, 1, 5);
    }
}

static int until_key(struct present_server *s)
{
    int64_t deadline = now_ms() + DEADLINE_MS;
    for (int key; now_ms() < deadline;) {
        if ((key = present_server_take(s)) != 0)
            return key;
        struct pollfd p = {present_server_fd(s), POLLIN, 0};
        poll(&p, 1, 100);
    }
    return 0;
}

static void tell(struct present_server *s, int64_t slide, const char *note)
{
    struct wire_state w;
    struct buf b = {0};
    wire_init(&w);
    w.slide = slide;
    wire_set(&w.note, note);
    wire_write(&w, &b);
    present_server_tell(s, &b);
    wire_fini(&w);
    buf_fini(&b);
}

static void until_slide(struct present_link *l, int64_t slide)
{
    int64_t deadline = now_ms() + DEADLINE_MS;
    while (l->state.slide != slide) {
        struct pollfd p = {l->fd, POLLIN, 0};
        assert_true(now_ms() < deadline);
        link_look(l, now_ms());
        poll(&p, 1, 5);
    }
}

static void notes_follow_and_ask(void **state)
{
    (void)state;
    struct err e = {0};
    struct present_link early, late;
    assert_int_equal(link_init(&early, 0, &e), 0); /* before there is a presentation */
    assert_int_equal(link_look(&early, now_ms()), LINK_NOTHING);
    assert_int_equal(link_ask(&early, K_PGDN), -1);
    struct present_server *s = present_server_start(&e);
    if (!s)
        fail_msg("%s", e.message);
    tell(s, 1, "one");
    until_event(&early, LINK_BEGAN);
    assert_int_equal(early.pid, getpid());
    until_slide(&early, 1);
    assert_string_equal(early.state.note, "one");
    tell(s, 2, "two");
    assert_int_equal(link_init(&late, 0, &e), 0); /* a second one, later */
    until_event(&late, LINK_BEGAN);
    until_slide(&late, 2);
    until_slide(&early, 2);
    assert_int_equal(link_ask(&late, K_PGDN), 0);
    assert_int_equal(until_key(s), K_PGDN);
    assert_int_equal(link_ask(&late, 'q'), -1);
    assert_int_equal(link_ask(&early, '3'), 0);
    assert_int_equal(until_key(s), '3');
    link_fini(&late); /* one goes, the other stays */
    for (int64_t i = 3; i < 50; i++)
        tell(s, i, "more");
    until_slide(&early, 49);
    present_server_stop(s);
    until_event(&early, LINK_ENDED);
    assert_string_equal(early.state.note, "more"); /* what was last known */
    s = present_server_start(&e);
    tell(s, 5, "again");
    until_event(&early, LINK_BEGAN);
    until_slide(&early, 5);
    present_server_stop(s);
    link_fini(&early);
}

/* A follower that never reads must not hold anybody up, and gets the newest when it does. */
static void a_stopped_follower_holds_nobody_up(void **state)
{
    (void)state;
    struct err e = {0};
    struct present_link l;
    struct buf big = {0};
    for (int i = 0; i < 500; i++)
        buf_puts(&big, "0123456789");
    struct present_server *s = present_server_start(&e);
    tell(s, 1, "");
    link_init(&l, 0, &e);
    until_event(&l, LINK_BEGAN);
    int64_t began = now_ms();
    for (int64_t i = 2; i < 3000; i++)
        tell(s, i, big.data);
    assert_true(now_ms() - began < DEADLINE_MS);
    until_slide(&l, 2999);
    present_server_stop(s);
    link_fini(&l);
    buf_fini(&big);
}

static char *in_folder(const char *name)
{
    return xasprintf("%s/%s", folder, name);
}

static void what_was_left_behind_is_removed(void **state)
{
    (void)state;
    struct err e = {0};
    char *path = in_folder("present-1.sock");
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    chmod(path, 0600);
    close(fd); /* nobody listens there any more */
    struct present_link l;
    link_init(&l, 0, &e);
    assert_int_equal(link_look(&l, now_ms()), LINK_NOTHING);
    assert_int_equal(access(path, F_OK), -1);
    link_fini(&l);
    free(path);
}

static void what_others_may_use_is_not_opened(void **state)
{
    (void)state;
    struct err e = {0};
    struct present_server *s = present_server_start(&e);
    struct stat st;
    char name[64];
    snprintf(name, sizeof name, "present-%d.sock", (int)getpid());
    char *path = in_folder(name);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    chmod(path, 0666);
    struct present_link l;
    link_init(&l, 0, &e);
    assert_int_equal(link_look(&l, now_ms()), LINK_NOTHING);
    assert_non_null(strstr(l.trouble, "others may use it"));
    chmod(path, 0600);
    until_event(&l, LINK_BEGAN);
    assert_null(l.trouble);
    link_fini(&l);
    present_server_stop(s);
    assert_int_equal(access(path, F_OK), -1);
    free(path);
    chmod(folder, 0777);
    s = present_server_start(&e);
    assert_null(s);
    assert_non_null(strstr(e.message, "others may write"));
    chmod(folder, 0700);
}

static void garbage_ends_the_follower_only(void **state)
{
    (void)state;
    struct err e = {0};
    struct present_link l;
    struct present_server *s = present_server_start(&e);
    tell(s, 1, "");
    link_init(&l, 0, &e);
    until_event(&l, LINK_BEGAN);
    int fd = socket_connect(l.folder, getpid());
    char garbage[4096];
    memset(garbage, 'x', sizeof garbage);
    assert_true(fd >= 0);
    assert_true(send(fd, garbage, sizeof garbage, MSG_NOSIGNAL) > 0);
    char byte;
    int64_t deadline = now_ms() + DEADLINE_MS;
    for (ssize_t n = 1; n != 0;) { /* until it hangs up; a state may come before */
        struct pollfd p = {fd, POLLIN, 0};
        assert_true(now_ms() < deadline);
        poll(&p, 1, 100);
        n = read(fd, &byte, 1);
        if (n < 0 && (p.revents & (POLLHUP | POLLERR)))
            n = 0;
    }
    close(fd);
    assert_int_equal(link_ask(&l, 'a'), 0);
    assert_int_equal(until_key(s), 'a');
    link_fini(&l);
    present_server_stop(s);
}

static void the_notes_tell_time_for_themselves(void **state)
{
    (void)state;
    enum { MINUTE = 60000 };
    struct wire_state w = {.began_ms = 100 * MINUTE, .from_minute = 10, .until_minute = 15};
    int behind, early;
    assert_int_equal(link_minutes(&w, 112 * MINUTE, &behind, &early), 12);
    assert_int_equal(behind, 0);
    assert_int_equal(early, 0);
    link_minutes(&w, 118 * MINUTE, &behind, &early);
    assert_int_equal(behind, 3);
    link_minutes(&w, 104 * MINUTE, &behind, &early);
    assert_int_equal(early, 6);
    w.began_ms = 0;
    assert_int_equal(link_minutes(&w, 118 * MINUTE, &behind, &early), 0);
}

/* -------- hands -------- */

static void hands_are_kept_with_their_date(void **state)
{
    (void)state;
    static const char text[] = "ask: What?\n  choice: a\n  choice: b\n  right: 1\n";
    struct store_options o = {.login = "anna"};
    struct store *store;
    struct plan *p;
    struct err e = {0};
    struct buf before = {0};
    assert_int_equal(store_open_memory(&store, &o, &e), 0);
    assert_int_equal(plan_parse(&p, "p", text, sizeof text - 1, &e), 0);
    struct talk *t = talk_make(p, NULL);
    const struct slide *q = &t->slides[1];
    struct hands old = {.count = {3, 12}, .when = "2026-11-14 10:20"}, h = {.count = {4, 5}};
    assert_int_equal(hands_save(store, q, &old, &e), 0);
    hands_before(store, q, &h, &before);
    assert_string_equal(before.data, "2026-11-14 10:20: 3 12\n");
    assert_int_equal(hands_save(store, q, &h, &e), 0);
    assert_int_equal(strlen(h.when), 16);
    h.count[1] = 6; /* counted on: the same row */
    assert_int_equal(hands_save(store, q, &h, &e), 0);
    struct store_setting *list;
    assert_int_equal(store_settings(store, &list, &e), 2);
    assert_string_equal(list[1].value, "4 6");
    assert_non_null(strstr(list[1].key, "hands What? 20"));
    assert_int_equal(hands_all(&h), 10);
    assert_int_equal(hands_most(&h), 6);
    free(list);
    before.len = 0;
    hands_before(store, q, &h, &before);
    assert_string_equal(before.data, "2026-11-14 10:20: 3 12\n"); /* its own is not among them */
    buf_fini(&before);
    talk_free(t);
    store_close(store);
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    unsetenv("XDG_RUNTIME_DIR");
    return setenv("LOCKSTEP_DATA", folder, 1);
}

static int drop_folder(void **state)
{
    (void)state;
    return rmdir(folder); /* nothing was left in it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_fits_at_every_size),
        cmocka_unit_test(two_panels_where_there_is_room),
        cmocka_unit_test(plans_name_the_panels_there_are),
        cmocka_unit_test(a_state_comes_out_as_it_went_in),
        cmocka_unit_test(half_messages_wait_and_others_are_refused),
        cmocka_unit_test(long_texts_stay_below_the_limit),
        cmocka_unit_test(only_harmless_keys_can_be_asked_for),
        cmocka_unit_test(notes_follow_and_ask),
        cmocka_unit_test(a_stopped_follower_holds_nobody_up),
        cmocka_unit_test(what_was_left_behind_is_removed),
        cmocka_unit_test(what_others_may_use_is_not_opened),
        cmocka_unit_test(garbage_ends_the_follower_only),
        cmocka_unit_test(the_notes_tell_time_for_themselves),
        cmocka_unit_test(hands_are_kept_with_their_date),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
