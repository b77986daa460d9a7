#ifndef STS_STS_HTTPS_H
#define STS_STS_HTTPS_H

/* A policy fetched from its web server: RFC 8461, 3.3. */

#include <stddef.h>

#include <curl/curl.h>

#include "lib/sts_policy.h"

/* Zeroed to begin with. */
struct sts_https {
	CURL *easy;
	struct curl_slist *addresses;
	size_t len;
	int is_long;
	char why[CURL_ERROR_SIZE];
	char body[STS_POLICY_BYTES];
};

/*
 * Begin to fetch https://mta-sts.DOMAIN/.well-known/mta-sts.txt from addresses, texts
 * with commas between.  Returns 0, or -1 with https->why.
 */
int sts_https_begin(struct sts_https *https, CURLM *multi, const char *domain,
    const char *addresses, void *job);

/*
 * What has come of it, when its transfer has ended with code: null when body[0..len) is
 * the policy, else the result type of RFC 8460, 4.3.2.2, with why; "" when it is for us
 * to put in order.
 */
const char *sts_https_result(struct sts_https *https, CURLcode code);

/* End it, whatever its state. */
void sts_https_end(struct sts_https *https, CURLM *multi);

#endif
