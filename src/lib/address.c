#include <arpa/inet.h>
#include <string.h>

#include "lib/address.h"
#include "lib/lower.h"
#include "lib/text.h"
#include "lib/visible.h"

#define LABEL_MAX 63 /* RFC 1035, 2.3.4 */

size_t
address_domain(const char *s, size_t len)
{
	const char *at = memrchr(s, '@', len);

	return at != NULL ? (size_t)(at - s) + 1 : 0;
}

static int
is_alphanumeric(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* atext of RFC 5322, 3.2.3, with the UTF-8 of RFC 6532 */
static int
is_atext(unsigned char c)
{
	return is_alphanumeric(c) || c >= 128 ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* [192.0.2.1], [IPv6:2001:db8::1]: RFC 5321, 4.1.3 */
static int
is_literal(const char *s, size_t len)
{
	char copy[INET6_ADDRSTRLEN];
	unsigned char ip[16];
	int family = AF_INET;

	if (len < 2 || s[0] != '[' || s[len - 1] != ']' || memchr(s, '\0', len) != NULL)
		return 0;
	s++;
	len -= 2;
	if (len > 5 && strncasecmp(s, "IPv6:", 5) == 0) {
		s += 5;
		len -= 5;
		family = AF_INET6;
	}
	if (len >= sizeof(copy))
		return 0;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return inet_pton(family, copy, ip) == 1;
}

static int
is_label(const char *s, size_t len)
{
	size_t i;

	if (len == 0 || len > LABEL_MAX || s[0] == '-' || s[len - 1] == '-')
		return 0;
	for (i = 0; i < len; i++)
		if (!is_alphanumeric((unsigned char)s[i]) && s[i] != '-' && s[i] != '_' &&
		    (unsigned char)s[i] < 128)
			return 0;
	return 1;
}

int
address_is_domain(const char *s, size_t len)
{
	const char *dot;
	size_t label;

	if (len == 0 || len > ADDRESS_DOMAIN_MAX || !visible_are(s, len))
		return 0;
	if (s[0] == '[')
		return is_literal(s, len);
	for (;;) {
		dot = memchr(s, '.', len);
		label = dot != NULL ? (size_t)(dot - s) : len;
		if (!is_label(s, label))
			return 0;
		if (dot == NULL)
			return 1;
		s += label + 1;
		len -= label + 1;
	}
}

int
address_is_host(const char *s, size_t len)
{
	return memchr(s, '_', len) == NULL && address_is_domain(s, len);
}

static int
is_quoted_string(const char *s, size_t len)
{
	unsigned char c;
	size_t i;

	if (len < 2 || s[0] != '"' || s[len - 1] != '"')
		return 0;
	for (i = 1; i < len - 1; i++) {
		c = (unsigned char)s[i];
		if (c == '"')
			return 0;
		if (c == '\\' && ++i == len - 1)
			return 0;
		c = (unsigned char)s[i];
		if (c < ' ' || c == 127)
			return 0;
	}
	return 1;
}

int
address_is_local(const char *s, size_t len)
{
	size_t i;

	if (len == 0 || len > ADDRESS_LOCAL_MAX || !visible_are(s, len))
		return 0;
	if (s[0] == '"')
		return is_quoted_string(s, len);
	if (s[0] == '.' || s[len - 1] == '.')
		return 0;
	for (i = 0; i < len; i++)
		if (!is_atext((unsigned char)s[i]) && (s[i] != '.' || s[i - 1] == '.'))
			return 0;
	return 1;
}

int
address_is_dotted(const char *s, size_t len)
{
	size_t i;

	if (len == 0 || len > ADDRESS_LOCAL_MAX || !visible_are(s, len) ||
	    address_is_local(s, len))
		return 0;
	for (i = 0; i < len; i++)
		if (!is_atext((unsigned char)s[i]) && s[i] != '.')
			return 0;
	return 1;
}

int
address_is_mailbox(const char *s, size_t len)
{
	size_t domain = address_domain(s, len);

	/* 256 bytes for a path with its brackets: RFC 5321, 4.5.3.1.3; but see
	 * ADDRESS_MAX */
	return domain > 0 && len <= ADDRESS_MAX && address_is_local(s, domain - 1) &&
	       address_is_domain(s + domain, len - domain);
}

void
address_key(stralloc *key, const char *s, size_t len)
{
	size_t domain = address_domain(s, len);
	size_t local = domain > 0 ? domain - 1 : len, i;
	int quoted = local >= 2 && s[0] == '"' && s[local - 1] == '"';

	if (domain > 0 && domain < len && s[len - 1] == '.')
		len--;
	key->len = 0;
	for (i = quoted; i < local - (size_t)quoted; i++) {
		if (quoted && s[i] == '\\' && i + 1 < local - 1)
			i++;
		text_catb(key, s + i, 1);
	}
	text_catb(key, s + local, len - local);
	lower_bytes(key->s, key->len);
	text_terminate(key);
}

int
address_is_folder(const char *s, size_t len)
{
	size_t i;

	if (len == 0 || len > ADDRESS_DOMAIN_MAX || s[0] == '.')
		return 0;
	for (i = 0; i < len; i++)
		if (s[i] == '/' || (unsigned char)s[i] < ' ' || s[i] == 127)
			return 0;
	return 1;
}

void
address_domain_key(stralloc *key, const char *s, size_t len)
{
	text_setb(key, s, len);
	lower_bytes(key->s, key->len);
	if (key->len > 0 && key->s[key->len - 1] == '.')
		key->len--;
	text_terminate(key);
}
