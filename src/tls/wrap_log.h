#ifndef TLS_WRAP_LOG_H
#define TLS_WRAP_LOG_H

/* The log of tls-wrap. */

/* As log_event of lib/log, for tls-wrap, which does not use libowfat. */
void wrap_log(const char *event, ...) __attribute__((sentinel));

/* Log that something of ours is not as it should be, with errno's reason. */
void wrap_log_fault(const char *what, const char *object);

#endif
