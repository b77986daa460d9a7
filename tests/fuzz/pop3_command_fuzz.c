/* A POP3 command line of any content has a verb and clean arguments, or is refused. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/pop3_command.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pop3_command command;
	unsigned long long numbers[2];
	char *line = malloc(len + 1);
	int n;

	if (line == NULL)
		return 0;
	memcpy(line, data, len);
	if (pop3_command_parse(&command, line, len)) {
		if (strpbrk(command.verb, " \r") != NULL)
			abort();
		if (command.argument != NULL && strchr(command.argument, '\r') != NULL)
			abort();
		n = pop3_command_numbers(command.argument, numbers, 2);
		if (n < -1 || n > 2)
			abort();
	}
	free(line);
	return 0;
}
