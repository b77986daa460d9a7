#include <limits.h>
#include <string.h>

#include "fetch/pop3_command.h"
#include "lib/text.h"

int
pop3_command_parse(struct pop3_command *command, char *s, size_t len)
{
	char *blank;

	if (len > 0 && s[len - 1] == '\r')
		len--;
	s[len] = '\0';
	if (strlen(s) != len || memchr(s, '\r', len) != NULL)
		return 0;
	command->verb = s;
	blank = strchr(s, ' ');
	command->argument = blank != NULL ? blank + 1 : NULL;
	if (blank != NULL)
		*blank = '\0';
	return 1;
}

int
pop3_command_numbers(const char *argument, unsigned long long *numbers, int max)
{
	const char *s = argument != NULL ? argument : "";
	size_t len;
	int n = 0;

	for (s += strspn(s, " "); *s != '\0'; s += strspn(s, " ")) {
		len = strspn(s, "0123456789");
		if (n == max || len == 0 || (s[len] != ' ' && s[len] != '\0'))
			return -1;
		if (!text_number(s, len, ULLONG_MAX, &numbers[n]))
			numbers[n] = ULLONG_MAX;
		s += len;
		n++;
	}
	return n;
}

#define FIRST "+OK what this server can do:\r\n"
#define STLS "STLS\r\n"
#define USER "USER\r\n"
#define OTHERS                                                                           \
	"TOP\r\n"                                                                        \
	"UIDL\r\n"                                                                       \
	"PIPELINING\r\n"                                                                 \
	"RESP-CODES\r\n"                                                                 \
	"AUTH-RESP-CODE\r\n"                                                             \
	"EXPIRE NEVER\r\n"                                                               \
	"IMPLEMENTATION facteur\r\n"                                                     \
	".\r\n"

const char *
pop3_command_capabilities(int tls, int password)
{
	if (password)
		return tls ? FIRST STLS USER OTHERS : FIRST USER OTHERS;
	return tls ? FIRST STLS OTHERS : FIRST OTHERS;
}
