# A header begins (after comments) with its guard and ends with its #endif.

/^[ \t]*$/ { next }
{ last = $0 }
in_comment { if (/\*\//) in_comment = 0; next }
/^\/\*/ && !guard { if (!/\*\//) in_comment = 1; next }
/^\/\// && !guard { next }

!guard {
  if ($1 != "#ifndef" || $2 !~ /^DT_[A-Z0-9_]+_H$/) {
    stray = 1
    exit
  }
  guard = $2
  next
}

guard && !defined {
  defined = 1
  if ($1 != "#define" || $2 != guard) {
    stray = 1
    exit
  }
}

END {
  if (stray || !defined || last !~ /^#endif/) {
    printf "%s: has no guard #ifndef DT_..._H / #define / #endif around it\n", FILENAME > "/dev/stderr"
    exit 1
  }
}
