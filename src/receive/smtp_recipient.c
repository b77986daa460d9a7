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

/* Is the local part of path alone what counts, in our default domain?  1, 0, or -1. */
static int
is_at_home(const struct smtp_path *path, size_t local)
{
	int is_postmaster =
	    local == strlen(POSTMASTER) && !strncasecmp(path->address, POSTMASTER, local);
	unsigned char ip[16];

	if (path->kind == SMTP_PATH_LOCAL)
		return is_postmaster;
	if (!literal_scan(path->address + local + 1, path->len - local - 1, ip))
		return 0;
	return (is_postmaster && is_this(ip)) ? 1 : is_listed(ip);
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
	r = is_at_home(path, local);
	if (r == -1)
		return REPLY_OUR_FAULT;
	if (r == 0)
		return path->kind == SMTP_PATH_LOCAL ? REPLY_NO_DOMAIN : NULL;
	r = control_line("defaultdomain", &home, me);
	if (r == -1)
		carpsys("unable to read control/defaultdomain");
	address->len = local;
	text_cat(address, "@", home.len ? home.s : me, NULL);
	text_terminate(address);
	stralloc_free(&home);
	return r == -1 ? REPLY_OUR_FAULT : NULL;
}
