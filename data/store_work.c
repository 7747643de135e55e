/* What the learner answered and tried. */
#include "store_internal.h"

#include <stdlib.h>
#include <string.h>

int store_answer_save(struct store *s, const char *lesson, const char *question, const char *answer,
                      int right, struct err *e)
{
    int rc = store_check_id("the lesson's id", lesson, e);
    if (rc == 0)
        rc = store_check_id("the question's id", question, e);
    if (rc == 0)
        rc = store_check_text("the answer", answer, e);
    if (rc < 0)
        return rc;
    return store_save(
        s,
        "INSERT INTO answer (learner, lesson, question, answer, correct, at_ms, first_answer,"
        " first_correct, first_ms, tries) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?4, ?5, ?6, 1)"
        " ON CONFLICT DO UPDATE SET answer = excluded.answer, correct = excluded.correct,"
        " at_ms = excluded.at_ms, tries = answer.tries + 1",
        VALUES(NUMBER(s->learner), TEXT(lesson), TEXT(question), TEXT(answer ? answer : ""),
               NUMBER(right != 0), NUMBER(store_now_ms(s))),
        e);
}

int store_answer_get(struct store *s, const char *lesson, const char *question,
                     struct store_answer **row, struct err *e)
{
    return store_table_read(s, &store_answer_table,
                            "WHERE learner = ?1 AND lesson = ?2 AND question = ?3",
                            VALUES(NUMBER(s->learner), TEXT(lesson), TEXT(question)), row, e);
}

int store_answers(struct store *s, const char *lesson, struct store_answer **list, struct err *e)
{
    return store_table_read(s, &store_answer_table,
                            "WHERE learner = ?1 AND lesson = coalesce(?2, lesson)"
                            " ORDER BY lesson, question",
                            VALUES(NUMBER(s->learner), TEXT(lesson)), list, e);
}

static int check_attempt(const struct store_attempt *a, struct err *e)
{
    int rc = store_check_id("the lesson's id", a->lesson, e);
    if (rc == 0)
        rc = store_check_id("the challenge's id", a->challenge, e);
    if (rc == 0 && (a->kind < 0 || a->kind >= STORE_NKIND))
        rc = err_set(e, ERR_DATA, "kind of challenge %d: there is none", a->kind);
    if (rc == 0)
        rc = store_check_text("what was tried", a->tried, e);
    if (rc == 0)
        rc = store_check_text("the verdict", a->verdict, e);
    return rc < 0 ? rc : store_check_text("the message", a->message, e);
}

int store_attempt_save(struct store *s, const struct store_attempt *a, struct err *e)
{
    int rc = check_attempt(a, e);
    if (rc < 0)
        return rc;
    return store_save(s,
                      "INSERT INTO attempt (learner, lesson, challenge, kind, tried, passed,"
                      " verdict, message, at_ms) VALUES (?1, ?2, ?3, ?4, coalesce(?5, ''), ?6,"
                      " coalesce(?7, ''), coalesce(?8, ''), ?9)",
                      VALUES(NUMBER(s->learner), TEXT(a->lesson), TEXT(a->challenge),
                             TEXT(store_attempt_word((enum store_attempt_kind)a->kind)),
                             TEXT(a->tried), NUMBER(a->passed != 0), TEXT(a->verdict),
                             TEXT(a->message), NUMBER(store_now_ms(s))),
                      e);
}

#define SOME_ATTEMPTS                                                                              \
    "WHERE learner = ?1 AND lesson = coalesce(?2, lesson)"                                         \
    " AND challenge = coalesce(?3, challenge) ORDER BY id DESC"

int store_attempts(struct store *s, const char *lesson, const char *challenge,
                   struct store_attempt **list, struct err *e)
{
    return store_table_read(s, &store_attempt_table, SOME_ATTEMPTS,
                            VALUES(NUMBER(s->learner), TEXT(lesson), TEXT(challenge)), list, e);
}

int store_attempt_last(struct store *s, const char *lesson, const char *challenge,
                       struct store_attempt **row, struct err *e)
{
    return store_table_read(s, &store_attempt_table, SOME_ATTEMPTS " LIMIT 1",
                            VALUES(NUMBER(s->learner), TEXT(lesson), TEXT(challenge)), row, e);
}
