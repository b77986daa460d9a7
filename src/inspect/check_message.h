#ifndef INSPECT_CHECK_MESSAGE_H
#define INSPECT_CHECK_MESSAGE_H

/* What queue-check looks at in a message's file. */

#include <stdint.h>

/* The file of a message: walk_visit, with the struct check as the context. */
int check_message(void *context, int64_t place, const char *id);

#endif
