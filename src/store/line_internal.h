#ifndef DT_STORE_LINE_INTERNAL_H
#define DT_STORE_LINE_INTERNAL_H

#include <jansson.h>

#include "store_internal.h"

/* fields.c: members of an object, each of one kind and inside a range. On a mistake err says which
 * field, and the result is false. */
typedef struct dt__fields {
  const json_t* object;
  dt_error* err;
} dt__fields;

bool dt__field_text(const dt__fields* f, const char* name, const char** text); /* null: NULL */
bool dt__field_int(const dt__fields* f, const char* name, int64_t low, int64_t high,
                   int64_t* value);
bool dt__field_count(const dt__fields* f, const char* name, int64_t* value); /* null: -1 */
bool dt__field_number(const dt__fields* f, const char* name, double low, double high,
                      double* value);
bool dt__field_maybe(const dt__fields* f, const char* name, double* value); /* null: NAN */
/* A word that `find` knows. */
bool dt__field_word(const dt__fields* f, const char* name, int (*find)(const char* key),
                    int* value);
bool dt__field_object(const dt__fields* f, const char* name, dt__fields* inside);
bool dt__field_estimate(const dt__fields* f, const char* name, dt_estimate* estimate);

/* line_strokes.c: the columns of the strokes. */
dt_status dt__strokes_write(const dt_record* record, dt_sink sink);
dt_status dt__strokes_read(dt_record* record, const dt_allocator* allocator, const json_t* columns,
                           dt_error* err);

/* click.c */
dt_status dt__click_read(dt_tempo_map* click, const dt_allocator* allocator, const json_t* object,
                         dt_error* err);

#endif
