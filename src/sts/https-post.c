/* https-post: give what comes on descriptor 0 to a web server. */

#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <curl/curl.h>

#include "lib/home_path.h"
#include "lib/log_line.h"
#include "lib/text_decimal.h"
#include "lib/verdict.h"
#include "sts/sts_settings.h"

#define BODY_MAX 16777216
#define SECONDS 60L

static char body[BODY_MAX + 1];

static void
complain(const char *event, ...)
{
	va_list pairs;

	va_start(pairs, event);
	log_line_write("https-post", NULL, event, pairs);
	va_end(pairs);
}

static int
fail(int code, const char *reason)
{
	complain("failed", "reason", reason, (char *)NULL);
	return code;
}

/* What the web server says beside its code does not matter. */
static size_t
drop(char *bytes, size_t size, size_t n, void *sum)
{
	size_t *total = sum;

	(void)bytes;
	*total += size * n;
	return *total > BODY_MAX ? 0 : size * n;
}

static ssize_t
read_body(void)
{
	size_t len = 0;
	ssize_t r;

	while ((r = read(0, body + len, sizeof(body) - len)) > 0)
		len += (size_t)r;
	return r == 0 ? (ssize_t)len : -1;
}

static int
set_up(CURL *easy, const char *url, struct curl_slist *header, size_t len,
    size_t *dropped, char *why)
{
	char cafile[STS_SETTINGS_LINE_MAX];
	int r = sts_settings_line("cafile", cafile);
	int ok = r != -1 && curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
		 curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
		 curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
		 curl_easy_setopt(easy, CURLOPT_TIMEOUT, SECONDS) == CURLE_OK &&
		 curl_easy_setopt(easy, CURLOPT_SSLVERSION,
		     (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
		 curl_easy_setopt(easy, CURLOPT_USERAGENT, "facteur") == CURLE_OK &&
		 curl_easy_setopt(easy, CURLOPT_HTTPHEADER, header) == CURLE_OK &&
		 curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body) == CURLE_OK &&
		 curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)len) == CURLE_OK &&
		 curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, why) == CURLE_OK &&
		 curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop) == CURLE_OK &&
		 curl_easy_setopt(easy, CURLOPT_WRITEDATA, dropped) == CURLE_OK;

	if (ok && r == 1)
		ok = curl_easy_setopt(easy, CURLOPT_CAINFO, cafile) == CURLE_OK &&
		     curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK;
	return ok ? 0 : -1;
}

/* Returns the exit code. */
static int
post(const char *url, const char *type, size_t len)
{
	char field[200] = "Content-Type: ", why[CURL_ERROR_SIZE] = "",
	     decimal[DECIMAL_MAX];
	struct curl_slist *header;
	CURL *easy = curl_easy_init();
	size_t dropped = 0;
	CURLcode r;
	long code = 0;

	strncat(field, type, sizeof(field) - strlen(field) - 1);
	header = curl_slist_append(NULL, field);
	if (easy == NULL || header == NULL ||
	    set_up(easy, url, header, len, &dropped, why) == -1)
		return fail(DEFER, "unable to begin with libcurl");
	r = curl_easy_perform(easy);
	if (r != CURLE_OK) {
		complain("failed", "url", url, "reason",
		    why[0] != '\0' ? why : curl_easy_strerror(r), (char *)NULL);
		return r == CURLE_URL_MALFORMAT || r == CURLE_UNSUPPORTED_PROTOCOL
			   ? REJECT
			   : DEFER;
	}
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
	complain("posted", "url", url, "code",
	    text_decimal(decimal, (unsigned long long)code), (char *)NULL);
	if (code / 100 == 2)
		return ACCEPT;
	return code / 100 == 5 || code == 429 ? DEFER : REJECT;
}

int
main(int argc, char **argv)
{
	const char *type = "application/octet-stream";
	ssize_t len;

	signal(SIGPIPE, SIG_IGN);
	if (argc == 4 && strcmp(argv[1], "-t") == 0) {
		type = argv[2];
		argv += 2;
		argc -= 2;
	}
	if (argc != 2 || *argv[1] == '-')
		return fail(DEFER, "usage: https-post [-t type] url");
	if (strncasecmp(argv[1], "https://", 8) != 0)
		return fail(REJECT, "not a URL of https");
	if (chdir(home_path()) == -1)
		return fail(DEFER, "unable to enter the home");
	len = read_body();
	if (len == -1)
		return fail(DEFER, "unable to read");
	if (len > BODY_MAX)
		return fail(REJECT, "it is too long");
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fail(DEFER, "unable to begin with libcurl");
	return post(argv[1], type, (size_t)len);
}
