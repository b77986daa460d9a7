#include <string.h>
#include <strings.h>

#include "dmarc/dmarc_record.h"
#include "dmarc/dmarc_uri.h"

static const char *const policies[] = {"", "none", "quarantine", "reject"};

const char *
dmarc_record_word(enum dmarc_policy policy)
{
	return policies[policy];
}

static int
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Take the blanks off both ends of s[0..*len). */
static const char *
trim(const char *s, size_t *len)
{
	while (*len > 0 && is_blank(s[*len - 1]))
		--*len;
	while (*len > 0 && is_blank(*s)) {
		s++;
		--*len;
	}
	return s;
}

static int
is_word(const char *s, size_t len, const char *word)
{
	return len == strlen(word) && strncasecmp(s, word, len) == 0;
}

/* A tag of the record, its name and its value without the blanks around them. */
struct tag {
	const char *name;
	size_t name_len;
	const char *value;
	size_t len;
};

/* The tag at s[*at..len), *at moves past it; 0 at the end.  A malformed one has no name.
 */
static int
next_tag(const char *s, size_t len, size_t *at, struct tag *tag)
{
	const char *end, *equals;
	size_t size;

	if (*at >= len)
		return 0;
	end = memchr(s + *at, ';', len - *at);
	size = end != NULL ? (size_t)(end - s) - *at : len - *at;
	equals = memchr(s + *at, '=', size);
	tag->name = s + *at;
	tag->name_len = equals != NULL ? (size_t)(equals - tag->name) : 0;
	tag->value = equals != NULL ? equals + 1 : tag->name;
	tag->len = equals != NULL ? size - tag->name_len - 1 : 0;
	tag->name = trim(tag->name, &tag->name_len);
	tag->value = trim(tag->value, &tag->len);
	*at += size + 1;
	return 1;
}

/* Returns 0 when the value is no policy. */
static int
take_policy(const struct tag *tag, enum dmarc_policy *policy)
{
	int i;

	for (i = DMARC_NONE; i <= DMARC_REJECT; i++)
		if (is_word(tag->value, tag->len, policies[i])) {
			*policy = i;
			return 1;
		}
	return 0;
}

/* One letter out of those in allowed: syntax errors leave the default. */
static void
take_letter(const struct tag *tag, const char *allowed, char *letter)
{
	char c = tag->len == 1 ? (char)(*tag->value | 0x20) : '\0';

	if (c != '\0' && strchr(allowed, c) != NULL)
		*letter = c;
}

/* Letters with colons between, each once, and only one of 0 and 1: RFC 9989, 4.8. */
static void
take_fo(const struct tag *tag, char fo[6])
{
	static const char letters[] = "01dDsS";
	char seen[3] = "", taken[6] = "";
	const char *letter;
	size_t i, kind;

	if (tag->len > 5)
		return;
	for (i = 0; i < tag->len; i += 2) {
		letter = memchr(letters, tag->value[i], sizeof letters - 1);
		if (letter == NULL || (i > 0 && tag->value[i - 1] != ':'))
			return;
		kind = (size_t)(letter - letters) / 2;
		if (seen[kind]++)
			return;
		taken[i] = (char)(*letter | 0x20);
		if (i > 0)
			taken[i - 1] = ':';
	}
	if (tag->len % 2 == 1)
		strcpy(fo, taken);
}

/* The tags, in the order of their names here. */
enum { P, SP, NP, T, PSD, ADKIM, ASPF, FO, RUA, RUF, TAGS };

/* Take the tag; what is malformed is as if it were not there.  Returns 0 for a policy
 * that is none. */
static int
take_tag(struct dmarc_record *record, int which, const struct tag *tag)
{
	char testing = 'n';

	switch (which) {
	case P:
		return take_policy(tag, &record->p);
	case SP:
		return take_policy(tag, &record->sp);
	case NP:
		return take_policy(tag, &record->np);
	case T:
		take_letter(tag, "yn", &testing);
		record->is_testing = testing == 'y';
		return 1;
	case PSD:
		take_letter(tag, "ynu", &record->psd);
		return 1;
	case ADKIM:
		take_letter(tag, "rs", &record->adkim);
		return 1;
	case ASPF:
		take_letter(tag, "rs", &record->aspf);
		return 1;
	case FO:
		take_fo(tag, record->fo);
		return 1;
	case RUA:
		record->rua = tag->value;
		record->rua_len = tag->len;
		return 1;
	default:
		record->ruf = tag->value;
		record->ruf_len = tag->len;
		return 1;
	}
}

/* Which tag it is, or TAGS. */
static int
find_tag(const struct tag *tag)
{
	static const char *const names[TAGS] = {
	    "p", "sp", "np", "t", "psd", "adkim", "aspf", "fo", "rua", "ruf"};
	int i;

	for (i = 0; i < TAGS; i++)
		if (is_word(tag->name, tag->name_len, names[i]))
			break;
	return i;
}

int
dmarc_record_parse(struct dmarc_record *record, const char *s, size_t len)
{
	unsigned seen = 0, wrong = 0;
	size_t at = 0;
	struct tag tag;
	int which;

	*record = (struct dmarc_record){.psd = 'u', .adkim = 'r', .aspf = 'r', .fo = "0"};
	if (len > DMARC_RECORD_MAX || !next_tag(s, len, &at, &tag) || tag.name != s ||
	    !is_word(tag.name, tag.name_len, "v") || tag.len != 6 ||
	    memcmp(tag.value, "DMARC1", 6) != 0)
		return 0;
	while (next_tag(s, len, &at, &tag)) {
		which = find_tag(&tag);
		if (which == TAGS || seen & 1U << which)
			continue;
		seen |= 1U << which;
		wrong |= !take_tag(record, which, &tag);
	}
	if (wrong) {
		record->sp = record->np = DMARC_UNSET;
		record->p = DMARC_NONE;
		record->is_broken = record->rua == NULL ||
				    !dmarc_uri_is_any(record->rua, record->rua_len);
	}
	if (record->p == DMARC_UNSET)
		record->p = DMARC_NONE;
	return 1;
}
