#ifndef STS_STS_LOG_H
#define STS_STS_LOG_H

/* The log of sts-fetch. */

/* As log_event of lib/log, for sts-fetch, which does not use libowfat. */
void sts_log(const char *event, ...) __attribute__((sentinel));

/* Log that something of ours is not as it should be, with errno's reason. */
void sts_log_fault(const char *what, const char *object);

/* Log that there is no memory, and end the program. */
void sts_log_lack(void) __attribute__((noreturn));

#endif
