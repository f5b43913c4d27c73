#ifndef DT_REPORT_SCHEMA_H
#define DT_REPORT_SCHEMA_H

/* Holds JSON against docs/judge.schema.json. Include after cmocka.h and jansson.h. */

/* Just what the schema needs: objects, arrays, types, enums, required and nothing more. */
static inline bool type_fits(json_t* type, json_t* value) {
  if (json_is_array(type)) {
    for (size_t i = 0; i < json_array_size(type); i++)
      if (type_fits(json_array_get(type, i), value))
        return true;
    return false;
  }
  const char* name = json_string_value(type);
  return (strcmp(name, "object") == 0 && json_is_object(value)) ||
         (strcmp(name, "array") == 0 && json_is_array(value)) ||
         (strcmp(name, "string") == 0 && json_is_string(value)) ||
         (strcmp(name, "integer") == 0 && json_is_integer(value)) ||
         (strcmp(name, "number") == 0 && json_is_number(value)) ||
         (strcmp(name, "boolean") == 0 && json_is_boolean(value)) ||
         (strcmp(name, "null") == 0 && json_is_null(value));
}

static json_t* schema;

static inline void assert_fits(json_t* rule, json_t* value, const char* where);

static inline void assert_object_fits(json_t* rule, json_t* value, const char* where) {
  json_t* properties = json_object_get(rule, "properties");
  const char* key;
  json_t* part;
  assert_true(json_is_false(json_object_get(rule, "additionalProperties")));
  json_object_foreach(value, key, part) {
    json_t* inner = json_object_get(properties, key);
    if (!inner)
      fail_msg("%s: \"%s\" is not in the schema", where, key);
    assert_fits(inner, part, key);
  }
  json_t* required = json_object_get(rule, "required");
  /* The chart and the study are there when they were asked for; all else always. */
  const size_t optional = rule == schema ? 2 : 0;
  assert_int_equal(json_array_size(required) + optional, json_object_size(properties));
  for (size_t i = 0; i < json_array_size(required); i++) {
    const char* name = json_string_value(json_array_get(required, i));
    if (!json_object_get(value, name))
      fail_msg("%s: \"%s\" is required and missing", where, name);
  }
}

static inline void assert_fits(json_t* rule, json_t* value, const char* where) {
  const char* reference = json_string_value(json_object_get(rule, "$ref"));
  if (reference)
    rule = json_object_get(json_object_get(schema, "$defs"), strrchr(reference, '/') + 1);
  assert_non_null(rule);
  json_t* constant = json_object_get(rule, "const");
  if (constant)
    assert_true(json_equal(constant, value));
  json_t* choices = json_object_get(rule, "enum");
  bool found = !choices;
  for (size_t i = 0; i < json_array_size(choices); i++)
    found = found || json_equal(json_array_get(choices, i), value);
  if (!found)
    fail_msg("%s: not one of the values that the schema lists", where);
  json_t* type = json_object_get(rule, "type");
  if (type && !type_fits(type, value))
    fail_msg("%s: of another type than the schema says", where);
  if (json_is_object(value))
    assert_object_fits(rule, value, where);
  for (size_t i = 0; i < json_array_size(value); i++)
    assert_fits(json_object_get(rule, "items"), json_array_get(value, i), where);
}

/* The caller decrefs `schema`. */
static inline void load_schema(void) {
  json_error_t error;
  schema = json_load_file(DT_SCHEMA, JSON_REJECT_DUPLICATES, &error);
  if (!schema)
    fail_msg("%s: line %d: %s", DT_SCHEMA, error.line, error.text);
}

#endif
