#ifndef CONTROL_CONTROL_VALUE_H
#define CONTROL_CONTROL_VALUE_H

/* The check of values that are one word: names, addresses, choices. */

#include <stddef.h>

/* What is wrong with s[0..len), which is not empty, as a value of that kind; or null. */
const char *control_value_host(const char *s, size_t len);
const char *control_value_domain_below(const char *s, size_t len);
const char *control_value_network(const char *s, size_t len);
const char *control_value_exempt(const char *s, size_t len);
const char *control_value_local(const char *s, size_t len);
const char *control_value_address(const char *s, size_t len);
const char *control_value_owner(const char *s, size_t len);
const char *control_value_families(const char *s, size_t len);
const char *control_value_tls_version(const char *s, size_t len);
const char *control_value_tls_ciphers(const char *s, size_t len);
const char *control_value_authorities(const char *s, size_t len);
const char *control_value_spf(const char *s, size_t len);
const char *control_value_dmarc(const char *s, size_t len);
const char *control_value_srs(const char *s, size_t len);
const char *control_value_secret(const char *s, size_t len);

#endif
