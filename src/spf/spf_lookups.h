#ifndef SPF_SPF_LOOKUPS_H
#define SPF_SPF_LOOKUPS_H

/* The answers of the DNS that an evaluation has needed so far, asked of dns-serve. */

#include <stddef.h>
#include <stdint.h>

#include "lib/dns_client.h"

#define SPF_LOOKUPS_MAX 400    /* more than the limits of RFC 7208, 4.6.4 let be asked */
#define SPF_LOOKUPS_SECONDS 20 /* for all of them: RFC 7208, 4.6.4 */

struct spf_lookups_entry {
	char *type_name; /* "TYPE NAME" */
	uint32_t id;     /* of the question while it is not answered, else 0 */
	char *bytes;     /* of the answer */
	struct dns_answer answer;
};

/* Zeroed to begin with, with client DNS_CLIENT_NONE. */
struct spf_lookups {
	struct dns_client client;
	struct spf_lookups_entry *entries;
	size_t count;
	size_t owed;   /* that are not answered */
	int is_anew;   /* the connection has been made once more */
	int64_t until; /* of deadline_now: then there are no more answers; 0: not begun */
};

/* A spf_lookup of spf_evaluate.h: lookups is the asker. */
const struct dns_answer *spf_lookups_find(
    void *lookups, const char *type, const char *name);

/* What is asked from here on goes out together, with spf_lookups_send. */
void spf_lookups_gather(struct spf_lookups *l);

void spf_lookups_send(struct spf_lookups *l);

/* Forget all answers but that to TYPE NAME, or the question for it, and begin anew with
 * that: its time too. */
void spf_lookups_keep(struct spf_lookups *l, const char *type_name);

/* Take what has been answered, or has taken too long.  client.fd is to be polled, up to
 * until. */
void spf_lookups_take(struct spf_lookups *l);

/* Forget all answers; the connection is for others then. */
void spf_lookups_clear(struct spf_lookups *l);

void spf_lookups_free(struct spf_lookups *l);

#endif
