# gcovr's text table, added up by room.
$1 ~ /^src\// {
  split($1, part, "/")
  lines[part[2]] += $2
  run[part[2]] += $3
  all_lines += $2
  all_run += $3
}
END {
  for (room in lines)
    if (lines[room] > 0)
      printf "  %-8s %5.1f %% of %5d lines\n", room, 100 * run[room] / lines[room], lines[room] | "sort"
  close("sort")
  if (all_lines > 0)
    printf "  %-8s %5.1f %% of %5d lines\n", "all", 100 * all_run / all_lines, all_lines
}
