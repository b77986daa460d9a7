#include <string.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/control.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/users.h"
#include "policy/sender_rights.h"

#define ALIASES_MAX 8 /* one behind the other */

static int
is_key(const stralloc *key, const char *s)
{
	return key->len == strlen(s) && memcmp(key->s, s, key->len) == 0;
}

/* Does mail for the address s[0..len) come to user?  1, 0, or -1 with errno. */
static int
comes_to(struct users *users, const char *user, const char *s, size_t len, int depth)
{
	struct user found = {0};
	const char *target;
	int r = users_find(users, s, len, &found);

	if (r == 1 && found.kind == USER_MAILBOX) {
		r = is_key(&found.address, user);
	} else if (r == 1) {
		r = 0;
		for (target = found.targets.s;
		     r == 0 && depth < ALIASES_MAX &&
		     target < found.targets.s + found.targets.len;
		     target += strlen(target) + 1)
			r = comes_to(users, user, target, strlen(target), depth + 1);
	}
	stralloc_free(&found.address);
	stralloc_free(&found.targets);
	return r;
}

int
sender_rights_line(const char *line, const char *user, const char *address, size_t len)
{
	const char *colon = strchr(line, ':'), *s;
	stralloc key = {0};
	size_t domain;
	int r;

	if (colon == NULL || colon == line)
		return -1;
	for (s = colon + 1; *s == ' ' || *s == '\t'; s++)
		;
	if (!*s)
		return -1;
	address_key(&key, line, (size_t)(colon - line));
	r = is_key(&key, "*") || is_key(&key, user);
	if (*s == '@' && r) {
		domain = address_domain(address, len);
		r = domain && strlen(s + 1) == len - domain &&
		    strncasecmp(s + 1, address + domain, len - domain) == 0;
	} else if (strcmp(s, "*") != 0 && r) {
		address_key(&key, s, strlen(s));
		r = key.len == len && memcmp(key.s, address, len) == 0;
	}
	stralloc_free(&key);
	return r;
}

/* 1, 0, or -1 with errno. */
static int
is_granted(const char *user, const char *s, size_t len)
{
	stralloc list = {0}, key = {0};
	const char *line;
	int r, found = 0;

	address_key(&key, s, len);
	r = control_list("senders", &list);
	if (r == 1)
		for (line = list.s; found != 1 && line < list.s + list.len;
		     line += strlen(line) + 1) {
			found = sender_rights_line(line, user, key.s, key.len);
			if (found == -1)
				log_event(NULL, "malformed", "file", "control/senders",
				    "line", line, (char *)NULL);
		}
	stralloc_free(&list);
	stralloc_free(&key);
	return r == -1 ? -1 : found == 1;
}

/*
 * Is s[0..len) the address of user, who is one of this machine and not of a mailbox: his
 * name, with an extension or not, at control/defaultdomain or control/me?  root, who can
 * be everybody, may send as whomever.  1, 0, or -1 with errno.
 */
static int
is_of_login(const char *user, const char *s, size_t len)
{
	static const char *const names[] = {"defaultdomain", "me"};
	size_t domain = address_domain(s, len), local = strlen(user), i;
	stralloc name = {0};
	int r = strcmp(user, "root") == 0;

	if (domain == 0 || domain - 1 < local || memcmp(s, user, local) != 0 ||
	    (s[local] != '@' && s[local] != '+'))
		return r;
	for (i = 0; i < sizeof names / sizeof *names && r == 0; i++) {
		if (control_line(names[i], &name, NULL) == -1)
			r = -1;
		else
			r = name.len == len - domain &&
			    strncasecmp(name.s, s + domain, len - domain) == 0;
	}
	stralloc_free(&name);
	return r;
}

/* 1, 0, or -1 after having logged why it is not known. */
static int
has_itself(const char *user, const char *s, size_t len)
{
	struct users users;
	int r;

	if (strchr(user, '@') == NULL) {
		r = is_of_login(user, s, len);
		if (r == -1)
			carpsys("unable to read control/defaultdomain or control/me");
		return r;
	}
	if (users_open(&users) == -1) {
		carpsys("unable to open ", USERS_CDB);
		return -1;
	}
	r = comes_to(&users, user, s, len, 0);
	users_close(&users);
	if (r == -1)
		carpsys("unable to read ", USERS_CDB);
	return r;
}

int
sender_rights_has(const char *user, const char *s, size_t len)
{
	int r = has_itself(user, s, len);

	if (r != 0)
		return r;
	r = is_granted(user, s, len);
	if (r == -1)
		carpsys("unable to read control/senders");
	return r;
}
