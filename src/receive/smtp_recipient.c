#include "receive/smtp_recipient.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/control.h"
#include "lib/ipaddress.h"
#include "lib/text.h"
#include "receive/smtp_reply.h"

#define POSTMASTER "postmaster"
#define LITERAL_MAX 64

/* The domain s[0..len) as an address: [192.0.2.1] or [IPv6:2001:db8::1].  1, or 0. */
static int
literal_scan(const char *s, size_t len, unsigned char ip[16])
{
	char literal[LITERAL_MAX];

	if (len < 3 || len >= sizeof literal || s[0] != '[')
		return 0;
	memcpy(literal, s + 1, len - 2);
	literal[len - 2] = '\0';
	return ipaddress_scan(
	    strncasecmp(literal, "IPv6:", 5) ? literal : literal + 5, ip);
}

/* Has the client connected to that address? */
static int
is_this(const unsigned char ip[16])
{
	const char *local = getenv("TCPLOCALIP");

	return local && ipaddress_matches(ip, local) == 1;
}

/* Is it in control/localips?  1, 0, or -1 after having logged why that is not known. */
static int
is_listed(const unsigned char ip[16])
{
	stralloc list = {0};
	size_t at;
	int found = 0;

	if (control_list("localips", &list) == -1) {
		carpsys("unable to read control/localips");
		return -1;
	}
	for (at = 0; !found && at < list.len; at += strlen(list.s + at) + 1)
		found = ipaddress_matches(ip, list.s + at) == 1;
	stralloc_free(&list);
	return found;
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
		found = !strcasecmp(list.s + at, domain);
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
		return len == strlen(POSTMASTER) && !strncasecmp(s, POSTMASTER, len);
	address_key(&key, s, len);
	is_it = !strcmp(key.s, POSTMASTER);
	stralloc_free(&key);
	return is_it;
}

/* Is the local part of path alone what counts, in our default domain?  1, 0, or -1. */
static int
is_at_home(const struct smtp_path *path, size_t local, const char *me)
{
	int is_for_us = is_postmaster(path->address, local);
	const char *domain = path->address + local + 1;
	unsigned char ip[16];
	size_t len;
	int r;

	if (path->kind == SMTP_PATH_LOCAL)
		return is_for_us;
	len = path->len - local - 1;
	if (is_for_us && len == strlen(me) && !strncasecmp(domain, me, len)) {
		r = is_ours(me);
		return r == -1 ? -1 : !r;
	}
	if (!literal_scan(domain, len, ip))
		return 0;
	return (is_for_us && is_this(ip)) ? 1 : is_listed(ip);
}

static void
set(stralloc *address, const char *s, size_t len)
{
	address->len = 0;
	text_catb(address, s, len);
	text_terminate(address);
}

const char *
smtp_recipient_choose(stralloc *address, const struct smtp_path *path, const char *me)
{
	size_t domain = address_domain(path->address, path->len);
	size_t local = domain ? domain - 1 : path->len;
	stralloc home = {0};
	int r;

	if (path->kind == SMTP_PATH_NULL)
		return REPLY_BAD_RECIPIENT;
	set(address, path->address, path->len);
	r = is_at_home(path, local, me);
	if (r == -1)
		return REPLY_OUR_FAULT;
	if (r == 0)
		return path->kind == SMTP_PATH_LOCAL ? REPLY_NO_DOMAIN : NULL;
	r = control_line("defaultdomain", &home, me);
	if (r == -1)
		carpsys("unable to read control/defaultdomain");
	if (path->address[0] == '"' && is_postmaster(path->address, local))
		set(address, POSTMASTER, strlen(POSTMASTER));
	else
		address->len = local;
	text_cat(address, "@", home.len ? home.s : me, NULL);
	text_terminate(address);
	stralloc_free(&home);
	return r == -1 ? REPLY_OUR_FAULT : NULL;
}
