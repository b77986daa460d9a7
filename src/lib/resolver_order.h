#ifndef LIB_RESOLVER_ORDER_H
#define LIB_RESOLVER_ORDER_H

/* The order in which DNS servers are asked: those that were silent, or
 * refused, come last. */

#include <ares.h>

#define RESOLVER_ORDER_SECONDS 60 /* for so long it is remembered that */

/* Put the channel's servers, which has no questions now, in their order. */
void resolver_order(ares_channel channel);

/*
 * The server to which the socket fd is connected has refused: ask it last, too, as soon
 * as the channel has no questions and resolver_order is called.
 */
void resolver_order_refused(int fd);

/*
 * The questions to the channel are over, and its first n servers gave no answer in time,
 * another one did: remember that, in this process, and put the servers in their order.
 * Where all were silent nothing is learned.
 */
void resolver_order_silent(ares_channel channel, int n);

#endif
