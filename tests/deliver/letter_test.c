#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "deliver/letter.h"
#include "lib/dotstuff.h"
#include "lib/text.h"

static struct letter_box letters;

/* A job with the message s[0..len), behind three bytes of something else. */
static struct job
job_of(unsigned long long number, const char *s, size_t len)
{
	struct job job = {.number = number, .offset = 3, .length = (off_t)len};

	job.fd = open("message", O_RDWR | O_CREAT | O_TRUNC, 0600);
	ATF_REQUIRE(job.fd != -1);
	ATF_REQUIRE_EQ(3, write(job.fd, "xyz", 3));
	ATF_REQUIRE_EQ((ssize_t)len, write(job.fd, s, len));
	return job;
}

ATF_TC_WITHOUT_HEAD(it_is_counted_as_what_is_copied_in_pieces);
ATF_TC_BODY(it_is_counted_as_what_is_copied_in_pieces, tc)
{
	static const char *const messages[] = {"", "a\n", "a", "a\r\nb\r\n", "a\r",
	    "a\rb\n\n", "Subject: x\n\n.\n..\nlong", "\n"};
	static const char *const heads[] = {
	    "Return-Path: <>\n", "", "Return-Path: <a@b>\nDelivered-To: c@d\n"};
	unsigned long long number = 0;
	size_t i, k, len;
	uint64_t octets;

	for (i = 0; i < sizeof(messages) / sizeof(*messages); i++) {
		struct job job = job_of(++number, messages[i], strlen(messages[i]));
		struct letter *letter = letter_take(&letters, &job);

		ATF_REQUIRE(letter != NULL);
		ATF_CHECK_EQ(strlen(messages[i]), letter->len);
		ATF_CHECK_EQ(0, memcmp(messages[i], letter_start(letter), letter->len));
		for (k = 0; k < 3 * sizeof(heads) / sizeof(*heads); k++) {
			struct dotstuff d = {0};
			stralloc head = {0}, wanted = {0};
			const char *text;

			text_cat(&head, heads[k % 3], (char *)NULL);
			text_cat(&wanted, heads[k % 3], messages[i], (char *)NULL);
			dotstuff_count(&d, wanted.s, wanted.len);
			if (d.line_begun || d.cr_held) {
				dotstuff_count(&d, "\n", 1);
				text_cat(&wanted, "\n", (char *)NULL);
			}
			dotstuff_count_end(&d);
			text = letter_with_head(letter, &head, &len, &octets);
			ATF_REQUIRE(text != NULL);
			ATF_CHECK_EQ_MSG(wanted.len, len, "%zu, %zu", i, k);
			ATF_CHECK_EQ(0, memcmp(wanted.s, text, len));
			ATF_CHECK_EQ_MSG(d.octets, octets, "%zu, %zu", i, k);
		}
		close(job.fd);
	}
}

ATF_TC_WITHOUT_HEAD(jobs_are_told_apart);
ATF_TC_BODY(jobs_are_told_apart, tc)
{
	char text[20];
	unsigned long long n;

	for (n = 1; n <= 3 * LETTER_SLOTS; n++) {
		struct job job =
		    job_of(n, text, (size_t)sprintf(text, "message %llu", n));
		struct letter *letter = letter_take(&letters, &job);

		/* it has been read, whatever becomes of the file */
		ATF_REQUIRE_EQ(0, ftruncate(job.fd, 0));
		ATF_REQUIRE(letter != NULL && letter_take(&letters, &job) == letter);
		ATF_CHECK_EQ(0, memcmp(text, letter_start(letter), strlen(text)));
		/* one without a number is read always */
		job.number = 0;
		ATF_CHECK(letter_take(&letters, &job) == NULL);
		ATF_CHECK_EQ(EIO, errno);
		close(job.fd);
	}
}

ATF_TC_WITHOUT_HEAD(long_ones_are_not_whole);
ATF_TC_BODY(long_ones_are_not_whole, tc)
{
	static char text[LETTER_MAX + 1], top[LETTER_HEAD + 1];
	stralloc head = {0}, large = {0};
	struct letter *letter;
	struct job job;
	uint64_t octets;
	size_t len;

	memset(text, 'x', sizeof(text));
	memset(top, 'y', sizeof(top));
	text_cat(&head, "a: b\n", (char *)NULL);
	text_catb(&large, top, sizeof(top));
	job = job_of(1, text, LETTER_MAX);
	letter = letter_take(&letters, &job);
	ATF_REQUIRE(letter != NULL);
	ATF_CHECK(letter_with_head(letter, &large, &len, &octets) == NULL);
	ATF_CHECK(letter_with_head(letter, &head, &len, &octets) != NULL);
	ATF_CHECK_EQ(5 + LETTER_MAX + 1, len);
	large.len--;
	ATF_CHECK(letter_with_head(letter, &large, &len, &octets) != NULL);
	close(job.fd);
	job = job_of(2, text, LETTER_MAX + 1);
	letter = letter_take(&letters, &job);
	ATF_REQUIRE(letter != NULL);
	ATF_CHECK_EQ(LETTER_MAX, letter->len);
	ATF_CHECK(letter_with_head(letter, &head, &len, &octets) == NULL);
	/* one that was cut since its length was told */
	job.number = 3;
	job.length = 100;
	ATF_REQUIRE_EQ(0, ftruncate(job.fd, 50));
	ATF_CHECK(letter_take(&letters, &job) == NULL);
	ATF_CHECK_EQ(EIO, errno);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, it_is_counted_as_what_is_copied_in_pieces);
	ATF_TP_ADD_TC(tp, jobs_are_told_apart);
	ATF_TP_ADD_TC(tp, long_ones_are_not_whole);
	return atf_no_error();
}
