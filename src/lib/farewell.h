#ifndef LIB_FAREWELL_H
#define LIB_FAREWELL_H

/* The last word to a client that is not served, on descriptor 1. */

#define FAREWELL_TROUBLE "421 4.3.0 unable to serve you now, try again later\r\n"

/* Say reply to the client, unless it is null, and end with the verdict. */
void farewell_end(const char *reply, int verdict) __attribute__((noreturn));

/*
 * Log "unable to WHAT OBJECT" with errno's reason, say reply unless it is null, and end
 * with DEFER.
 */
void farewell_fail(const char *reply, const char *what, const char *object)
    __attribute__((noreturn));

#endif
