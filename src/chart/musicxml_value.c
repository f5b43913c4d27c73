#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "musicxml_reader.h"

void dt__xml_copy_word(char* to, size_t room, const char* from) {
  size_t size = 0;
  for (; size + 1 < room && from[size] != '\0'; size++)
    to[size] = from[size];
  memset(to + size, 0, room - size);
}

void dt__xml_fail(dt__xml_reader* in, dt_status status, const char* sentence) {
  if (in->status != DT_OK)
    return;
  in->status = dt_fail(in->score->err, status, "Line %lu, column %lu: %s",
                       (unsigned long)XML_GetCurrentLineNumber(in->parser),
                       (unsigned long)XML_GetCurrentColumnNumber(in->parser) + 1, sentence);
  XML_StopParser(in->parser, XML_FALSE);
}

const char* dt__xml_attribute(const char** attributes, const char* name) {
  for (; attributes[0] != NULL; attributes += 2)
    if (strcmp(attributes[0], name) == 0)
      return attributes[1];
  return NULL;
}

bool dt__xml_is_value(const char** attributes, const char* name, const char* value) {
  const char* at = dt__xml_attribute(attributes, name);
  return at != NULL && strcmp(at, value) == 0;
}

dt__xml_measure* dt__xml_this_measure(const dt__xml_reader* in) {
  return in->measure >= 0 ? &in->score->measures[in->measure] : NULL;
}

/* No duration is longer than a day of quarters. */
dt__fine dt__xml_fine(const dt__xml_reader* in, double divisions) {
  const double quarters = divisions / in->divisions;
  if (!(fabs(quarters) < 1e5))
    return 0;
  return (dt__fine)llround(quarters * DT_TICKS_PER_QUARTER * (double)DT__FINE);
}

double dt__xml_type_quarters(const char* type, int* flags) {
  static const struct {
    const char* name;
    double quarters;
    int flags;
  } types[] = {{"quarter", 1, 0},      {"eighth", 0.5, 1},    {"16th", 0.25, 2},
               {"half", 2, 0},         {"whole", 4, 0},       {"32nd", 0.125, 3},
               {"64th", 0.0625, 4},    {"128th", 0.03125, 5}, {"256th", 0.015625, 6},
               {"breve", 8, 0},        {"long", 16, 0},       {"512th", 0.0078125, 7},
               {"1024th", 1 / 256., 8}};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (strcmp(type, types[i].name) == 0) {
      *flags = types[i].flags;
      return types[i].quarters;
    }
  *flags = 0;
  return 0;
}

double dt__xml_number(const dt__xml_reader* in) {
  const double value = strtod(in->text, NULL);
  return isfinite(value) ? value : 0;
}

int dt__xml_whole_number(const dt__xml_reader* in) {
  const double value = dt__xml_number(in);
  return value > -1e6 && value < 1e6 ? (int)value : 0;
}

dt__xml_element dt__xml_element_of(const char* name) {
  static const char* const names[] = {
#define DT__XML_NAME(id, name) name,
      DT__XML_ELEMENTS(DT__XML_NAME)
#undef DT__XML_NAME
  };
  size_t low = 0;
  size_t high = DT__XML_ELEMENT_COUNT;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    const int order = strcmp(names[at], name);
    if (order == 0)
      return (dt__xml_element)at;
    if (order < 0)
      low = at + 1;
    else
      high = at;
  }
  return DT__XML_ELEMENT_COUNT;
}

/* Is the open element, whose depth counts, inside such a one? */
bool dt__xml_is_inside(const dt__xml_reader* in, dt__xml_element element) {
  for (int i = in->depth - 1; i > 0; i--)
    if (in->path[i - 1] == element)
      return true;
  return false;
}

bool dt__xml_is_child_of(const dt__xml_reader* in, dt__xml_element parent) {
  return in->depth >= 2 && in->path[in->depth - 2] == parent;
}
