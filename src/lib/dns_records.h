#ifndef LIB_DNS_RECORDS_H
#define LIB_DNS_RECORDS_H

/* A message of the DNS, as it came, and the records in it: RFC 1035, 4. */

#include <stddef.h>

#define DNS_RECORDS_TLSA 52 /* RFC 6698 */
#define DNS_RECORDS_CNAME 5
#define DNS_RECORDS_NS 2

/* An answer that is being read. */
struct dns_records {
	const unsigned char *bytes;
	size_t len;
	size_t at;         /* of the next record */
	unsigned left;     /* records of the answer section */
	int is_authentic;  /* the AD bit: RFC 6840, 5.8 */
	unsigned response; /* RCODE */
};

/* A record; data points into the answer. */
struct dns_record {
	unsigned type;
	unsigned long ttl;
	const unsigned char *data;
	size_t len;
};

/* Begin to read bytes[0..len).  Returns 0, or -1 when it is no answer. */
int dns_records_begin(struct dns_records *a, const unsigned char *bytes, size_t len);

/*
 * The next record of the answer section, of class IN.  Returns 1; 0 when there are no
 * more; -1 when the answer is malformed.
 */
int dns_records_next(struct dns_records *a, struct dns_record *record);

#endif
