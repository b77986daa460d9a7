#ifndef DELIVER_ORDER_END_H
#define DELIVER_ORDER_END_H

#include "deliver/order.h"

/*
 * When all deposits of the order are over, hand what goes on from there to the queue, and
 * set the last answers: one message at a time, for which this may wait.  Returns 1 when
 * something was handed over, and there may be more.
 */
int order_end(struct order_post *post, struct order *order);

#endif
