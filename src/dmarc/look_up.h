#ifndef DMARC_LOOK_UP_H
#define DMARC_LOOK_UP_H

/* Answers of the DNS that are wanted, asked for and waited for. */

#include <stdint.h>

#include "dmarc/answers.h"
#include "lib/dns_client.h"

/*
 * Ask for all that is wanted and not yet asked, to be answered before the time until (of
 * deadline_now).  What can't be asked has failed.
 */
void look_up_ask(struct dns_client *dns, struct answers *answers, int64_t until);

/* Wait for all that was asked; what has not come at that time has failed. */
void look_up_wait(struct dns_client *dns, struct answers *answers, int64_t until);

#endif
