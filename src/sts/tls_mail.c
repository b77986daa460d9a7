#include <string.h>

#include "lib/base64.h"
#include "lib/datetime.h"
#include "lib/reporter.h"
#include "lib/text.h"
#include "sts/tls_mail.h"

#define LINE 57 /* bytes that are 76 characters in base64: RFC 2045, 6.8 */
#define DAY 86400

const char *
tls_mail_address(const char *place)
{
	return strncmp(place, "mailto:", 7) == 0 ? place + 7 : NULL;
}

static size_t
put_to(stralloc *message, const stralloc *places)
{
	const char *address;
	size_t at, n = 0;

	for (at = 0; at < places->len; at += strlen(places->s + at) + 1) {
		address = tls_mail_address(places->s + at);
		if (address != NULL)
			text_cat(message, n++ ? ",\n\t" : "To: ", "<", address, ">",
			    (char *)NULL);
	}
	text_cat(message, n > 0 ? "\n" : "", (char *)NULL);
	return n;
}

static void
put_header(stralloc *message, const struct tls_json *report, const char *domain)
{
	char date[DATETIME_MAX];

	text_cat(message, "Subject: Report Domain: ", domain,
	    "\n\tSubmitter: ", report->submitter, "\n\tReport-ID: <", report->id,
	    ">\nDate: ", datetime_rfc5322(date, time(NULL)), "\nMessage-ID: <",
	    report->id, ">\nTLS-Report-Domain: ", domain,
	    "\nTLS-Report-Submitter: ", report->submitter,
	    /* RFC 8689, 3: the report of a failure is not to fail by it */
	    "\nTLS-Required: No\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/report; report-type=\"tlsrpt\";\n"
	    "\tboundary=\"tls_report\"\n\n",
	    (char *)NULL);
}

static void
put_file(stralloc *message, const struct tls_json *report, const char *domain,
    const stralloc *packed)
{
	char begin[DECIMAL_MAX], end[DECIMAL_MAX];
	size_t at;

	text_cat(message,
	    "\n--tls_report\nContent-Type: application/tlsrpt+gzip\n"
	    "Content-Transfer-Encoding: base64\n"
	    "Content-Disposition: attachment;\n\tfilename=\"",
	    report->submitter, "!", domain, "!",
	    text_decimal(begin, (unsigned long long)report->begin), "!",
	    text_decimal(end, (unsigned long long)(report->begin + DAY - 1)),
	    ".json.gz\"\n\n", (char *)NULL);
	for (at = 0; at < packed->len; at += LINE) {
		base64_put(message, packed->s + at,
		    packed->len - at < LINE ? packed->len - at : LINE);
		text_cat(message, "\n", (char *)NULL);
	}
	text_cat(message, "\n--tls_report--\n", (char *)NULL);
}

size_t
tls_mail_put(stralloc *message, const struct tls_json *report, const char *domain,
    const stralloc *places, const stralloc *packed)
{
	size_t n;

	reporter_put_from(message, report->organisation, report->address);
	n = put_to(message, places);
	put_header(message, report, domain);
	text_cat(message,
	    "--tls_report\nContent-Type: text/plain; charset=us-ascii\n\n"
	    "This is a report on the TLS of the mail servers of ",
	    domain, ",\nas ", report->submitter, " met them: RFC 8460.\n", (char *)NULL);
	put_file(message, report, domain, packed);
	return n;
}
