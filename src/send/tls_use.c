#include <string.h>

#include "lib/text.h"
#include "send/tls_use.h"

/* Copy as much as there is room for. */
static void
copy(char *to, size_t size, const char *from)
{
	size_t len = strlen(from);

	text_copy(to, size, from, len < size ? len : size - 1);
}

/* Take what follows the name, if the record has that name. */
static void
take(const char *record, const char *name, char *to, size_t size)
{
	size_t len = strlen(name);

	if (strncmp(record, name, len) == 0)
		copy(to, size, record + len);
}

int
tls_use_learn(struct tls_use *use, const char *s, size_t len)
{
	const char *end = s + len;
	char resumed[2] = "0";

	tls_use_end(use);
	for (; s < end; s += strlen(s) + 1) {
		take(s, "TLS_VERSION=", use->version, sizeof use->version);
		take(s, "TLS_CIPHER=", use->cipher, sizeof use->cipher);
		take(s, "TLS_GROUP=", use->group, sizeof use->group);
		take(s, "TLS_VERIFIED=", use->verified, sizeof use->verified);
		take(s, "TLS_EXPORTER=", use->exporter, sizeof use->exporter);
		take(s, "TLS_SHA256=", use->sha256, sizeof use->sha256);
		take(s, "TLS_PEER_NAMES=", use->names, sizeof use->names);
		take(s, "TLS_RESUMED=", resumed, sizeof resumed);
	}
	use->is_resumed = resumed[0] == '1';
	use->is_on =
	    use->version[0] != '\0' && use->cipher[0] != '\0' && use->verified[0] != '\0';
	if (!use->is_on)
		tls_use_end(use);
	return use->is_on;
}

void
tls_use_end(struct tls_use *use)
{
	char result[sizeof use->result];

	memcpy(result, use->result, sizeof result);
	memset(use, 0, sizeof(*use));
	memcpy(use->result, result, sizeof result);
}

void
tls_use_text(const struct tls_use *use, char text[TLS_USE_TEXT_MAX])
{
	char *p;

	if (!use->is_on) {
		strcpy(text, "none");
		return;
	}
	p = stpcpy(stpcpy(stpcpy(text, use->version), " "), use->cipher);
	if (use->group[0] != '\0')
		p = stpcpy(stpcpy(p, " "), use->group);
	stpcpy(stpcpy(p, " verified="), use->verified);
}
