#include <poll.h>
#include <string.h>

#include "lib/lower.h"
#include "tls/tls_request.h"
#include "tls/wrap_certificate.h"
#include "tls/wrap_default.h"
#include "tls/wrap_log.h"
#include "tls/wrap_pair.h"
#include "tls/wrap_store.h"

#define WILDCARD "_"

/* A renewal replaces two files, one after the other. */
#define TRIES 20
#define PAUSE 50 /* milliseconds */

/* A cache: what each process to come begins with, and the name whose pairs it has. */
static struct {
	SSL *ssl;
	char name[TLS_NAME_MAX + 1];
} prepared;

static void
prepare(SSL_CTX *context, const char *name)
{
	const struct wrap_pair_content *content;
	int rsa;

	SSL_free(prepared.ssl);
	prepared.ssl = SSL_new(context);
	strcpy(prepared.name, name);
	for (rsa = 1; rsa >= 0 && prepared.ssl != NULL; rsa--) {
		content = wrap_store_content(name, rsa);
		if (content != NULL && !wrap_pair_use(content, prepared.ssl))
			SSL_certs_clear(prepared.ssl);
	}
}

/* Has ssl what stands in the folder name now? */
static int
is_prepared(SSL *ssl, const char *name)
{
	struct wrap_pair_look look;
	struct wrap_pair pair;
	int rsa;

	if (ssl != prepared.ssl || strcmp(name, prepared.name) != 0 ||
	    wrap_store_content(name, 0) == NULL)
		return 0;
	for (rsa = 0; rsa < 2; rsa++) {
		wrap_pair_name(&pair, name, rsa);
		if (wrap_pair_look(&look, &pair)
			? wrap_store_judge(name, rsa, &look) != WRAP_STORE_READY
			: wrap_store_content(name, rsa) != NULL)
			return 0;
	}
	return 1;
}

/* Read the pair and give it to ssl, which may have to wait for its other half. */
static int
read_pair(SSL *ssl, const struct wrap_pair *pair)
{
	struct wrap_pair_content content;
	int tries, r = 0;

	for (tries = 0; tries < TRIES && !r; tries++) {
		if (tries > 0)
			poll(NULL, 0, PAUSE);
		if (!wrap_pair_read(&content, pair))
			continue;
		r = wrap_pair_use(&content, ssl);
		wrap_pair_free(&content);
	}
	if (r)
		wrap_pair_warn(pair);
	return r;
}

/* Give ssl the pair.  1; 0 when there is no such; -1 with a log. */
static int
load_pair(SSL *ssl, const char *name, int rsa)
{
	const struct wrap_pair_content *kept = wrap_store_content(name, rsa);
	struct wrap_pair pair;
	struct wrap_pair_look look;
	enum wrap_store known;

	wrap_pair_name(&pair, name, rsa);
	if (!wrap_pair_look(&look, &pair))
		return 0;
	known = wrap_store_judge(name, rsa, &look);
	if (known == WRAP_STORE_NOTHING && read_pair(ssl, &pair))
		return 1;
	if (kept != NULL && wrap_pair_use(kept, ssl))
		return 1;
	wrap_pair_complain(&pair);
	return -1;
}

/*
 * Give ssl what stands in the folder name, first the pair for old peers that know RSA
 * only, which may be missing.  1; 0 when there is no such; -1 with a log.
 */
static int
load(SSL *ssl, const char *name)
{
	struct wrap_pair_look look;
	struct wrap_pair pair;

	if (is_prepared(ssl, name))
		return 1;
	wrap_pair_name(&pair, name, 0);
	if (!wrap_pair_look(&look, &pair))
		return 0;
	SSL_certs_clear(ssl);
	*prepared.name = '\0';
	if (load_pair(ssl, name, 1) == -1)
		SSL_certs_clear(ssl);
	return load_pair(ssl, name, 0);
}

/* The name that the client asks for, in lower case, without a trailing dot; "" if none.
 */
static void
take_name(SSL *ssl, char name[TLS_NAME_MAX + 1])
{
	const char *asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	size_t i = 0;

	if (asked != NULL && strlen(asked) <= TLS_NAME_MAX)
		for (; asked[i] != '\0'; i++)
			name[i] = lower_char(asked[i]);
	if (i > 0 && name[i - 1] == '.')
		i--;
	name[i] = '\0';
}

static void
complain(const char *name)
{
	wrap_log("fault", "what", "no certificate", "object",
	    *name != '\0' ? name : WRAP_DEFAULT_ME, (char *)NULL);
}

static int
use_default(SSL *ssl)
{
	char name[TLS_NAME_MAX + 1];
	int r;

	wrap_default_name(name);
	r = wrap_pair_is_name(name) ? load(ssl, name) : 0;
	if (r == 0)
		complain(name);
	return r == 1;
}

int
wrap_certificate_choose(SSL *ssl, void *is_missing)
{
	char name[TLS_NAME_MAX + 1];
	char wildcard[sizeof(WILDCARD) + TLS_NAME_MAX];
	const char *parent;
	int r = 0;

	take_name(ssl, name);
	if (wrap_pair_is_name(name)) {
		r = load(ssl, name);
		parent = strchr(name, '.');
		if (r == 0 && parent != NULL) {
			strcpy(stpcpy(wildcard, WILDCARD), parent);
			r = load(ssl, wildcard);
		}
	}
	if (r == 0)
		r = use_default(ssl);
	*(int *)is_missing = r != 1;
	return r == 1;
}

int
wrap_certificate_refresh(SSL_CTX *context, int complaining)
{
	char name[TLS_NAME_MAX + 1];
	int r;

	wrap_default_name(name);
	if (wrap_store_refresh(context, name) || strcmp(name, prepared.name) != 0)
		prepare(context, name);
	r = wrap_store_content(name, 0) != NULL;
	if (!r && complaining)
		complain(name);
	return r;
}

SSL *
wrap_certificate_begin(SSL_CTX *context)
{
	return prepared.ssl != NULL ? prepared.ssl : SSL_new(context);
}
