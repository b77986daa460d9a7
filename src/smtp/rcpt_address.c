#include <string.h>
#include <strings.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/client.h"
#include "lib/control.h"
#include "lib/ipaddress.h"
#include "lib/text.h"
#include "lib/variable.h"
#include "smtp/rcpt_address.h"
#include "smtp/reply.h"

#define POSTMASTER "postmaster"
#define LITERAL_MAX 64

/* What stands in the literal s[0..len), [192.0.2.1] or [IPv6:2001:db8::1]; null for none.
 */
static const char *
literal_of(char copy[LITERAL_MAX], const char *s, size_t len)
{
	if (len < 3 || len >= LITERAL_MAX || s[0] != '[')
		return NULL;
	memcpy(copy, s + 1, len - 2);
	copy[len - 2] = '\0';
	return strncasecmp(copy, "IPv6:", 5) != 0 ? copy : copy + 5;
}

/* Has the client connected to that address? */
static int
is_this(const char *address)
{
	const char *local = variable_own("TCPLOCALIP");
	unsigned char ip[16];

	return local != NULL && ipaddress_scan(address, ip) &&
	       ipaddress_matches(ip, local) == 1;
}

/* Is it in control/localips?  1, 0, or -1 after having logged why that is not known. */
static int
is_listed(const char *address)
{
	int r = client_is_listed("localips", address);

	if (r == -1)
		carpsys("unable to read control/localips");
	return r;
}

/* Is it in control/domains, with a postmaster of its own?  1, 0, or -1 likewise. */
static int
is_ours(const char *domain)
{
	stralloc list = {0};
	size_t at;
	int found = 0;

	if (control_list("domains", &list) == -1) {
		carpsys("unable to read control/domains");
		return -1;
	}
	for (at = 0; !found && at < list.len; at += strlen(list.s + at) + 1)
		found = strcasecmp(list.s + at, domain) == 0;
	stralloc_free(&list);
	return found;
}

/* The local part s[0..len), which may be quoted */
static int
is_postmaster(const char *s, size_t len)
{
	stralloc key = {0};
	int is_it;

	if (!len || *s != '"')
		return len == strlen(POSTMASTER) && strncasecmp(s, POSTMASTER, len) == 0;
	address_key(&key, s, len);
	is_it = strcmp(key.s, POSTMASTER) == 0;
	stralloc_free(&key);
	return is_it;
}

/* Is the local part of path alone what counts, in our default domain?  1, 0, or -1. */
static int
is_at_home(const struct smtp_path *path, size_t local, const char *me)
{
	int is_for_us = is_postmaster(path->address, local);
	const char *domain = path->address + local + 1;
	char copy[LITERAL_MAX];
	const char *address;
	size_t len;
	int r;

	if (path->kind == SMTP_PATH_LOCAL)
		return is_for_us;
	len = path->len - local - 1;
	if (is_for_us && len == strlen(me) && strncasecmp(domain, me, len) == 0) {
		r = is_ours(me);
		return r == -1 ? -1 : !r;
	}
	address = literal_of(copy, domain, len);
	if (address == NULL)
		return 0;
	return is_for_us && is_this(address) ? 1 : is_listed(address);
}

const char *
rcpt_address_choose(stralloc *address, const struct smtp_path *path, const char *me)
{
	size_t domain = address_domain(path->address, path->len);
	size_t local = domain ? domain - 1 : path->len;
	stralloc home = {0};
	int r;

	if (path->kind == SMTP_PATH_NULL)
		return REPLY_BAD_RECIPIENT;
	text_setb(address, path->address, path->len);
	r = is_at_home(path, local, me);
	if (r == -1)
		return REPLY_OUR_FAULT;
	if (r == 0)
		return path->kind == SMTP_PATH_LOCAL ? REPLY_NO_DOMAIN : NULL;
	r = control_line("defaultdomain", &home, me);
	if (r == -1)
		carpsys("unable to read control/defaultdomain");
	if (path->address[0] == '"' && is_postmaster(path->address, local))
		text_set(address, POSTMASTER);
	else
		address->len = local;
	text_cat(address, "@", home.len ? home.s : me, (char *)NULL);
	text_terminate(address);
	stralloc_free(&home);
	return r == -1 ? REPLY_OUR_FAULT : NULL;
}
