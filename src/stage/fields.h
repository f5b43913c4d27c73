#ifndef DT_STAGE_FIELDS_H
#define DT_STAGE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "dt/error.h"

/* The fields of a JSON object, one by one. The first mistake is told in a sentence and ends it;
 * what is null is not there. */
typedef struct dt__fields {
  const json_t* root;
  size_t used; /* fields that were asked for and are there */
  dt_status status;
  dt_error* err;
} dt__fields;

/* "'field' is WANTED" */
void dt__fields_fail(dt__fields* in, const char* field, const char* wanted);

/* Where a field is not there, or is a mistake, nothing is written: false. */
bool dt__read_number(dt__fields* in, const char* name, double low, double high, double* number);
bool dt__read_text(dt__fields* in, const char* name, char* text, size_t size);
bool dt__read_flag(dt__fields* in, const char* name, bool* flag);
/* 0: not there; low is 1 or more. */
int dt__read_whole(dt__fields* in, const char* name, int low, int high);
/* The index of one of the names; -1: not there. */
int dt__read_word(dt__fields* in, const char* name, int count, const char* (*name_of)(int));

#endif
