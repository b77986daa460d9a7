#ifndef DNS_QUESTIONS_H
#define DNS_QUESTIONS_H

/* The questions under way, each asked of the DNS once, whoever waits for it. */

#include <stdint.h>

#include "dns/guests.h"

#define QUESTIONS_WAITING_MAX 8192 /* beyond that there is no answer */

/* Begin.  Returns 0, or -1 with errno. */
int questions_begin(void);

/* Answer the question of a guest: at once, or when the DNS has answered. */
void questions_take(struct guest *guest, const struct guests_question *q);

/* He waits no longer. */
void questions_forget(const struct guest *guest);

/* Answer those whose time has come. */
void questions_expire(int64_t now);

/* When the next one's time comes, of deadline_now; INT64_MAX: never. */
int64_t questions_next(void);

#endif
