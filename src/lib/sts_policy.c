#include <string.h>
#include <strings.h>

#include "lib/lower.h"
#include "lib/sts_policy.h"
#include "lib/text_decimal.h"
#include "lib/text_number.h"

#define KEPT "sts1 "

static int
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A part of a text. */
struct part {
	const char *s;
	size_t len;
};

static void
trim(struct part *p)
{
	while (p->len > 0 && is_blank(p->s[0]))
		p->s++, p->len--;
	while (p->len > 0 && is_blank(p->s[p->len - 1]))
		p->len--;
}

static int
is(const struct part *p, const char *word)
{
	return p->len == strlen(word) && memcmp(p->s, word, p->len) == 0;
}

/* The next of the parts of text that stand between bytes end; 0 when there is none. */
static int
next(struct part *text, struct part *p, char end)
{
	const char *at;

	if (text->len == 0)
		return 0;
	at = memchr(text->s, end, text->len);
	p->s = text->s;
	p->len = at != NULL ? (size_t)(at - text->s) : text->len;
	text->s += p->len + (at != NULL);
	text->len -= p->len + (at != NULL);
	return 1;
}

/* Does the host name s[0..len) have only labels of letters, digits, hyphens, _? */
static int
is_name(const char *s, size_t len)
{
	size_t i, label = 0;

	for (i = 0; i < len; i++) {
		if (s[i] == '.') {
			if (label == 0)
				return 0;
			label = 0;
		} else {
			if (!(s[i] >= 'a' && s[i] <= 'z') &&
			    !(s[i] >= '0' && s[i] <= '9') && s[i] != '-' && s[i] != '_')
				return 0;
			if (++label > 63)
				return 0;
		}
	}
	return label > 0 && len <= STS_POLICY_NAME_MAX;
}

int
sts_policy_is_domain(const char *s)
{
	/* with mta-sts. before it, it is a name still */
	return strlen(s) <= STS_POLICY_NAME_MAX - 10 && is_name(s, strlen(s)) &&
	       s[0] != '-' && strchr(s, '.') != NULL;
}

static int
add_host(struct sts_policy *p, const struct part *value)
{
	char *host = p->hosts + p->hosts_len;
	size_t wild = value->len > 2 && memcmp(value->s, "*.", 2) == 0 ? 2 : 0;

	/* in the text an mx takes more room than in here */
	if (value->len > STS_POLICY_NAME_MAX ||
	    value->len >= sizeof(p->hosts) - p->hosts_len)
		return -1;
	memcpy(host, value->s, value->len);
	host[value->len] = '\0';
	lower_string(host);
	if (!is_name(host + wild, value->len - wild))
		return -1;
	p->hosts_len += value->len + 1;
	return 0;
}

/* What has been seen of a policy. */
struct seen {
	int version, mode, age, host;
};

static const char *
take_field(
    struct sts_policy *p, struct seen *seen, const struct part *key, struct part *value)
{
	unsigned long long n;

	if (is(key, "version") && !seen->version++) {
		if (!is(value, "STSv1"))
			return "its version is not STSv1";
	} else if (is(key, "mode") && !seen->mode++) {
		for (p->mode = STS_POLICY_NONE; p->mode <= STS_POLICY_ENFORCE; p->mode++)
			if (is(value, sts_policy_word(p->mode)))
				return NULL;
		return "its mode is not enforce, testing or none";
	} else if (is(key, "max_age") && !seen->age++) {
		if (value->len > 10 || !text_number(value->s, value->len, -1ULL, &n))
			return "its max_age is not a number of seconds";
		p->max_age =
		    n > STS_POLICY_AGE_MAX ? STS_POLICY_AGE_MAX : (unsigned long)n;
	} else if (is(key, "mx")) {
		seen->host = 1;
		if (add_host(p, value) == -1)
			return "an mx of it is not a host name";
	}
	return NULL;
}

const char *
sts_policy_parse(struct sts_policy *p, const char *s, size_t len)
{
	struct part text = {s, len}, line, key;
	struct seen seen = {0};
	const char *wrong;

	p->hosts_len = 0;
	p->mode = STS_POLICY_NONE;
	p->max_age = 0;
	if (len > STS_POLICY_BYTES)
		return "it is too long";
	while (next(&text, &line, '\n')) {
		if (line.len > 0 && line.s[line.len - 1] == '\r')
			line.len--;
		trim(&line);
		if (line.len == 0)
			continue;
		if (memchr(line.s, ':', line.len) == NULL)
			return "a line of it is not NAME: VALUE";
		next(&line, &key, ':');
		trim(&key);
		trim(&line);
		wrong = take_field(p, &seen, &key, &line);
		if (wrong != NULL)
			return wrong;
	}
	if (!seen.version)
		return "it has no version";
	if (!seen.mode)
		return "it has no mode";
	if (!seen.age)
		return "it has no max_age";
	if (!seen.host && p->mode != STS_POLICY_NONE)
		return "it has no mx";
	return NULL;
}

int
sts_policy_id(char id[STS_POLICY_ID_MAX + 1], const char *s, size_t len)
{
	struct part text = {s, len}, field, key;
	int found = 0;
	size_t i;

	if (!next(&text, &field, ';'))
		return 0;
	trim(&field);
	if (!is(&field, "v=STSv1"))
		return 0;
	while (next(&text, &field, ';')) {
		trim(&field);
		if (field.len == 0 || memchr(field.s, '=', field.len) == NULL)
			continue;
		next(&field, &key, '=');
		trim(&key);
		trim(&field);
		if (!is(&key, "id") || found)
			continue;
		found = 1;
		if (field.len == 0 || field.len > STS_POLICY_ID_MAX)
			return -1;
		for (i = 0; i < field.len; i++)
			if (!(lower_char(field.s[i]) >= 'a' &&
				lower_char(field.s[i]) <= 'z') &&
			    !(field.s[i] >= '0' && field.s[i] <= '9'))
				return -1;
		memcpy(id, field.s, field.len);
		id[field.len] = '\0';
	}
	return found ? 1 : -1;
}

int
sts_policy_fits(const struct sts_policy *p, const char *host)
{
	const char *pattern, *dot = strchr(host, '.');

	for (pattern = p->hosts; pattern < p->hosts + p->hosts_len;
	     pattern += strlen(pattern) + 1) {
		if (pattern[0] != '*' && strcasecmp(pattern, host) == 0)
			return 1;
		/* one label, and not none: RFC 8461, 4.1 */
		if (pattern[0] == '*' && dot != NULL && dot > host &&
		    strcasecmp(pattern + 1, dot) == 0)
			return 1;
	}
	return 0;
}

long long
sts_policy_end(const struct sts_policy *p)
{
	return p->fetched + (long long)p->max_age;
}

const char *
sts_policy_word(enum sts_policy_mode mode)
{
	return mode == STS_POLICY_ENFORCE   ? "enforce"
	       : mode == STS_POLICY_TESTING ? "testing"
	       : mode == STS_POLICY_NONE    ? "none"
					    : "";
}

size_t
sts_policy_first_line(const struct sts_policy *p, char *line)
{
	char number[DECIMAL_MAX];
	char *end = stpcpy(line, KEPT);

	end = stpcpy(end, text_decimal(number, (unsigned long long)p->fetched));
	end = stpcpy(stpcpy(stpcpy(end, " "), p->id), "\n");
	return (size_t)(end - line);
}

int
sts_policy_read(struct sts_policy *p, const char *s, size_t len)
{
	struct part text = {s, len}, line, time;
	unsigned long long fetched;

	if (!next(&text, &line, '\n') || line.len < sizeof(KEPT) - 1 ||
	    memcmp(line.s, KEPT, sizeof(KEPT) - 1) != 0)
		return -1;
	line.s += sizeof(KEPT) - 1;
	line.len -= sizeof(KEPT) - 1;
	if (!next(&line, &time, ' ') ||
	    !text_number(time.s, time.len, 1ULL << 40, &fetched) ||
	    line.len > STS_POLICY_ID_MAX)
		return -1;
	memcpy(p->id, line.s, line.len);
	p->id[line.len] = '\0';
	p->fetched = (long long)fetched;
	return sts_policy_parse(p, text.s, text.len) == NULL ? 0 : -1;
}
