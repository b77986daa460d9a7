#include <string.h>

#include "lib/text.h"
#include "lib/utf8.h"
#include "lib/xtext.h"
#include "report/bounce_orcpt.h"
#include "report/utf8_address.h"

static int
decode(struct bounce_orcpt *o, const char *value, size_t len)
{
	if (o->is_utf8)
		return utf8_address_decode(&o->address, value, len);
	if (!xtext_is_printable(value, len))
		return 0;
	text_catb(&o->address, value, len);
	o->address.len = xtext_decode(o->address.s, value, len);
	return 1;
}

int
bounce_orcpt_parse(struct bounce_orcpt *o, const char *orcpt)
{
	const char *value = orcpt != NULL ? strchr(orcpt, ';') : NULL;

	o->type.len = o->address.len = 0;
	if (value == NULL)
		return 0;
	++value;
	text_catb(&o->type, orcpt, value - 1 - orcpt);
	text_terminate(&o->type);
	o->is_utf8 = strcasecmp(o->type.s, "utf-8") == 0;
	if (!decode(o, value, strlen(value)))
		return 0;
	text_terminate(&o->address);
	return 1;
}

int
bounce_orcpt_of(struct bounce_orcpt *o, const struct file *f, size_t i)
{
	const char *first = f->recipients[i].original;

	if (bounce_orcpt_parse(o, envelope_recipient_parameter(&f->envelope, i, "ORCPT")))
		return 1;
	o->type.len = o->address.len = 0;
	if (first == NULL)
		return 0;
	o->is_utf8 = !utf8_is_ascii(first, strlen(first));
	text_cat(&o->type, o->is_utf8 ? "utf-8" : "rfc822", (char *)NULL);
	text_terminate(&o->type);
	text_cat(&o->address, first, (char *)NULL);
	text_terminate(&o->address);
	return 1;
}

void
bounce_orcpt_free(struct bounce_orcpt *o)
{
	stralloc_free(&o->type);
	stralloc_free(&o->address);
	*o = (struct bounce_orcpt){0};
}
