# What PROGRAM -h says, made of its man page (mdoc): what it is for, its usage, a line per option.

function rendered(line,   n, word, i, out, glue, prefix, macro, open) {
	n = split(line, word, " ")
	out = ""
	glue = 1
	for (i = 1; i <= n; i++) {
		w = word[i]
		if (w ~ /^(Fl|Ar|Op|Cm|Ns|Pa|Ev|Li|Nm|Xr|Dl|Ql|Dq|Pq|Sy|Em|No|Va|Ic|Ad)$/) {
			if (w == "Ns") {
				glue = 1
				continue
			}
			if (w == "Op" || w == "Pq") {
				out = out (glue ? "" : " ") (w == "Op" ? "[" : "(")
				open = (w == "Op" ? "]" : ")") open
				glue = 1
				macro = ""
				continue
			}
			if (macro == "Fl" && bare) {
				out = out (glue ? "" : " ") "-"
				glue = 0
			}
			macro = w
			bare = 1
			if (w == "Nm" && (i == n || word[i + 1] ~ /^[A-Z]/)) {
				out = out (glue ? "" : " ") name
				glue = 0
			}
			continue
		}
		if (w ~ /^[,.;:)]$/) {
			out = out w
			glue = 0
			continue
		}
		gsub(/\\&/, "", w)
		gsub(/\\e/, "\\", w)
		gsub(/\\-/, "-", w)
		gsub(/^"|"$/, "", w)
		if (macro == "Xr" && w ~ /^[0-9]$/) {
			out = out "(" w ")"
			macro = ""
			continue
		}
		prefix = macro == "Fl" && w != "|" ? "-" : ""
		out = out (glue ? "" : " ") prefix w
		bare = 0
		glue = 0
	}
	if (open != "" && out !~ /\.\.$/ && match(out, /[,.;:]$/))
		return substr(out, 1, length(out) - 1) open substr(out, length(out))
	return out open
}

function text_of(line) {
	return line ~ /^\./ ? rendered(substr(line, 2)) : rendered("No " line)
}

function end_option() {
	if (option == "")
		return
	sub(/\. .*/, ".", words)
	sub(/[:.]$/, "", words)
	if (length(words) > 100)
		words = substr(words, 1, 97) "..."
	options = options sprintf("  %-16s %s\n", option, words)
	option = ""
}

/^\.Sh / {
	end_option()
	section = substr($0, 5)
	next
}
section == "NAME" && /^\.Nm/ && name == "" { name = $2 }
section == "NAME" && /^\.Nd / { purpose = substr($0, 5) }
section == "SYNOPSIS" {
	if (/^\.Nm/) {
		if (usage != "")
			usage = usage "\n"
		usage = usage (usage == "" ? "usage: " : "       ") ($2 != "" && $2 != "Nm" ? $2 : name)
		next
	}
	usage = usage " " text_of($0)
}
section == "DESCRIPTION" && /^\.It Fl / {
	end_option()
	option = text_of(substr($0, 1, 1) substr($0, 5))
	words = ""
	done = 0
	next
}
section == "DESCRIPTION" && option != "" {
	if (/^\.(It|El|Pp|Bl|Bd|Dl)/) {
		done = 1
		if (/^\.(It|El)/)
			end_option()
		next
	}
	if (!done) {
		words = words (words == "" ? "" : " ") text_of($0)
		gsub(/ ,/, ",", words)
		if (words ~ /\.$/)
			done = 1
	}
}
END {
	print name ": " purpose
	print usage
	printf "%s", options
	print "See " name "(8): man " name ", or doc/" name ".8 in the source."
}
