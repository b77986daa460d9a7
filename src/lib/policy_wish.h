#ifndef LIB_POLICY_WISH_H
#define LIB_POLICY_WISH_H

/* What a policy behind a socket wants to be asked beside mail and rcpt: policy(5). */

#include <stddef.h>

/* How a client says in its environment that it heeds wishes, and rooms. */
#define POLICY_WISH_HEEDED "POLICY=2"

#define POLICY_WISH_HELO 1
#define POLICY_WISH_DATA 2
#define POLICY_WISH_SIZE 4
#define POLICY_WISH_DONE 8
#define POLICY_WISH_ALL 15

/*
 * The answer s[0..len) to env, without "\n": the verbs that are wished, when it is "Kasks
 * VERB..."; -1 when it says nothing of that.
 */
int policy_wish_take(const char *s, size_t len);

/*
 * Is the answer s[0..len) to rcpt "Kroom=BYTES", yes and room for so many?  Returns 1, or
 * 0.
 */
int policy_wish_room(const char *s, size_t len, unsigned long long *room);

#endif
