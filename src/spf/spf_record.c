#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "lib/lower.h"
#include "lib/text_number.h"
#include "spf/spf_macro.h"
#include "spf/spf_record.h"

#define VERSION "v=spf1"
#define VERSION_LEN (sizeof(VERSION) - 1)
#define QUALIFIERS "+-~?"

int
spf_record_is(const char *s, size_t len)
{
	return len >= VERSION_LEN && strncasecmp(s, VERSION, VERSION_LEN) == 0 &&
	       (len == VERSION_LEN || s[VERSION_LEN] == ' ');
}

static int
is_letter(char c)
{
	return lower_char(c) >= 'a' && lower_char(c) <= 'z';
}

static int
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The bytes of the name at s[0..len). */
static size_t
name_len(const char *s, size_t len)
{
	size_t i = 0;

	if (len > 0 && is_letter(s[0]))
		for (i = 1; i < len && (is_letter(s[i]) || is_digit(s[i]) ||
					   s[i] == '-' || s[i] == '_' || s[i] == '.');
		     i++)
			;
	return i;
}

static int
is_word(const char *s, size_t len, const char *word)
{
	return len == strlen(word) && strncasecmp(s, word, len) == 0;
}

/* The number that a prefix is: RFC 7208, 5.6. */
static int
is_prefix(const char *s, size_t len, unsigned most, unsigned *bits)
{
	unsigned long long n;

	if (len == 0 || len > 3 || (s[0] == '0' && len > 1) ||
	    !text_number(s, len, most, &n))
		return 0;
	*bits = (unsigned)n;
	return 1;
}

/* Where the digits at the end of s[0..*len) begin, when a slash is before them; else
 * null. */
static const char *
last_digits(const char *s, size_t len)
{
	size_t i = len;

	while (i > 0 && is_digit(s[i - 1]))
		i--;
	return i > 0 && i < len && s[i - 1] == '/' ? s + i : NULL;
}

/* Take "/24//64" off the end of s[0..*len).  Returns 1, or 0 when it is malformed. */
static int
take_prefixes(struct spf_record_term *t, const char *s, size_t *len)
{
	const char *digits = last_digits(s, *len);

	if (digits != NULL && digits - s >= 2 && digits[-2] == '/') {
		if (!is_prefix(digits, *len - (size_t)(digits - s), 128, &t->bits6))
			return 0;
		*len = (size_t)(digits - s) - 2;
		digits = last_digits(s, *len);
	}
	if (digits == NULL)
		return 1;
	if (!is_prefix(digits, *len - (size_t)(digits - s), 32, &t->bits4))
		return 0;
	*len = (size_t)(digits - s) - 1;
	return 1;
}

/* Take ADDRESS or ADDRESS/BITS. */
static int
take_network(struct spf_record_term *t, const char *s, size_t len)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	int is_v4 = t->kind == SPF_RECORD_IP4;
	const char *slash = memchr(s, '/', len);
	char copy[INET6_ADDRSTRLEN];
	size_t address = slash != NULL ? (size_t)(slash - s) : len;

	if (address >= sizeof(copy) ||
	    (slash != NULL && !is_prefix(slash + 1, len - address - 1, is_v4 ? 32 : 128,
				  is_v4 ? &t->bits4 : &t->bits6)))
		return 0;
	memcpy(copy, s, address);
	copy[address] = '\0';
	memcpy(t->ip, mapped, sizeof(mapped));
	return inet_pton(is_v4 ? AF_INET : AF_INET6, copy, is_v4 ? t->ip + 12 : t->ip) ==
	       1;
}

/* What follows the name of a mechanism. */
static int
take_rest(struct spf_record_term *t, const char *s, size_t len)
{
	int has_colon = len > 0 && s[0] == ':';

	if (t->kind == SPF_RECORD_ALL)
		return len == 0;
	if (t->kind == SPF_RECORD_IP4 || t->kind == SPF_RECORD_IP6)
		return has_colon && take_network(t, s + 1, len - 1);
	if ((t->kind == SPF_RECORD_A || t->kind == SPF_RECORD_MX) &&
	    !take_prefixes(t, s, &len))
		return 0;
	if (len == 0)
		return !has_colon && t->kind != SPF_RECORD_INCLUDE &&
		       t->kind != SPF_RECORD_EXISTS;
	t->spec = s + 1;
	t->spec_len = len - 1;
	return has_colon && spf_macro_is_domain(t->spec, t->spec_len);
}

static int
take_mechanism(struct spf_record_term *t, const char *s, size_t len)
{
	static const struct {
		const char *name;
		enum spf_record_kind kind;
	} names[] = {{"all", SPF_RECORD_ALL}, {"include", SPF_RECORD_INCLUDE},
	    {"a", SPF_RECORD_A}, {"mx", SPF_RECORD_MX}, {"ptr", SPF_RECORD_PTR},
	    {"ip4", SPF_RECORD_IP4}, {"ip6", SPF_RECORD_IP6},
	    {"exists", SPF_RECORD_EXISTS}};
	size_t name, i;

	t->qualifier = '+';
	if (len > 0 && strchr(QUALIFIERS, s[0]) != NULL && s[0] != '\0') {
		t->qualifier = s[0];
		s++;
		len--;
	}
	name = name_len(s, len);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (is_word(s, name, names[i].name)) {
			t->kind = names[i].kind;
			return take_rest(t, s + name, len - name);
		}
	return 0;
}

static int
take_modifier(struct spf_record_term *t, const char *s, size_t len, size_t name)
{
	t->spec = s + name + 1;
	t->spec_len = len - name - 1;
	t->kind = is_word(s, name, "redirect") ? SPF_RECORD_REDIRECT
		  : is_word(s, name, "exp")    ? SPF_RECORD_EXP
					       : SPF_RECORD_OTHER;
	if (t->kind == SPF_RECORD_OTHER)
		return spf_macro_is_string(t->spec, t->spec_len);
	return spf_macro_is_domain(t->spec, t->spec_len);
}

int
spf_record_next(const char *s, size_t len, size_t *at, struct spf_record_term *term)
{
	size_t begin = *at == 0 ? VERSION_LEN : *at, end, name;
	const char *text;

	while (begin < len && s[begin] == ' ')
		begin++;
	for (end = begin; end < len && s[end] != ' '; end++)
		;
	*at = end;
	if (begin >= len)
		return 0;
	memset(term, 0, sizeof(*term));
	term->bits4 = 32;
	term->bits6 = 128;
	term->text = text = s + begin;
	term->text_len = end - begin;
	name = name_len(text, end - begin);
	if (name > 0 && begin + name < end && text[name] == '=')
		return take_modifier(term, text, end - begin, name) ? 1 : -1;
	return take_mechanism(term, text, end - begin) ? 1 : -1;
}
