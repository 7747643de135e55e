/* Which language and characters the user wants, from the environment, and the catalogue of texts.
 * Host thread, before there are others. */
#ifndef LOCKSTEP_LANGUAGE_H
#define LOCKSTEP_LANGUAGE_H

/* LC_CTYPE and LC_MESSAGES as the environment says, and the catalogue. A locale that is not
 * installed here (LANG=zh_CN.UTF-8 on a small system) still chooses its language; characters are
 * those of C.UTF-8 then. Sets LANGUAGE in that case. Where the characters are not UTF-8 all texts
 * stay English, and so they do under the locale C; and on the Linux console, unless LANGUAGE is
 * set, where the language has characters that its fonts have not. */
void language_init(void);
/* After language_init: that language in place of the environment's, "en", "zh_CN"; "" for the
 * environment's again. What is shown from here on speaks it. */
void language_use(const char *name);
/* English from here on: what scripts read is the same everywhere. */
void language_none(void);
/* The language of the texts as the files of lessons spell it ("zh_CN"), "" for English. Valid until
 * the next call. */
const char *language_now(void);

#endif
