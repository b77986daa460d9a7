#include <string.h>

#include <nettle/memops.h>

#include "lib/base64.h"
#include "lib/text.h"
#include "sasl/scram_client.h"

#define BINDING "p=tls-exporter,,"
#define NONCE_MAX 256 /* characters of both */

/* Append the name with "=2C" and "=3D" for comma and equals. */
static void
put_name(stralloc *sa, const char *s)
{
	for (; *s != '\0'; s++)
		if (*s == ',' || *s == '=')
			text_cat(sa, *s == ',' ? "=2C" : "=3D", (char *)NULL);
		else
			text_catb(sa, s, 1);
}

void
scram_client_first(struct scram_client *c, const char *user, const char *nonce,
    const unsigned char *binding, size_t len, int is_able, stralloc *out)
{
	c->header.len = c->bare.len = 0;
	c->binding_len = 0;
	if (binding != NULL && len <= sizeof(c->binding)) {
		memcpy(c->binding, binding, len);
		c->binding_len = len;
		text_cat(&c->header, BINDING, (char *)NULL);
	} else {
		text_cat(&c->header, is_able ? "y,," : "n,,", (char *)NULL);
	}
	text_copy(c->nonce, sizeof(c->nonce), nonce, strlen(nonce));
	text_cat(&c->bare, "n=", (char *)NULL);
	put_name(&c->bare, user);
	text_cat(&c->bare, ",r=", c->nonce, (char *)NULL);
	text_catb(out, c->header.s, c->header.len);
	text_catb(out, c->bare.s, c->bare.len);
}

/* The value of the attribute name at *s, which moves past it and its comma; or null. */
static const char *
take(const char **s, const char *end, char name, size_t *len)
{
	const char *value, *comma;

	if (end - *s < 2 || (*s)[0] != name || (*s)[1] != '=')
		return NULL;
	value = *s + 2;
	comma = memchr(value, ',', (size_t)(end - value));
	*len = (size_t)((comma != NULL ? comma : end) - value);
	*s = comma != NULL ? comma + 1 : end;
	return value;
}

/* r=NONCE,s=SALT,i=ITERATIONS: null, or what is wrong. */
static const char *
parse(struct scram_client *c, const char *s, size_t len, const char **nonce,
    size_t *nonce_len)
{
	char salt[BASE64_DECODED_MAX(4 * SCRAM_SALT_MAX)];
	const char *end = s + len, *value;
	unsigned long long n;
	size_t size;
	ssize_t r;

	*nonce = take(&s, end, 'r', nonce_len);
	size = strlen(c->nonce);
	if (*nonce == NULL || *nonce_len <= size || *nonce_len > NONCE_MAX ||
	    memcmp(*nonce, c->nonce, size) != 0)
		return "it does not go on from our nonce";
	value = take(&s, end, 's', &size);
	r = value != NULL && size > 0 && size <= 4 * SCRAM_SALT_MAX
		? base64_decode(salt, value, size)
		: -1;
	if (r <= 0 || r > SCRAM_SALT_MAX)
		return "its salt can't be used";
	memcpy(c->keys.salt, salt, (size_t)r);
	c->keys.salt_len = (size_t)r;
	value = take(&s, end, 'i', &size);
	if (value == NULL || !text_number(value, size, SCRAM_CLIENT_ITERATIONS_MAX, &n))
		return "its number of iterations can't be used";
	if (n < SCRAM_CLIENT_ITERATIONS)
		return "it wants fewer than 4096 iterations";
	c->keys.iterations = n;
	return NULL;
}

const char *
scram_client_second(struct scram_client *c, const char *password, const char *s,
    size_t len, stralloc *out)
{
	unsigned char proof[SCRAM_KEY];
	stralloc message = {0};
	const char *nonce, *why;
	size_t nonce_len, begin;

	why = parse(c, s, len, &nonce, &nonce_len);
	if (why != NULL)
		return why;
	scram_make_client(&c->keys, c->client_key, password, strlen(password));
	text_catb(&message, c->bare.s, c->bare.len);
	text_cat(&message, ",", (char *)NULL);
	text_catb(&message, s, len);
	text_cat(&message, ",", (char *)NULL);
	begin = message.len;
	text_catb(&c->header, (const char *)c->binding, c->binding_len);
	text_cat(&message, "c=", (char *)NULL);
	base64_put(&message, c->header.s, c->header.len);
	text_cat(&message, ",r=", (char *)NULL);
	text_catb(&message, nonce, nonce_len);
	scram_prove(&c->keys, c->client_key, proof, message.s, message.len);
	scram_sign(&c->keys, c->signature, message.s, message.len);
	text_catb(out, message.s + begin, message.len - begin);
	text_cat(out, ",p=", (char *)NULL);
	base64_put(out, (const char *)proof, sizeof(proof));
	stralloc_free(&message);
	return NULL;
}

int
scram_client_is_proven(const struct scram_client *c, const char *s, size_t len)
{
	char decoded[BASE64_DECODED_MAX(64)];
	const char *value;
	size_t n;

	value = take(&s, s + len, 'v', &n);
	return value != NULL && n <= 64 &&
	       base64_decode(decoded, value, n) == SCRAM_KEY &&
	       memeql_sec(decoded, c->signature, SCRAM_KEY);
}

void
scram_client_forget(struct scram_client *c)
{
	explicit_bzero(&c->keys, sizeof(c->keys));
	explicit_bzero(c->client_key, sizeof(c->client_key));
	stralloc_free(&c->header);
	stralloc_free(&c->bare);
}
