#include <sys/wait.h>

#include "lib/verdict.h"

int
verdict_of(int status)
{
	if (!WIFEXITED(status))
		return DEFER;
	switch (WEXITSTATUS(status)) {
	case ACCEPT:
		return ACCEPT;
	case REJECT:
		return REJECT;
	default:
		return DEFER;
	}
}

int
verdict_of_sink(int status)
{
	int code;

	if (!WIFEXITED(status))
		return DEFER;
	code = WEXITSTATUS(status);
	if (code == 0)
		return ACCEPT;
	return code >= 11 && code <= 40 ? REJECT : DEFER;
}

void
verdict_worsen(int *verdict, int how)
{
	if (how > *verdict)
		*verdict = how;
}

char
verdict_letter(int verdict)
{
	switch (verdict) {
	case ACCEPT:
		return 'K';
	case REJECT:
		return 'D';
	default:
		return 'Z';
	}
}

int
verdict_from_letter(char letter)
{
	switch (letter) {
	case 'K':
		return ACCEPT;
	case 'D':
		return REJECT;
	default:
		return DEFER;
	}
}
