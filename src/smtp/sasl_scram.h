#ifndef SMTP_SASL_SCRAM_H
#define SMTP_SASL_SCRAM_H

/* SCRAM, with or without PLUS: RFC 5802 and 7677. */

#include "smtp/sasl.h"

/* Lead the dialogue to its end.  The client has its reply. */
void sasl_scram(struct sasl *d);

/*
 * What ties an exchange to this session of TLS, in hexadecimal; "" when there is nothing,
 * or when control/channelbinding says that it is not to be used.
 */
const char *sasl_scram_binding(void);

#endif
