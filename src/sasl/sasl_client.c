#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "lib/base64.h"
#include "lib/text.h"
#include "sasl/sasl_client.h"

#define BINDING_LEN 32 /* RFC 9266, 2 */
#define NONCE_BYTES 18 /* SCRAM_CLIENT_NONCE characters of base64 */

enum { PLUS, SCRAM, PLAIN, LOGIN, BEARER, XOAUTH2 };

/* The best first; what a token is for, and what a password. */
static const struct {
	const char *name;
	int is_for_token;
} mechanisms[] = {
    [PLUS] = {"SCRAM-SHA-256-PLUS", 0},
    [SCRAM] = {"SCRAM-SHA-256", 0},
    [PLAIN] = {"PLAIN", 0},
    [LOGIN] = {"LOGIN", 0},
    [BEARER] = {"OAUTHBEARER", 1},
    [XOAUTH2] = {"XOAUTH2", 1},
};

#define COUNT (sizeof(mechanisms) / sizeof(*mechanisms))

static int
is_offered(const char *offered, const char *name)
{
	size_t n = strlen(name);

	for (; *offered == ' '; offered += strcspn(offered, " "))
		if (strncasecmp(++offered, name, n) == 0 &&
		    (offered[n] == ' ' || offered[n] == '\0'))
			return 1;
	return 0;
}

const char *
sasl_client_choose(
    struct sasl_client *c, const struct sasl_client_account *a, const char *offered)
{
	size_t i;

	c->account = a;
	c->step = 0;
	c->is_proven = 0;
	for (i = 0; i < COUNT; i++) {
		if (mechanisms[i].is_for_token != a->is_token || c->tried & 1u << i ||
		    (i == PLUS && a->binding == NULL) ||
		    !is_offered(offered, mechanisms[i].name))
			continue;
		c->mechanism = i;
		c->tried |= 1u << i;
		return mechanisms[i].name;
	}
	return NULL;
}

static int
begin_scram(struct sasl_client *c, stralloc *out)
{
	const struct sasl_client_account *a = c->account;
	char random[NONCE_BYTES];
	stralloc nonce = {0};

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return -1;
	base64_put(&nonce, random, sizeof(random));
	text_terminate(&nonce);
	scram_client_first(&c->scram, a->user, nonce.s,
	    c->mechanism == PLUS ? a->binding : NULL, BINDING_LEN, a->binding != NULL,
	    out);
	stralloc_free(&nonce);
	return 1;
}

/* RFC 7628, 3.1: the name in the header is a saslname. */
static void
put_bearer(const struct sasl_client_account *a, stralloc *out)
{
	char port[DECIMAL_MAX];
	const char *s;

	text_cat(out, "n,a=", (char *)NULL);
	for (s = a->user; *s != '\0'; s++)
		if (*s == ',' || *s == '=')
			text_cat(out, *s == ',' ? "=2C" : "=3D", (char *)NULL);
		else
			text_catb(out, s, 1);
	text_cat(out, ",\1host=", a->host, "\1port=", text_decimal(port, a->port),
	    "\1auth=Bearer ", a->secret, "\1\1", (char *)NULL);
}

int
sasl_client_begin(struct sasl_client *c, stralloc *out)
{
	const struct sasl_client_account *a = c->account;

	switch (c->mechanism) {
	case PLUS:
	case SCRAM:
		return begin_scram(c, out);
	case PLAIN:
		text_catb(out, "", 1);
		text_catb(out, a->user, strlen(a->user) + 1);
		text_cat(out, a->secret, (char *)NULL);
		break;
	case LOGIN:
		c->is_proven = 1;
		return 0;
	case BEARER:
		put_bearer(a, out);
		break;
	default:
		text_cat(out, "user=", a->user, "\1auth=Bearer ", a->secret, "\1\1",
		    (char *)NULL);
		break;
	}
	c->is_proven = 1;
	return 1;
}

static const char *
answer_scram(struct sasl_client *c, const char *s, size_t len, stralloc *out)
{
	if (c->step == 1)
		return scram_client_second(&c->scram, c->account->secret, s, len, out);
	if (c->step > 2 || !scram_client_is_proven(&c->scram, s, len))
		return "it does not know the password itself";
	c->is_proven = 1;
	return NULL;
}

const char *
sasl_client_answer(struct sasl_client *c, const char *s, size_t len, stralloc *out)
{
	c->step++;
	if (c->mechanism == PLUS || c->mechanism == SCRAM)
		return answer_scram(c, s, len, out);
	if (c->mechanism == LOGIN && c->step <= 2) {
		text_cat(out, c->step == 1 ? c->account->user : c->account->secret,
		    (char *)NULL);
		return NULL;
	}
	/* what is wrong with the token; the answer makes it say so in a reply */
	if (c->account->is_token && c->step == 1) {
		if (c->mechanism == BEARER)
			text_cat(out, "\1", (char *)NULL);
		return NULL;
	}
	return "it asks too much";
}

void
sasl_client_forget(struct sasl_client *c)
{
	scram_client_forget(&c->scram);
}
