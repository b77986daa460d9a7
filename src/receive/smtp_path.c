#include <string.h>
#include <strings.h>

#include "lib/address.h"
#include "receive/smtp_path.h"

/* The bytes of the A-d-l and its colon (RFC 5321, 4.1.2); 0 when it is malformed. */
static size_t
route_scan(const char *s, size_t len)
{
	size_t at = 0, end;

	for (;;) {
		if (at == len || s[at] != '@')
			return 0;
		for (end = ++at; end < len && s[end] != ',' && s[end] != ':'; end++)
			;
		/* The colons of an IPv6 literal are inside brackets. */
		if (at < end && s[at] == '[')
			while (end < len && s[end - 1] != ']')
				end++;
		if (end == len || !address_is_domain(s + at, end - at))
			return 0;
		if (s[end] == ':')
			return end + 1;
		if (s[end] != ',')
			return 0;
		at = end + 1;
	}
}

/* Where the bracket outside of quotes is that ends the path; len when there is none. */
static size_t
find_end(const char *s, size_t len)
{
	int quoted = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (quoted && s[i] == '\\')
			i++;
		else if (s[i] == '"')
			quoted = !quoted;
		else if (s[i] == '>' && !quoted)
			return i;
	}
	return len;
}

size_t
smtp_path_scan(const char *s, size_t len, struct smtp_path *path)
{
	size_t at = 1, size, route = 0;

	if (len < 2 || s[0] != '<')
		return 0;
	if (s[1] == '@') {
		route = route_scan(s + 1, len - 1);
		if (!route)
			return 0;
		at += route;
	}
	size = find_end(s + at, len - at);
	if (at + size == len)
		return 0;
	path->address = s + at;
	path->len = size;
	if (address_is_mailbox(s + at, size))
		path->kind = SMTP_PATH_MAILBOX;
	else if (route)
		return 0;
	else if (!size)
		path->kind = SMTP_PATH_NULL;
	else if (size <= LOCAL_MAX && address_is_local(s + at, size))
		path->kind = SMTP_PATH_LOCAL;
	else
		return 0;
	return at + size + 1;
}

static int
is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int
smtp_parameter_next(
    const char *s, size_t len, size_t *at, struct smtp_parameter *parameter)
{
	size_t i = *at;

	while (i < len && s[i] == ' ')
		i++;
	if (i == len)
		return 0;
	if (i == *at || !is_alphanumeric(s[i]))
		return -1;
	parameter->keyword = s + i;
	while (i < len && (is_alphanumeric(s[i]) || s[i] == '-'))
		i++;
	parameter->keyword_len = s + i - parameter->keyword;
	parameter->value = NULL;
	parameter->value_len = 0;
	if (i < len && s[i] == '=') {
		parameter->value = s + ++i;
		while (i < len && (unsigned char)s[i] > ' ' && s[i] != 127 && s[i] != '=')
			i++;
		parameter->value_len = s + i - parameter->value;
		if (!parameter->value_len)
			return -1;
	}
	if (i < len && s[i] != ' ')
		return -1;
	*at = i;
	return 1;
}

int
smtp_parameter_is(const struct smtp_parameter *parameter, const char *keyword)
{
	return parameter->keyword_len == strlen(keyword) &&
	       !strncasecmp(parameter->keyword, keyword, parameter->keyword_len);
}
