#ifndef DELIVER_ORDER_END_H
#define DELIVER_ORDER_END_H

#include "deliver/order.h"

/* When all deposits of the order are over, begin to hand over what goes on from there, as
 * far as there is room for it; when that is over, too, set the last answers. */
void order_end(struct order_post *post, struct order *order);

/* Take a turn with what is handed over.  Returns whether some of it is over. */
int order_end_turn(struct order_post *post);

/* Its client has gone: nothing more is handed over. */
void order_end_abandon(struct order_post *post, struct order *order);

#endif
