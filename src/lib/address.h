#ifndef LIB_ADDRESS_H
#define LIB_ADDRESS_H

/* The parts of an address, and their limits. */

#include <stddef.h>

#include <stralloc.h>

#define ADDRESS_MAX 320 /* 64 + @ + 255 octets: RFC 5321, 4.5.3.1 */
/* 64 is what everybody must take (RFC 5321, 4.5.3.1.1); bounce addresses and reply tokens
 * have more: as much as a path of 256 bytes can hold (4.5.3.1.3). */
#define ADDRESS_LOCAL_MAX 252
#define ADDRESS_DOMAIN_MAX 255 /* RFC 5321, 4.5.3.1.2 */

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

/*
 * Is s[0..len) a Local-part of RFC 5321, 4.1.2, or of RFC 6531: dot-string or quoted
 * string?  What a terminal would not merely show (lib/visible) is in no address.
 */
int address_is_local(const char *s, size_t len);

/* Is s[0..len) a Mailbox of RFC 5321, 4.1.2: local part, '@', domain? */
int address_is_mailbox(const char *s, size_t len);

/*
 * Is s[0..len) a Local-part but for dots at its ends or beside each other, as some
 * senders have them?
 */
int address_is_dotted(const char *s, size_t len);

/*
 * Set key to the form under which the address s[0..len) is looked up: quoting
 * removed where it says nothing, ASCII letters in lower case.  The domain's
 * trailing dot is dropped.  Dies with DEFER when memory is short.
 */
void address_key(stralloc *key, const char *s, size_t len);

/* Set key to the form under which the domain s[0..len) alone is looked up. */
void address_domain_key(stralloc *key, const char *s, size_t len);

/*
 * May s[0..len) be the name of a folder: not empty, not ".", "..", hidden or
 * over 255 bytes, no '/', no control character?
 */
int address_is_folder(const char *s, size_t len);

#endif
