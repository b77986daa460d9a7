#ifndef LIB_OUTCOME_H
#define LIB_OUTCOME_H

/* What became of a recipient at one attempt, and who said what about it. */

#include <stddef.h>

#include <stralloc.h>

#define OUTCOME_STATUS_MAX 12 /* "5.999.999" and its 0, with some room */
#define OUTCOME_TEXT_MAX 1000 /* bytes of a text that are handed on */

/*
 * The beginning of a K's text, job(5), by which a delivery program leaves the report of a
 * success to its client.
 */
#define OUTCOME_DELIVERED "delivered: " /* into a mailbox of ours */
#define OUTCOME_RELAYED "relayed: "     /* to a server that won't report it */
#define OUTCOME_EXPANDED "expanded: "   /* to the several addresses of an alias */

/*
 * The beginning of a Z's text when the session ended, or the server had no more time, at
 * one of several recipients: that is no verdict on the others, and they are not tried
 * again together with it.
 */
#define OUTCOME_ENDED_HERE "session ended at this recipient: "
#define OUTCOME_ENDED_ELSEWHERE "session ended at another recipient: "

/* What stands for the IP where the host is the path of a socket. */
#define OUTCOME_LOCAL "unix"

enum outcome_ended { OUTCOME_NOT_ENDED, OUTCOME_HERE, OUTCOME_ELSEWHERE };

/*
 * Where the parts of a text stand in it, BEGINNING: OUR WORDS: HOST[IP] said: REPLY, all
 * of which but one of the last two may be missing; BEGINNING is one of those above.
 */
struct outcome_parts {
	char success; /* the first letter of delivered, relayed, expanded, or 0 */
	enum outcome_ended ended;
	size_t own;            /* what follows the beginning */
	size_t host, host_len; /* the length is 0 when no server has spoken */
	size_t ip, ip_len;
	size_t reply; /* up to the end */
};

/* Find the parts of the text s[0..len). */
void outcome_parts(struct outcome_parts *parts, const char *s, size_t len);

/* The word for the letter in parts.success, an Action of RFC 3464; null for others. */
const char *outcome_success_word(char success);

/* Begin with a zeroed one. */
struct outcome {
	char letter;  /* K delivered, Z not now, D refused for good; 0 while it is open */
	char unasked; /* our own decision: nobody was asked, or the answer was lost */
	char status[OUTCOME_STATUS_MAX]; /* enhanced status code, RFC 3463 */
	stralloc text;                   /* for the sender's eyes, a C string */
	struct outcome_parts parts;      /* of the text */
};

/*
 * Set all of it; the text is made of the strings that follow, up to a null pointer.  Like
 * all that follow, dies with DEFER when memory is short.
 */
void outcome_set(struct outcome *o, char letter, const char *status, ...)
    __attribute__((sentinel));

/* Set it to what the server host, at the address ip, has replied. */
void outcome_set_reply(struct outcome *o, char letter, const char *status,
    const char *host, const char *ip, const char *reply);

/* Set it to what stands in a line, not ended by \0; a status that is too long is cut. */
void outcome_take(struct outcome *o, char letter, const char *status, size_t status_len,
    const char *text, size_t text_len);

/* Put words of ours, or one of those for success, before the text. */
void outcome_lead(struct outcome *o, const char *words);

void outcome_copy(struct outcome *o, const struct outcome *from);
void outcome_free(struct outcome *o);

/*
 * Let o, what is known about earlier hosts, take in what is known about another one: the
 * last word counts, but a refusal for good does not outweigh a host that may be back
 * tomorrow.
 */
void outcome_merge(struct outcome *o, const struct outcome *from);

/* What a server has said, "550 5.1.1 no such user", a C string; null: none has spoken. */
const char *outcome_reply(const struct outcome *o);

/* Whose fault it is. */
enum outcome_whose {
	OUTCOME_JUDGED,      /* somebody has decided on this recipient or message */
	OUTCOME_UNREACHABLE, /* the server's: no connection, no address */
	OUTCOME_TROUBLED,    /* the server's: it broke off, or has no time for anybody */
	OUTCOME_OURS,        /* that of our own programs: no server has spoken */
	OUTCOME_ANOTHERS,    /* another recipient's: nothing is known about this one */
};
enum outcome_whose outcome_whose(const struct outcome *o);

/* Append it to sa as job(5) has it, LETTER STATUS blank TEXT, made printable. */
void outcome_put(stralloc *sa, const struct outcome *o);

/* Set it to s[0..len), which outcome_put has made.  Returns 1; 0, and it is Z, when s is
 * malformed. */
int outcome_parse(struct outcome *o, const char *s, size_t len);

#endif
