#include <string.h>

#include "lib/text_number.h"
#include "tls/tls_request.h"

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
	return take_name(&request->verify, value);
}

static const struct record {
	const char *name;
	const char *(*take)(struct tls_request *request, const char *value);
} records[] = {
    {"side=", take_side},
    {"timeout=", take_timeout},
    {"alpn=", take_alpn},
    {"servername=", take_servername},
    {"verify=", take_verify},
    {NULL, NULL},
};

static const char *
take_record(struct tls_request *request, const char *s)
{
	const struct record *record;
	size_t len;

	for (record = records; record->name != NULL; record++) {
		len = strlen(record->name);
		if (strncmp(s, record->name, len) == 0)
			return record->take(request, s + len);
	}
	return "unknown parameter";
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
		wrong = take_record(request, s);
		if (wrong != NULL)
			return wrong;
	}
	return request->side == TLS_SIDE_NONE ? "no side" : NULL;
}
