#include "send/remote_path.h"

int
remote_path_is_sound(const char *s)
{
	int quoted = 0;

	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < ' ' || *s == 127)
			return 0;
		if (*s == '\\') {
			s++;
			if ((unsigned char)*s < ' ' || *s == 127)
				return 0;
		} else if (*s == '"') {
			quoted = !quoted;
		} else if (!quoted && (*s == ' ' || *s == '<' || *s == '>')) {
			return 0;
		}
	}
	return !quoted;
}
