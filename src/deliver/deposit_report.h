#ifndef DELIVER_DEPOSIT_REPORT_H
#define DELIVER_DEPOSIT_REPORT_H

#include "deliver/deposit.h"
#include "lib/outcome.h"

/* Set the recipient's answer to what has come of a deposit that is over. */
void deposit_report(const struct deposit *deposit, struct outcome *answer);

#endif
