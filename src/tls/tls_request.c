#include <string.h>

#include "lib/text_number.h"
#include "tls/tls_request.h"

#define HEX "0123456789abcdefABCDEF"

static const char *
take_side(struct tls_request *request, const char *value)
{
	if (strcmp(value, "server") == 0)
		request->side = TLS_SIDE_SERVER;
	else if (strcmp(value, "client") == 0)
		request->side = TLS_SIDE_CLIENT;
	else
		return "side is neither server nor client";
	return NULL;
}

static const char *
take_timeout(struct tls_request *request, const char *value)
{
	unsigned long long seconds;

	if (!text_number(value, strlen(value), TLS_TIMEOUT_MAX, &seconds) || seconds == 0)
		return "timeout is not between 1 and 600";
	request->timeout = (unsigned)seconds;
	return NULL;
}

static const char *
take_name(const char **name, const char *value)
{
	if (*value == '\0' || strlen(value) > TLS_NAME_MAX)
		return "a name is empty or too long";
	*name = value;
	return NULL;
}

static const char *
take_tickets(struct tls_request *request, const char *value)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return "tickets is neither yes nor no";
	request->no_tickets = strcmp(value, "no") == 0;
	return NULL;
}

static const char *
take_clear(struct tls_request *request, const char *value)
{
	if (strcmp(value, "passed") != 0)
		return "clear is not passed";
	request->has_passed_clear = 1;
	return NULL;
}

static const char *
take_alpn(struct tls_request *request, const char *value)
{
	return take_name(&request->alpn, value);
}

static const char *
take_servername(struct tls_request *request, const char *value)
{
	return take_name(&request->servername, value);
}

static const char *
take_verify(struct tls_request *request, const char *value)
{
	if (strcmp(value, "none") == 0)
		request->verify = TLS_VERIFY_NONE;
	else if (strcmp(value, "pkix") == 0)
		request->verify = TLS_VERIFY_PKIX;
	else if (strcmp(value, "dane") == 0)
		request->verify = TLS_VERIFY_DANE;
	else if (strcmp(value, "fingerprint") == 0)
		request->verify = TLS_VERIFY_FINGERPRINT;
	else
		return "verify is neither none, pkix, dane nor fingerprint";
	return NULL;
}

static const char *
take_min(struct tls_request *request, const char *value)
{
	if (strcmp(value, "1.2") != 0 && strcmp(value, "1.3") != 0)
		return "min is neither 1.2 nor 1.3";
	request->needs_1_3 = strcmp(value, "1.3") == 0;
	return NULL;
}

static const char *
take_session(struct tls_request *request, const char *value)
{
	if (*value == '\0' || strlen(value) > TLS_KEY_MAX)
		return "session is empty or too long";
	request->session = value;
	return NULL;
}

static const char *
take_ciphers(struct tls_request *request, const char *value)
{
	if (*value == '\0' || strlen(value) > TLS_KEY_MAX)
		return "ciphers is empty or too long";
	request->ciphers = value;
	return NULL;
}

/* A dot at the beginning would stand for all names below it: to OpenSSL, not to us. */
static const char *
take_match(struct tls_request *request, const char *value)
{
	if (request->matches_n == TLS_MATCHES)
		return "too many names to match";
	if (*value == '.')
		return "a name to match begins with a dot";
	return take_name(&request->matches[request->matches_n++], value);
}

/* A number of one byte and the blank after it.  Returns what follows, or null. */
static const char *
scan_byte(const char *s, unsigned *n)
{
	size_t len = strcspn(s, " ");
	unsigned long long value;

	if (!text_number(s, len, 255, &value) || s[len] != ' ')
		return NULL;
	*n = (unsigned)value;
	return s + len + 1;
}

static const char *
take_record(struct tls_request *request, const char *s)
{
	struct tls_record *record = &request->records[request->records_n];

	if (request->records_n == TLS_RECORDS)
		return "too many TLSA records";
	s = scan_byte(s, &record->usage);
	if (s != NULL)
		s = scan_byte(s, &record->selector);
	if (s != NULL)
		s = scan_byte(s, &record->type);
	if (s == NULL || *s == '\0' || strlen(s) % 2 != 0 || s[strspn(s, HEX)] != '\0')
		return "malformed TLSA record";
	record->hex = s;
	request->records_n++;
	return NULL;
}

static const char *
take_fingerprint(struct tls_request *request, const char *value)
{
	if (request->fingerprints_n == TLS_FINGERPRINTS)
		return "too many fingerprints";
	if (strlen(value) != TLS_FINGERPRINT_LEN || value[strspn(value, HEX)] != '\0')
		return "a fingerprint is not 64 hexadecimal digits";
	request->fingerprints[request->fingerprints_n++] = value;
	return NULL;
}

static const struct parameter {
	const char *name;
	const char *(*take)(struct tls_request *request, const char *value);
} parameters[] = {
    {"side=", take_side},
    {"timeout=", take_timeout},
    {"tickets=", take_tickets},
    {"clear=", take_clear},
    {"alpn=", take_alpn},
    {"servername=", take_servername},
    {"verify=", take_verify},
    {"min=", take_min},
    {"ciphers=", take_ciphers},
    {"session=", take_session},
    {"match=", take_match},
    {"tlsa=", take_record},
    {"fingerprint=", take_fingerprint},
    {NULL, NULL},
};

static const char *
take_parameter(struct tls_request *request, const char *s)
{
	const struct parameter *parameter;
	size_t len;

	for (parameter = parameters; parameter->name != NULL; parameter++) {
		len = strlen(parameter->name);
		if (strncmp(s, parameter->name, len) == 0)
			return parameter->take(request, s + len);
	}
	return "unknown parameter";
}

/* Nothing to judge by would be no judgement.  Null, or what is wrong. */
static const char *
judge(const struct tls_request *request)
{
	if (request->side == TLS_SIDE_NONE)
		return "no side";
	/* no process that serves others has met one client before */
	if (request->has_passed_clear && request->side == TLS_SIDE_SERVER)
		return "clear=passed for a server";
	if (request->verify == TLS_VERIFY_PKIX && request->matches_n == 0 &&
	    request->servername == NULL)
		return "verify=pkix without a name";
	if (request->verify == TLS_VERIFY_DANE &&
	    (request->records_n == 0 || request->servername == NULL))
		return "verify=dane without tlsa or servername";
	if (request->verify == TLS_VERIFY_FINGERPRINT && request->fingerprints_n == 0)
		return "verify=fingerprint without fingerprint";
	return NULL;
}

const char *
tls_request_parse(struct tls_request *request, const char *s, size_t len)
{
	const char *end = s + len, *wrong;

	memset(request, 0, sizeof(*request));
	request->timeout = TLS_TIMEOUT_DEFAULT;
	if (len == 0 || end[-1] != '\0')
		return "the last record has no end";
	for (; s < end; s += strlen(s) + 1) {
		wrong = take_parameter(request, s);
		if (wrong != NULL)
			return wrong;
	}
	return judge(request);
}
