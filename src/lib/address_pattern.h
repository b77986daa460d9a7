#ifndef LIB_ADDRESS_PATTERN_H
#define LIB_ADDRESS_PATTERN_H

/* Patterns of addresses, with * for any characters. */

/*
 * Does the C string address look as the pattern says?  In it * stands for any characters,
 * also none; case is ignored.  "@DOMAIN" is any address at the domain, "@.DOMAIN" any at
 * a domain below it.
 */
int address_pattern_fits(const char *pattern, const char *address);

/* The same for the address's domain alone: DOMAIN, or .DOMAIN for all below it. */
int address_pattern_fits_domain(const char *pattern, const char *address);

#endif
