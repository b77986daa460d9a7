#include <string.h>
#include <strings.h>

#include "lib/address.h"
#include "lib/ipaddress.h"
#include "lib/text.h"
#include "spf/spf_evaluation.h"
#include "spf/spf_macro.h"

#define NAME_BYTES_MAX 253 /* RFC 7208, 7.3 */
#define LABEL_BYTES_MAX 63

static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

enum spf_result
spf_evaluation_fault(
    struct spf_evaluation *e, enum spf_result result, const char *problem)
{
	if (result == SPF_TEMPERROR || result == SPF_PERMERROR)
		e->verdict->problem = problem;
	return result;
}

int
spf_evaluation_count(struct spf_evaluation *e)
{
	e->is_void = 0;
	return ++e->lookups > SPF_EVALUATE_LOOKUPS ? -1 : 0;
}

/* Is the name, as text, one that can be asked for? */
static int
is_name(const char *s)
{
	size_t label = 0, len = 0;

	for (; *s != '\0'; s++, len++) {
		if (*s == '.') {
			if (label == 0 || label > LABEL_BYTES_MAX)
				return 0;
			label = 0;
			continue;
		}
		if (*s == '\\' && s[1] != '\0')
			s++;
		label++;
	}
	return len > 0 && len <= NAME_BYTES_MAX + 1 && label <= LABEL_BYTES_MAX;
}

const struct dns_answer *
spf_evaluation_ask_freely(
    struct spf_evaluation *e, const char *type, const char *name, enum spf_result *result)
{
	const struct dns_answer *answer;

	*result = SPF_NONE;
	if (!is_name(name))
		return NULL;
	answer = e->question->lookup(e->question->asker, type, name);
	if (answer == NULL)
		*result = SPF_PENDING;
	else if (answer->status == DNS_ANSWER_FAILED)
		*result = spf_evaluation_fault(
		    e, SPF_TEMPERROR, "the DNS did not answer a question");
	else if (answer->status == DNS_ANSWER_FOUND)
		return answer;
	return NULL;
}

const struct dns_answer *
spf_evaluation_ask(
    struct spf_evaluation *e, const char *type, const char *name, enum spf_result *result)
{
	const struct dns_answer *answer =
	    spf_evaluation_ask_freely(e, type, name, result);

	/* terms are counted, and not questions: else an mx of hosts that have no IPv6
	 * would be an error for each client that has */
	if (answer != NULL || *result != SPF_NONE || e->is_void)
		return answer;
	e->is_void = 1;
	if (++e->voids > SPF_EVALUATE_VOIDS)
		*result = spf_evaluation_fault(
		    e, SPF_PERMERROR, "too many terms lead to nothing");
	return NULL;
}

int
spf_evaluation_is_v4(const unsigned char ip[16])
{
	return memcmp(ip, mapped, sizeof(mapped)) == 0;
}

int
spf_evaluation_is_client(const struct spf_evaluation *e, const unsigned char ip[16],
    unsigned bits4, unsigned bits6)
{
	const unsigned char *client = e->question->ip;
	unsigned bits = bits6, whole;

	if (spf_evaluation_is_v4(client) != spf_evaluation_is_v4(ip))
		return 0;
	if (spf_evaluation_is_v4(ip))
		bits = 96 + bits4;
	whole = bits / 8;
	return memcmp(client, ip, whole) == 0 &&
	       (bits % 8 == 0 || (client[whole] ^ ip[whole]) >> (8 - bits % 8) == 0);
}

int
spf_evaluation_has_address(struct spf_evaluation *e, const char *host, unsigned bits4,
    unsigned bits6, enum spf_result *result)
{
	int is_v4 = spf_evaluation_is_v4(e->question->ip);
	const struct dns_answer *answer =
	    spf_evaluation_ask(e, is_v4 ? "A" : "AAAA", host, result);
	unsigned char ip[16];
	struct dns_answer all;
	const char *s;
	size_t len;

	if (answer == NULL)
		return *result == SPF_NONE ? 0 : -1;
	memcpy(ip, mapped, sizeof(mapped));
	for (all = *answer; dns_answer_next(&all, &s, &len);) {
		if (len != (is_v4 ? 4 : 16))
			continue;
		memcpy(is_v4 ? ip + 12 : ip, s, len);
		if (spf_evaluation_is_client(e, ip, bits4, bits6))
			return 1;
	}
	return 0;
}

/* Is name target, or below it? */
static int
is_below(const char *name, const char *target)
{
	size_t len = strlen(name), size = strlen(target);

	if (size > 0 && target[size - 1] == '.')
		size--;
	return len >= size && strncasecmp(name + len - size, target, size) == 0 &&
	       (len == size || name[len - size - 1] == '.');
}

/* How good a name of the client is for %{p}: RFC 7208, 7.3. */
static int
rank(const char *name, const char *domain)
{
	if (!is_below(name, domain))
		return 1;
	return strcasecmp(name, domain) == 0 ? 3 : 2;
}

/* The question for the names of the client's address; of ptr, or of a macro. */
static const struct dns_answer *
ask_names(struct spf_evaluation *e, int is_ptr, enum spf_result *result)
{
	static const char reversed[] = "%{ir}.%{v}.arpa";
	const struct dns_answer *answer;
	stralloc name = {0};

	spf_expand(&name, reversed, sizeof(reversed) - 1, &e->values);
	text_terminate(&name);
	answer = (is_ptr ? spf_evaluation_ask : spf_evaluation_ask_freely)(
	    e, "PTR", name.s, result);
	stralloc_free(&name);
	return answer;
}

int
spf_evaluation_has_name(
    struct spf_evaluation *e, const char *target, stralloc *name, enum spf_result *result)
{
	const struct dns_answer *answer = ask_names(e, target != NULL, result);
	struct dns_answer all;
	stralloc one = {0};
	int best = 0, r = 0, n, is_void;
	const char *s;
	size_t len;

	if (answer == NULL)
		return *result == SPF_PENDING || *result == SPF_PERMERROR ? -1 : 0;
	all = *answer;
	for (n = 0; n < SPF_EVALUATE_NAMES && dns_answer_next(&all, &s, &len); n++) {
		text_setb(&one, s, len);
		if (target != NULL && !is_below(one.s, target))
			continue;
		is_void = e->is_void;
		e->is_void = 1; /* whoever owns the address has made these */
		r = spf_evaluation_has_address(e, one.s, 32, 128, result);
		e->is_void = is_void;
		if (r == -1 && *result == SPF_PENDING)
			break;
		if (r != 1 || rank(one.s, e->values.domain) <= best)
			continue;
		best = rank(one.s, e->values.domain);
		if (name != NULL)
			text_setb(name, one.s, one.len);
	}
	stralloc_free(&one);
	return r == -1 && *result == SPF_PENDING ? -1 : best > 0;
}

/* What %{p} stands for, where it is needed.  Returns 0, or -1 with *result. */
static int
find_validated(
    struct spf_evaluation *e, const char *s, size_t len, enum spf_result *result)
{
	int r;

	if (!spf_macro_uses(s, len, "p"))
		return 0;
	r = spf_evaluation_has_name(e, NULL, &e->validated, result);
	if (r == 0)
		text_set(&e->validated, "unknown");
	e->values.validated = e->validated.s;
	return r == -1 ? -1 : 0;
}

/* Cut labels off its left until it is no longer than a name can be. */
static void
shorten(stralloc *name)
{
	const char *dot;
	size_t cut;

	if (name->len > 0 && name->s[name->len - 1] == '.')
		name->len--;
	while (name->len > NAME_BYTES_MAX &&
	       (dot = memchr(name->s, '.', name->len)) != NULL) {
		cut = (size_t)(dot + 1 - name->s);
		memmove(name->s, name->s + cut, name->len - cut);
		name->len -= cut;
	}
}

int
spf_evaluation_expand(struct spf_evaluation *e, stralloc *name, const char *s, size_t len,
    enum spf_result *result)
{
	stralloc plain = {0};
	size_t i;

	/* no name has such a local part: RFC 8616, 4 */
	if (e->is_utf8 && spf_macro_uses(s, len, "sl"))
		return 0;
	if (find_validated(e, s, len, result) == -1)
		return -1;
	spf_expand(&plain, s, len, &e->values);
	shorten(&plain);
	for (i = 0; i < plain.len; i++) {
		if (plain.s[i] == '\\')
			text_cat(name, "\\", (char *)NULL);
		text_catb(name, plain.s + i, 1);
	}
	text_terminate(name);
	stralloc_free(&plain);
	return 1;
}
