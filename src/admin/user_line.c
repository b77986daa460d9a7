#include <string.h>

#include "admin/user_line.h"
#include "lib/address.h"
#include "lib/control_unit.h"
#include "lib/lower.h"
#include "lib/mailbox_owner.h"
#include "lib/scram_keys.h"
#include "lib/text.h"

#define QUOTA_MAX 9223372036854775807ULL

/* Where the first stop stands that is in no quotes and no brackets; len when nowhere. */
static size_t
find_outside(const char *s, size_t len, char stop)
{
	int quoted = 0, literal = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (quoted && s[i] == '\\' && i + 1 < len)
			i++;
		else if (s[i] == '"')
			quoted = !quoted;
		else if (!quoted && (s[i] == '[' || s[i] == ']'))
			literal = s[i] == '[';
		else if (!quoted && !literal && s[i] == stop)
			break;
	}
	return i;
}

/* Set key to the address s[0..len) as it is looked up.  Null, or what is wrong. */
static const char *
take_address(stralloc *key, const char *s, size_t len)
{
	if (len == 0)
		return "the address is missing";
	if (!address_domain(s, len))
		return "the address has no domain";
	if (!address_is_mailbox(s, len))
		return "the address is malformed";
	address_key(key, s, len);
	return NULL;
}

static const char *
take_catchall(stralloc *key, const char *s, size_t len)
{
	if (!address_is_domain(s + 1, len - 1))
		return "the domain of the catch-all is malformed";
	address_domain_key(key, s, len);
	return NULL;
}

/* The numbers UID:GID:QUOTA at s[0..len). */
static const char *
take_numbers(struct user_line *line, const char *s, size_t len)
{
	size_t owner = mailbox_owner_scan(s, len, &line->uid, &line->gid);
	const char *quota = s + owner + 1;

	if (owner == 0)
		return "the uid or the gid is not a number";
	if (owner == len)
		return "not of the form ADDRESS:UID:GID:QUOTA";
	if (line->uid == 0)
		return "a mailbox can't belong to root";
	line->quota = 0;
	line->has_quota = s + len > quota;
	if (line->has_quota && !control_unit_scan(CONTROL_UNIT_BYTES, quota,
				   (size_t)(s + len - quota), QUOTA_MAX, &line->quota))
		return "the quota is not a number of bytes";
	return NULL;
}

const char *
user_line_fit(const char *s, size_t len)
{
	size_t at = address_domain(s, len);

	if (at < 2 || !address_is_folder(s, at - 1) ||
	    !address_is_folder(s + at, len - at) || at - 1 > ADDRESS_LOCAL_MAX)
		return "the address can't be the name of a folder";
	return NULL;
}

const char *
user_line_mailbox(struct user_line *line, const char *s, size_t len)
{
	size_t end = find_outside(s, len, ':');
	const char *wrong;

	if (end == len)
		return "not of the form ADDRESS:UID:GID:QUOTA";
	wrong = take_address(&line->key, s, end);
	if (wrong == NULL)
		wrong = user_line_fit(line->key.s, line->key.len);
	if (wrong == NULL)
		wrong = take_numbers(line, s + end + 1, len - end - 1);
	return wrong;
}

/* A target is kept as it was written: its local part may be another host's business. */
static const char *
take_target(stralloc *targets, const char *s, size_t len)
{
	if (!address_is_mailbox(s, len))
		return len == 0 ? "a target is empty" : "a target is not an address";
	text_catb(targets, s, len);
	text_catb(targets, "", 1);
	return NULL;
}

const char *
user_line_alias(struct user_line *line, const char *s, size_t len)
{
	size_t end = find_outside(s, len, ':'), from, to;
	const char *wrong;

	if (end == len)
		return "not of the form ADDRESS: TARGET, TARGET...";
	wrong = user_line_key(line, s, end);
	line->targets.len = 0;
	for (from = end + 1; wrong == NULL && from <= len; from = end + 1) {
		end = to = from + find_outside(s + from, len - from, ',');
		while (from < to && (s[from] == ' ' || s[from] == '\t'))
			from++;
		while (to > from && (s[to - 1] == ' ' || s[to - 1] == '\t'))
			to--;
		wrong = take_target(&line->targets, s + from, to - from);
	}
	return wrong;
}

size_t
user_line_target(const stralloc *targets, const char *s, size_t len)
{
	static stralloc key, other;
	size_t at, size;

	address_key(&key, s, len);
	for (at = 0; at < targets->len; at += size + 1) {
		size = strlen(targets->s + at);
		address_key(&other, targets->s + at, size);
		if (key.len == other.len && memcmp(key.s, other.s, key.len) == 0)
			break;
	}
	return at;
}

size_t
user_line_hash(const char *s, size_t len)
{
	size_t end = find_outside(s, len, ':');

	return end < len ? end + 1 : len;
}

const char *
user_line_password(struct user_line *line, const char *s, size_t len)
{
	size_t end = find_outside(s, len, ':');
	const char *wrong, *colon;
	struct scram keys;

	if (end == len)
		return "not of the form ADDRESS:HASH";
	wrong = take_address(&line->key, s, end);
	if (wrong != NULL)
		return wrong;
	s += end + 1;
	len -= end + 1;
	colon = memchr(s, ':', len);
	end = colon != NULL ? (size_t)(colon - s) : len;
	if (end == 0)
		return "the hash is missing";
	if (memchr(s, ' ', end) != NULL)
		return "the hash is malformed";
	if (colon != NULL && !scram_keys_scan(&keys, colon + 1, len - end - 1))
		return "what follows the hash are no keys";
	line->hash.len = line->keys.len = 0;
	text_catb(&line->hash, s, end);
	text_terminate(&line->hash);
	if (colon != NULL)
		text_catb(&line->keys, colon + 1, len - end - 1);
	return NULL;
}

const char *
user_line_key(struct user_line *line, const char *s, size_t len)
{
	size_t end = find_outside(s, len, ':');

	return end > 0 && s[0] == '@' ? take_catchall(&line->key, s, end)
				      : take_address(&line->key, s, end);
}
