#ifndef DNS_DNS_READER_H
#define DNS_DNS_READER_H

/* Numbers, names and records read from a DNS message: RFC 1035, 4. */

#include <stddef.h>
#include <stdint.h>

#include <stralloc.h>

#define DNS_READER_NAME_MAX 1024 /* bytes of a name as text */
#define DNS_READER_TTL_MAX 86400 /* seconds: nothing is believed for longer */

/* A message, and a place in it; a read past its end sets is_bad. */
struct dns_reader {
	const unsigned char *m;
	size_t len;
	size_t at;
	int is_bad;
};

struct dns_reader_record {
	stralloc owner; /* as text */
	unsigned type, class;
	uint32_t ttl;
	size_t data, size; /* where its data begin, and how many they are */
};

/* A number of so many bytes, at most 4; 0 past the end. */
uint32_t dns_reader_number(struct dns_reader *r, size_t bytes);

/* Set name to the name there, which may go on elsewhere (4.1.4), as text (5.1). */
void dns_reader_name(struct dns_reader *r, stralloc *name);

/* Step over a record.  Returns 1, or 0 when there is none that is whole. */
int dns_reader_record(struct dns_reader *r, struct dns_reader_record *record);

#endif
