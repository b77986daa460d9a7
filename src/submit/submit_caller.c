#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base64.h"
#include "lib/control.h"
#include "lib/passwd_file.h"
#include "lib/text.h"
#include "lib/utf8.h"
#include "submit/submit_caller.h"

#define NAME_MAX_BYTES 200
#define WORD_BYTES 45 /* in an encoded word of 75: RFC 2047, 2 */

/* The name in passwd(5)'s comment: up to the comma, & is the login with a capital. */
static void
put_comment(stralloc *name, const char *s, const char *login)
{
	char first = (char)toupper((unsigned char)*login);

	for (; *s != '\0' && *s != ','; s++)
		if (*s == '&') {
			text_catb(name, &first, 1);
			text_catb(name, login + 1, strcspn(login, "@") - 1);
		} else {
			text_catb(name, s, 1);
		}
}

/* In encoded words, none of which cuts a character: RFC 2047, 5. */
static void
put_encoded(stralloc *out, const char *s, size_t len)
{
	size_t n;

	for (; len > 0; s += n, len -= n) {
		n = len > WORD_BYTES ? WORD_BYTES : len;
		while (n < len && n > 1 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
		text_cat(out, "=?utf-8?B?", (char *)NULL);
		base64_put(out, s, n);
		text_cat(out, n < len ? "?=\n " : "?=", (char *)NULL);
	}
}

static void
put_quoted(stralloc *out, const char *s, size_t len)
{
	size_t i;

	text_cat(out, "\"", (char *)NULL);
	for (i = 0; i < len; i++) {
		if (s[i] == '"' || s[i] == '\\')
			text_cat(out, "\\", (char *)NULL);
		text_catb(out, s + i, 1);
	}
	text_cat(out, "\"", (char *)NULL);
}

/* The phrase before an address, RFC 5322, 3.4; nothing when there is no name. */
static void
put_name(stralloc *out, const stralloc *raw)
{
	stralloc name = {0};
	size_t i;

	text_cat_printable(&name, raw->s, raw->len, NAME_MAX_BYTES);
	while (name.len > 0 && name.s[name.len - 1] == ' ')
		name.len--;
	for (i = 0;
	     i < name.len && (isalnum((unsigned char)name.s[i]) || name.s[i] == ' '); i++)
		;
	if (name.len > 0 && !utf8_is_ascii(name.s, name.len))
		put_encoded(out, name.s, name.len);
	else if (i < name.len)
		put_quoted(out, name.s, name.len);
	else
		text_catb(out, name.s, name.len);
	if (name.len > 0)
		text_cat(out, " ", (char *)NULL);
	stralloc_free(&name);
}

const char *
submit_caller_read(struct submit_caller *caller)
{
	stralloc login = {0};
	char digits[DECIMAL_MAX];

	errno = 0;
	if (control_line("me", &caller->me, NULL) == -1 || caller->me.len == 0)
		return "unable to read control/me";
	if (control_line("defaultdomain", &caller->domain, caller->me.s) == -1)
		return "unable to read control/defaultdomain";
	if (passwd_file_find(getuid(), &login, &caller->comment) == 1)
		text_cat(&caller->address, login.s, (char *)NULL);
	else
		text_cat(&caller->address, "uid-", text_decimal(digits, getuid()),
		    (char *)NULL);
	stralloc_free(&login);
	text_cat(&caller->address, "@", caller->domain.s, (char *)NULL);
	text_terminate(&caller->address);
	return NULL;
}

void
submit_caller_put_from(
    struct submit_caller *caller, const char *address, const char *name)
{
	stralloc full = {0};

	if (name == NULL)
		name = getenv("NAME");
	if (name != NULL)
		text_cat(&full, name, (char *)NULL);
	else if (*address == '\0' && caller->comment.s != NULL)
		put_comment(&full, caller->comment.s, caller->address.s);
	text_cat(&caller->from, "From: ", (char *)NULL);
	put_name(&caller->from, &full);
	text_cat(&caller->from, "<", *address != '\0' ? address : caller->address.s,
	    ">\n", (char *)NULL);
	text_terminate(&caller->from);
	stralloc_free(&full);
}
