#ifndef LIB_SIPHASH_H
#define LIB_SIPHASH_H

/* A hash with a key: SipHash-2-4, for tables whose keys strangers choose. */

#include <stddef.h>
#include <stdint.h>

/*
 * 64 bits that depend on every byte of s[0..len); who does not know the key can't find
 * two that share any of them.
 */
uint64_t siphash(const uint64_t key[2], const char *s, size_t len);

#endif
