#include <string.h>

#include "lib/base64.h"
#include "lib/datetime.h"
#include "lib/gzip.h"
#include "lib/reporter.h"
#include "lib/text.h"
#include "origin/report_mail.h"

#define LINE 57 /* bytes that are 76 characters in base64: RFC 2045, 6.8 */

int
report_mail_pack(stralloc *packed, const stralloc *xml)
{
	stralloc bytes = {0};
	size_t at;
	int r = gzip_pack(&bytes, xml->s, xml->len);

	for (at = 0; r == 0 && at < bytes.len; at += LINE) {
		base64_put(
		    packed, bytes.s + at, bytes.len - at < LINE ? bytes.len - at : LINE);
		text_cat(packed, "\n", (char *)NULL);
	}
	stralloc_free(&bytes);
	return r;
}

static void
put_header(stralloc *message, const struct report *report, const char *domain,
    const struct report_addresses *addresses)
{
	char date[DATETIME_MAX];
	size_t i;

	reporter_put_from(message, report->organisation, report->address);
	for (i = 0; i < addresses->n; i++)
		text_cat(message, i ? ",\n\t" : "To: ", "<", addresses->list[i].address.s,
		    ">", (char *)NULL);
	text_cat(message, "\nSubject: Report Domain: ", domain,
	    "\n\tSubmitter: ", report->submitter, "\n\tReport-ID: <", report->id,
	    ">\nDate: ", datetime_rfc5322(date, time(NULL)), "\nMessage-ID: <",
	    report->id, "@", report->submitter,
	    ">\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n",
	    "Content-Type: multipart/mixed; boundary=\"report_", report->id, "\"\n\n",
	    (char *)NULL);
}

static void
put_file_name(stralloc *message, const struct report *report, const char *domain)
{
	char begin[DECIMAL_MAX], end[DECIMAL_MAX];

	text_cat(message, "\"", report->submitter, "!", domain, "!",
	    text_decimal(begin, (unsigned long long)report->begin), "!",
	    text_decimal(end, (unsigned long long)report->end), "!", report->id,
	    ".xml.gz\"\n", (char *)NULL);
}

void
report_mail_put(stralloc *message, const struct report *report, const char *domain,
    const struct report_addresses *addresses, const stralloc *packed)
{
	put_header(message, report, domain, addresses);
	text_cat(message, "--report_", report->id,
	    "\nContent-Type: text/plain; charset=us-ascii\n\n"
	    "This is a DMARC aggregate report on mail that named ",
	    domain, " as its author,\nas ", report->submitter,
	    " received it: RFC 9990.\n\n--report_", report->id,
	    "\nContent-Type: application/gzip\n"
	    "Content-Transfer-Encoding: base64\nContent-Disposition: attachment;\n"
	    "\tfilename=",
	    (char *)NULL);
	put_file_name(message, report, domain);
	text_cat(message, "\n", (char *)NULL);
	text_catb(message, packed->s, packed->len);
	text_cat(message, "\n--report_", report->id, "--\n", (char *)NULL);
}
