#include <string.h>

#include "lib/base64.h"
#include "lib/datetime.h"
#include "lib/gzip.h"
#include "lib/reporter.h"
#include "lib/text.h"
#include "origin/report_mail.h"

#define LINE 57 /* bytes that are 76 characters in base64: RFC 2045, 6.8 */

static void
put_header(stralloc *message, const struct report *report, const char *domain,
    const char *boundary, const stralloc *addresses)
{
	char date[DATETIME_MAX];
	size_t at;

	reporter_put_from(message, report->organisation, report->address);
	for (at = 0; at < addresses->len; at += strlen(addresses->s + at) + 1)
		text_cat(message, at ? ",\n\t" : "To: ", "<", addresses->s + at, ">",
		    (char *)NULL);
	text_cat(message, "\nSubject: Report Domain: ", domain,
	    "\n\tSubmitter: ", report->submitter, "\n\tReport-ID: <", report->id,
	    ">\nDate: ", datetime_rfc5322(date, time(NULL)), "\nMessage-ID: <",
	    report->id, ">\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n",
	    "Content-Type: multipart/mixed; boundary=\"", boundary, "\"\n\n",
	    (char *)NULL);
}

static void
put_file_name(stralloc *message, const struct report *report, const char *domain,
    const char *unique)
{
	char begin[DECIMAL_MAX], end[DECIMAL_MAX];

	text_cat(message, "\"", report->submitter, "!", domain, "!",
	    text_decimal(begin, (unsigned long long)report->begin), "!",
	    text_decimal(end, (unsigned long long)report->end), "!", unique,
	    ".xml.gz\"\n", (char *)NULL);
}

int
report_mail_put(stralloc *message, const struct report *report, const char *domain,
    const char *unique, const stralloc *addresses, const stralloc *xml)
{
	stralloc packed = {0}, boundary = {0};
	size_t at;
	int r = gzip_pack(&packed, xml->s, xml->len);

	text_cat(&boundary, "report_", unique, (char *)NULL);
	text_terminate(&boundary);
	put_header(message, report, domain, boundary.s, addresses);
	text_cat(message, "--", boundary.s,
	    "\nContent-Type: text/plain; charset=us-ascii\n\n"
	    "This is a DMARC aggregate report on mail that named ",
	    domain, " as its author,\nas ", report->submitter,
	    " received it: RFC 9990.\n\n--", boundary.s,
	    "\nContent-Type: application/gzip\n"
	    "Content-Transfer-Encoding: base64\nContent-Disposition: attachment;\n"
	    "\tfilename=",
	    (char *)NULL);
	put_file_name(message, report, domain, unique);
	text_cat(message, "\n", (char *)NULL);
	for (at = 0; at < packed.len; at += LINE) {
		base64_put(message, packed.s + at,
		    packed.len - at < LINE ? packed.len - at : LINE);
		text_cat(message, "\n", (char *)NULL);
	}
	text_cat(message, "\n--", boundary.s, "--\n", (char *)NULL);
	stralloc_free(&packed);
	stralloc_free(&boundary);
	return r;
}
