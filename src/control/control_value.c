#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/control_value.h"
#include "lib/address.h"
#include "lib/client.h"
#include "lib/control.h"
#include "lib/ip_families.h"
#include "lib/mailbox_owner.h"
#include "lib/text.h"

const char *
control_value_host(const char *s, size_t len)
{
	return address_is_host(s, len) ? NULL : "not a domain";
}

/* A domain, or with a dot before it all that lies below it. */
const char *
control_value_domain_below(const char *s, size_t len)
{
	size_t dot = s[0] == '.';

	return address_is_domain(s + dot, len - dot) ? NULL : "not a domain";
}

const char *
control_value_network(const char *s, size_t len)
{
	static const unsigned char any[16];
	char rule[128];
	int r = -1;

	if (text_copy(rule, sizeof rule, s, len))
		r = client_rule_matches(any, rule);
	if (r == CLIENT_RULE_OPEN)
		return "this is everybody: if that is meant, write `anybody` behind it";
	return r == -1 ? "not an address, and no ADDRESS/BITS without host bits" : NULL;
}

/* A client, or a domain, maybe with a dot before it. */
const char *
control_value_exempt(const char *s, size_t len)
{
	const char *wrong = control_value_network(s, len);

	return wrong == NULL || control_value_domain_below(s, len) == NULL
		   ? NULL
		   : "neither an address, a network nor a domain";
}

const char *
control_value_local(const char *s, size_t len)
{
	return address_is_local(s, len) ? NULL
					: "not the part of an address before the @";
}

const char *
control_value_address(const char *s, size_t len)
{
	return address_is_local(s, len) || address_is_mailbox(s, len) ? NULL
								      : "not an address";
}

const char *
control_value_owner(const char *s, size_t len)
{
	uid_t uid;
	gid_t gid;

	return len > 0 && mailbox_owner_scan(s, len, &uid, &gid) == len && uid > 0
		   ? NULL
		   : "not of the form UID:GID";
}

const char *
control_value_families(const char *s, size_t len)
{
	struct ip_families f;

	return ip_families_parse(&f, s, len) ? NULL : "not ipv4, ipv6, or both";
}

const char *
control_value_tls_version(const char *s, size_t len)
{
	if (len == 3 && s[0] == '1' && s[1] == '.' && s[2] >= '0' && s[2] <= '3')
		return NULL;
	return "not 1.0, 1.1, 1.2 or 1.3";
}

/* OpenSSL has the last word about that. */
const char *
control_value_tls_ciphers(const char *s, size_t len)
{
	return memchr(s, ' ', len) == NULL && memchr(s, '\t', len) == NULL
		   ? NULL
		   : "a list of ciphers with colons between has no blanks";
}

/* tls-wrap and others have to read it; that it is there can be seen from here. */
const char *
control_value_authorities(const char *s, size_t len)
{
	char path[1024];

	if (*s != '/' || !text_copy(path, sizeof path, s, len))
		return "not an absolute path";
	return access(path, F_OK) == 0 ? NULL : "there is no such file";
}

/* Is s[0..len) one of the words, which end with NULL? */
static int
is_one_of(const char *const *words, const char *s, size_t len)
{
	while (*words != NULL && (strlen(*words) != len || memcmp(*words, s, len) != 0))
		words++;
	return *words != NULL;
}

const char *
control_value_spf(const char *s, size_t len)
{
	static const char *const words[] = {"mark", "reject", "reject permerror", NULL};

	return is_one_of(words, s, len) ? NULL
					: "neither mark, reject nor reject permerror";
}

const char *
control_value_dmarc(const char *s, size_t len)
{
	static const char *const words[] = {"mark", "reject", NULL};

	return is_one_of(words, s, len) ? NULL : "neither mark nor reject";
}

/* Is s[0..len) a line of control/NAME?  With s null: has it any? */
static int
is_listed(const char *name, const char *s, size_t len)
{
	stralloc list = {0};
	const char *line;
	int found = 0;

	if (control_list(name, &list) == 1)
		for (line = list.s; line < list.s + list.len && !found;
		     line += strlen(line) + 1)
			found = s == NULL ||
				(strlen(line) == len && strncasecmp(line, s, len) == 0);
	stralloc_free(&list);
	return found;
}

const char *
control_value_srs(const char *s, size_t len)
{
	if (len == 1 && *s == '0')
		return NULL;
	if (!is_listed("srssecrets", NULL, 0))
		return "control/srssecrets has no secret";
	return (len == 1 && *s == '1') || is_listed("domains", s, len)
		   ? NULL
		   : "neither 0, 1 nor a domain of this system";
}

const char *
control_value_secret(const char *s, size_t len)
{
	struct stat st;

	(void)s;
	if (stat("control/srssecrets", &st) == 0 && (st.st_mode & S_IRWXO) != 0)
		return "others can read it: chmod 600";
	return len >= 8 ? NULL : "shorter than 8 characters: it can be guessed";
}
