#include "way/way_settings.h"
#include "lib/control.h"
#include "lib/helo_host.h"
#include "lib/text.h"
#include "way/never_to.h"

static const char *
unable_to_read(struct way_settings *s, const char *file)
{
	s->wrong.len = 0;
	text_cat(&s->wrong, "unable to read control/", file, (char *)NULL);
	text_terminate(&s->wrong);
	return s->wrong.s;
}

static int
read_families(struct way_settings *s)
{
	static const char usual[] = "ipv4 ipv6";
	stralloc line = {0};
	int r = control_line("ipfamilies", &line, usual);

	if (r != -1)
		r = ip_families_parse(&s->families, line.s, line.len) ? 0 : -1;
	stralloc_free(&line);
	return r;
}

static int
read_tlsreport(struct way_settings *s)
{
	stralloc line = {0};
	int r = control_line("tlsreport", &line, NULL);

	s->reports_tls = r == 1 && line.len > 0;
	stralloc_free(&line);
	return r;
}

const char *
way_settings_read(struct way_settings *s)
{
	const struct {
		const char *name;
		stralloc *list;
	} lists[] = {{"helohost", &s->helo}, {"resolvers", &s->resolvers},
	    {"bindaddresses", &s->bind}};
	unsigned long long n;
	const char *file;

	if (control_line("me", &s->me, NULL) == -1 || s->me.len == 0)
		return "control/me is missing, empty or unreadable";
	if (routes_read(&s->routes, &file) == -1)
		return unable_to_read(s, file);
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		lists[i].list->len = 0;
		if (control_list(lists[i].name, lists[i].list) == -1)
			return unable_to_read(s, lists[i].name);
	}
	if (control_again_list(&s->tls_read, "tlspolicy", &s->tls) == -1)
		return unable_to_read(s, "tlspolicy");
	if (never_to_read(&s->never_to) == -1)
		return "control/neverto is not a list of networks, or unreadable";
	if (read_families(s) == -1)
		return "control/ipfamilies is not ipv4, ipv6 or both, or unreadable";
	if (control_number("mxport", &n, 25) == -1 || n == 0 || n > 65535)
		return "control/mxport is not a port";
	s->port = (unsigned)n;
	if (control_number("trustad", &n, 0) == -1 || n > 1)
		return "control/trustad is not 0 or 1";
	s->trusts_any = (int)n;
	if (read_tlsreport(s) == -1)
		return "unable to read control/tlsreport";
	return NULL;
}

const char *
way_settings_helo(const struct way_settings *s, const unsigned char *ip)
{
	return helo_host_find(s->helo.s, s->helo.len, ip, s->me.s);
}
