#include <string.h>
#include <strings.h>

#include "dkim/key_record.h"
#include "dkim/tag_list.h"
#include "lib/base64.h"

#define PACKED_MAX (KEY_RECORD_BYTES_MAX / 3 * 4 + 4)

/* Decode p=, which may have blanks in it. */
static const char *
take_key(struct key_record *record, const struct tag *tag)
{
	char packed[PACKED_MAX], bytes[BASE64_DECODED_MAX(PACKED_MAX)];
	size_t i, n = 0;
	ssize_t r;

	for (i = 0; i < tag->len; i++) {
		if (strchr(" \t\r\n", tag->value[i]) != NULL)
			continue;
		if (n == sizeof packed)
			return "the key is too long";
		packed[n++] = tag->value[i];
	}
	if (n == 0)
		return "the key is revoked";
	r = base64_decode(bytes, packed, n);
	if (r <= 0 || (size_t)r > sizeof record->bytes)
		return "the key is malformed";
	memcpy(record->bytes, bytes, (size_t)r);
	record->len = (size_t)r;
	return NULL;
}

static int
is_value(const char *value, size_t len, const char *word)
{
	return len == strlen(word) && strncasecmp(value, word, len) == 0;
}

const char *
key_record_parse(struct key_record *record, const char *s, size_t len)
{
	struct tag_list list;
	const struct tag *tag;
	const char *value;

	memset(record, 0, sizeof *record);
	if (tag_list_parse(&list, s, len) == -1)
		return "the key record is malformed";
	tag = tag_list_find(&list, "v");
	if (tag != NULL &&
	    (tag != list.tags || tag->len != 5 || memcmp(tag->value, "DKIM1", 5) != 0))
		return "the record is no key";
	value = tag_list_value(&list, "k", &len);
	if (is_value(value, len, "ed25519"))
		record->kind = KEY_RECORD_ED25519;
	else if (tag_list_find(&list, "k") != NULL && !is_value(value, len, "rsa"))
		return "the key is of an unknown kind";
	value = tag_list_value(&list, "h", &len);
	if (tag_list_find(&list, "h") != NULL && !tag_list_has_word(value, len, "sha256"))
		return "the key is not for SHA-256";
	value = tag_list_value(&list, "s", &len);
	if (tag_list_find(&list, "s") != NULL && !tag_list_has_word(value, len, "*") &&
	    !tag_list_has_word(value, len, "email"))
		return "the key is not for mail";
	value = tag_list_value(&list, "t", &len);
	record->is_testing = tag_list_has_word(value, len, "y");
	record->is_strict = tag_list_has_word(value, len, "s");
	tag = tag_list_find(&list, "p");
	return tag != NULL ? take_key(record, tag) : "the record has no key";
}
