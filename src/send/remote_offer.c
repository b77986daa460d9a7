#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "lib/text.h"
#include "send/remote_offer.h"

#define LIMIT_MAX 999999 /* RFC 9422, 3: six digits */

/* What is offered by its name alone. */
static const struct {
	const char *keyword;
	size_t flag; /* where it stands in a session */
} names[] = {
    {"PIPELINING", offsetof(struct remote_session, has_pipelining)},
    {"8BITMIME", offsetof(struct remote_session, has_8bitmime)},
    {"SMTPUTF8", offsetof(struct remote_session, has_smtputf8)},
    {"DSN", offsetof(struct remote_session, has_dsn)},
    {"REQUIRETLS", offsetof(struct remote_session, has_requiretls)},
    {"STARTTLS", offsetof(struct remote_session, has_starttls)},
    {"CHUNKING", offsetof(struct remote_session, has_chunking)},
};

static const struct {
	const char *name;
	size_t number;
} limits[] = {
    {"RCPTMAX=", offsetof(struct remote_session, recipients_max)},
    {"MAILMAX=", offsetof(struct remote_session, mails_max)},
    {"RCPTDOMAINMAX=", offsetof(struct remote_session, domains_max)},
};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/*
 * Does the line [s, end) begin with the keyword, in any case, and the character behind
 * it, a blank or the end?  What follows it, or null.
 */
static const char *
after_keyword(const char *s, const char *end, const char *keyword)
{
	size_t n = strlen(keyword);

	if ((size_t)(end - s) < n || strncasecmp(s, keyword, n) != 0)
		return NULL;
	return s + n == end || s[n] == ' ' ? s + n : NULL;
}

/* A word of LIMITS. */
static void
learn_limit(struct remote_session *s, const char *word, size_t len)
{
	unsigned long long n;
	size_t i, name;

	for (i = 0; i < COUNT(limits); i++) {
		name = strlen(limits[i].name);
		if (len > name && strncasecmp(word, limits[i].name, name) == 0 &&
		    text_number(word + name, len - name, LIMIT_MAX, &n))
			*(unsigned *)((char *)s + limits[i].number) = (unsigned)n;
	}
}

/* The words of [s, end), which begins with a blank or is empty, one after the other. */
static const char *
next_word(const char **s, const char *end, size_t *len)
{
	const char *word;

	while (*s < end && **s == ' ')
		++*s;
	word = *s;
	while (*s < end && **s != ' ')
		++*s;
	*len = (size_t)(*s - word);
	return *len > 0 ? word : NULL;
}

static void
learn_mechanisms(struct remote_session *s, const char *rest, const char *end)
{
	const char *word;
	size_t n, len;

	while ((word = next_word(&rest, end, &n)) != NULL) {
		len = strlen(s->mechanisms);
		if (len + n + 2 < sizeof(s->mechanisms)) {
			s->mechanisms[len] = ' ';
			memcpy(s->mechanisms + len + 1, word, n);
			s->mechanisms[len + 1 + n] = '\0';
		}
	}
}

static void
learn_line(struct remote_session *s, const char *line, const char *end)
{
	unsigned long long size;
	const char *rest, *word;
	size_t i, n;

	for (i = 0; i < COUNT(names); i++)
		if (after_keyword(line, end, names[i].keyword) != NULL)
			*(int *)((char *)s + names[i].flag) = 1;
	rest = after_keyword(line, end, "SIZE");
	if (rest != NULL) {
		s->has_size = 1;
		if (rest < end &&
		    text_number(rest + 1, (size_t)(end - rest - 1), -1ULL, &size))
			s->size_max = size;
	}
	rest = after_keyword(line, end, "LIMITS");
	while (rest != NULL && (word = next_word(&rest, end, &n)) != NULL)
		learn_limit(s, word, n);
	rest = after_keyword(line, end, "AUTH");
	/* as servers wrote it before RFC 2554 */
	if (rest == NULL && end - line > 5 && strncasecmp(line, "AUTH=", 5) == 0)
		rest = line + 5;
	if (rest != NULL)
		learn_mechanisms(s, rest, end);
}

void
remote_offer_forget(struct remote_session *s)
{
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		*(int *)((char *)s + names[i].flag) = 0;
	for (i = 0; i < COUNT(limits); i++)
		*(unsigned *)((char *)s + limits[i].number) = 0;
	s->has_size = 0;
	s->size_max = 0;
	s->mechanisms[0] = '\0';
}

void
remote_offer_learn(struct remote_session *s, const char *reply, size_t len)
{
	const char *line = reply, *lf, *end;
	int first = 1;

	remote_offer_forget(s);
	while ((lf = memchr(line, '\n', len)) != NULL) {
		end = lf > line && lf[-1] == '\r' ? lf - 1 : lf;
		while (end > line && end[-1] == ' ')
			end--;
		if (!first && end - line > 4)
			learn_line(s, line + 4, end);
		first = 0;
		len -= (size_t)(lf + 1 - line);
		line = lf + 1;
	}
}
