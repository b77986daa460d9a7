#ifndef ORIGIN_CLAIM_H
#define ORIGIN_CLAIM_H

/* Whose name an Authentication-Results field claims: RFC 8601, 2.2 and 5. */

#include <stddef.h>

#define CLAIM_NAME_MAX 512 /* bytes of a name: of a longer one the first count */

/* The beginning of the field's value, up to its first semicolon, as it comes. */
struct claim {
	unsigned depth; /* of comments */
	int is_quoted;
	int is_escaped; /* the next byte stands for itself */
	int is_over;
	int is_cut;       /* the first word has ended */
	size_t first_len; /* of the first word, at the beginning of name */
	size_t len;       /* of all words, written without what is between them */
	char name[CLAIM_NAME_MAX];
};

/* Zeroed to begin with: take the next byte.  Returns 1 when no more are needed. */
int claim_take(struct claim *claim, char c);

/*
 * May those who read the field take it for one of ours?  name is ours, in lower case.
 * So may one that can't be read to the end of its name.
 */
int claim_is_of(struct claim *claim, const char *name);

#endif
