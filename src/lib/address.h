#ifndef LIB_ADDRESS_H
#define LIB_ADDRESS_H

#include <stddef.h>

#include <stralloc.h>

#define ADDRESS_MAX 320 /* 64 + @ + 255: RFC 5321, 4.5.3.1 */
#define LOCAL_MAX 64    /* RFC 5321, 4.5.3.1.1 */
#define DOMAIN_MAX 255  /* RFC 5321, 4.5.3.1.2 */

/*
 * Where the domain of s[0..len) begins, just past the last '@'; 0 if s has
 * none.  Does not look for quoting, for the last '@' is the right one either way.
 */
size_t address_domain(const char *s, size_t len);

/*
 * Is s[0..len) a Domain of RFC 5321, 4.1.2 (or, with U-labels, of RFC 6531), or an
 * address literal?  Lengths of labels and of the whole are checked.  Underscores, which
 * no host's name has but DNS carries, are let through: others do send mail from there.
 */
int address_is_domain(const char *s, size_t len);

/* The same without underscores: for names that are ours. */
int address_is_host(const char *s, size_t len);

/* Is s[0..len) a Local-part of RFC 5321, 4.1.2: dot-string or quoted string? */
int address_is_local(const char *s, size_t len);

/* Is s[0..len) a Mailbox of RFC 5321, 4.1.2: local part, '@', domain? */
int address_is_mailbox(const char *s, size_t len);

/*
 * Set key to the form under which the address s[0..len) is looked up: quoting
 * removed where it says nothing, ASCII letters in lower case.  The domain's
 * trailing dot is dropped.  Dies with DEFER when memory is short.
 */
void address_key(stralloc *key, const char *s, size_t len);

/*
 * May s[0..len) be the name of a folder: not empty, not ".", "..", hidden or
 * over 255 bytes, no '/', no control character?
 */
int address_is_folder(const char *s, size_t len);

#endif
