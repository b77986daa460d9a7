#include <string.h>

#include <stralloc.h>

#include "lib/domain_form.h"
#include "lib/lower.h"
#include "origin/claim.h"

static void
add(struct claim *claim, char c)
{
	if (claim->len < sizeof claim->name)
		claim->name[claim->len] = c;
	if (claim->len <= sizeof claim->name)
		claim->len++;
	if (!claim->is_cut)
		claim->first_len = claim->len;
}

/* Between words: blanks, comments. */
static void
cut(struct claim *claim)
{
	claim->is_cut |= claim->len > 0;
}

int
claim_take(struct claim *claim, char c)
{
	if (claim->is_over)
		return 1;
	if (claim->is_escaped) {
		claim->is_escaped = 0;
		if (claim->depth == 0)
			add(claim, c);
	} else if (c == '\\' && (claim->depth > 0 || claim->is_quoted)) {
		claim->is_escaped = 1;
	} else if (claim->depth > 0) {
		claim->depth += c == '(';
		claim->depth -= c == ')';
	} else if (c == '"') {
		claim->is_quoted = !claim->is_quoted;
	} else if (c == '(' && !claim->is_quoted) {
		cut(claim);
		claim->depth = 1;
	} else if (c == ';' && !claim->is_quoted) {
		claim->is_over = 1;
	} else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
		if (!claim->is_quoted)
			cut(claim);
	} else {
		add(claim, c);
	}
	return claim->is_over;
}

static int
is_name(const char *s, size_t len, const char *name)
{
	size_t size = strlen(name);

	while (len > 0 && s[len - 1] == '.')
		len--;
	return len == size && memcmp(s, name, size) == 0;
}

static int
is_of_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
	       c == '.';
}

/* Is it ours, or ours with a version behind it, or with a dot, or between what is in no
 * name, which some reader may take for a blank? */
static int
is_ours(const char *s, size_t len, const char *name)
{
	size_t size = strlen(name);

	while (len > 0 && !is_of_name(*s)) {
		s++;
		len--;
	}
	if (len > size && memcmp(s, name, size) == 0 && !is_of_name(s[size]))
		return 1;
	if (is_name(s, len, name))
		return 1;
	while (len > 0 && s[len - 1] >= '0' && s[len - 1] <= '9')
		len--;
	return is_name(s, len, name);
}

int
claim_is_of(struct claim *claim, const char *name)
{
	size_t kept = claim->len < sizeof claim->name ? claim->len : sizeof claim->name;
	size_t first = claim->first_len < kept ? claim->first_len : kept;
	stralloc other = {0};
	int r;

	/* no name has encoded words, but some readers decode them wherever they are */
	if (claim->depth > 0 || claim->is_quoted ||
	    memmem(claim->name, kept, "=?", 2) != NULL)
		return 1;
	lower_bytes(claim->name, kept);
	r = is_ours(claim->name, first, name) || is_ours(claim->name, kept, name);
	if (!r && domain_form_other(&other, claim->name, first))
		r = is_name(other.s, other.len, name);
	stralloc_free(&other);
	return r;
}
