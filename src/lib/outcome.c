#include <stdarg.h>
#include <string.h>

#include "lib/outcome.h"
#include "lib/text.h"

#define SAID " said: "
#define HOST_MAX 255 /* RFC 1035, 2.3.4 */
#define IP_MAX 45    /* RFC 4291, 2.2: an IPv6 address that ends like an IPv4 one */

static const struct {
	const char *words;
	enum outcome_ended ended;
} beginnings[] = {
    {OUTCOME_DELIVERED, OUTCOME_NOT_ENDED},
    {OUTCOME_RELAYED, OUTCOME_NOT_ENDED},
    {OUTCOME_EXPANDED, OUTCOME_NOT_ENDED},
    {OUTCOME_ENDED_HERE, OUTCOME_HERE},
    {OUTCOME_ENDED_ELSEWHERE, OUTCOME_ELSEWHERE},
};

/* Returns the length of the words that stand before what is said. */
static size_t
find_beginning(struct outcome_parts *parts, const char *s, size_t len)
{
	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
		size_t n = strlen(beginnings[i].words);

		if (len >= n && memcmp(s, beginnings[i].words, n) == 0) {
			parts->ended = beginnings[i].ended;
			parts->success = parts->ended == OUTCOME_NOT_ENDED ? *s : '\0';
			return n;
		}
	}
	return 0;
}

static int
is_of_ip(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F') || c == '.' || c == ':';
}

/* Does HOST[IP] end before s[at], not before s[from]? */
static int
find_peer(struct outcome_parts *parts, const char *s, size_t from, size_t at)
{
	size_t i = at, n;

	if (i == from || s[--i] != ']')
		return 0;
	n = strlen(OUTCOME_LOCAL);
	if (i - from > n && memcmp(s + i - n, OUTCOME_LOCAL, n) == 0)
		i -= n;
	else
		for (n = 0; i > from && n <= IP_MAX && is_of_ip(s[i - 1]); n++)
			i--;
	if (n == 0 || n > IP_MAX || i == from || s[i - 1] != '[')
		return 0;
	parts->ip = i--;
	parts->ip_len = n;
	for (n = 0; i > from && n <= HOST_MAX && strchr(" []", s[i - 1]) == NULL; n++)
		i--;
	if (n == 0 || n > HOST_MAX || (i > from && s[i - 1] != ' '))
		return 0;
	parts->host = i;
	parts->host_len = n;
	return 1;
}

void
outcome_parts(struct outcome_parts *parts, const char *s, size_t len)
{
	const size_t n = strlen(SAID);
	const char *said;
	size_t at;

	memset(parts, 0, sizeof(*parts));
	parts->own = at = find_beginning(parts, s, len);
	while ((said = memmem(s + at, len - at, SAID, n)) != NULL) {
		at = (size_t)(said - s);
		if (find_peer(parts, s, parts->own, at)) {
			parts->reply = at + n;
			return;
		}
		at += n;
	}
	parts->ip = parts->ip_len = 0;
}

const char *
outcome_success_word(char success)
{
	static const char *const words[] = {"delivered", "relayed", "expanded"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (success != '\0' && words[i][0] == success)
			return words[i];
	return NULL;
}

static void
begin(struct outcome *o, char letter, const char *status, size_t len)
{
	o->letter = letter;
	o->unasked = 0;
	if (len > OUTCOME_STATUS_MAX - 1)
		len = OUTCOME_STATUS_MAX - 1;
	memcpy(o->status, status, len);
	o->status[len] = '\0';
	o->text.len = 0;
}

static void
end(struct outcome *o)
{
	text_terminate(&o->text);
	outcome_parts(&o->parts, o->text.s, strlen(o->text.s));
}

void
outcome_set(struct outcome *o, char letter, const char *status, ...)
{
	const char *s;
	va_list ap;

	begin(o, letter, status, strlen(status));
	va_start(ap, status);
	while ((s = va_arg(ap, const char *)) != NULL)
		text_catb(&o->text, s, strlen(s));
	va_end(ap);
	end(o);
}

void
outcome_set_reply(struct outcome *o, char letter, const char *status, const char *host,
    const char *ip, const char *reply)
{
	outcome_set(o, letter, status, host, "[", ip, "]", SAID, reply, (char *)NULL);
}

void
outcome_take(struct outcome *o, char letter, const char *status, size_t status_len,
    const char *text, size_t text_len)
{
	begin(o, letter, status, status_len);
	text_catb(&o->text, text, text_len);
	end(o);
}

void
outcome_lead(struct outcome *o, const char *words)
{
	stralloc text = {0};

	text_cat(&text, words, o->text.s, (char *)NULL);
	stralloc_free(&o->text);
	o->text = text;
	end(o);
}

void
outcome_copy(struct outcome *o, const struct outcome *from)
{
	outcome_set(o, from->letter, from->status, from->text.s, (char *)NULL);
	o->unasked = from->unasked;
}

void
outcome_free(struct outcome *o)
{
	stralloc_free(&o->text);
}

void
outcome_merge(struct outcome *o, const struct outcome *from)
{
	if (o->letter != 'Z' || from->letter == 'Z')
		outcome_copy(o, from);
}

const char *
outcome_reply(const struct outcome *o)
{
	return o->parts.host_len > 0 ? o->text.s + o->parts.reply : NULL;
}

/*
 * RFC 5321, 3.8 (reply 421), and RFC 3463, 3.4 and 3.5: bad connection, mail system full,
 * not accepting messages, congested.
 */
static int
is_trouble(const char *status, const char *reply)
{
	static const char *const codes[] = {"4.4.2", "4.3.1", "4.3.2", "4.4.5"};

	if (reply != NULL && strncmp(reply, "421", 3) == 0)
		return 1;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strcmp(status, codes[i]) == 0)
			return 1;
	return 0;
}

enum outcome_whose
outcome_whose(const struct outcome *o)
{
	const char *reply = outcome_reply(o);

	if (o->letter != 'Z')
		return OUTCOME_JUDGED;
	if (o->parts.ended == OUTCOME_ELSEWHERE)
		return OUTCOME_ANOTHERS;
	if (o->unasked || (reply == NULL && strncmp(o->status, "4.3.", 4) == 0))
		return OUTCOME_OURS;
	if (reply == NULL &&
	    (strcmp(o->status, "4.4.1") == 0 || strcmp(o->status, "4.4.3") == 0))
		return OUTCOME_UNREACHABLE;
	return is_trouble(o->status, reply) ? OUTCOME_TROUBLED : OUTCOME_JUDGED;
}

void
outcome_put(stralloc *sa, const struct outcome *o)
{
	text_catb(sa, &o->letter, 1);
	text_cat(sa, o->status, " ", (char *)NULL);
	text_cat_printable(sa, o->text.s, strlen(o->text.s), OUTCOME_TEXT_MAX);
}

int
outcome_parse(struct outcome *o, const char *s, size_t len)
{
	const char *blank = memchr(s, ' ', len);

	if (blank == NULL || blank - s < 2 || blank - s > OUTCOME_STATUS_MAX ||
	    memchr(s, '\0', len) != NULL || strchr("KZD", s[0]) == NULL) {
		outcome_set(o, 'Z', "4.3.0", "malformed answer from the delivery program",
		    (char *)NULL);
		return 0;
	}
	outcome_take(o, s[0], s + 1, (size_t)(blank - s - 1), blank + 1,
	    len - (size_t)(blank + 1 - s));
	return 1;
}
