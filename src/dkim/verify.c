#include <stdlib.h>
#include <string.h>

#include "dkim/public_key.h"
#include "dkim/signed_header.h"
#include "dkim/verify.h"
#include "lib/heap.h"
#include "lib/text.h"

#define FIELD "DKIM-Signature"

const char *
verify_word(enum verify_verdict verdict)
{
	static const char *const words[] = {
	    [VERIFY_PASS] = "pass",
	    [VERIFY_FAIL] = "fail",
	    [VERIFY_NEUTRAL] = "neutral",
	    [VERIFY_TEMPERROR] = "temperror",
	    [VERIFY_PERMERROR] = "permerror",
	};

	return words[verdict];
}

static void
decide(struct verify_result *result, enum verify_verdict verdict, const char *reason)
{
	if (result->is_decided)
		return;
	result->is_decided = 1;
	result->verdict = verdict;
	result->reason = reason;
}

static void
put_body(void *to, const char *s, size_t len)
{
	struct verify_body *body = to;
	size_t i;

	for (i = 0; i < body->count; i++)
		body_hash_put(&body->hashes[i], s, len);
}

/* The hash of the body that the signature wants, shared by those that want the same. */
static struct body_hash *
find_hash(struct verify_body **body, const struct signature *signature)
{
	unsigned long long limit =
	    signature->has_limit ? signature->limit : BODY_HASH_ALL;
	struct body_hash *hash;
	size_t i;

	if (*body == NULL) {
		*body = heap_make(1, sizeof **body);
		canon_body_begin(&(*body)->canon, signature->body, put_body, *body);
	}
	for (i = 0; i < (*body)->count; i++)
		if ((*body)->hashes[i].limit == limit)
			return &(*body)->hashes[i];
	hash = &(*body)->hashes[(*body)->count++];
	body_hash_begin(hash, limit);
	return hash;
}

static void
begin_result(struct verify *verify, size_t at)
{
	struct verify_result *result = &verify->results[verify->count++];
	struct signature *signature = &result->signature;
	const char *value, *wrong;
	size_t len;

	result->at = at;
	value = fields_value(&verify->fields, at, &len);
	wrong = signature_parse(signature, value, len);
	if (wrong != NULL) {
		decide(result, VERIFY_NEUTRAL, wrong);
	} else if (verify->fields.is_too_large) {
		decide(result, VERIFY_PERMERROR, "the header is too large");
	} else if (signature->algorithm == SIGNATURE_RSA_SHA1) {
		decide(result, VERIFY_PERMERROR, "rsa-sha1 is not accepted");
	} else if (signature->algorithm == SIGNATURE_UNKNOWN) {
		decide(result, VERIFY_PERMERROR, "a= is unknown");
	}
	if (!result->is_decided)
		result->body = find_hash(
		    signature->body == CANON_SIMPLE ? &verify->simple : &verify->relaxed,
		    signature);
}

/* The header is over: which signatures are there? */
static void
begin_results(struct verify *verify)
{
	const struct fields *fields = &verify->fields;
	size_t found[VERIFY_SIGNATURES]; /* from the bottom, round and round */
	size_t at = fields->count, n = 0, i;

	while (
	    (at = fields_find_above(fields, at, FIELD, strlen(FIELD))) != fields->count)
		found[n++ % VERIFY_SIGNATURES] = at;
	if (n == 0)
		return;
	verify->results = heap_make(VERIFY_SIGNATURES, sizeof *verify->results);
	for (i = 0; i < n && i < VERIFY_SIGNATURES; i++)
		begin_result(verify, found[(n - 1 - i) % VERIFY_SIGNATURES]);
	verify->beyond = n - verify->count;
}

void
verify_feed(struct verify *verify, const char *s, size_t len)
{
	size_t taken = 0;

	if (!verify->fields.ended) {
		taken = fields_feed(&verify->fields, s, len);
		if (verify->fields.ended)
			begin_results(verify);
	}
	if (verify->simple != NULL)
		canon_body_feed(&verify->simple->canon, s + taken, len - taken);
	if (verify->relaxed != NULL)
		canon_body_feed(&verify->relaxed->canon, s + taken, len - taken);
}

/* Is the body what was signed? */
static void
judge_body(struct verify_result *result)
{
	struct body_hash hash = *result->body;
	unsigned char digest[BODY_HASH_LEN];

	body_hash_end(&hash, digest);
	if (result->signature.has_limit && hash.octets < hash.limit)
		decide(result, VERIFY_FAIL, "the body is shorter than l=");
	else if (memcmp(digest, result->signature.body_hash, BODY_HASH_LEN) != 0)
		decide(result, VERIFY_FAIL, "the body is not what was signed");
}

void
verify_end(struct verify *verify, time_t now)
{
	struct verify_result *result;
	size_t i;

	if (!verify->fields.ended) {
		fields_end(&verify->fields);
		begin_results(verify);
	}
	if (verify->simple != NULL)
		canon_body_end(&verify->simple->canon);
	if (verify->relaxed != NULL)
		canon_body_end(&verify->relaxed->canon);
	for (i = 0; i < verify->count; i++) {
		result = &verify->results[i];
		if (result->body == NULL)
			continue;
		if (result->signature.has_expiry &&
		    result->signature.expiry < (unsigned long long)now)
			decide(result, VERIFY_FAIL, "the signature has expired");
		judge_body(result);
	}
}

int
verify_question(const struct verify *verify, size_t i, char name[VERIFY_QUESTION_MAX])
{
	const struct verify_result *result = &verify->results[i];
	stralloc sa = {0};

	if (result->is_decided)
		return 0;
	text_cat(&sa, result->signature.selector, "._domainkey.",
	    result->signature.domain, (char *)NULL);
	text_terminate(&sa);
	memcpy(name, sa.s, sa.len + 1);
	stralloc_free(&sa);
	return 1;
}

void
verify_answer(struct verify *verify, size_t i, const char *s, size_t len)
{
	struct verify_result *result = &verify->results[i];
	const char *wrong;

	if (result->has_key)
		return;
	wrong = key_record_parse(&result->key, s, len);
	result->has_key = wrong == NULL;
	result->reason = wrong;
}

void
verify_lacks(struct verify *verify, size_t i, enum verify_lack lack)
{
	struct verify_result *result = &verify->results[i];

	if (result->has_key || (lack == VERIFY_NO_RECORD && result->reason != NULL))
		return;
	if (lack == VERIFY_NO_RECORD)
		decide(result, VERIFY_PERMERROR, "there is no key in the DNS");
	else
		decide(result, VERIFY_TEMPERROR, "the DNS gave no key");
}

/* Does the key fit the signature, and the signature the header? */
static void
judge_header(struct verify *verify, struct verify_result *result)
{
	const struct signature *signature = &result->signature;
	unsigned char hash[SIGNATURE_HASH];
	const char *wrong;
	int is_unusable;

	if ((result->key.kind == KEY_RECORD_RSA) !=
	    (signature->algorithm == SIGNATURE_RSA_SHA256)) {
		decide(result, VERIFY_PERMERROR, "the key is not for a=");
		return;
	}
	if (result->key.is_strict && signature->is_identity_below) {
		decide(result, VERIFY_PERMERROR, "the key is not for i=");
		return;
	}
	signed_header_hash(hash, &verify->fields, signature, result->at);
	wrong = public_key_verify(&result->key, hash, signature->bytes, signature->len,
	    &is_unusable, &result->bits);
	if (wrong != NULL)
		decide(result, is_unusable ? VERIFY_PERMERROR : VERIFY_FAIL, wrong);
	decide(result, VERIFY_PASS, NULL);
}

void
verify_conclude(struct verify *verify)
{
	struct verify_result *result;
	size_t i;

	for (i = 0; i < verify->count; i++) {
		result = &verify->results[i];
		result->is_testing = result->has_key && result->key.is_testing;
		if (result->is_decided)
			continue;
		if (result->has_key)
			judge_header(verify, result);
		else if (result->reason != NULL)
			decide(result, VERIFY_PERMERROR, result->reason);
		else
			decide(result, VERIFY_TEMPERROR, "the DNS gave no key");
	}
}

int
verify_is_partial(const struct verify_result *result)
{
	return result->body != NULL && result->signature.has_limit &&
	       result->body->octets > result->body->limit;
}

void
verify_free(struct verify *verify)
{
	fields_free(&verify->fields);
	free(verify->results);
	free(verify->simple);
	free(verify->relaxed);
	memset(verify, 0, sizeof *verify);
}
