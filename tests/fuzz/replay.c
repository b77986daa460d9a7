/*
 * The main() of a fuzz target where libFuzzer is not used: feeds every file of the
 * folder argv[1], and argv[2] mutations of each, always the same ones.
 */

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_MAX 65536
#define GROWTH_MAX 64 /* bytes that one change may insert */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
void __sanitizer_set_death_callback(void (*tell)(void)) __attribute__((weak));

struct input {
	uint8_t bytes[INPUT_MAX];
	size_t len;
};

static uint64_t state;

/* xorshift64*: the same numbers everywhere */
static size_t
number_below(size_t limit)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return limit > 0 ? (size_t)(state * 2685821657736338717u >> 32) % limit : 0;
}

static const struct input *current;

/* The last words, also of a sanitizer: the input, ready to become a file of the corpus.
 */
static void
tell(void)
{
	size_t i;

	fprintf(stderr, "the input was: printf '");
	for (i = 0; i < current->len; i++)
		fprintf(stderr, "\\%03o", current->bytes[i]);
	fprintf(stderr, "'\n");
}

static void
tell_of_abort(int signal)
{
	(void)signal;
	tell();
	_exit(99);
}

/* A block of the very size, so that the sanitizer sees each byte read past its end. */
static void
feed(const struct input *in)
{
	uint8_t *copy = malloc(in->len > 0 ? in->len : 1);

	if (copy == NULL)
		abort();
	current = in;
	memcpy(copy, in->bytes, in->len);
	LLVMFuzzerTestOneInput(in->len > 0 ? copy : copy + 1, in->len);
	free(copy);
}

static void
insert(struct input *in, size_t at, const uint8_t *bytes, size_t len)
{
	uint8_t copy[GROWTH_MAX];

	if (len > sizeof(copy) || in->len + len > INPUT_MAX)
		return;
	memcpy(copy, bytes, len);
	memmove(in->bytes + at + len, in->bytes + at, in->len - at);
	memcpy(in->bytes + at, copy, len);
	in->len += len;
}

static void
cut_out(struct input *in, size_t at, size_t len)
{
	memmove(in->bytes + at, in->bytes + at + len, in->len - at - len);
	in->len -= len;
}

/* What parsers stumble over; a number in a file, an end of line, the end of a string. */
static const char *const words[] = {"0", "9999999999", "18446744073709551615", "-1", "\r",
    "\n", "\r\n", "\r\n.\r\n", "@", "\"", "\\", "<", ">", "=", ":", ",", "%", "/", "..",
    "\xff", "\x80", "\xff\xff\xff\xff", "\x7f\xff\xff\xff"};

static void
change(struct input *in)
{
	size_t at = number_below(in->len + 1), left = in->len - at;
	const char *word = words[number_below(sizeof(words) / sizeof(words[0]))];

	switch (number_below(8)) {
	case 0:
		if (left > 0)
			in->bytes[at] ^= (uint8_t)(1 << number_below(8));
		break;
	case 1:
		if (left > 0)
			in->bytes[at] = (uint8_t)number_below(256);
		break;
	case 2:
		insert(in, at, (const uint8_t *)"", 1);
		break;
	case 3:
		insert(in, at, (const uint8_t *)word, strlen(word));
		break;
	case 4:
		cut_out(in, at, number_below(left + 1));
		break;
	case 5:
		in->len = at;
		break;
	case 6: /* repeat what stands here */
		insert(in, at, in->bytes + at, number_below((left < 64 ? left : 64) + 1));
		break;
	default: /* or bring it elsewhere */
		insert(in, number_below(in->len + 1), in->bytes + at,
		    number_below((left < 64 ? left : 64) + 1));
	}
}

static void
replay(const char *name, unsigned mutations)
{
	static struct input seed, in;
	ssize_t r;
	int fd, i;

	fd = open(name, O_RDONLY);
	r = fd != -1 ? read(fd, seed.bytes, sizeof(seed.bytes)) : -1;
	if (r == -1) {
		perror(name);
		exit(1);
	}
	close(fd);
	seed.len = (size_t)r;
	feed(&seed);
	state = 88172645463325252u + seed.len;
	for (; mutations > 0; mutations--) {
		in = seed;
		for (i = (int)number_below(8); i >= 0; i--)
			change(&in);
		feed(&in);
	}
}

int
main(int argc, char **argv)
{
	char path[4096];
	struct dirent *entry;
	unsigned count = 0;
	DIR *corpus;

	corpus = argc == 3 ? opendir(argv[1]) : NULL;
	if (corpus == NULL) {
		fprintf(stderr, "usage: %s corpus-folder mutations\n", argv[0]);
		return 2;
	}
	signal(SIGABRT, tell_of_abort);
	if (__sanitizer_set_death_callback != NULL)
		__sanitizer_set_death_callback(tell);
	while ((entry = readdir(corpus)) != NULL)
		if (entry->d_name[0] != '.') {
			snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
			replay(path, (unsigned)atoi(argv[2]));
			count++;
		}
	closedir(corpus);
	printf("%u files replayed\n", count);
	return count > 0 ? 0 : 1;
}
