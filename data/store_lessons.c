/* How far the learner is in each lesson, and where they left off. */
#include "store_internal.h"

#include <stdlib.h>
#include <string.h>

static int check_place(const char *lesson, int section, const char *position, struct err *e)
{
    if (section < 0 || section > STORE_SECTION_MAX)
        return err_set(e, ERR_DATA, "section %d: must be 0 to %d", section, STORE_SECTION_MAX);
    int rc = store_check_id("the lesson's id", lesson, e);
    return rc < 0 ? rc : store_check_text("the position", position, e);
}

/* Visits are counted, because the clock may be put back. */
#define NEXT_VISIT "(SELECT coalesce(max(visit), 0) + 1 FROM lesson WHERE learner = ?1)"

int store_place_save(struct store *s, const char *lesson, int section, const char *position,
                     struct err *e)
{
    int rc = check_place(lesson, section, position, e);
    if (rc == 0)
        rc = store_save_begin(s, e);
    if (rc < 0)
        return rc;
    struct value now = NUMBER(store_now_ms(s));
    rc = store_db_run(s,
                      "INSERT INTO lesson (learner, lesson, status, section, updated_ms, visit)"
                      " VALUES (?1, ?2, 'begun', ?3, ?4, " NEXT_VISIT ")"
                      " ON CONFLICT DO UPDATE SET section = excluded.section,"
                      " updated_ms = excluded.updated_ms, visit = excluded.visit",
                      VALUES(NUMBER(s->learner), TEXT(lesson), NUMBER(section), now), e);
    if (rc == 0)
        rc = store_db_run(
            s,
            "INSERT INTO section (learner, lesson, section, status, position, updated_ms)"
            " VALUES (?1, ?2, ?3, 'begun', coalesce(?5, ''), ?4)"
            " ON CONFLICT DO UPDATE SET position = coalesce(?5, section.position),"
            " updated_ms = excluded.updated_ms",
            VALUES(NUMBER(s->learner), TEXT(lesson), NUMBER(section), now, TEXT(position)), e);
    return store_save_end(s, rc, e);
}

int store_place_last(struct store *s, struct store_lesson **row, struct err *e)
{
    return store_table_read(s, &store_lesson_table,
                            "WHERE learner = ?1 ORDER BY visit DESC LIMIT 1",
                            VALUES(NUMBER(s->learner)), row, e);
}

int store_place_get(struct store *s, const char *lesson, struct store_lesson **row, struct err *e)
{
    return store_table_read(s, &store_lesson_table, "WHERE learner = ?1 AND lesson = ?2",
                            VALUES(NUMBER(s->learner), TEXT(lesson)), row, e);
}

int store_lessons(struct store *s, struct store_lesson **list, struct err *e)
{
    return store_table_read(s, &store_lesson_table, "WHERE learner = ?1 ORDER BY visit DESC",
                            VALUES(NUMBER(s->learner)), list, e);
}

int store_sections(struct store *s, const char *lesson, struct store_section **list, struct err *e)
{
    return store_table_read(s, &store_section_table,
                            "WHERE learner = ?1 AND lesson = ?2 ORDER BY section",
                            VALUES(NUMBER(s->learner), TEXT(lesson)), list, e);
}

/* The lesson is there, begun, and was touched now. */
static int touch_lesson(struct store *s, const char *lesson, int section, int64_t now_ms,
                        struct err *e)
{
    return store_db_run(s,
                        "INSERT INTO lesson (learner, lesson, status, section, updated_ms, visit)"
                        " VALUES (?1, ?2, 'begun', ?3, ?4, " NEXT_VISIT ")"
                        " ON CONFLICT DO UPDATE SET updated_ms = excluded.updated_ms",
                        VALUES(NUMBER(s->learner), TEXT(lesson), NUMBER(section), NUMBER(now_ms)),
                        e);
}

static int set_section(struct store *s, const char *lesson, int section, enum store_status status,
                       struct err *e)
{
    if (status == STORE_NEW)
        return store_db_run(
            s, "DELETE FROM section WHERE learner = ?1 AND lesson = ?2 AND section = ?3",
            VALUES(NUMBER(s->learner), TEXT(lesson), NUMBER(section)), e);
    int64_t now_ms = store_now_ms(s);
    int rc = touch_lesson(s, lesson, section, now_ms, e);
    if (rc < 0)
        return rc;
    return store_db_run(
        s,
        "INSERT INTO section (learner, lesson, section, status, position, updated_ms)"
        " VALUES (?1, ?2, ?3, ?4, '', ?5)"
        " ON CONFLICT DO UPDATE SET status = excluded.status, updated_ms = excluded.updated_ms",
        VALUES(NUMBER(s->learner), TEXT(lesson), NUMBER(section), TEXT(store_status_word(status)),
               NUMBER(now_ms)),
        e);
}

int store_section_set(struct store *s, const char *lesson, int section, enum store_status status,
                      struct err *e)
{
    int rc = check_place(lesson, section, NULL, e);
    if (rc == 0 && status >= STORE_NSTATUS)
        rc = err_set(e, ERR_DATA, "status %d: there is none", (int)status);
    if (rc == 0)
        rc = store_save_begin(s, e);
    return rc < 0 ? rc : store_save_end(s, set_section(s, lesson, section, status, e), e);
}

int store_lesson_set(struct store *s, const char *lesson, enum store_status status, struct err *e)
{
    if (status == STORE_NEW)
        return store_lesson_reset(s, lesson, e);
    int rc = check_place(lesson, 0, NULL, e);
    if (rc == 0 && status >= STORE_NSTATUS)
        rc = err_set(e, ERR_DATA, "status %d: there is none", (int)status);
    if (rc < 0)
        return rc;
    return store_save(
        s,
        "INSERT INTO lesson (learner, lesson, status, section, updated_ms, visit)"
        " VALUES (?1, ?2, ?3, 0, ?4, " NEXT_VISIT ")"
        " ON CONFLICT DO UPDATE SET status = excluded.status, updated_ms = excluded.updated_ms",
        VALUES(NUMBER(s->learner), TEXT(lesson), TEXT(store_status_word(status)),
               NUMBER(store_now_ms(s))),
        e);
}

int store_lesson_reset(struct store *s, const char *lesson, struct err *e)
{
    static const char *const deletions[] = {
        "DELETE FROM lesson WHERE learner = ?1 AND lesson = ?2", /* its sections go with it */
        "DELETE FROM answer WHERE learner = ?1 AND lesson = ?2",
        "DELETE FROM attempt WHERE learner = ?1 AND lesson = ?2",
    };
    int rc = store_check_id("the lesson's id", lesson, e);
    if (rc == 0)
        rc = store_save_begin(s, e);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < sizeof deletions / sizeof *deletions && rc == 0; i++)
        rc = store_db_run(s, deletions[i], VALUES(NUMBER(s->learner), TEXT(lesson)), e);
    return store_save_end(s, rc, e);
}
