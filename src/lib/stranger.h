#ifndef LIB_STRANGER_H
#define LIB_STRANGER_H

/* How long a client may stay before it has shown what it has come for. */

#define STRANGER_BUSY "SERVICE_BUSY" /* set by peer-limit when places are few */

/*
 * Set *seconds to the time that a client has up to its first accepted MAIL, AUTH or PASS:
 * control/timeoutstranger, or a quarter of it when $SERVICE_BUSY is set.  Returns 0, or
 * -1 after having logged why that can't be known.
 */
int stranger_seconds(unsigned *seconds);

#endif
