#ifndef LIB_HEADER_WATCH_H
#define LIB_HEADER_WATCH_H

/* The header of a message watched as it comes: its size, its hops, where it has been. */

#include <stddef.h>

#define HEADER_WATCH_HOPS_MAX 100       /* Received fields; RFC 5321, 6.3 */
#define HEADER_WATCH_NAME_MAX 16        /* of the names that are known */
#define HEADER_WATCH_ID_MAX 250         /* bytes of a Message-ID */
#define HEADER_WATCH_DELIVERED_MAX 8192 /* bytes of all Delivered-To fields */

/* More Delivered-To fields are a loop, whatever they say. */
#define HEADER_WATCH_DELIVERIES_MAX 25

/* Where in a line of the header we are. */
enum header_watch_place {
	HEADER_WATCH_START, /* of a line */
	HEADER_WATCH_NAME,
	HEADER_WATCH_BLANK, /* between the name and its colon */
	HEADER_WATCH_VALUE  /* and in a folded line */
};

/* Which field we are in. */
enum header_watch_field {
	HEADER_WATCH_OTHER,
	HEADER_WATCH_RECEIVED,
	HEADER_WATCH_MESSAGE_ID,
	HEADER_WATCH_DELIVERED
};

/* What is looked at in the header of a message, which comes piece by piece. */
struct header_watch {
	unsigned long long octets; /* of it so far, line ends counted as two */
	unsigned hops;             /* Received fields so far */
	int ended;                 /* by the empty line, or by one that is no field */
	int is_headless;           /* the message begins with a blank */
	enum header_watch_place place;
	enum header_watch_field field;
	size_t name_len;
	char name[HEADER_WATCH_NAME_MAX]; /* its beginning, in lower case */
	size_t id_len;
	char id[HEADER_WATCH_ID_MAX + 1]; /* the Message-ID, without blanks; a C string */
	unsigned deliveries;              /* Delivered-To fields so far */
	/*
	 * What stands in them, without blanks, each ended by \0; as much as fits.  It
	 * need not be zeroed.
	 */
	size_t delivered_len;
	char delivered[HEADER_WATCH_DELIVERED_MAX];
};

/*
 * Look at s[0..len), text with LF line ends, the next piece of the message.  Zeroed to
 * begin with.
 */
void header_watch_look(struct header_watch *header, const char *s, size_t len);

/* Does a Delivered-To field hold address, in any case? */
int header_watch_was_at(const struct header_watch *header, const char *address);

/*
 * Is a message a loop that is to be delivered to address: has it been there, or anywhere
 * too often?
 */
int header_watch_loops(const struct header_watch *header, const char *address);

#endif
