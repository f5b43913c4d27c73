# Reads `nm -A -u` of one room's library and the table; complains about calls a pure room may not
# make.

BEGIN {
  while ((getline line < table) > 0) {
    count = split(line, word, /[ \t]+/)
    if (word[1] == "forbid") {
      for (i = 2; i <= count; i++)
        pattern = pattern (pattern == "" ? "" : "|") word[i]
    } else if (word[1] == "grant") {
      for (i = 3; i <= count; i++)
        granted[word[2], word[i]] = 1
    }
  }
  close(table)
  pattern = "^(" pattern ")$"
}

{
  symbol = $NF
  sub(/@.*/, "", symbol)
  object = $1
  sub(/:+$/, "", object)
  sub(/.*[\/:]/, "", object)
  sub(/\.c\.o$/, "", object)
  read++
  if (symbol ~ pattern && !((object, symbol) in granted)) {
    printf "%s: %s.c calls %s, which a pure room may not\n", room, object, symbol > "/dev/stderr"
    bad = 1
  }
}

END {
  if (!bad)
    printf "%s: %d outside symbols, all pure\n", room, read
  exit bad
}
