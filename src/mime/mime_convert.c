#include <string.h>

#include "lib/utf8.h"
#include "mime/mime_content.h"
#include "mime/mime_convert.h"
#include "mime/mime_entity.h"

static int convert(
    struct mime_entity_task *c, struct mime_entity *e, const char *s, const char *end);

static int
refuse(struct mime_entity_task *c, const char *reason)
{
	c->reason = reason;
	return -1;
}

/* Is there something in s..end that can't go as it is? */
static int
is_unfit(const struct mime_entity_task *c, const char *s, const char *end)
{
	struct mime_content content;

	if (c->line_max == 0)
		return !c->keeps_eight_bit && !utf8_is_ascii(s, (size_t)(end - s));
	mime_content_look(&content, s, (size_t)(end - s));
	return (content.eight_bit > 0 && !c->keeps_eight_bit) ||
	       content.longest > c->line_max;
}

/* The body of what can't be encoded, as it is. */
static int
pass_body(struct mime_entity_task *c, struct mime_entity *e, const char *end,
    const char *reason)
{
	const char *body = e->header.body;

	if (!c->keeps_eight_bit && !utf8_is_ascii(body, (size_t)(end - body)))
		return refuse(c, reason);
	if (mime_entity_put_header(c, e, NULL) == -1)
		return -1;
	mime_output_put(&c->out, body, (size_t)(end - body));
	return 0;
}

/* A body that claims to be encoded, and has bytes that are not ASCII all the same. */
static int
mend_leaf(struct mime_entity_task *c, struct mime_entity *e, const char *end)
{
	const char *body = e->header.body;
	size_t len = (size_t)(end - body);

	if (mime_entity_put_header(c, e, NULL) == -1)
		return -1;
	if (!is_unfit(c, body, end))
		mime_output_put(&c->out, body, len);
	else if (e->header.label == MIME_BASE64)
		mime_output_mend_base64(&c->out, body, len);
	else
		mime_output_quote(&c->out, body, len, 1);
	return 0;
}

/* A part that has no parts. */
static int
convert_leaf(struct mime_entity_task *c, struct mime_entity *e, const char *end)
{
	const char *body = e->header.body;
	size_t len = (size_t)(end - body);
	struct mime_content content;
	int is_base64, is_eight_bit, is_long;

	if (e->header.label == MIME_QUOTED_PRINTABLE || e->header.label == MIME_BASE64)
		return mend_leaf(c, e, end);
	mime_content_look(&content, body, len);
	is_eight_bit = content.eight_bit > 0 && !c->keeps_eight_bit;
	is_long = c->line_max > 0 && content.longest > c->line_max;
	if (e->header.label == MIME_EXTENSION || (!is_eight_bit && !is_long))
		return pass_body(c, e, end,
		    "a part in an encoding that is not known holds 8-bit text");
	is_base64 = mime_content_wants_base64(&content);
	e->charset = content.eight_bit == 0     ? "us-ascii"
		     : utf8_is_sound(body, len) ? "utf-8"
						: "unknown-8bit";
	if (mime_entity_put_header(c, e, is_base64 ? "base64" : "quoted-printable") == -1)
		return -1;
	if (is_base64)
		mime_output_base64(&c->out, body, len);
	else
		mime_output_quote(&c->out, body, len, 0);
	return 0;
}

/*
 * What stands before the first part or behind the last one, which nobody shows: RFC 2046,
 * 5.1.1.
 */
static void
put_unseen(struct mime_entity_task *c, const char *s, const char *end)
{
	if (c->keeps_eight_bit)
		mime_output_put(&c->out, s, (size_t)(end - s));
	else
		mime_output_put_ascii(&c->out, s, (size_t)(end - s));
}

/* Behind the last delimiter; another one there, and readers may not agree on the parts.
 */
static int
convert_epilogue(struct mime_entity_task *c, const struct mime_type *type, const char *s,
    const char *end)
{
	struct mime_content_delimiter d;

	if (!c->keeps_eight_bit && !utf8_is_ascii(s, (size_t)(end - s)) &&
	    mime_content_delimiter(
		&d, s, (size_t)(end - s), type->boundary, type->boundary_len))
		return refuse(c, "a multipart goes on behind its end");
	put_unseen(c, s, end);
	return 0;
}

/* Each part ends with the line end before the next delimiter, which belongs to that. */
static int
convert_parts(struct mime_entity_task *c, struct mime_entity *e, const char *end)
{
	const struct mime_type *type = &e->header.type;
	const char *at = e->header.body;
	struct mime_content_delimiter d;
	struct mime_entity part = {.depth = e->depth + 1};
	int n = 0, has_next;

	part.default_type =
	    mime_type_is(type, "multipart", "digest") ? "message/rfc822" : "text/plain";
	for (;; n = 1) {
		has_next = mime_content_delimiter(
		    &d, at, (size_t)(end - at), type->boundary, type->boundary_len);
		if (!has_next)
			d.before = end;
		if (n == 0)
			put_unseen(c, at, d.before);
		else if (convert(c, &part, at, d.before) == -1)
			return -1;
		if (!has_next)
			return 0;
		mime_output_put(&c->out, d.before, (size_t)(d.after - d.before));
		at = d.after;
		if (d.is_last)
			return convert_epilogue(c, type, at, end);
	}
}

static int
convert_multipart(struct mime_entity_task *c, struct mime_entity *e, const char *end)
{
	const struct mime_type *type = &e->header.type;
	const char *body = e->header.body;
	struct mime_content_delimiter d;

	if (strcmp(type->sub, "signed") == 0)
		return pass_body(c, e, end, "a signed part holds 8-bit text");
	if (type->boundary_len == 0 ||
	    !mime_content_delimiter(
		&d, body, (size_t)(end - body), type->boundary, type->boundary_len))
		return pass_body(c, e, end, "a multipart with 8-bit text has no parts");
	if (mime_entity_put_header(c, e, NULL) == -1)
		return -1;
	return convert_parts(c, e, end);
}

static int
convert_message(struct mime_entity_task *c, struct mime_entity *e, const char *end)
{
	struct mime_entity message = {
	    .depth = e->depth + 1, .is_message = 1, .default_type = "text/plain"};

	if (mime_entity_put_header(c, e, NULL) == -1)
		return -1;
	return convert(c, &message, e->header.body, end);
}

/* RFC 2045, 6.4: a composite type is not encoded; RFC 6532, 3.7: message/global may be.
 */
static int
convert(struct mime_entity_task *c, struct mime_entity *e, const char *s, const char *end)
{
	struct mime_header *h = &e->header;
	const struct mime_type *type = &h->type;

	if (e->depth > MIME_CONVERT_DEPTH) {
		mime_output_put(&c->out, s, (size_t)(end - s));
		return c->keeps_eight_bit || utf8_is_ascii(s, (size_t)(end - s))
			   ? 0
			   : refuse(c, "parts with 8-bit text are in parts too deeply");
	}
	mime_header_parse(h, s, (size_t)(end - s));
	e->start = s;
	e->charset = NULL;
	if (!h->has_type)
		mime_type_parse(&h->type, e->default_type, strlen(e->default_type));
	e->is_changed = is_unfit(c, h->body, end);
	if (mime_type_is(type, "multipart", NULL))
		return convert_multipart(c, e, end);
	if (mime_type_is(type, "message", "rfc822") && h->label != MIME_BASE64 &&
	    h->label != MIME_QUOTED_PRINTABLE)
		return convert_message(c, e, end);
	if (mime_type_is(type, "message", NULL) && strncmp(type->sub, "global", 6) != 0 &&
	    strcmp(type->sub, "rfc822") != 0)
		return pass_body(c, e, end,
		    "a part of a type that must not be encoded holds 8-bit text");
	return convert_leaf(c, e, end);
}

int
mime_convert(struct mime_entity_task *task, const char *s, size_t len)
{
	struct mime_entity e = {.is_message = 1, .default_type = "text/plain"};

	task->out.eol = mime_content_eol(s, len);
	return convert(task, &e, s, s + len);
}
