#include "dt/past_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool dt_past_write(FILE* file, const dt_past* p) {
  fprintf(file,
          "past\t%" PRId64
          "\t%s\t%d\t%d\t%.17g\t%d\t%d\t%.17g\t%.17g\t%.17g\t%.17g\t%.17g\t%d\t%.17g\t%d\t%d\t%d",
          p->day, p->chart, (int)p->mode, (int)p->limbs, p->played_s, p->takes, p->clean_takes,
          p->bpm, p->low_bpm, p->high_bpm, p->sd, p->cold_bpm, p->cold_kept ? 1 : 0, p->held,
          p->tired ? 1 : 0, (int)p->weakest, p->weak_count);
  for (int i = 0; i < DT_WEAK_BARS_MAX; i++)
    fprintf(file, "\t%d", p->weak_bars[i]);
  fprintf(file, "\t%.17g\t%.17g", p->top_bpm, p->forewarned);
  return fputc('\n', file) != EOF;
}

/* A number of the next field; false where there is none. */
static bool field(const char** at, double* value) {
  char* end = NULL;
  if (**at != '\t')
    return false;
  *value = strtod(*at + 1, &end);
  if (end == *at + 1)
    return false;
  *at = end;
  return true;
}

static bool whole(const char** at, int low, int high, int* value) {
  double number = 0;
  if (!field(at, &number) || !(number >= low && number <= high))
    return false;
  *value = (int)number;
  return *value == number;
}

static bool read_fields(const char* line, dt_past* p) {
  if (strncmp(line, "past", 4) != 0)
    return false;
  const char* at = line + 4;
  double day = 0;
  if (!field(&at, &day) || !(day > -1e9 && day < 1e9) || *at != '\t')
    return false;
  p->day = (int64_t)day;
  const size_t length = strcspn(++at, "\t\n");
  if (length == 0 || length >= sizeof p->chart)
    return false;
  memcpy(p->chart, at, length);
  at += length;
  int mode = 0;
  int limbs = 0;
  int kept = 0;
  int tired = 0;
  int weakest = 0;
  if (!whole(&at, 0, DT_MODE_COUNT - 1, &mode) || !whole(&at, 0, DT_LIMBS_COUNT - 1, &limbs) ||
      !field(&at, &p->played_s) || !whole(&at, 0, 1000000, &p->takes) ||
      !whole(&at, 0, 1000000, &p->clean_takes) || !field(&at, &p->bpm) ||
      !field(&at, &p->low_bpm) || !field(&at, &p->high_bpm) || !field(&at, &p->sd) ||
      !field(&at, &p->cold_bpm) || !whole(&at, 0, 1, &kept) || !field(&at, &p->held) ||
      !whole(&at, 0, 1, &tired) || !whole(&at, 0, DT_CRITERION_COUNT - 1, &weakest) ||
      !whole(&at, 0, DT_WEAK_BARS_MAX, &p->weak_count))
    return false;
  for (int i = 0; i < DT_WEAK_BARS_MAX; i++)
    if (!whole(&at, 0, 1000000, &p->weak_bars[i]))
      return false;
  /* Lines of older logs end here. */
  if (*at == '\t' && (!field(&at, &p->top_bpm) || !field(&at, &p->forewarned)))
    return false;
  p->mode = (dt_practice_mode)mode;
  p->limbs = (dt_limbs)limbs;
  p->cold_kept = kept != 0;
  p->tired = tired != 0;
  p->weakest = (dt_criterion)weakest;
  return *at == '\n' || *at == 0;
}

bool dt_past_read(const char* line, dt_past* p) {
  memset(p, 0, sizeof *p);
  const bool is_read = read_fields(line, p);
  if (!is_read)
    memset(p, 0, sizeof *p);
  return is_read;
}
