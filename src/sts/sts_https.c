#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/text_decimal.h"
#include "sts/sts_https.h"
#include "sts/sts_settings.h"

#define PORT_HTTPS 443
#define CONNECT_SECONDS 10L
#define TRANSFER_SECONDS 30L

static size_t
take(char *bytes, size_t size, size_t n, void *taker)
{
	struct sts_https *https = taker;

	n *= size;
	if (n > sizeof(https->body) - https->len) {
		https->is_long = 1;
		return 0;
	}
	memcpy(https->body + https->len, bytes, n);
	https->len += n;
	return n;
}

/* Where its name leads is known: libcurl asks nobody. */
static int
set_addresses(
    struct sts_https *https, const char *host, const char *port, const char *addresses)
{
	char entry[STS_POLICY_NAME_MAX + 1024];

	if (strlen(host) + strlen(port) + strlen(addresses) + 4 > sizeof(entry))
		return -1;
	stpcpy(stpcpy(stpcpy(stpcpy(stpcpy(stpcpy(entry, "+"), host), ":"), port), ":"),
	    addresses);
	https->addresses = curl_slist_append(NULL, entry);
	if (https->addresses == NULL)
		return -1;
	return curl_easy_setopt(https->easy, CURLOPT_RESOLVE, https->addresses) ==
		       CURLE_OK
		   ? 0
		   : -1;
}

static int
set_url(struct sts_https *https, const char *domain, const char *addresses)
{
	char url[STS_POLICY_NAME_MAX + 100], host[STS_POLICY_NAME_MAX + 10];
	char number[DECIMAL_MAX];
	unsigned port = sts_settings_number("stsport", PORT_HTTPS, 65535);

	stpcpy(stpcpy(host, "mta-sts."), domain);
	text_decimal(number, port);
	stpcpy(stpcpy(stpcpy(stpcpy(stpcpy(url, "https://"), host),
			  port == PORT_HTTPS ? "" : ":"),
		   port == PORT_HTTPS ? "" : number),
	    "/.well-known/mta-sts.txt");
	if (set_addresses(https, host, number, addresses) == -1)
		return -1;
	return curl_easy_setopt(https->easy, CURLOPT_URL, url) == CURLE_OK ? 0 : -1;
}

/* Does it all, or -1 with why. */
static int
set_options(struct sts_https *https)
{
	char cafile[STS_SETTINGS_LINE_MAX];
	CURL *easy = https->easy;
	int ok, r = sts_settings_line("cafile", cafile);

	if (r == -1) {
		strcpy(https->why, "unable to read control/cafile");
		return -1;
	}
	/* no redirects, RFC 8461, 3.3: libcurl follows none unless told to */
	ok =
	    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_TIMEOUT, TRANSFER_SECONDS) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) ==
		CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_USERAGENT, "facteur") == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, https->why) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
	    curl_easy_setopt(easy, CURLOPT_WRITEDATA, https) == CURLE_OK;
	if (ok && r == 1)
		ok = curl_easy_setopt(easy, CURLOPT_CAINFO, cafile) == CURLE_OK &&
		     curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK;
	if (!ok)
		strcpy(https->why, "libcurl lacks what is needed");
	return ok ? 0 : -1;
}

int
sts_https_begin(struct sts_https *https, CURLM *multi, const char *domain,
    const char *addresses, void *job)
{
	https->len = 0;
	https->is_long = 0;
	https->easy = curl_easy_init();
	strcpy(https->why, "out of memory");
	if (https->easy == NULL || set_options(https) == -1)
		return -1;
	https->why[0] = '\0';
	if (set_url(https, domain, addresses) == 0 &&
	    curl_easy_setopt(https->easy, CURLOPT_PRIVATE, job) == CURLE_OK &&
	    curl_multi_add_handle(multi, https->easy) == CURLM_OK)
		return 0;
	strcpy(https->why, "out of memory");
	return -1;
}

/* RFC 8461, 3.3: nothing but 200 counts, and only plain text. */
static const char *
judge(struct sts_https *https)
{
	char number[DECIMAL_MAX];
	const char *type = NULL;
	long code = 0;

	curl_easy_getinfo(https->easy, CURLINFO_RESPONSE_CODE, &code);
	curl_easy_getinfo(https->easy, CURLINFO_CONTENT_TYPE, &type);
	if (code != 200) {
		stpcpy(stpcpy(https->why, "the web server answered "),
		    text_decimal(number, (unsigned long long)code));
		return "sts-policy-fetch-error";
	}
	if (type != NULL && strncasecmp(type, "text/plain", 10) != 0) {
		strcpy(https->why, "the web server gave no text/plain");
		return "sts-policy-fetch-error";
	}
	return NULL;
}

const char *
sts_https_result(struct sts_https *https, CURLcode code)
{
	if (https->is_long) {
		strcpy(https->why, "the policy is too long");
		return "sts-policy-fetch-error";
	}
	if (code == CURLE_OK)
		return judge(https);
	if (https->why[0] == '\0')
		snprintf(https->why, sizeof(https->why), "%s", curl_easy_strerror(code));
	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
		return "sts-webpki-invalid";
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_OUT_OF_MEMORY:
		return "";
	default:
		return "sts-policy-fetch-error";
	}
}

void
sts_https_end(struct sts_https *https, CURLM *multi)
{
	if (https->easy != NULL) {
		curl_multi_remove_handle(multi, https->easy);
		curl_easy_cleanup(https->easy);
	}
	curl_slist_free_all(https->addresses);
	https->easy = NULL;
	https->addresses = NULL;
}
