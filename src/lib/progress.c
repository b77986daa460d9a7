#include <string.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/progress.h"
#include "lib/text.h"

#define MILLISECONDS 1000
#define STEPS 64         /* a look at the clock costs more than a step */
#define ERASE "\r\033[K" /* ECMA-48: to the beginning, and erase the line */

static void
show(const char *s, size_t len)
{
	/* who can't be shown it loses nothing */
	if (write(2, s, len) == -1)
		return;
}

void
progress_step(struct progress *p)
{
	stralloc line = {0};
	char digits[DECIMAL_MAX];

	if (p->next == 0)
		p->next = isatty(2) ? deadline_now() + MILLISECONDS : -1;
	if (++p->count % STEPS != 0 || p->next == -1 || deadline_now() < p->next)
		return;
	p->next = deadline_now() + MILLISECONDS;
	p->is_shown = 1;
	/* what is said next may stand over it */
	text_cat(&line, ERASE, text_decimal(digits, p->count), " ", p->what, "\r",
	    (char *)NULL);
	show(line.s, line.len);
	stralloc_free(&line);
}

void
progress_clear(struct progress *p)
{
	if (p->is_shown)
		show(ERASE, strlen(ERASE));
	p->is_shown = 0;
}
