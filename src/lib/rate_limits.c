#include <string.h>
#include <strings.h>

#include "lib/address.h"
#include "lib/ipaddress.h"
#include "lib/log.h"
#include "lib/rate_limits.h"
#include "lib/text.h"

#define LIMIT_MAX 4000000000 /* what a window can count */
#define WHO_MAX 384

int
rate_limits_scan(struct rate_limits *limits, const char *s, char separator)
{
	unsigned long long n;
	size_t len;
	int i;

	for (i = 0; i < RATE_MEASURES; i++) {
		if (i && *s != separator)
			return 0;
		while (i && *s == separator)
			s++;
		len = strspn(s, "0123456789");
		if (!text_number(s, len, LIMIT_MAX, &n))
			return 0;
		limits->most[i] = n;
		s += len;
	}
	return *s == '\0';
}

/* Is it a login name of this machine?  IPv4 begins with a digit, IPv6 has a colon. */
static int
is_login(const char *who)
{
	static const char all[] = "0123456789.-_abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	return strspn(who, strchr(all, '_')) > 0 && who[strspn(who, all)] == '\0';
}

/* Does a line for who speak of this user, or address?  1, 0, or -1 when it is malformed.
 */
static int
fits(const char *who, const char *user, const unsigned char *address)
{
	static const unsigned char any[16];
	int r;

	if (strchr(who, '@') != NULL)
		return user != NULL && strcasecmp(who, user) == 0;
	if (is_login(who))
		return user != NULL && strcmp(who, user) == 0;
	r = ipaddress_matches(address != NULL ? address : any, who);
	return r == 1 ? user == NULL && address != NULL : r;
}

/* Take one line apart.  Returns 1, or 0 when it is malformed. */
static int
split(const char *line, char who[WHO_MAX], struct rate_limits *limits)
{
	size_t len = strcspn(line, " ");

	if (len >= WHO_MAX || line[len] != ' ')
		return 0;
	memcpy(who, line, len);
	who[len] = '\0';
	return rate_limits_scan(limits, line + len + strspn(line + len, " "), ' ');
}

static int
is_general_name(const char *who)
{
	return strcmp(who, "user") == 0 || strcmp(who, "client") == 0;
}

int
rate_limits_is_line(const char *line)
{
	struct rate_limits limits;
	char who[WHO_MAX];

	if (!split(line, who, &limits))
		return 0;
	if (strchr(who, '@') != NULL)
		return address_is_mailbox(who, strlen(who));
	return is_general_name(who) || fits(who, NULL, NULL) != -1;
}

int
rate_limits_find(struct rate_limits *limits, int *is_general, const char *list,
    size_t len, const char *user, const char *ip)
{
	const char *line, *general = user != NULL ? "user" : "client";
	unsigned char address[16];
	struct rate_limits these;
	char who[WHO_MAX];
	int known = ip != NULL && ipaddress_scan(ip, address), found = 0, r;

	for (line = list; line < list + len; line += strlen(line) + 1) {
		r = split(line, who, &these) ? 0 : -1;
		if (!r && is_general_name(who)) {
			if (!found && strcmp(who, general) == 0) {
				*limits = these;
				*is_general = found = 1;
			}
			continue;
		}
		if (!r)
			r = fits(who, user, known ? address : NULL);
		if (r == -1)
			log_event(NULL, "malformed", "file", "control/ratelimits", "line",
			    line, (char *)NULL);
		if (r == 1) {
			*limits = these;
			*is_general = 0;
			return 1;
		}
	}
	return found;
}
