#include <string.h>

#include "dkim/canon.h"
#include "dkim/signature.h"
#include "dkim/signed_names.h"
#include "lib/text.h"

/* When is a name in h= once more than there are fields, so that nobody adds one? */
enum sealing {
	NEVER,
	IF_THERE, /* when the message has such a field */
	ALWAYS
};

/*
 * What readers see, and what says how the body is to be read, can't be added to; what
 * those add who pass mail on, as Sender and List-Id, can.
 */
static const struct {
	const char *name;
	enum sealing sealing;
} signed_fields[] = {
    {"From", ALWAYS},
    {"To", ALWAYS},
    {"Cc", ALWAYS},
    {"Reply-To", ALWAYS},
    {"Subject", ALWAYS},
    {"Date", ALWAYS},
    {"Message-ID", ALWAYS},
    {"In-Reply-To", ALWAYS},
    {"References", ALWAYS},
    {"MIME-Version", ALWAYS},
    {"Content-Type", ALWAYS},
    {"Content-Transfer-Encoding", ALWAYS},
    {"Content-Disposition", IF_THERE},
    {"Content-ID", IF_THERE},
    {"Content-Description", IF_THERE},
    {"Content-Language", IF_THERE},
    {"Sender", NEVER},
    {"Resent-Date", NEVER},
    {"Resent-From", NEVER},
    {"Resent-Sender", NEVER},
    {"Resent-To", NEVER},
    {"Resent-Cc", NEVER},
    {"Resent-Message-ID", NEVER},
    {"List-Unsubscribe", IF_THERE},
    {"List-Unsubscribe-Post", IF_THERE},
    {"List-Id", NEVER},
    {"List-Help", NEVER},
    {"List-Subscribe", NEVER},
    {"List-Post", NEVER},
    {"List-Owner", NEVER},
    {"List-Archive", NEVER},
    {"Auto-Submitted", NEVER},
    {"Feedback-ID", NEVER},
    {"Autocrypt", NEVER},
    {"TLS-Required", NEVER},
};

static void
add_name(stralloc *names, const char *name)
{
	text_cat(names, names->len > 0 ? ":" : "", name, (char *)NULL);
}

void
signed_names_choose(const struct fields *fields, stralloc *names, stralloc *header)
{
	size_t i, n, at, above, len, all = 0;
	const char *name;

	for (i = 0; i < sizeof signed_fields / sizeof *signed_fields; i++) {
		name = signed_fields[i].name;
		len = strlen(name);
		at = fields->count;
		for (n = 0; n < SIGNED_NAMES_MOST && all < SIGNATURE_NAMES_MAX / 2; n++) {
			above = fields_find_above(fields, at, name, len);
			if (above == fields->count)
				break;
			at = above;
			canon_put_field(header, CANON_RELAXED,
			    fields->text.s + fields->all[at].at, fields->all[at].len);
			add_name(names, name);
			all++;
		}
		/* Of more than there is room for the next one would be meant. */
		if (fields_find_above(fields, at, name, len) != fields->count)
			continue;
		if (signed_fields[i].sealing == ALWAYS ||
		    (signed_fields[i].sealing == IF_THERE && n > 0))
			add_name(names, name);
	}
}
