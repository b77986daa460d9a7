#ifndef LIB_TLSA_RECORD_H
#define LIB_TLSA_RECORD_H

/* TLSA records, as far as SMTP can use them: RFC 6698, 7672. */

#include <stddef.h>

#include <stralloc.h>

#define TLSA_RECORD_DATA_MAX 4096 /* bytes of a whole certificate or key */

/*
 * Append the record data[0..len), as it stands in the DNS, to records, as "USAGE SELECTOR
 * TYPE HEX" ended by \0, when it is one that SMTP can use.  Returns 1; 0 when it is
 * malformed, or of the kinds that RFC 7672, 3.1.3 has no use for.  Dies with DEFER when
 * memory is short.
 */
int tlsa_record_put(stralloc *records, const unsigned char *data, size_t len);

#endif
