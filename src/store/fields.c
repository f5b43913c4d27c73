#include <math.h>

#include "line_internal.h"

static bool bad(const dt__fields* f, const char* name, const char* what) {
  (void)dt_fail(f->err, DT_BAD_DATA, "\"%s\" must be %s", name, what);
  return false;
}

static const json_t* get(const dt__fields* f, const char* name) {
  return json_object_get(f->object, name);
}

/* Missing is the same as null for what may be unknown. */
static bool is_nothing(const json_t* value) {
  return !value || json_is_null(value);
}

bool dt__field_text(const dt__fields* f, const char* name, const char** text) {
  const json_t* value = get(f, name);
  *text = json_string_value(value);
  return *text || is_nothing(value) || bad(f, name, "a text or null");
}

bool dt__field_int(const dt__fields* f, const char* name, int64_t low, int64_t high,
                   int64_t* value) {
  const json_t* found = get(f, name);
  *value = (int64_t)json_integer_value(found);
  return (json_is_integer(found) && *value >= low && *value <= high) ||
         bad(f, name, "a whole number in its range");
}

bool dt__field_count(const dt__fields* f, const char* name, int64_t* value) {
  *value = -1;
  return is_nothing(get(f, name)) || dt__field_int(f, name, 0, INT64_MAX, value);
}

bool dt__field_number(const dt__fields* f, const char* name, double low, double high,
                      double* value) {
  const json_t* found = get(f, name);
  *value = json_number_value(found);
  return (json_is_number(found) && *value >= low && *value <= high) ||
         bad(f, name, "a number in its range");
}

bool dt__field_maybe(const dt__fields* f, const char* name, double* value) {
  const json_t* found = get(f, name);
  *value = is_nothing(found) ? (double)NAN : json_number_value(found);
  return is_nothing(found) || json_is_number(found) || bad(f, name, "a number or null");
}

bool dt__field_word(const dt__fields* f, const char* name, int (*find)(const char* key),
                    int* value) {
  const char* key = json_string_value(get(f, name));
  *value = key ? find(key) : -1;
  return *value >= 0 || bad(f, name, "one of the words in docs/store.md");
}

bool dt__field_object(const dt__fields* f, const char* name, dt__fields* inside) {
  *inside = (dt__fields){get(f, name), f->err};
  return json_is_object(inside->object) || bad(f, name, "an object");
}

bool dt__field_estimate(const dt__fields* f, const char* name, dt_estimate* estimate) {
  dt__fields inside;
  int known = 0;
  if (!dt__field_object(f, name, &inside) ||
      !dt__field_word(&inside, "known", dt__known_from_key, &known) ||
      !dt__field_maybe(&inside, "value", &estimate->value) ||
      !dt__field_maybe(&inside, "low", &estimate->low) ||
      !dt__field_maybe(&inside, "high", &estimate->high))
    return false;
  estimate->known = (dt_known)known;
  return (known == DT_KNOWN) == !isnan(estimate->value) ||
         bad(f, name, "known with a value, or not known without");
}
