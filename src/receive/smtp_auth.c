#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/starttls.h"
#include "lib/users.h"
#include "receive/auth_socket.h"
#include "receive/smtp_auth.h"
#include "receive/smtp_reply.h"
#include "receive/smtp_sasl.h"

static const char *
environment(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

const char *
smtp_auth_user(void)
{
	const char *user = environment("AUTHUSER");

	return *user ? user : NULL;
}

static const struct mechanism {
	const char *name; /* with the blank before it in the list */
	void (*act)(struct smtp_sasl *d);
	int scram;
	int bound; /* to the channel */
} mechanisms[] = {
    {" SCRAM-SHA-256-PLUS", smtp_sasl_scram, 1, 1},
    {" SCRAM-SHA-256", smtp_sasl_scram, 1, 0},
    {" PLAIN", smtp_sasl_plain, 0, 0},
    {" LOGIN", smtp_sasl_login, 0, 0},
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
	if (mechanism->bound && !*smtp_sasl_binding())
		return 0;
	return !mechanism->scram || all_have_keys();
}

/* Is there somebody who knows the passwords? */
static int
is_there(void)
{
	return access(AUTH_SOCK, F_OK) == 0;
}

/* Null, or the reply that says why there is no AUTH now. */
static const char *
find_obstacle(const struct smtp_session *session)
{
	if (!session->clear_auth && !smtp_session_is_encrypted())
		return REPLY_AUTH_NEEDS_TLS;
	return NULL;
}

int
smtp_auth_needs_tls(const struct smtp_session *session)
{
	return find_obstacle(session) && is_there() && starttls_offered();
}

const char *
smtp_auth_mechanisms(const struct smtp_session *session)
{
	static char list[64];
	size_t i;

	list[0] = '\0';
	if (!smtp_auth_user() && !find_obstacle(session) && is_there())
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
find_disorder(const struct smtp_session *session, size_t len)
{
	if (!is_there())
		return REPLY_NOT_IMPLEMENTED;
	if (!session->extended)
		return REPLY_EHLO_FIRST;
	if (smtp_auth_user())
		return REPLY_AUTH_TWICE;
	if (session->transaction.begun)
		return REPLY_AUTH_IN_MAIL;
	return len ? find_obstacle(session) : REPLY_AUTH_USAGE;
}

void
smtp_auth_begin(struct smtp_session *session, const char *s, size_t len)
{
	struct smtp_sasl d = {.session = session, .socket = {.fd = -1}};
	const struct mechanism *mechanism = NULL;
	const char *disorder = find_disorder(session, len);
	size_t name, at;

	for (name = 0; name < len && s[name] != ' '; name++)
		;
	for (at = name; at < len && s[at] == ' '; at++)
		;
	if (!disorder) {
		mechanism = find_mechanism(s, name);
		if (!mechanism)
			disorder = REPLY_AUTH_UNKNOWN;
	}
	if (disorder) {
		smtp_session_complain(session, disorder);
		return;
	}
	d.mechanism = mechanism->name + 1;
	if (at == len ||
	    (len - at == 1 && s[at] == '=' ? smtp_sasl_message(&d, "", 0)
					   : smtp_sasl_message(&d, s + at, len - at)))
		mechanism->act(&d);
	smtp_sasl_end(&d);
}
