/*
 * tree-usage: what a process and all its descendants use.
 *
 * tree-usage pid
 *
 * Prints one line: the seconds of CPU that they and their waited-for children have used
 * so far, the KB of memory that is theirs (the sum of Pss: shared pages count by their
 * share), how many there are.  Memory of other users' processes can be read only by root.
 */

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROCESSES_MAX 65536

struct process {
	int pid;
	int parent;
	int inside; /* the tree */
	double seconds;
};

static struct process all[PROCESSES_MAX];
static size_t count;

/*
 * What its threads have run so far, in seconds.  proc_pid_stat(5) would say it too, but
 * rounds down to ticks of 10 ms, which is more than many a process here lives for.
 */
static double
own_seconds(const char *name)
{
	char path[64];
	unsigned long long ns, sum = 0;
	struct dirent *thread;
	FILE *file;
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%.32s/task", name);
	threads = opendir(path);
	while (threads != NULL && (thread = readdir(threads)) != NULL) {
		snprintf(path, sizeof(path), "/proc/%.16s/task/%.16s/schedstat", name,
		    thread->d_name);
		file = thread->d_name[0] != '.' ? fopen(path, "r") : NULL;
		if (file != NULL && fscanf(file, "%llu", &ns) == 1)
			sum += ns;
		if (file != NULL)
			fclose(file);
	}
	if (threads != NULL)
		closedir(threads);
	return (double)sum / 1e9;
}

/* Fields 4 (ppid), 16 and 17 (cutime, cstime) of proc_pid_stat(5). */
static int
read_process(struct process *p, const char *name)
{
	char path[64], line[1024], *end;
	unsigned long long user, system;
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%.32s/stat", name);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	n = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[n] = '\0';
	end = strrchr(line, ')'); /* the name in front may hold anything */
	if (end == NULL ||
	    sscanf(end + 1,
		" %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %llu %llu",
		&p->parent, &user, &system) != 3)
		return 0;
	p->pid = atoi(name);
	p->inside = 0;
	p->seconds =
	    own_seconds(name) + (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
	return 1;
}

static void
read_all(void)
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	while (proc != NULL && count < PROCESSES_MAX && (entry = readdir(proc)) != NULL)
		if (isdigit((unsigned char)entry->d_name[0]))
			count += (size_t)read_process(&all[count], entry->d_name);
	if (proc != NULL)
		closedir(proc);
}

static void
mark_tree(int root)
{
	size_t i, k;
	int found = 1;

	for (i = 0; i < count; i++)
		all[i].inside = all[i].pid == root;
	while (found) {
		found = 0;
		for (i = 0; i < count; i++)
			for (k = 0; !all[i].inside && k < count; k++)
				if (all[k].inside && all[k].pid == all[i].parent)
					found = all[i].inside = 1;
	}
}

static unsigned long long
memory(int pid)
{
	char path[64], line[256];
	unsigned long long kb = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", pid);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "Pss: %llu", &kb) == 1)
			break;
	fclose(file);
	return kb;
}

int
main(int argc, char **argv)
{
	unsigned long long kb = 0;
	double seconds = 0;
	size_t i, processes = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: tree-usage pid\n");
		return 111;
	}
	read_all();
	mark_tree(atoi(argv[1]));
	for (i = 0; i < count; i++) {
		if (!all[i].inside)
			continue;
		seconds += all[i].seconds;
		kb += memory(all[i].pid);
		processes++;
	}
	printf("%.4f %llu %zu\n", seconds, kb, processes);
	return processes == 0;
}
