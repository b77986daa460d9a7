/* What the queue's service orders of its scheduler is of a message that has an ID. */

#include <stdint.h>
#include <stdlib.h>

#include "finding/supply_order.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct supply_order order;

	if (supply_order_parse(&order, (const char *)data, len) == 1 &&
	    (order.kind > SUPPLY_FILED || !queueid_is(order.id) || order.fd != -1 ||
		(order.again && order.kind != SUPPLY_MESSAGE)))
		abort();
	return 0;
}
