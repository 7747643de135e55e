/* The commands of plain mode: one table for all prompts (plain_talk.def), from which help, dispatch
 * and the manual page come. Host thread; everything but the commands themselves is pure. */
#ifndef LOCKSTEP_PLAIN_COMMAND_H
#define LOCKSTEP_PLAIN_COMMAND_H

#include "base.h"

#include <stdio.h>

enum talk_prompt {
#define PROMPT(id, title, how) TALK_##id,
#define COMMAND(function, letter, word, args, help)
#include "plain_talk.def"
#undef PROMPT
#undef COMMAND
    TALK_PROMPTS
};

/* What an answer to a prompt leads to. */
enum talk_answer {
    ANSWER_STAY, /* ask again */
    ANSWER_ON,   /* tell where we are now, then ask again */
    ANSWER_BACK, /* to the prompt before this one */
    ANSWER_EXIT, /* leave lockstep */
    ANSWER_NONE  /* it is no command */
};

/* A command of a prompt; ctx is what the prompt is about, rest what followed the name, without
 * blanks around it. */
typedef enum talk_answer talk_function(void *ctx, const char *rest);
#define PROMPT(id, title, how)
#define COMMAND(function, letter, word, args, help) talk_function talk_##function;
#include "plain_talk.def"
#undef PROMPT
#undef COMMAND

struct talk_command {
    enum talk_prompt prompt;          /* of a row that begins a prompt */
    const char *letter, *word, *args; /* "" none */
    const char *help;                 /* not translated yet */
    talk_function *run;
};
/* The i-th command of a prompt; NULL past the last. */
const struct talk_command *talk_command_at(enum talk_prompt prompt, size_t i);

/* Run a line as a command of `prompt`, known by its short or long name in capital or small letters.
 * An unknown word is said to be none, with the nearest command. An empty line and one that begins
 * with a digit are no commands: ANSWER_NONE, and nothing is said. */
enum talk_answer talk_run(enum talk_prompt prompt, void *ctx, const char *line);
/* The command that a word calls; NULL none. */
const struct talk_command *talk_find(enum talk_prompt prompt, const char *word, size_t n);
/* The name that is nearest to a word by inserted, deleted, changed and swapped letters; NULL when
 * none is near. */
const char *talk_nearest(enum talk_prompt prompt, const char *word, size_t n);
/* What can be answered, a command a line; about: only rows with that word ("": all). */
void talk_help(enum talk_prompt prompt, const char *about, struct buf *out);
/* All prompts as plain text, for the manual page. */
void talk_print_text(FILE *out);

#endif
