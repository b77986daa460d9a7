#ifndef POLICY_HELO_NAME_H
#define POLICY_HELO_NAME_H

/* What a client says it is, sorted by its form. */

enum helo_kind {
	HELO_SENSELESS, /* neither name nor address */
	HELO_SHORT,     /* a name without a dot */
	HELO_BARE,      /* an address without brackets */
	HELO_LITERAL,   /* an address in brackets: RFC 5321, 4.1.3 */
	HELO_HOST,
};

/*
 * What kind of argument of HELO or EHLO is the C string s?  Of HELO_LITERAL the address
 * is put to ip.  Letters, digits, hyphens and, since many hosts have them, underscores
 * make a name; so does UTF-8 (RFC 6531).
 */
enum helo_kind helo_name_scan(const char *s, unsigned char ip[16]);

/* Is rule this very name, or a dot and a parent of it, in any case? */
int helo_name_matches(const char *name, const char *rule);

#endif
