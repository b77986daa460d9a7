#ifndef FINDING_SUPPLY_ORDER_H
#define FINDING_SUPPLY_ORDER_H

/* What the queue's service says to its scheduler: queue-socket(5). */

#include <stddef.h>

#include "lib/queueid.h"

enum supply_kind {
	SUPPLY_MESSAGE, /* to be delivered: fd is the caller's; again: handed over before
			 */
	SUPPLY_WANTED,  /* to be made a file now */
	SUPPLY_FILED    /* the file has taken the place of the record */
};

struct supply_order {
	enum supply_kind kind;
	char id[QUEUEID_LEN + 1];
	int fd, again;
};

/*
 * Take text[0..len) apart; the descriptor is not there yet.  Returns 1; 0 when it says
 * yes and nothing else; -1 when it makes no sense, or says no.
 */
int supply_order_parse(struct supply_order *o, const char *text, size_t len);

#endif
