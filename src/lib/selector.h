#ifndef LIB_SELECTOR_H
#define LIB_SELECTOR_H

#include <stddef.h>
#include <stdint.h>

/*
 * Which messages of the queue are meant: words NAME=VALUE, queue-list(8).  Words of one
 * name are alternatives, and of each name there must be one that holds.
 */
enum selector_name {
	SELECTOR_SENDER,
	SELECTOR_RECIPIENT,
	SELECTOR_DOMAIN,
	SELECTOR_USER,
	SELECTOR_OLDER,
	SELECTOR_YOUNGER,
	SELECTOR_LARGER,
	SELECTOR_SMALLER,
	SELECTOR_STATE,
	SELECTOR_NAMES
};

#define SELECTOR_MAX 64 /* words */

struct selector {
	struct selector_word {
		enum selector_name name;
		const char *value;
		int64_t number;      /* of the value, for those that compare */
		int about_recipient; /* else it is about the message */
	} words[SELECTOR_MAX];
	size_t count;
};

struct selector_message {
	const char *place;  /* journal, new, later, paused, hold or bad */
	const char *sender; /* "" for the null sender */
	const char *user;   /* who submitted it, or null */
	int64_t age;        /* seconds */
	int64_t size;       /* bytes */
};

struct selector_recipient {
	const char *address;
	const char *state; /* waiting, deferred, failed, delivered, bounced or removed */
};

/*
 * Add the C string word, which is not copied, to a selector that was zeroed at first.
 * Returns null, or what is wrong with it.
 */
const char *selector_add(struct selector *s, const char *word);

/*
 * Add the words of a line, with blanks between, which is written over; they are to be of
 * a message that has just come, control(5), hold.  Returns null, or what is wrong.
 */
const char *selector_take_rule(struct selector *s, char *line);

/* Does one of the words ask something of recipients? */
int selector_asks_recipients(const struct selector *s);

/* Can it be told of a message that has just come: nothing about its age and state? */
int selector_fits_arrival(const struct selector *s);

/* Does all hold that is said of the message itself? */
int selector_meets_message(const struct selector *s, const struct selector_message *m);

/* Does all hold that is said of recipients, of this one? */
int selector_meets_recipient(const struct selector *s, const struct selector_message *m,
    const struct selector_recipient *r);

#endif
