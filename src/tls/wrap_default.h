#ifndef TLS_WRAP_DEFAULT_H
#define TLS_WRAP_DEFAULT_H

/* Whose certificate stands in where no other fits. */

#include "tls/tls_request.h"

#define WRAP_DEFAULT_ME "control/me"

/*
 * The name whose certificate stands in where no other fits: that of control/me; and when
 * it has no folder, as it is when control/me has just been changed, the first one of all.
 */
void wrap_default_name(char name[TLS_NAME_MAX + 1]);

#endif
