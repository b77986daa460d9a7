#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/starttls.h"
#include "lib/users.h"
#include "lib/variable.h"
#include "smtp/auth.h"
#include "smtp/auth_socket.h"
#include "smtp/reply.h"
#include "smtp/sasl_scram.h"

const char *
auth_user(void)
{
	const char *user = variable_own("AUTHUSER");

	return user != NULL && *user ? user : NULL;
}

static const struct mechanism {
	const char *name; /* with the blank before it in the list */
	void (*act)(struct sasl *d);
	int scram;
	int bound; /* to the channel */
} mechanisms[] = {
    {" SCRAM-SHA-256-PLUS", sasl_scram, 1, 1},
    {" SCRAM-SHA-256", sasl_scram, 1, 0},
    {" PLAIN", sasl_plain, 0, 0},
    {" LOGIN", sasl_login, 0, 0},
};
#define MECHANISMS (sizeof mechanisms / sizeof *mechanisms)

/* Has everybody keys for SCRAM?  A client that prefers it tries nothing else. */
static int
all_have_keys(void)
{
	struct users users;
	int r;

	if (users_open(&users) == -1)
		return 0;
	r = users_scram(&users);
	users_close(&users);
	return r == 1;
}

static int
is_offered(const struct mechanism *mechanism)
{
	if (mechanism->bound && !*sasl_scram_binding())
		return 0;
	return !mechanism->scram || all_have_keys();
}

/*
 * Are clients to authenticate here, and is there somebody who knows the passwords?  Only
 * a chain that asks for it has the policies that hold users to their rights and limits.
 */
static int
is_there(const struct session *session)
{
	return session->takes_auth && access(AUTH_SOCK, F_OK) == 0;
}

/* Null, or the reply that says why there is no AUTH now. */
static const char *
find_obstacle(const struct session *session)
{
	if (!session->clear_auth && !starttls_active())
		return REPLY_AUTH_NEEDS_TLS;
	return NULL;
}

int
auth_needs_tls(const struct session *session)
{
	return find_obstacle(session) != NULL && is_there(session) && starttls_offered();
}

const char *
auth_mechanisms(const struct session *session)
{
	static char list[64];
	size_t i;

	list[0] = '\0';
	if (auth_user() == NULL && find_obstacle(session) == NULL && is_there(session))
		for (i = 0; i < MECHANISMS; i++)
			if (is_offered(&mechanisms[i]))
				strcat(list, mechanisms[i].name);
	return list;
}

static const struct mechanism *
find_mechanism(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < MECHANISMS; i++)
		if (strlen(mechanisms[i].name) == len + 1 &&
		    strncasecmp(mechanisms[i].name + 1, s, len) == 0 &&
		    is_offered(&mechanisms[i]))
			return &mechanisms[i];
	return NULL;
}

/* Is it time for AUTH?  Null, or the reply that says why not. */
static const char *
find_disorder(const struct session *session, size_t len)
{
	if (!is_there(session))
		return REPLY_NOT_IMPLEMENTED;
	if (!session->extended)
		return REPLY_EHLO_FIRST;
	if (auth_user() != NULL)
		return REPLY_AUTH_TWICE;
	if (session->transaction.begun)
		return REPLY_AUTH_IN_MAIL;
	return len ? find_obstacle(session) : REPLY_AUTH_USAGE;
}

void
auth_begin(struct session *session, const char *s, size_t len)
{
	struct sasl d = {.session = session, .socket = {.fd = -1, .mark = -1}};
	const struct mechanism *mechanism = NULL;
	const char *disorder = find_disorder(session, len);
	size_t name, at;

	for (name = 0; name < len && s[name] != ' '; name++)
		;
	for (at = name; at < len && s[at] == ' '; at++)
		;
	if (disorder == NULL) {
		mechanism = find_mechanism(s, name);
		if (mechanism == NULL)
			disorder = REPLY_AUTH_UNKNOWN;
	}
	if (disorder != NULL) {
		session_complain(session, disorder);
		return;
	}
	d.mechanism = mechanism->name + 1;
	if (at == len ||
	    (len - at == 1 && s[at] == '=' ? sasl_message(&d, "", 0)
					   : sasl_message(&d, s + at, len - at)))
		mechanism->act(&d);
	sasl_end(&d);
}
