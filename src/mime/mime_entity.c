#include "mime/mime_entity.h"
#include "lib/utf8.h"
#include "mime/mime_content.h"
#include "mime/mime_field.h"

static void
say(struct mime_entity_task *c, const char *name, const char *value)
{
	mime_output_say(&c->out, name);
	mime_output_say(&c->out, ": ");
	mime_output_say(&c->out, value);
	mime_output_say(&c->out, c->out.eol);
}

/* What Content-Transfer-Encoding is to say; null: what it does. */
static const char *
new_label(
    const struct mime_entity_task *c, const struct mime_header *h, const char *label)
{
	if (label != NULL || c->keeps_eight_bit)
		return label;
	return h->label == MIME_8BIT || h->label == MIME_BINARY ? "7bit" : NULL;
}

/* What is added to make it MIME. */
static void
complete(struct mime_entity_task *c, const struct mime_entity *e, const char *label)
{
	const struct mime_header *h = &e->header;

	if (e->is_message && e->is_changed && !h->has_version)
		say(c, "MIME-Version", "1.0");
	if (e->is_message && e->charset != NULL && !h->has_type) {
		mime_output_say(&c->out, "Content-Type: text/plain; charset=");
		mime_output_say(&c->out, e->charset);
		mime_output_say(&c->out, c->out.eol);
	}
	if (label != NULL && !h->has_label)
		say(c, "Content-Transfer-Encoding", label);
}

static int
put_field(struct mime_entity_task *c, const struct mime_header_field *f)
{
	size_t len = (size_t)(f->end - f->start), before = c->out.text.len;

	if (c->keeps_eight_bit || utf8_is_ascii(f->start, len)) {
		mime_output_put(&c->out, f->start, len);
		return 0;
	}
	if (mime_field_put(&c->out.text, f, c->out.eol) == 0)
		return 0;
	c->out.text.len = before;
	c->reason = "an address or the like in a header holds 8-bit text";
	return -1;
}

int
mime_entity_put_header(
    struct mime_entity_task *c, const struct mime_entity *e, const char *label)
{
	const struct mime_header *h = &e->header;
	const char *at = h->fields;
	struct mime_header_field f;
	int is_labelled = 0;

	label = new_label(c, h, label);
	mime_output_put_ascii(&c->out, e->start, (size_t)(h->fields - e->start));
	while (mime_header_next(&f, &at, h->end)) {
		if (label == NULL || !mime_header_is(&f, "Content-Transfer-Encoding")) {
			if (put_field(c, &f) == -1)
				return -1;
			continue;
		}
		if (!is_labelled)
			say(c, "Content-Transfer-Encoding", label);
		is_labelled = 1;
	}
	if (e->is_changed)
		complete(c, e, label);
	if (h->body > h->end)
		mime_output_put(&c->out, h->end, (size_t)(h->body - h->end));
	else if (e->is_changed)
		mime_output_say(&c->out, c->out.eol);
	return 0;
}
