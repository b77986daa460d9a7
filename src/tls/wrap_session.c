#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "tls/wrap_authorities.h"
#include "tls/wrap_session.h"

/*
 * One file with places of equal size, most of which are holes.  A session stands in one
 * of two places, which its key chooses.  Nobody waits for anybody: a place that two write
 * at once is found out by its digest, and is empty then.
 */
#define FILE_NAME "state/tls/sessions"
#define PLACES 4096
#define PLACE_SIZE 8192
#define DIGEST 32

struct head {
	uint64_t born; /* when the server was judged, in seconds */
	uint32_t len;  /* of the session that follows, and the digest after it */
	uint32_t zero;
	unsigned char key[DIGEST];
};
#define SESSION_SIZE (PLACE_SIZE - sizeof(struct head) - DIGEST)

/* A cache: the file, and what the one connection that we have at a time has come from. */
static int file = -1;
static struct {
	int is_wanted;
	unsigned char key[DIGEST];
	uint64_t born;
} now;

static int
digest(const void *s, size_t len, unsigned char result[DIGEST])
{
	unsigned size = 0;

	return EVP_Digest(s, len, result, &size, EVP_sha256(), NULL) == 1;
}

static void
add(EVP_MD_CTX *context, const char *s)
{
	/* with its \0, so that no two requests look the same */
	if (s != NULL)
		EVP_DigestUpdate(context, s, strlen(s) + 1);
}

/* Everything that the server was judged by is in the key: nothing less is resumed. */
static int
make_key(const struct tls_request *request, unsigned char key[DIGEST])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	const struct tls_record *record;
	unsigned size = 0, numbers[4];
	size_t i;
	int r;

	if (context == NULL || !EVP_DigestInit_ex(context, EVP_sha256(), NULL)) {
		EVP_MD_CTX_free(context);
		return 0;
	}
	add(context, request->session);
	add(context, request->servername != NULL ? request->servername : "");
	add(context, request->alpn != NULL ? request->alpn : "");
	add(context, request->ciphers != NULL ? request->ciphers : "");
	numbers[0] = request->verify;
	numbers[1] = (unsigned)request->needs_1_3;
	numbers[2] = (unsigned)request->matches_n;
	numbers[3] = (unsigned)request->records_n;
	EVP_DigestUpdate(context, numbers, sizeof(numbers));
	for (i = 0; i < request->matches_n; i++)
		add(context, request->matches[i]);
	for (i = 0; i < request->records_n; i++) {
		record = &request->records[i];
		numbers[0] = record->usage;
		numbers[1] = record->selector;
		numbers[2] = record->type;
		EVP_DigestUpdate(context, numbers, sizeof(numbers));
		add(context, record->hex);
	}
	for (i = 0; i < request->fingerprints_n; i++)
		add(context, request->fingerprints[i]);
	if (request->verify == TLS_VERIFY_PKIX)
		EVP_DigestUpdate(
		    context, wrap_authorities_look(), sizeof(*wrap_authorities_look()));
	r = EVP_DigestFinal_ex(context, key, &size);
	EVP_MD_CTX_free(context);
	return r == 1;
}

/* The two places for the key. */
static off_t
place_of(const unsigned char key[DIGEST], int second)
{
	const unsigned char *p = key + (second ? 2 : 0);

	return (off_t)((p[0] << 8 | p[1]) % PLACES) * PLACE_SIZE;
}

/* Read a place: 1 when a whole session is in it. */
static int
read_place(off_t at, unsigned char bytes[PLACE_SIZE])
{
	struct head head;
	unsigned char sum[DIGEST];
	ssize_t r = pread(file, bytes, PLACE_SIZE, at);

	if (r < (ssize_t)(sizeof(head) + DIGEST))
		return 0;
	memcpy(&head, bytes, sizeof(head));
	if (head.len == 0 || head.len > SESSION_SIZE ||
	    (size_t)r < sizeof(head) + head.len + DIGEST)
		return 0;
	return digest(bytes, sizeof(head) + head.len, sum) &&
	       memcmp(sum, bytes + sizeof(head) + head.len, DIGEST) == 0;
}

static uint64_t
seconds(void)
{
	return (uint64_t)time(NULL);
}

static int
is_young(uint64_t born)
{
	uint64_t at = seconds();

	return born <= at && at - born < WRAP_SESSION_SECONDS;
}

/* What was good when it was judged may be over now. */
static int
is_over(const SSL_SESSION *session)
{
	X509 *certificate = SSL_SESSION_get0_peer((SSL_SESSION *)session);

	return certificate != NULL &&
	       X509_cmp_current_time(X509_get0_notAfter(certificate)) != 1;
}

/* The session in the place, if it is ours and good; or null. */
static SSL_SESSION *
take(off_t at, const struct tls_request *request)
{
	unsigned char bytes[PLACE_SIZE];
	const unsigned char *p = bytes + sizeof(struct head);
	SSL_SESSION *session;
	struct head head;

	if (!read_place(at, bytes))
		return NULL;
	memcpy(&head, bytes, sizeof(head));
	if (memcmp(head.key, now.key, DIGEST) != 0 || !is_young(head.born))
		return NULL;
	session = d2i_SSL_SESSION(NULL, &p, head.len);
	if (session != NULL &&
	    ((request->verify == TLS_VERIFY_PKIX && is_over(session)) ||
		!SSL_SESSION_is_resumable(session))) {
		SSL_SESSION_free(session);
		session = NULL;
	}
	if (session != NULL)
		now.born = head.born;
	return session;
}

/* Where the session with our key is to be written: its own place, else the older one. */
static off_t
choose_place(void)
{
	unsigned char bytes[PLACE_SIZE];
	struct head head;
	uint64_t oldest = UINT64_MAX;
	off_t at, chosen = place_of(now.key, 0);
	int second;

	for (second = 0; second < 2; second++) {
		at = place_of(now.key, second);
		memset(&head, 0, sizeof(head));
		if (read_place(at, bytes))
			memcpy(&head, bytes, sizeof(head));
		if (head.len > 0 && memcmp(head.key, now.key, DIGEST) == 0)
			return at;
		if (head.born < oldest) {
			oldest = head.born;
			chosen = at;
		}
	}
	return chosen;
}

/* OpenSSL has a session that can be resumed.  Returns 0: it stays OpenSSL's. */
static int
keep(SSL *ssl, SSL_SESSION *session)
{
	unsigned char bytes[PLACE_SIZE] = {0}, *p = bytes + sizeof(struct head);
	struct head head = {.born = SSL_session_reused(ssl) ? now.born : seconds()};
	int len = i2d_SSL_SESSION(session, NULL);

	/* the first one will do */
	if (!now.is_wanted || len <= 0 || (size_t)len > SESSION_SIZE ||
	    !SSL_SESSION_is_resumable(session))
		return 0;
	now.is_wanted = 0;
	head.len = (uint32_t)i2d_SSL_SESSION(session, &p);
	memcpy(head.key, now.key, DIGEST);
	memcpy(bytes, &head, sizeof(head));
	if (digest(bytes, sizeof(head) + head.len, bytes + sizeof(head) + head.len))
		/* what can't be kept is only not resumed */
		(void)!pwrite(
		    file, bytes, sizeof(head) + head.len + DIGEST, choose_place());
	return 0;
}

void
wrap_session_begin(SSL_CTX *context)
{
	file = open(FILE_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file == -1)
		return;
	SSL_CTX_set_session_cache_mode(
	    context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(context, keep);
}

void
wrap_session_apply(SSL *ssl, const struct tls_request *request)
{
	SSL_SESSION *session;

	now.is_wanted = 0;
	if (file == -1 || request->session == NULL || !make_key(request, now.key))
		return;
	now.is_wanted = 1;
	session = take(place_of(now.key, 0), request);
	if (session == NULL)
		session = take(place_of(now.key, 1), request);
	if (session != NULL)
		SSL_set_session(ssl, session);
	SSL_SESSION_free(session);
}
