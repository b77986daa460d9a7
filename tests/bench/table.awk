# table.awk: medians of the numbers that tests/bench/run wrote, SYSTEM|CASE...|MEASURE|VALUE.
# Variables: systems, where, cpus, runs.

BEGIN { FS = "|" }

{
	what = $2
	for (i = 3; i < NF - 1; i++)
		what = what "|" $i
	if (!(what in known)) {
		known[what] = 1
		order[++cases] = what
	}
	key = $1 "|" what "|" $(NF - 1)
	values[key, ++count[key]] = $NF
	have[$(NF - 1)] = 1
}

function median(key,	n, i, k, swap, v) {
	n = count[key]
	if (!n)
		return ""
	for (i = 1; i <= n; i++)
		v[i] = values[key, i]
	for (i = 2; i <= n; i++)
		for (k = i; k > 1 && v[k] + 0 < v[k - 1] + 0; k--) {
			swap = v[k]
			v[k] = v[k - 1]
			v[k - 1] = swap
		}
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}

function cell(key, form,	m) {
	m = median(key)
	return m == "" ? "-" : sprintf(form, m)
}

# Is it one of ours, beside Postfix?
function is_compared(s,	i) {
	for (i = 1; i <= n_systems; i++)
		if (name[i] == "postfix")
			return name[s] == "facteur" || name[s] == "listen"
	return 0
}

function ratio(whose, what, measure,	ours, theirs) {
	ours = median(whose "|" what "|" measure)
	theirs = median("postfix|" what "|" measure)
	return ours == "" || theirs + 0 == 0 ? "-" : sprintf("%.2f", ours / theirs)
}

function throughput(	c, i, s, part) {
	printf "\n%-16s %7s %6s", "messages", "clients", "a conn"
	printf " %8s", "disk/s"
	for (s = 1; s <= n_systems; s++)
		printf " | %9s %8s %7s %7s %7s", name[s] "/s", "CPU ms", "p99 ms", "gen ms", "KiB"
	for (s = 1; s <= n_systems; s++)
		if (is_compared(s))
			printf " | %s/postfix: rate   CPU", name[s]
	printf "\n"
	for (c = 1; c <= cases; c++) {
		split(order[c], part, "|")
		if (part[3] == "")
			continue
		printf "%-16s %7s %6s %8s", part[1], part[2], part[3],
		    cell("disk|" part[1] "|" part[2] "|one|rate", "%.0f")
		for (s = 1; s <= n_systems; s++) {
			i = name[s] "|" order[c] "|"
			printf " | %9s %8s %7s %7s %7s", cell(i "rate", "%.1f"),
			    cell(i "cpu", "%.2f"), cell(i "p99", "%.1f"),
			    cell(i "generator", "%.2f"), cell(i "disk", "%.0f")
		}
		for (s = 1; s <= n_systems; s++)
			if (is_compared(s))
				printf " | %*s %5s", length(name[s]) + 14, ratio(name[s], order[c], "rate"),
				    ratio(name[s], order[c], "cpu")
		printf "\n"
	}
}

function idle(	c, s) {
	printf "\nKB of memory (PSS) that each of 50 connections adds\n"
	for (c = 1; c <= cases; c++)
		for (s = 1; s <= n_systems; s++)
			if (count[name[s] "|" order[c] "|memory"])
				printf "%-32s %-10s %6s\n", order[c], name[s],
				    cell(name[s] "|" order[c] "|memory", "%d")
}

function pop3(	c, s, k, i, n, part) {
	n = split("login stat list uidl retr dele quit cpu", part, " ")
	printf "\n%-24s %-10s", "milliseconds", ""
	for (k = 1; k <= n; k++)
		printf " %8s", part[k]
	printf "\n"
	for (c = 1; c <= cases; c++)
		for (s = 1; s <= n_systems; s++) {
			i = name[s] "|" order[c] "|"
			if (!count[i "retr"])
				continue
			printf "%-24s %-10s", order[c], name[s]
			for (k = 1; k <= n; k++)
				printf " %8s", cell(i part[k], "%.1f")
			printf "\n"
		}
}

# The same load with ever more deferred messages in the queue: the rates stand above.
function backlog(	c, i, part, none, rate) {
	printf "\n%-16s %9s %8s %12s %12s %12s\n", "deferred", "messages/s", "of none",
	    "restart ms", "memory KB", "idle wakes"
	for (c = 1; c <= cases; c++) {
		if (split(order[c], part, " ") != 2 || part[1] != "backlog")
			continue
		i = "facteur|backlog " part[2] "|"
		rate = median("facteur|1 KB +" part[2] "|10|many|rate")
		if (none == "")
			none = rate
		printf "%-16s %9.0f %7.0f%% %12s %12s %12s\n", part[2], rate,
		    (none ? rate * 100 / none : 0), cell(i "restart", "%d"), cell(i "peak", "%d"),
		    cell(i "wakeups", "%d")
	}
}

END {
	n_systems = split(systems, name, " ")
	printf "medians of %d runs, %d CPUs, on %s\n", runs, cpus, where
	if ("rate" in have)
		throughput()
	if ("memory" in have)
		idle()
	if ("retr" in have)
		pop3()
	if ("restart" in have)
		backlog()
}
