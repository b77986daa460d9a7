#include <string.h>
#include <strings.h>

#include "lib/password_hash.h"

#define DES_LEN 13 /* of a traditional hash, which has nothing to tell it by but that */

/* The names are Dovecot's, OpenLDAP's and Courier's. */
static const struct scheme {
	const char *name;
	enum password_hash_kind kind;
} schemes[] = {
    {"CRYPT", PASSWORD_HASH_CRYPT},
    {"MD5-CRYPT", PASSWORD_HASH_CRYPT},
    {"SHA256-CRYPT", PASSWORD_HASH_CRYPT},
    {"SHA512-CRYPT", PASSWORD_HASH_CRYPT},
    {"BLF-CRYPT", PASSWORD_HASH_CRYPT},
    {"DES-CRYPT", PASSWORD_HASH_CRYPT},
    {"YESCRYPT", PASSWORD_HASH_CRYPT},
    {"SCRYPT", PASSWORD_HASH_CRYPT},
    {"PLAIN", PASSWORD_HASH_PLAIN},
    {"CLEARTEXT", PASSWORD_HASH_PLAIN},
    {"SSHA", PASSWORD_HASH_SSHA},
    {"SSHA256", PASSWORD_HASH_SSHA256},
    {"SSHA512", PASSWORD_HASH_SSHA512},
};

/* As crypt(3) knows them: what stands between the first two dollars. */
static const char *const methods[] = {
    "y", "gy", "7", "2b", "2a", "2x", "2y", "6", "5", "sha1", "md5", "1", "3"};

static const struct scheme *
find_scheme(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (strlen(schemes[i].name) == len &&
		    strncasecmp(schemes[i].name, s, len) == 0)
			return &schemes[i];
	return NULL;
}

/* Is the hash s[0..len) one that crypt(3) knows? */
static int
is_known(const char *s, size_t len)
{
	const char *end;
	size_t i;

	if (s[0] == '_' || len == DES_LEN)
		return 1;
	if (s[0] != '$')
		return 0;
	/* $md5 may have a comma behind it */
	for (end = s + 1; end < s + len && *end != '$' && *end != ','; end++)
		;
	for (i = 0; i < sizeof methods / sizeof *methods; i++)
		if (strlen(methods[i]) == (size_t)(end - s - 1) &&
		    memcmp(methods[i], s + 1, strlen(methods[i])) == 0)
			return 1;
	return 0;
}

static int
is_closed(const char *s, size_t len)
{
	return len == 0 || s[0] == '!' || s[0] == '*';
}

enum password_hash_kind
password_hash_kind(const char *s, size_t len, size_t *text)
{
	const struct scheme *scheme = schemes;
	const char *brace;

	*text = 0;
	if (is_closed(s, len))
		return PASSWORD_HASH_CLOSED;
	if (s[0] == '{') {
		brace = memchr(s, '}', len);
		scheme =
		    brace != NULL ? find_scheme(s + 1, (size_t)(brace - s - 1)) : NULL;
		if (scheme == NULL)
			return PASSWORD_HASH_UNUSABLE;
		*text = (size_t)(brace + 1 - s);
	}
	s += *text;
	len -= *text;
	if (scheme->kind == PASSWORD_HASH_PLAIN && len > 0)
		return PASSWORD_HASH_PLAIN;
	if (is_closed(s, len))
		return PASSWORD_HASH_CLOSED;
	if (scheme->kind == PASSWORD_HASH_CRYPT && !is_known(s, len))
		return PASSWORD_HASH_UNUSABLE;
	return scheme->kind;
}

int
password_hash_is_usable(enum password_hash_kind kind)
{
	return kind != PASSWORD_HASH_CLOSED && kind != PASSWORD_HASH_UNUSABLE;
}
