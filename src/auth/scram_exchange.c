#include <string.h>
#include <sys/random.h>

#include "auth/scram_exchange.h"
#include "auth/scram_message.h"
#include "lib/base64.h"
#include "lib/text.h"

#define MECHANISM "SCRAM-SHA-256"
#define MECHANISM_PLUS "SCRAM-SHA-256-PLUS"
#define BINDING_TYPE "tls-exporter" /* RFC 9266 */
#define NONCE_BYTES 18
#define BINDING_MAX 64 /* bytes: RFC 9266 says 32 */

int
scram_exchange_question_parse(struct scram_question *question, const char *s, size_t len)
{
	const char *end = s + len;

	return text_next(&s, end) != NULL &&
	       (question->mechanism = text_next(&s, end)) != NULL &&
	       (question->client = text_next(&s, end)) != NULL &&
	       (question->binding = text_next(&s, end)) != NULL &&
	       (question->message = text_next(&s, end)) != NULL && s == end;
}

static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Append the bytes that the hexadecimal digits stand for.  Returns 1, or 0. */
static int
put_hexadecimal(stralloc *sa, const char *s)
{
	size_t i, len = strlen(s);
	char byte;

	if (len % 2 || len > 2 * BINDING_MAX)
		return 0;
	for (i = 0; i < len; i += 2) {
		int high = digit_value(s[i]), low = digit_value(s[i + 1]);

		if (high == -1 || low == -1)
			return 0;
		byte = (char)(high << 4 | low);
		text_catb(sa, &byte, 1);
	}
	return 1;
}

/* Is what the client says of channel binding in order?  Null, or what is not. */
static const char *
judge_binding(const struct scram_first *first, const struct scram_question *question)
{
	int plus = strcmp(question->mechanism, MECHANISM_PLUS) == 0;

	if (!plus && strcmp(question->mechanism, MECHANISM) != 0)
		return "unknown mechanism";
	if (plus != (first->binding == 'p'))
		return "channel binding and mechanism disagree";
	if (plus && !*question->binding)
		return "there is no channel to bind to";
	if (plus &&
	    (first->binding_type_len != strlen(BINDING_TYPE) ||
		memcmp(first->binding_type, BINDING_TYPE, first->binding_type_len) != 0))
		return "unknown channel binding";
	/* It thinks that we have none, so somebody took it from our list. */
	if (first->binding == 'y' && *question->binding)
		return "channel binding was hidden from the client";
	return NULL;
}

const char *
scram_exchange_begin(struct scram_exchange *x, const struct scram_question *question)
{
	const char *message = question->message, *wrong;
	size_t len = strlen(message);
	struct scram_first first;

	x->under_way = 0;
	text_set(&x->client, question->client);
	text_setb(&x->name, "", 0);
	if (len > SCRAM_MESSAGE_MAX || !scram_message_first_parse(&first, message, len))
		return "malformed message";
	text_set(&x->name, first.name);
	wrong = judge_binding(&first, question);
	if (wrong != NULL)
		return wrong;
	if (*first.authorised && strcmp(first.authorised, first.name) != 0)
		return "not authorised to act for another";
	text_setb(&x->channel, message, first.header_len);
	if (first.binding == 'p' && !put_hexadecimal(&x->channel, question->binding))
		return "malformed channel binding";
	text_setb(&x->nonce, first.nonce, first.nonce_len);
	text_setb(&x->message, message + first.header_len, len - first.header_len);
	return NULL;
}

int
scram_exchange_challenge(struct scram_exchange *x, stralloc *reply)
{
	char bytes[NONCE_BYTES], digits[DECIMAL_MAX];
	size_t begin = reply->len;

	if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
		return -1;
	base64_put(&x->nonce, bytes, sizeof bytes);
	text_cat(reply, "r=", (char *)NULL);
	text_catb(reply, x->nonce.s, x->nonce.len);
	text_cat(reply, ",s=", (char *)NULL);
	base64_put(reply, (const char *)x->keys.salt, x->keys.salt_len);
	text_cat(reply, ",i=", text_decimal(digits, x->keys.iterations), (char *)NULL);

	text_cat(&x->message, ",", (char *)NULL);
	text_catb(&x->message, reply->s + begin, reply->len - begin);
	text_cat(&x->message, ",", (char *)NULL);
	x->under_way = 1;
	return 0;
}

/* Does the client see the channel and the nonce that we see? */
static int
is_same(const struct scram_exchange *x, const struct scram_final *final)
{
	stralloc channel = {0};
	int same;

	base64_put(&channel, x->channel.s, x->channel.len);
	same = channel.len == final->channel_len &&
	       memcmp(channel.s, final->channel, channel.len) == 0 &&
	       x->nonce.len == final->nonce_len &&
	       memcmp(x->nonce.s, final->nonce, final->nonce_len) == 0;
	stralloc_free(&channel);
	return same;
}

const char *
scram_exchange_finish(
    struct scram_exchange *x, const char *s, size_t len, stralloc *reply)
{
	unsigned char signature[SCRAM_KEY];
	struct scram_final final;
	int proved;

	if (!x->under_way)
		return "nothing was begun";
	x->under_way = 0;
	if (len > SCRAM_MESSAGE_MAX || !scram_message_final_parse(&final, s, len))
		return "malformed message";
	if (!is_same(x, &final))
		return "wrong channel binding or nonce";
	text_catb(&x->message, s, final.unproved_len);
	proved = scram_proves(&x->keys, final.proof, x->message.s, x->message.len);
	if (!x->known)
		return "unknown user, or one without keys";
	if (!proved)
		return "wrong password";
	scram_sign(&x->keys, signature, x->message.s, x->message.len);
	text_cat(reply, "v=", (char *)NULL);
	base64_put(reply, (const char *)signature, sizeof signature);
	return NULL;
}
