#ifndef DMARC_ANSWERS_H
#define DMARC_ANSWERS_H

/* What is asked of the DNS for one message, and what it answered: each question once. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "dmarc/dmarc_record.h"

#define ANSWERS_MAX 134        /* questions for one message: all that there can be */
#define ANSWERS_NAME_MAX 320   /* of a name asked for, with the labels before a domain */
#define ANSWERS_TEXT_MAX 16384 /* bytes of records that are kept of an answer */

enum answer_kind {
	ANSWER_POLICY, /* the DMARC record at _dmarc.NAME */
	ANSWER_EXISTS, /* is there anything of this name? */
	ANSWER_TEXT    /* the TXT records of NAME */
};

enum answer_state {
	ANSWER_WANTED,  /* to be asked */
	ANSWER_AWAITED, /* asked */
	ANSWER_NO_NAME,
	ANSWER_NOTHING, /* of that kind */
	ANSWER_FOUND,
	ANSWER_FAILED
};

struct answer {
	enum answer_kind kind;
	enum answer_state state;
	uint32_t number;             /* of the question */
	char name[ANSWERS_NAME_MAX]; /* without _dmarc */
	stralloc text;               /* the records, each ended by \0 */
	struct dmarc_record record;  /* of a policy that was found */
};

struct answers {
	size_t n;
	struct answer list[ANSWERS_MAX];
};

/*
 * Want an answer, once.  Returns it, whatever its state is; null when there are too many,
 * or the name is too long.
 */
struct answer *answers_want(
    struct answers *answers, enum answer_kind kind, const char *name);

/* The answer that was wanted, or null. */
struct answer *answers_find(
    struct answers *answers, enum answer_kind kind, const char *name);

/*
 * It has come: append a TXT record, before answers_set.  One that holds a \0 or is too
 * long is no record.  Dies with DEFER when memory is short.
 */
void answers_add(struct answer *answer, const char *s, size_t len);

/* It has come, with state.  A policy is found when exactly one of the records is one. */
void answers_set(struct answer *answer, enum answer_state state);

/* Forget them all. */
void answers_clear(struct answers *answers);

#endif
