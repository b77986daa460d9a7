#ifndef STS_TLS_GIVE_H
#define STS_TLS_GIVE_H

/* Reports given to who is to have them. */

#include <stralloc.h>

/*
 * Give the message on domain, from sender to those of the places that are addresses, to
 * the sink.  Both return ACCEPT, REJECT or DEFER, and log it.
 */
int tls_give_mail(const char *const *sink, const char *sender, const stralloc *places,
    const stralloc *message, const char *domain);

/* Give the report packed, which gzip has made, to a web server, by https-post. */
int tls_give_web(const char *url, const stralloc *packed, const char *domain);

#endif
