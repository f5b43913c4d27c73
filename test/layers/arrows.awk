# Reads the sources named as arguments and the table of rooms; complains about every #include that
# points up, leaves the room by the window ("../"), or brings the world into a pure room.

function complain(text) {
  printf "%s:%d: %s\n", FILENAME, FNR, text > "/dev/stderr"
  bad = 1
}

function glob(pattern, name) {
  gsub(/\./, "\\.", pattern)
  gsub(/\*/, "[^/]*", pattern)
  return name ~ ("^" pattern "$")
}

function allowed(file, header,   i) {
  for (i = 1; i <= exceptions; i++)
    if (exception_header[i] == header && glob(exception_file[i], file))
      return 1
  return 0
}

function room_of(path,   part) {
  split(path, part, "/")
  return part[2]
}

# Which room publishes dt/NAME.h? "" for none.
function owner_of(header,   room, line, path) {
  if (header in owner)
    return owner[header]
  owner[header] = ""
  for (room in kind) {
    path = "src/" room "/include/" header
    if ((getline line < path) >= 0) {
      close(path)
      owner[header] = room
    }
  }
  return owner[header]
}

BEGIN {
  while ((getline line < table) > 0) {
    count = split(line, word, /[ \t]+/)
    if (word[1] == "room") {
      kind[word[2]] = word[3]
      sees[word[2], word[2]] = 1
      for (i = 4; i <= count; i++)
        sees[word[2], word[i]] = 1
    } else if (word[1] == "system") {
      for (i = 2; i <= count; i++)
        pure_header[word[i]] = 1
    } else if (word[1] == "made") {
      made[word[2], word[3]] = 1
    } else if (word[1] == "allow") {
      for (i = 3; i <= count; i++) {
        exception_file[++exceptions] = word[2]
        exception_header[exceptions] = word[i]
      }
    }
  }
  close(table)
  if (!("base" in kind)) {
    print table ": no rooms in the table" > "/dev/stderr"
    bad = 1
    exit
  }
}

FNR == 1 {
  files++
  room = room_of(FILENAME)
  if (!(room in kind))
    complain("the room \"" room "\" is not in " table)
}

/^[ \t]*#[ \t]*include/ {
  arrows++
  header = $0
  sub(/^[ \t]*#[ \t]*include[ \t]*/, "", header)
  quoted = header ~ /^"/
  if (header !~ /^["<]/) {
    complain("an include that cannot be read: " header)
    next
  }
  header = substr(header, 2)
  sub(/[">].*/, "", header)
  if (header ~ /\.\.\//) {
    complain("\"" header "\" leaves the room by the window")
  } else if (header ~ /^dt\//) {
    if (!quoted)
      complain("write \"" header "\", not <" header ">")
    to = owner_of(header)
    if (to == "")
      complain("no room publishes \"" header "\"")
    else if (!((room, to) in sees))
      complain(room " may not see " to " (\"" header "\")")
  } else if (!quoted && kind[room] == "pure" && !(header in pure_header) &&
             !allowed(FILENAME, header)) {
    complain("the pure room " room " may not include <" header ">")
  } else if (quoted && !((room, header) in made)) {
    dir = FILENAME
    sub(/\/[^\/]*$/, "", dir)
    path = dir "/" header
    if (header ~ /\.h$/ && (getline line < path) < 0 && (getline line < ("src/" room "/" header)) < 0)
      complain("\"" header "\" is not in this room")
    close(path)
    close("src/" room "/" header)
  }
}

END {
  if (files == 0) {
    print "no sources were read" > "/dev/stderr"
    bad = 1
  }
  if (!bad)
    printf "%d files, %d includes, all point down\n", files, arrows
  exit bad
}
