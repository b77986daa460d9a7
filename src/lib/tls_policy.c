#include <string.h>
#include <strings.h>

#include "lib/address.h"
#include "lib/ipaddress.h"
#include "lib/pattern_line.h"
#include "lib/text.h"
#include "lib/tls_policy.h"

#define BLANKS " \t"
#define HEX "0123456789abcdefABCDEF"

static int
is_word(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(s, word, len) == 0;
}

static const char *
take_pattern(struct tls_policy *p, const char *s, size_t len)
{
	size_t dot = len > 0 && *s == '.';

	if (!is_word(s, len, "*") && !address_is_domain(s + dot, len - dot))
		return "not a domain, .DOMAIN or *";
	p->pattern = s;
	p->pattern_len = len;
	return NULL;
}

static const char *
take_level(struct tls_policy *p, const char *s, size_t len)
{
	static const char *const levels[] = {
	    "none", "may", "encrypt", "verify", "dane", "fingerprint"};

	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (is_word(s, len, levels[i])) {
			p->level = (enum tls_policy_level)i;
			return NULL;
		}
	return "no level: none, may, encrypt, verify, dane or fingerprint";
}

/* The end of a value in a list of several. */
static size_t
value_len(const char *s)
{
	return strcspn(s, "," BLANKS);
}

static int
is_ip(const char *s, size_t len)
{
	char text[IPADDRESS_TEXT_MAX];
	unsigned char ip[16];

	return text_copy(text, sizeof(text), s, len) && ipaddress_scan(text, ip);
}

static const char *
take_names(struct tls_policy *p, const char *s)
{
	size_t n, count = 0, addresses = 0;

	p->names = s;
	do {
		if (++count > TLS_POLICY_NAMES)
			return "match has more than 32 names";
		n = value_len(s);
		if (n > TLS_POLICY_NAME_MAX || !address_is_domain(s, n))
			return "match is not NAME[,NAME...]";
		addresses += is_ip(s, n) == 1;
		s += n;
	} while (*s++ == ',');
	/* tls-wrap has either */
	return addresses > 0 && count > 1 ? "match has an address beside another name"
					  : NULL;
}

static const char *
take_fingerprints(struct tls_policy *p, const char *s)
{
	size_t n, i, digits, count = 0;

	p->fingerprints = s;
	do {
		if (++count > TLS_POLICY_DIGESTS)
			return "sha256 has more than 16 digests";
		n = value_len(s);
		for (i = digits = 0; i < n; i++) {
			if (s[i] != ':' && strchr(HEX, s[i]) == NULL)
				return "sha256 is not HEX[,HEX...]";
			digits += s[i] != ':';
		}
		if (digits != TLS_POLICY_HEX)
			return "sha256 has not 64 hexadecimal digits";
		s += n;
	} while (*s++ == ',');
	return NULL;
}

static const char *
take_min(struct tls_policy *p, const char *s, size_t len)
{
	if (is_word(s, len, "1.2"))
		p->min_version = 12;
	else if (is_word(s, len, "1.3"))
		p->min_version = 13;
	else
		return "min is neither 1.2 nor 1.3";
	return NULL;
}

static const char *
take_setting(struct tls_policy *p, const char *s, size_t len)
{
	if (strncasecmp(s, "match=", 6) == 0)
		return take_names(p, s + 6);
	if (strncasecmp(s, "sha256=", 7) == 0)
		return take_fingerprints(p, s + 7);
	if (strncasecmp(s, "min=", 4) == 0)
		return take_min(p, s + 4, len - 4);
	return "neither match=, sha256= nor min=";
}

/* What goes with the level.  Null, or what is wrong. */
static const char *
judge(const struct tls_policy *p)
{
	if (p->names != NULL && p->level != TLS_POLICY_VERIFY)
		return "match is for verify only";
	if (p->fingerprints != NULL && p->level != TLS_POLICY_FINGERPRINT)
		return "sha256 is for fingerprint only";
	if (p->fingerprints == NULL && p->level == TLS_POLICY_FINGERPRINT)
		return "fingerprint without sha256=";
	if (p->min_version > 0 && p->level == TLS_POLICY_NONE)
		return "min says nothing with none";
	return NULL;
}

const char *
tls_policy_parse(struct tls_policy *p, const char *line)
{
	size_t len = strcspn(line, BLANKS);
	const char *wrong;

	memset(p, 0, sizeof(*p));
	wrong = take_pattern(p, line, len);
	if (wrong != NULL)
		return wrong;
	line += len + strspn(line + len, BLANKS);
	len = strcspn(line, BLANKS);
	wrong = take_level(p, line, len);
	while (wrong == NULL) {
		line += len + strspn(line + len, BLANKS);
		len = strcspn(line, BLANKS);
		if (len == 0)
			return judge(p);
		wrong = take_setting(p, line, len);
	}
	return wrong;
}

const char *
tls_policy_find(const char *lines, size_t len, const char *domain)
{
	const char *line =
	    pattern_line_closest(lines, len, pattern_line_blank, "", domain);

	return line != NULL ? line
			    : pattern_line_find(lines, len, pattern_line_blank, "*", 1);
}

int
tls_policy_is_general(const char *line)
{
	return is_word(line, strcspn(line, BLANKS), "*");
}

int
tls_policy_next(const char **list, char *value, size_t max)
{
	const char *s = *list;
	size_t n, i, at = 0;

	if (s == NULL || (n = value_len(s)) == 0)
		return 0;
	for (i = 0; i < n && at + 1 < max; i++)
		if (s[i] != ':')
			value[at++] = s[i];
	value[at] = '\0';
	s += n;
	*list = *s == ',' ? s + 1 : NULL;
	return 1;
}
