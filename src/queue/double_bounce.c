#include <string.h>

#include "lib/control.h"
#include "lib/text.h"
#include "queue/double_bounce.h"

int
double_bounce_to(stralloc *to)
{
	stralloc domain = {0};
	int r = control_line("doublebounceto", to, NULL);

	if (r == -1) {
		control_complain("doublebounceto");
		return -1;
	}
	if (to->len > 0 && memchr(to->s, '@', to->len) != NULL)
		return 0;
	if (control_line("defaultdomain", &domain, NULL) == -1) {
		control_complain("defaultdomain");
		r = -1;
	} else if (domain.len == 0 && control_line("me", &domain, "localhost") == -1) {
		control_complain("me");
		r = -1;
	}
	text_cat(to, to->len > 0 ? "@" : "postmaster@", domain.s, (char *)NULL);
	text_terminate(to);
	stralloc_free(&domain);
	return r == -1 ? -1 : 0;
}
