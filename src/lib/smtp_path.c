#include <string.h>
#include <strings.h>

#include "lib/address.h"
#include "lib/smtp_path.h"

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

/* Where the character outside of quotes is that ends the path; len when there is none. */
static size_t
find_end(const char *s, size_t len, char end)
{
	int quoted = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (quoted && s[i] == '\\')
			i++;
		else if (s[i] == '"')
			quoted = !quoted;
		else if (s[i] == end && !quoted)
			return i;
	}
	return len;
}

static void
put(struct smtp_path *path, const char *s, size_t len)
{
	memcpy(path->address + path->len, s, len);
	path->len += len;
}

/* Write the address s[0..len) in its canonical form.  Returns 1, or 0 for too long. */
static int
write_address(struct smtp_path *path, const char *s, size_t len)
{
	size_t domain = address_domain(s, len), local = domain ? domain - 1 : len;

	path->has_end_dot = domain && len > domain && s[len - 1] == '.';
	path->is_dotted = domain && address_is_dotted(s, local);
	len -= (size_t)path->has_end_dot;
	path->len = 0;
	if (len + 2 * (size_t)path->is_dotted >= sizeof path->address)
		return 0;
	if (path->is_dotted)
		put(path, "\"", 1);
	put(path, s, local);
	if (path->is_dotted)
		put(path, "\"", 1);
	put(path, s + local, len - local);
	path->address[path->len] = '\0';
	return 1;
}

/* Which kind of path is it, with a source route or without?  1, or 0 when malformed. */
static int
judge(struct smtp_path *path, size_t route)
{
	if (address_is_mailbox(path->address, path->len))
		path->kind = SMTP_PATH_MAILBOX;
	else if (route)
		return 0;
	else if (!path->len && !path->is_bare)
		path->kind = SMTP_PATH_NULL;
	else if (address_is_local(path->address, path->len))
		path->kind = SMTP_PATH_LOCAL;
	else
		return 0;
	return 1;
}

size_t
smtp_path_scan(const char *s, size_t len, struct smtp_path *path)
{
	size_t at, size, route = 0;

	if (!len)
		return 0;
	path->is_bare = s[0] != '<';
	at = !path->is_bare;
	if (!path->is_bare && len > 1 && s[1] == '@') {
		route = route_scan(s + 1, len - 1);
		if (!route)
			return 0;
		at += route;
	}
	size = find_end(s + at, len - at, path->is_bare ? ' ' : '>');
	if (!path->is_bare && at + size == len)
		return 0;
	if (!write_address(path, s + at, size) || !judge(path, route))
		return 0;
	return at + size + !path->is_bare;
}

static int
is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int
smtp_path_parameter_next(
    const char *s, size_t len, size_t *at, struct smtp_path_parameter *parameter)
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
smtp_path_parameter_is(const struct smtp_path_parameter *parameter, const char *keyword)
{
	return parameter->keyword_len == strlen(keyword) &&
	       strncasecmp(parameter->keyword, keyword, parameter->keyword_len) == 0;
}
