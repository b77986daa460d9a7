#ifndef DMARC_DMARC_URI_H
#define DMARC_DMARC_URI_H

/* Where the reports of DMARC go: the values of rua and ruf, RFC 9989, 4.6. */

#include <stddef.h>

#include <stralloc.h>

/*
 * The next address in list[*at..len), the value of rua or ruf: that of a mailto URI,
 * decoded, without what follows a "?" or a "!"; *at moves past it.  URIs of other kinds
 * and malformed ones are passed over.  *limit is how many bytes a report may have there,
 * behind the "!", or 0.  Returns 1 with it in address, 0 at the end.  Dies with DEFER
 * when memory is short.
 */
int dmarc_uri_address(const char *list, size_t len, size_t *at, stralloc *address,
    unsigned long long *limit);

/* Is there any URI in list[0..len), of whatever kind, that is not malformed? */
int dmarc_uri_is_any(const char *list, size_t len);

#endif
