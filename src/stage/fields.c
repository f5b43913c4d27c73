#include "fields.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void dt__fields_fail(dt__fields* in, const char* field, const char* wanted) {
  if (in->status == DT_OK)
    in->status = dt_fail(in->err, DT_BAD_DATA, "'%s' is %s", field, wanted);
}

/* NULL: not there, or null. */
static const json_t* field_of(dt__fields* in, const char* name) {
  const json_t* value = json_object_get(in->root, name);
  in->used += value != NULL;
  return value && !json_is_null(value) ? value : NULL;
}

bool dt__read_number(dt__fields* in, const char* name, double low, double high, double* number) {
  const json_t* value = field_of(in, name);
  if (!value)
    return false;
  const double given = json_number_value(value);
  if (!json_is_number(value) || !(given >= low && given <= high)) {
    char wanted[64];
    snprintf(wanted, sizeof wanted, "a number from %g to %g", low, high);
    dt__fields_fail(in, name, wanted);
    return false;
  }
  *number = given;
  return true;
}

int dt__read_whole(dt__fields* in, const char* name, int low, int high) {
  const json_t* value = field_of(in, name);
  if (!value)
    return 0;
  const double given = json_number_value(value);
  if (!json_is_number(value) || !(given >= low && given <= high) || given != floor(given)) {
    char wanted[64];
    snprintf(wanted, sizeof wanted, "a whole number from %d to %d", low, high);
    dt__fields_fail(in, name, wanted);
    return 0;
  }
  return (int)given;
}

/* No text is empty, and none has signs that belong to no name. */
bool dt__read_text(dt__fields* in, const char* name, char* text, size_t size) {
  const json_t* value = field_of(in, name);
  if (!value)
    return false;
  const char* given = json_string_value(value);
  bool is_good =
      given && given[0] && strlen(given) == json_string_length(value) && strlen(given) < size;
  for (const char* at = given; is_good && *at; at++)
    is_good = (unsigned char)*at >= 0x20 && *at != 0x7F;
  if (!is_good) {
    dt__fields_fail(in, name, "no text, or too long");
    return false;
  }
  strcpy(text, given);
  return true;
}

bool dt__read_flag(dt__fields* in, const char* name, bool* flag) {
  const json_t* value = field_of(in, name);
  if (value && !json_is_boolean(value))
    dt__fields_fail(in, name, "true or false");
  else if (value)
    *flag = json_is_true(value);
  return value != NULL;
}

int dt__read_word(dt__fields* in, const char* name, int count, const char* (*name_of)(int)) {
  char text[32];
  char wanted[160] = "one of";
  if (!dt__read_text(in, name, text, sizeof text))
    return -1;
  for (int i = 0; i < count; i++) {
    if (strcmp(text, name_of(i)) == 0)
      return i;
    const size_t length = strlen(wanted);
    snprintf(wanted + length, sizeof wanted - length, " %s", name_of(i));
  }
  dt__fields_fail(in, name, wanted);
  return -1;
}
