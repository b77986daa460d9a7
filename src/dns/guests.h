#ifndef DNS_GUESTS_H
#define DNS_GUESTS_H

/* The clients of dns-serve: what they ask, heard, and what they are told. */

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#include "lib/dns_answer.h"

#define GUESTS_REQUEST_MAX 2048   /* bytes */
#define GUESTS_UNSAID_MAX 1048576 /* bytes of answers that one may leave unread */
#define GUESTS_OWED_MAX 256       /* questions of one that are not answered */

struct guest {
	int fd;
	size_t owed;    /* questions that are not answered */
	stralloc heard; /* and not yet taken apart */
	stralloc unsaid;
	size_t said; /* of that */
	int is_gone;
};

struct guests {
	struct guest **list;
	size_t count, most;
	int64_t closed_until; /* the door: while descriptors are short; 0: it is open */
};

/* A question: RFC 1035's type, and the name as text. */
struct guests_question {
	uint32_t id;
	unsigned type;
	unsigned milliseconds;
	const char *type_name; /* "TXT NAME" is a C string of it */
};

/* Take s[0..len), a request, apart: words is the C string that the question points into.
 * Returns 1, or 0 when it is none. */
int guests_parse(struct guests_question *q, stralloc *words, const char *s, size_t len);

/* The question of a guest: to be answered now or later by guests_tell. */
typedef void guests_asked(struct guest *guest, const struct guests_question *q);

void guests_begin(struct guests *g, size_t most);

/* What is to be polled: first the guests in their order, then the door. */
void guests_polled(const struct guests *g, struct pollfd *pollers, int listening);

/*
 * Hear them, and whoever comes in.  Those that have left, or say what makes no sense, are
 * marked as gone.  Returns 0, or -1 with errno when the socket is of no use.
 */
int guests_hear(
    struct guests *g, const struct pollfd *pollers, int listening, guests_asked *asked);

/* Answer a question of his. */
void guests_tell(struct guest *guest, const struct dns_answer *answer);

/* Say what is to be said, as far as they take it. */
void guests_say(struct guests *g);

/* The next of those that have gone, taken out of the list; null when there is none. */
struct guest *guests_gone(struct guests *g);

void guests_free(struct guest *guest);

#endif
