#ifndef CONTROL_CONTROL_FORM_H
#define CONTROL_CONTROL_FORM_H

/* The check of lines by the parsers with which the programs read them. */

#include <stddef.h>

/* What is wrong with s[0..len), a line of such a file; or null.  limit is one of
 * control/ratelimits, rate one of control/rates. */
const char *control_form_route(const char *s, size_t len);
const char *control_form_sender_route(const char *s, size_t len);
const char *control_form_helo(const char *s, size_t len);
const char *control_form_bind(const char *s, size_t len);
const char *control_form_password(const char *s, size_t len);
const char *control_form_rate(const char *s, size_t len);
const char *control_form_limit(const char *s, size_t len);
const char *control_form_dnsbl(const char *s, size_t len);
const char *control_form_hold(const char *s, size_t len);
const char *control_form_tls_policy(const char *s, size_t len);
const char *control_form_organisation(const char *s, size_t len);

#endif
