#include <string.h>

#include <atf-c.h>

#include "dkim/key_make.h"
#include "dkim/private_key.h"
#include "dkim/public_key.h"
#include "lib/text.h"

/* openssl genrsa -traditional 1024; openssl genpkey -algorithm rsa; -algorithm ed25519 */
#define PKCS1_FILE                                                                       \
	"-----BEGIN RSA PRIVATE KEY-----\n"                                              \
	"MIICXAIBAAKBgQDEUn+0skBn77rg5MLCd+QxjYjOVEEI7XDkpkxvCkavCjUrqsj/\n"             \
	"yz9ZqVAkaX079ayiJTAGEY4G31IctPUoOdtzoO5dIxJ3ePSTPIhgs2Nic4MV5eu2\n"             \
	"99jVJg8Hz368UuNN3n8u7Yy5Bu7wqNlcr/xyGQ6SNduG8UTfGwlcqGsOiwIDAQAB\n"             \
	"AoGAFyvBhNsw/NNvlBGL5xXtaefRiMCq+FnF5Ea4aLamxwwGYIQEuyQK8xMnsVR+\n"             \
	"AnCpkm2fMGgsAiWjdF3rPXcurk73xUfLWnz4/YE3M6lhGyMO5c6f2V0sclE7CMQd\n"             \
	"uza9/a6o6r8q4omQqbQNoD8iwoVsSDpY7rtHaKrGxRSuBWkCQQDwp1HJAWQUC7du\n"             \
	"zYfR7htUUysYb1YIxd4tLE1MWQV6VO6OIX6OZuq8++7Xm2XwZ+t8YxTMA2q4MWCY\n"             \
	"HaejKoPVAkEA0Nd37BERAB2Qs4b9RHT2fmd1D9J+4qLZ7KDd9BatdshowggwDfEG\n"             \
	"5totDO/YvOYvkAiZ9GnDt2Zvckq7Ok1Y3wJBAInUWrwT5tywRTPZ1UM/6zkllRYe\n"             \
	"lhjaMsCOkgr7JW8F+8c9mb03ZpQseoPUBdNlwXJxUPTztAighyE4Qs3pyK0CQHkZ\n"             \
	"GC7IzqTUf/25/s5dTDmL4DNmibD9YYR2230YUUmZeDVa7hKHessOJCVmRrVyfI32\n"             \
	"jt9NHPIR8fnCH8L06t0CQHTOD/L9e7j7Y5umGLlvr2novHMMLtaO8FwMvISyXupI\n"             \
	"LFdZxBLELLz2bKs1bZEBb7gCjof/RqpkOE/Kc0T1tr4=\n"                                 \
	"-----END RSA PRIVATE KEY-----\n"
#define PKCS8_FILE                                                                       \
	"-----BEGIN PRIVATE KEY-----\n"                                                  \
	"MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAKxMHPt307lY0cXt\n"             \
	"M4GBm+JSjEA4u1AMcP/HjmcfLQXBvS0o0u1rQKS6OPVy6JyU8N3amWxsPQFaz4jD\n"             \
	"NeNBkJ4SczQh2xqBszbtoGwtRmxcbXO9U14V65OgMFWRSp7I++vkT4Q91cyCYKV1\n"             \
	"vFllm+fFUz83InumICaBZ5NwiEjzAgMBAAECgYBLnuxpgmIuy0jmsgEVKimc39Ym\n"             \
	"qb+slolR+egKYqiEClBZbb2F7rjkk8dEEzb84nIFLViBOdBcs9q6j9Mq9y/dOKcP\n"             \
	"QnFhd1jPj1EdKUmmh6lVE7tgcPsFjQhoBUaQU2GP+V9QvBxqZLAb0ekVRw8SATdv\n"             \
	"jfcy/89tf45dFeQkoQJBANOvZfNttfXplf9yGCeSP3OkRRmxoZJXTNSyQ+mnsEWg\n"             \
	"bxAEuQ3ayw+2YUdxjKedXSJJQKYTZI/8FJOGAqomh+UCQQDQXdj9ivENkK2jc1Ee\n"             \
	"B3suomg7COdfjoW8PPuRXQjXAC3guRBdCjhedSWC3rCLsDZDHqK0vcVkpyxjnJo+\n"             \
	"Bc/3AkEAu5lV4MX53FWGeTvD7E3PrcyG8J5bcjWsAVN6nDfgH9RumOOWnJCqJOKc\n"             \
	"k5Qt8t2jDB+fC49kL7ZXBeZdti0vgQJACYM/VNPzDVt9kejB200cIpTnjUpqxcIL\n"             \
	"+PwPwCMvNCGd9pR8WsMMr8NJYyAnjzkMQSQ06WuAh4faTvHnWM2LIQJBAKV+0YHl\n"             \
	"JIajoCRIqWBpalPPNZ1u5FuwyChqZ5/fj6sAoNzMcRa0kqFTYcSWoOj08f/T/j0K\n"             \
	"2sphW3hAb7YQhYQ=\n"                                                             \
	"-----END PRIVATE KEY-----\n"
#define ED25519_FILE                                                                     \
	"-----BEGIN PRIVATE KEY-----\n"                                                  \
	"MC4CAQAwBQYDK2VwBCIEIHK57nA/pQidU6zUPNey+hXLpJj4prYUadruwv1EcCT/\n"             \
	"-----END PRIVATE KEY-----\n"
#define SHORT_FILE                                                                       \
	"-----BEGIN PRIVATE KEY-----\n"                                                  \
	"MIIB4wIBADANBgkqhkiG9w0BAQEFAASCAc0wggHJAgEAAmEAqIBK6JJcl3zhLbJ+\n"             \
	"ke9+onKGospJAEGO9Qy+N8bOpq8DrzZaysG7ha6uyLCTM7ylHnqe/yyi6KhKZ07q\n"             \
	"D7ZOqct2DIsZUyDSURwikE7vVeQgHgY9NyvLtcglG5dNr6u5AgMBAAECYCDUhkPU\n"             \
	"KIg3g6Qkr/Z9JD5AdC0JnrmXDGSAbBtv99mQJfagb4Yrwv6j71gY10VwTqaYF0+6\n"             \
	"gOKYiQxkPtDBxjKxoK28VoD282pFML0kEm8XgPp7tEaMLedhgPhNORTkUQIxANt5\n"             \
	"G0tmooMiU1cI18LUDSpoiz0Llk0GHmbOE16xnuW7sBuYy98xeK9pCAVSHsrsrQIx\n"             \
	"AMSLeHBGDzXhJy57Ise6wtdsUAIj8fyNVTOR+9H8l+2QG3HnYgWCTftBp78nyMiw\n"             \
	"vQIwTCfw/bAGkkRV8OyDmfpk+yM9tZgQtnd6EyhM9l3iCkufZ2QU0kTjYNKsUtRV\n"             \
	"FQsdAjAvcm/vwqn3WtRHn0hFKSvSL36dFapcSo4v9eTxy2Wt3uUROUdrhwpmRnJF\n"             \
	"bkhFUo0CMAtTlR7G7pidnEbf/l3cBLm5YJZSQuT3fGB6EBMwhtkh9VRy+AQbur0i\n"             \
	"z5+/dHMElw==\n"                                                                 \
	"-----END PRIVATE KEY-----\n"
#define EC_FILE                                                                          \
	"-----BEGIN PRIVATE KEY-----\n"                                                  \
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9H+alUrxGPrT2zDc\n"             \
	"bkDfpzc8H59ez7WDkyeqAen6RJyhRANCAAS6E1r3yA43htSgOsyxw56RiiNzy43u\n"             \
	"sUWdjy5eTQeT/98hzn8Z94Wdn8G92Dj0f2Chsns0UajBGBTsCmgOgmfr\n"                     \
	"-----END PRIVATE KEY-----\n"

static const unsigned char hash[32] = {1, 2, 3};

static const char *
read_key(struct private_key *key, const char *s)
{
	const char *wrong;

	private_key_init(key);
	wrong = private_key_read(key, s, strlen(s));
	return wrong != NULL ? wrong : "";
}

/* Does what key signs fit its own record, and only that? */
static void
check_pair(const struct private_key *key)
{
	unsigned char bytes[PRIVATE_KEY_BYTES_MAX], other[32] = {1, 2, 4};
	struct key_record record;
	stralloc text = {0};
	size_t len = private_key_sign(key, hash, bytes);
	int is_unusable;
	unsigned bits;

	ATF_REQUIRE(len > 0);
	key_make_record(&text, key);
	ATF_REQUIRE_EQ(NULL, key_record_parse(&record, text.s, text.len));
	ATF_CHECK_EQ(
	    NULL, public_key_verify(&record, hash, bytes, len, &is_unusable, &bits));
	ATF_CHECK_EQ(private_key_bits(key), bits);
	ATF_CHECK(
	    public_key_verify(&record, other, bytes, len, &is_unusable, &bits) != NULL);
	ATF_CHECK(!is_unusable);
	bytes[5] ^= 1;
	ATF_CHECK(
	    public_key_verify(&record, hash, bytes, len, &is_unusable, &bits) != NULL);
	stralloc_free(&text);
}

ATF_TC_WITHOUT_HEAD(reads_what_openssl_writes);
ATF_TC_BODY(reads_what_openssl_writes, tc)
{
	const char *files[] = {PKCS1_FILE, PKCS8_FILE, ED25519_FILE};
	struct private_key key;
	size_t i;

	for (i = 0; i < 3; i++) {
		ATF_REQUIRE_STREQ("", read_key(&key, files[i]));
		ATF_CHECK_EQ(i == 2 ? KEY_RECORD_ED25519 : KEY_RECORD_RSA, key.kind);
		check_pair(&key);
		private_key_free(&key);
	}
}

ATF_TC_WITHOUT_HEAD(makes_keys_and_reads_them_again);
ATF_TC_BODY(makes_keys_and_reads_them_again, tc)
{
	struct private_key key, again;
	stralloc file = {0}, second = {0};
	int kind;

	for (kind = KEY_RECORD_RSA; kind <= KEY_RECORD_ED25519; kind++) {
		private_key_init(&key);
		ATF_REQUIRE_EQ(0, key_make(&key, (enum key_record_kind)kind, 1024));
		check_pair(&key);
		file.len = second.len = 0;
		key_make_file(&file, &key);
		text_terminate(&file);
		ATF_REQUIRE_STREQ("", read_key(&again, file.s));
		check_pair(&again);
		key_make_file(&second, &again);
		text_terminate(&second);
		ATF_CHECK_STREQ(file.s, second.s);
		private_key_free(&key);
		private_key_free(&again);
	}
	stralloc_free(&file);
	stralloc_free(&second);
}

ATF_TC_WITHOUT_HEAD(says_what_is_wrong);
ATF_TC_BODY(says_what_is_wrong, tc)
{
	static const char *const cases[][2] = {
	    {"", "it is no private key in PEM"},
	    {"-----BEGIN PRIVATE KEY-----\n", "it is no private key in PEM"},
	    {"-----BEGIN PRIVATE KEY-----\n*\n-----END PRIVATE KEY-----\n",
		"it is no private key in PEM"},
	    {"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
		"it is no private key in PEM"},
	    {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"the key is malformed"},
	    {"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
		"the RSA key is malformed, or too long"},
	    {SHORT_FILE, "the RSA key is too short"},
	    {EC_FILE, "the key is neither RSA nor Ed25519"},
	};
	struct private_key key;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		ATF_CHECK_STREQ(cases[i][1], read_key(&key, cases[i][0]));
		private_key_free(&key);
	}
}

ATF_TC_WITHOUT_HEAD(cut_files_are_no_keys);
ATF_TC_BODY(cut_files_are_no_keys, tc)
{
	struct private_key key;
	size_t i;

	for (i = 0; i < strlen(PKCS8_FILE) - 26; i += 7) {
		private_key_init(&key);
		ATF_CHECK(private_key_read(&key, PKCS8_FILE, i) != NULL);
		private_key_free(&key);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, reads_what_openssl_writes);
	ATF_TP_ADD_TC(tp, makes_keys_and_reads_them_again);
	ATF_TP_ADD_TC(tp, says_what_is_wrong);
	ATF_TP_ADD_TC(tp, cut_files_are_no_keys);
	return atf_no_error();
}
