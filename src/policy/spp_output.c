#include <string.h>

#include "lib/policy_answer.h"
#include "lib/text.h"
#include "policy/spp_output.h"

#define TEXT_MAX 900 /* bytes of a message: an answer has 1000 */
#define NO_CODE "451 4.7.1 "
#define NO_TEXT "refused by a plugin"
#define CODE_LEN 3

static const struct {
	char letters[3];
	enum spp_command command;
} commands[] = {
    {"A", SPP_ACCEPT_ALL},
    {"N", SPP_NEXT},
    {"O", SPP_NEXT},
    {"E", SPP_ERROR},
    {"LM", SPP_ERROR_MAIL},
    {"LR", SPP_ERROR_RCPT},
    {"LD", SPP_ERROR_DATA},
    {"R", SPP_REJECT},
    {"D", SPP_DROP},
    {"S", SPP_SET},
    {"U", SPP_UNSET},
    {"H", SPP_HEADER},
    {"C", SPP_CHANGE},
    {"P", SPP_PRINT},
};

/* NAME=value, or only NAME, without \0. */
static int
is_variable(const char *s, size_t len, int with_value)
{
	const char *equals = memchr(s, '=', len);

	if (memchr(s, '\0', len) != NULL || !len)
		return 0;
	return with_value ? equals != NULL && equals != s : equals == NULL;
}

static int
is_field(const char *s, size_t len)
{
	stralloc answer = {0};
	int sound;

	text_cat(&answer, "K", (char *)NULL);
	text_catb(&answer, s, len);
	sound =
	    len && len <= TEXT_MAX && policy_answer_judge(answer.s, answer.len) == 'K';
	stralloc_free(&answer);
	return sound;
}

enum spp_command
spp_output_scan(const char *s, size_t len, size_t *text)
{
	enum spp_command command = SPP_SENSELESS;
	size_t i, n;

	*text = 0;
	for (i = 0; i < sizeof commands / sizeof *commands; i++) {
		n = strlen(commands[i].letters);
		if (len >= n && memcmp(s, commands[i].letters, n) == 0) {
			command = commands[i].command;
			*text = n;
		}
	}
	s += *text;
	len -= *text;
	if ((command == SPP_SET && !is_variable(s, len, 1)) ||
	    (command == SPP_UNSET && !is_variable(s, len, 0)) ||
	    (command == SPP_HEADER && !is_field(s, len)))
		return SPP_SENSELESS;
	return command;
}

/* A code of a refusal: 4 or 5 and two digits, then a blank or the end. */
static int
has_code(const char *s, size_t len)
{
	return len >= CODE_LEN && (s[0] == '4' || s[0] == '5') && s[1] >= '0' &&
	       s[1] <= '9' && s[2] >= '0' && s[2] <= '9' &&
	       (len == CODE_LEN || s[CODE_LEN] == ' ');
}

void
spp_output_refuse(stralloc *sa, const char *s, size_t len)
{
	size_t before = sa->len;
	int code = has_code(s, len);

	text_cat(sa, code && s[0] == '5' ? "D" : "Z", (char *)NULL);
	text_cat_printable(sa, s, code ? len : 0, TEXT_MAX);
	if (code && policy_answer_judge(sa->s + before, sa->len - before))
		return;
	/* without a status of the code's class, or without a text */
	sa->len = before + 1;
	if (code) {
		text_catb(sa, s, CODE_LEN);
		text_cat(sa, s[0] == '5' ? " 5.7.1 " : " 4.7.1 ", (char *)NULL);
		s += len > CODE_LEN ? CODE_LEN + 1 : CODE_LEN;
		len -= len > CODE_LEN ? CODE_LEN + 1 : CODE_LEN;
	} else {
		text_cat(sa, NO_CODE, (char *)NULL);
	}
	if (len)
		text_cat_printable(sa, s, len, TEXT_MAX);
	else
		text_cat(sa, NO_TEXT, (char *)NULL);
}
