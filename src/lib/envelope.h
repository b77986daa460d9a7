#ifndef LIB_ENVELOPE_H
#define LIB_ENVELOPE_H

/* The parsing of an envelope: sink(5). */

#include <stddef.h>

#include <stralloc.h>

/* The sender of the report about a bounce, inside: qmail-send(8). */
#define ENVELOPE_DOUBLE_BOUNCE "#@[]"

#define ENVELOPE_ADDRESS_MAX 1003 /* qmail-queue's limit, exit code 11 */
#define ENVELOPE_MAX 16777216     /* bytes of a whole envelope */

/* A record's name=value; both are C strings inside the parsed bytes. */
struct envelope_parameter {
	const char *name;
	const char *value;
};

struct envelope_recipient {
	const char *address;
	size_t first;      /* index of its first N record */
	size_t parameters; /* how many N records */
};

/* All strings point into the parsed bytes, which must outlive this. */
struct envelope {
	const char *sender; /* "" for the null sender */
	struct envelope_recipient *recipients;
	size_t count; /* of recipients */
	/* of the message first, then of recipients */
	struct envelope_parameter *parameters;
	size_t message_parameters;
	size_t all_parameters;
};

#define ENVELOPE_OK 1
#define ENVELOPE_INCOMPLETE 0 /* the last byte has not come: nothing may be committed */
#define ENVELOPE_MALFORMED -1
#define ENVELOPE_LONG -2 /* an address is over ENVELOPE_ADDRESS_MAX */

/*
 * Parse s[0..len), `F` sender `\0` (`P` name=value `\0`)* ((`N` name=value `\0`)* `T`
 * recipient `\0`)* `\0`; anything after the last byte is ENVELOPE_MALFORMED.  (The N
 * records stand before the recipient they belong to.)  No `=` in a P or N record,
 * a control character in an address, no recipient: ENVELOPE_MALFORMED.
 * e is overwritten but its arrays are reused: begin with a zeroed one.  Dies with DEFER
 * when memory is short.
 */
int envelope_parse(struct envelope *e, char *s, size_t len);

/*
 * Does every address hold only what a terminal merely shows (lib/visible)?  What comes in
 * must; what is in a queue already may be older than that.
 */
int envelope_is_visible(const struct envelope *e);

/* Free the arrays. */
void envelope_free(struct envelope *e);

/* The value of the message's parameter, of recipient i's parameter; null when not there.
 */
const char *envelope_parameter(const struct envelope *e, const char *name);
const char *envelope_recipient_parameter(
    const struct envelope *e, size_t i, const char *name);

/*
 * Build an envelope: envelope_begin, then envelope_put_parameter for the message, then
 * for each recipient envelope_put_notice for its N records and envelope_put_recipient,
 * then envelope_end.  All die with DEFER when memory is short.
 */
void envelope_begin(stralloc *sa, const char *sender);
void envelope_put_parameter(stralloc *sa, const char *name, const char *value);
void envelope_put_notice(stralloc *sa, const char *name, const char *value);
void envelope_put_recipient(stralloc *sa, const char *address);
void envelope_end(stralloc *sa);

#endif
