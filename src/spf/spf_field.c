#include <string.h>

#include "lib/ipaddress.h"
#include "lib/text.h"
#include "spf/spf_field.h"

static int
is_dot_atom(const char *s)
{
	const char *p = s;

	for (; *p != '\0'; p++)
		if ((*p < 'a' || *p > 'z') && (*p < 'A' || *p > 'Z') &&
		    (*p < '0' || *p > '9') && strchr("!#$%&'*+-/=?^_`{|}~", *p) == NULL &&
		    (*p != '.' || p == s || p[1] == '.' || p[1] == '\0'))
			return 0;
	return p > s;
}

/* Append "; key=value", unless the field would be too long. */
static void
put(stralloc *sa, size_t begin, const char *key, const char *value)
{
	stralloc quoted = {0};
	const char *p;

	if (is_dot_atom(value)) {
		text_cat(&quoted, value, (char *)NULL);
	} else {
		text_cat(&quoted, "\"", (char *)NULL);
		for (p = value; *p != '\0'; p++) {
			if (*p == '"' || *p == '\\')
				text_cat(&quoted, "\\", (char *)NULL);
			text_catb(&quoted, p, 1);
		}
		text_cat(&quoted, "\"", (char *)NULL);
	}
	if (sa->len - begin + strlen(key) + quoted.len + 3 <= SPF_FIELD_MAX) {
		text_cat(sa, " ", key, "=", (char *)NULL);
		text_catb(sa, quoted.s, quoted.len);
		text_cat(sa, ";", (char *)NULL);
	}
	stralloc_free(&quoted);
}

/* What the result says, for people: without parentheses, for it is a comment. */
static const char *
meaning(enum spf_result result)
{
	switch (result) {
	case SPF_PASS:
		return "the domain permits this client";
	case SPF_FAIL:
		return "the domain does not permit this client";
	case SPF_SOFTFAIL:
		return "the domain does not think that it permits this client";
	case SPF_NEUTRAL:
		return "the domain says nothing of this client";
	case SPF_NONE:
		return "no SPF record";
	default:
		return "it could not be found out";
	}
}

void
spf_field_put(stralloc *sa, const struct spf_question *question,
    const struct spf_verdict *verdict, const char *identity)
{
	char ip[IPADDRESS_TEXT_MAX];
	size_t begin = sa->len;

	text_cat(sa, "Received-SPF: ", spf_evaluate_name(verdict->result), " (",
	    verdict->problem != NULL ? verdict->problem : meaning(verdict->result), ")",
	    (char *)NULL);
	put(sa, begin, "client-ip", ipaddress_text(ip, question->ip));
	put(sa, begin, "identity", identity);
	put(sa, begin, "receiver", question->receiver);
	if (verdict->mechanism.len > 0)
		put(sa, begin, "mechanism", verdict->mechanism.s);
	if (strcmp(identity, "mailfrom") == 0)
		put(sa, begin, "envelope-from", question->sender);
	put(sa, begin, "helo", question->helo);
	/* nothing follows the last one */
	if (sa->s[sa->len - 1] == ';')
		sa->len--;
}
